"""A promised date that a change of the calendar has moved: the citizen is to be told of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.dossiers.follow_calendar import CHANGED
from engine.store.tables import journal

TOLD = "promise.told"


@dataclass(frozen=True, slots=True)
class Told:
    """When the citizen was told of the date as it is now, by whom and how."""

    at: datetime
    by: UUID | None
    way: str
    words: str


@dataclass(frozen=True, slots=True)
class MovedPromise:
    """The due time before the first change and after the last one, and why the last was made.

    told: None while the citizen has not been told of the last one.
    """

    before: datetime
    after: datetime
    reason: str
    decision_no: str
    told: Told | None = None


def moved_promise(connection: Connection, actor: Actor, dossier_id: UUID) -> MovedPromise | None:
    """How changes of the calendar moved the due time; None where they did not, or moved it back."""
    rows = connection.execute(
        select(journal.c.kind, journal.c.at, journal.c.actor_id, journal.c.body)
        .where(
            journal.c.agency_id == actor.agency_id,
            journal.c.dossier_id == dossier_id,
            journal.c.kind.in_((CHANGED, TOLD)),
        )
        .order_by(journal.c.seq)
    ).all()
    changes, told = [], None
    for row in rows:
        body = orjson.loads(row.body)
        if row.kind == TOLD:
            told = Told(row.at, row.actor_id, body["way"], body["words"])
        elif body["due"] and all(body["due"]):
            changes.append(body)
            told = None
    if not changes or changes[0]["due"][0] == changes[-1]["due"][1]:
        return None
    last = changes[-1]
    return MovedPromise(
        datetime.fromisoformat(changes[0]["due"][0]),
        datetime.fromisoformat(last["due"][1]),
        last["reason"],
        last["decision_no"],
        told,
    )
