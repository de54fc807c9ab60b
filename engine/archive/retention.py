"""How long finished dossiers are kept (thời hạn lưu giữ), and which may be destroyed by now.

The time is counted in whole years from the end of the year in which the dossier ended, as archives
count it: one that ended in 2026 and is kept 10 years is kept until the last day of 2036.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.actor import Actor
from engine.dossiers.in_hand import CLOSED, RETURNED
from engine.office import Office
from engine.store.tables import destruction, dossier
from processes.procedure import Procedure, ProcedureKind

Usual = Mapping[ProcedureKind, int]
"""Years by kind, for procedures that state none; 0 = for ever."""

MOST = 500


def retained_until(procedure: Procedure, usual: Usual, ended: date) -> date | None:
    """The last day on which the dossier has to be kept; None: for ever, or nobody has said."""
    years = procedure.retention_years
    if years is None:
        years = usual.get(procedure.kind, 0)
    return date(ended.year + years, 12, 31) if years else None


@dataclass(frozen=True, slots=True)
class Retained:
    """A finished dossier and how long it is kept."""

    dossier_id: UUID
    code: str
    procedure_code: str
    procedure_name: str
    ended_on: date
    until: date


def may_be_destroyed(
    office: Office, connection: Connection, actor: Actor, usual: Usual, most: int = MOST
) -> tuple[Retained, ...]:
    """The agency's dossiers whose time is over and that are still there, the oldest first."""
    zone = office.calendar(connection, actor.agency_id).tz
    today = office.clock.now().astimezone(zone).date()
    found: list[Retained] = []
    for version_id in _versions(connection, actor.agency_id):
        procedure = office.version(connection, actor.agency_id, version_id).procedure
        until = retained_until(procedure, usual, today)
        if until is None:
            continue
        years = until.year - today.year
        before = datetime(today.year - years, 1, 1, tzinfo=zone)
        for row in _ended_before(connection, actor.agency_id, version_id, before, most):
            ended = row.ended.astimezone(zone).date()
            last = retained_until(procedure, usual, ended)
            if last is not None and last < today:
                told = (row.code, procedure.code, procedure.name)
                found.append(Retained(row.dossier_id, *told, ended, last))
    return tuple(sorted(found, key=lambda each: (each.until, each.code))[:most])


def ended_at(row: Any) -> datetime:
    """When the dossier was over: returned, or else when its handling finished."""
    at: datetime | None = row.returned_at or row.finished_at
    assert at is not None
    return at


def _versions(connection: Connection, agency_id: str) -> list[UUID]:
    rows = connection.execute(
        select(dossier.c.version_id)
        .where(dossier.c.agency_id == agency_id, dossier.c.state.in_((RETURNED, CLOSED)))
        .distinct()
    )
    return list(rows.scalars())


def _ended_before(
    connection: Connection, agency_id: str, version_id: UUID, before: datetime, most: int
) -> list[Any]:
    ended = func.coalesce(
        dossier.c.returned_at, dossier.c.finished_at, type_=dossier.c.finished_at.type
    )
    gone = select(destruction.c.dossier_id).where(
        destruction.c.agency_id == agency_id, destruction.c.dossier_id == dossier.c.dossier_id
    )
    return list(
        connection.execute(
            select(dossier.c.dossier_id, dossier.c.code, ended.label("ended"))
            .where(
                dossier.c.agency_id == agency_id,
                dossier.c.version_id == version_id,
                dossier.c.state.in_((RETURNED, CLOSED)),
                ended < before,
                ~gone.exists(),
            )
            .order_by(ended, dossier.c.dossier_id)
            .limit(most)
        )
    )
