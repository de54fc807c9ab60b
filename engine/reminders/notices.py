"""The list of reminders of one person (nhắc việc), and what they have read of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, select, update

from engine.actor import Actor
from engine.answered_once import Asked, do_once
from engine.office import Office
from engine.store.database import Transaction
from engine.store.reminder_tables import notice
from engine.store.tables import dossier, step_run
from processes.errors import NotFound

MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """One line. kind: a rung, what a dossier owes, or that text messages are held.

    due_at: as it was when told. over: the step has ended, or of no step: handling has.
    """

    notice_id: UUID
    kind: str
    at: datetime
    due_at: datetime | None
    read_at: datetime | None
    dossier_id: UUID | None
    dossier_code: str | None
    step: str | None
    over: bool


def notices(connection: Connection, actor: Actor, most: int = 100) -> tuple[Notice, ...]:
    """The person's reminders that are not read, the newest first."""
    rows = connection.execute(
        select(
            notice,
            dossier.c.code.label("dossier_code"),
            step_run.c.name.label("step"),
            step_run.c.state.label("step_state"),
            dossier.c.finished_at,
        )
        .select_from(notice)
        .outerjoin(dossier, _same(dossier, "dossier_id"))
        .outerjoin(step_run, _same(step_run, "step_run_id"))
        .where(*_unread_of(actor))
        .order_by(notice.c.at.desc(), notice.c.notice_id.desc())
        .limit(most)
    )
    return tuple(
        Notice(
            *(row.notice_id, row.kind, row.at, row.due_at, row.read_at, row.dossier_id),
            *(row.dossier_code, row.step),
            over=row.step_state != "open" if row.step_state else row.finished_at is not None,
        )
        for row in rows
    )


def unread(connection: Connection, actor: Actor) -> int:
    """How many are not read; counted up to MOST_COUNTED."""
    some = select(notice.c.notice_id).where(*_unread_of(actor)).limit(MOST_COUNTED).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def mark_read(
    office: Office, actor: Actor, notice_id: UUID | None = None, *, key: str | None = None
) -> int:
    """Mark one as read, or all; how many. Marking again changes nothing (NotFound)."""
    mine = [notice.c.agency_id == actor.agency_id, notice.c.account_id == actor.account_id]
    if notice_id is not None:
        mine.append(notice.c.notice_id == notice_id)
    now = office.clock.now()

    def mark(transaction: Transaction) -> int:
        known = select(notice.c.notice_id).where(*mine).limit(1)
        if notice_id is not None and transaction.execute(known).first() is None:
            raise NotFound(what=f"nhắc việc / reminder {notice_id}")
        statement = update(notice).where(*mine, notice.c.read_at.is_(None)).values(read_at=now)
        return int(transaction.execute(statement).rowcount)

    request = {"notice": None if notice_id is None else str(notice_id)}
    return do_once(office, Asked(actor, "reminders.read", request, key), lambda: mark)


def _unread_of(actor: Actor) -> tuple[Any, ...]:
    mine = notice.c.agency_id == actor.agency_id, notice.c.account_id == actor.account_id
    return (*mine, notice.c.read_at.is_(None))


def _same(table: Any, column: str) -> Any:
    return and_(table.c.agency_id == notice.c.agency_id, table.c[column] == notice.c[column])
