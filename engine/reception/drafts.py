"""Drafts of receptions: what a clerk has typed at the desk, on the server, for that clerk alone.

They outlive a closed tab, an ended session and a change of machine. They hold personal data, so
they go with the reception, when they are thrown away, and in any case after a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from engine.actor import Actor
from engine.answered_once import Asked, do_once
from engine.dossiers.drafts import DraftTooLarge
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import reception_draft
from processes.data_entry import is_storable
from processes.errors import NotFound
from processes.masking import masked_name

KEPT_FOR = timedelta(days=7)
_MOST_FIELDS = 500
_LONGEST = 40_000
_MOST_DRAFTS = 50  # of one clerk; the oldest goes when one more comes

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReceptionDraft:
    """A draft in a list: of whom (masked) and for which procedure (its code)."""

    draft_id: UUID
    procedure: str
    applicant: str
    saved_at: datetime


def save_reception_draft(
    office: Office,
    actor: Actor,
    draft_id: UUID,
    procedure: str,
    fields: Fields,
    *,
    key: str | None = None,
) -> None:
    """Keep what was typed, in place of what the draft held (DraftTooLarge).

    Drafts of anybody that are older than a week are forgotten with it.
    """
    kept = [[_text(name), _text(value)] for name, value in fields]
    length = sum(len(name) + len(value) for name, value in kept)
    if len(kept) > _MOST_FIELDS or length > _LONGEST or not is_storable(procedure):
        raise DraftTooLarge
    now = office.clock.now()

    def command(transaction: Transaction) -> UUID:
        execute = transaction.execute
        purge_reception_drafts(transaction, now)
        execute(delete(reception_draft).where(*_own(actor, draft_id)))
        older = (
            select(reception_draft.c.draft_id)
            .where(*_of_clerk(actor))
            .order_by(reception_draft.c.saved_at.desc(), reception_draft.c.draft_id)
            .offset(_MOST_DRAFTS - 1)
        )
        too_many = list(execute(older).scalars())
        if too_many:
            execute(
                delete(reception_draft).where(
                    *_of_clerk(actor), reception_draft.c.draft_id.in_(too_many)
                )
            )
        taken = execute(
            select(reception_draft.c.draft_id).where(
                reception_draft.c.agency_id == actor.agency_id,
                reception_draft.c.draft_id == draft_id,
            )
        ).first()
        if taken is not None:  # a colleague's: nobody writes over it
            raise NotFound(what="bản nháp")
        execute(
            insert(reception_draft),
            {
                "agency_id": actor.agency_id,
                "draft_id": draft_id,
                "account_id": actor.account_id,
                "procedure": procedure[:60],
                "fields": kept,
                "saved_at": now,
            },
        )
        return draft_id

    request = {"draft": str(draft_id), "procedure": procedure, "fields": kept}
    do_once(office, Asked(actor, "reception_draft", request, key), lambda: command)


def reception_drafts(
    connection: Connection, actor: Actor, at: datetime
) -> tuple[ReceptionDraft, ...]:
    """The clerk's own drafts, the latest first, names masked."""
    rows = connection.execute(
        select(reception_draft)
        .where(*_of_clerk(actor), reception_draft.c.saved_at > at - KEPT_FOR)
        .order_by(reception_draft.c.saved_at.desc(), reception_draft.c.draft_id)
    )
    return tuple(
        ReceptionDraft(row.draft_id, row.procedure, _masked(row.fields), row.saved_at)
        for row in rows
    )


def reception_draft_of(
    connection: Connection, actor: Actor, draft_id: UUID, at: datetime
) -> tuple[str, list[tuple[str, str]]]:
    """The code of the procedure and what was typed (NotFound)."""
    row = connection.execute(
        select(reception_draft).where(
            *_own(actor, draft_id), reception_draft.c.saved_at > at - KEPT_FOR
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="bản nháp")
    return row.procedure, [(name, value) for name, value in row.fields]


def drop_reception_draft(
    office: Office, actor: Actor, draft_id: UUID, *, key: str | None = None
) -> None:
    """Throw a draft of one's own away; one that is gone already stays gone."""

    def command(transaction: Transaction) -> UUID:
        forget_draft(transaction, actor, draft_id)
        return draft_id

    request = {"draft": str(draft_id)}
    do_once(office, Asked(actor, "drop_reception_draft", request, key), lambda: command)


def forget_draft(transaction: Transaction, actor: Actor, draft_id: UUID) -> None:
    """Within a transaction: the draft goes with what became of it."""
    transaction.execute(delete(reception_draft).where(*_own(actor, draft_id)))


def purge_reception_drafts(transaction: Transaction, at: datetime) -> int:
    """Forget what is older than a week, of every agency; how many went."""
    gone = transaction.execute(
        delete(reception_draft).where(reception_draft.c.saved_at <= at - KEPT_FOR)
    )
    return int(gone.rowcount)


def _masked(fields: Sequence[Sequence[str]]) -> str:
    name = next((value for key, value in fields if key == "applicant"), "")
    return masked_name(name) if name.split() else ""


def _of_clerk(actor: Actor) -> tuple[Any, ...]:
    return (
        reception_draft.c.agency_id == actor.agency_id,
        reception_draft.c.account_id == actor.account_id,
    )


def _own(actor: Actor, draft_id: UUID) -> tuple[Any, ...]:
    return (*_of_clerk(actor), reception_draft.c.draft_id == draft_id)


def _text(text: str) -> str:
    return text if is_storable(text) else "".join(filter(is_storable, text))
