"""What fell due and could not be done: tried again ever later, then it stands aside to be seen.

A broken dossier costs a worker a few tries a day instead of one every few seconds, and the others
nothing. Nothing is lost: the timer or the overdue step stays, and is tried once more when asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    String,
    and_,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import dossier, setback, step_run, timer
from processes.data_entry import is_storable

TIMER, OVERDUE = "timer", "overdue"
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""How long it waits after each failure; after one more it stands aside."""
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Setback:
    """Work that fell due and failed. again_at: None where it stands aside."""

    agency_id: str
    work_id: UUID
    dossier_id: UUID
    dossier_code: str
    kind: str
    failures: int
    failed_at: datetime
    again_at: datetime | None
    error: str


def same_work(agency_id: Any, work_id: Any) -> Any:
    """The setback of a piece of work, for a join."""
    return and_(setback.c.agency_id == agency_id, setback.c.work_id == work_id)


def may_be_tried(now: Any) -> Any:
    """Work that has not failed, or has waited long enough since."""
    return or_(setback.c.work_id.is_(None), setback.c.again_at <= now)


def failed_before(kind: str, work_id: Any) -> tuple[Any, ...]:
    """Columns that every piece of due work is read with."""
    return (
        literal(kind, String).label("kind"),
        work_id.label("work_id"),
        setback.c.failures,
    )


def note_setback(office: Office, row: Any, error: Exception) -> None:
    """Have the work wait, or stand aside; nothing where another worker was faster."""
    now = office.clock.now()
    before = row.failures or 0
    changed = {
        "failures": before + 1,
        "failed_at": now,
        "again_at": now + WAITS[before] if before < len(WAITS) else None,
        "error": "".join(filter(is_storable, repr(error)))[:_LONGEST_ERROR],
    }
    this = same_work(row.agency_id, row.work_id)

    def note(transaction: Transaction) -> None:
        known = transaction.execute(select(setback.c.failures).where(this)).scalar_one_or_none()
        if known is None and row.failures is None:
            keys = {name: getattr(row, name) for name in _OF_ROW}
            transaction.execute(insert(setback), {**keys, **changed})
        elif known == before:
            transaction.execute(
                update(setback).where(this, setback.c.failures == before).values(changed)
            )

    office.database.write(note)


_OF_ROW = ("agency_id", "work_id", "dossier_id", "kind")


def setbacks(connection: Connection) -> tuple[Setback, ...]:
    """Work that failed and is still to be done: what stands aside first, then by when it failed."""
    due = or_(
        exists().where(timer.c.agency_id == setback.c.agency_id, timer.c.timer_id == _WORK),
        exists().where(
            step_run.c.agency_id == setback.c.agency_id,
            step_run.c.step_run_id == _WORK,
            step_run.c.state == "open",
            step_run.c.escalated_at.is_(None),
        ),
    )
    of_dossier = and_(
        dossier.c.agency_id == setback.c.agency_id, dossier.c.dossier_id == setback.c.dossier_id
    )
    rows = connection.execute(
        select(setback, dossier.c.code.label("dossier_code"))
        .join(dossier, of_dossier)
        .where(due)
        .order_by(setback.c.again_at.is_not(None), setback.c.failed_at, _WORK)
    )
    return tuple(Setback(**row) for row in rows.mappings())


_WORK = setback.c.work_id


def try_again(office: Office) -> int:
    """Have all that failed be tried at the next look; how many. It counts from anew."""
    return office.database.write(
        lambda transaction: int(transaction.execute(delete(setback)).rowcount)
    )
