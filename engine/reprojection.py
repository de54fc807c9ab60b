"""Open dossiers follow an approved change of the calendar, batch by batch.

Every dossier says by which edition it is counted, so whoever goes on after a restart knows what
is left, and nothing is missed or done twice: a dossier that was moved is no longer before the new
edition. What an act computed meanwhile on the old edition is refused by the database, and repeated.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.dossiers.follow_calendar import Case, following, write_moved
from engine.editions import Edition
from engine.office import CALENDAR_KEPT, Office
from engine.open_cases import NOBODY, cases, editions_of_open
from engine.store import prepared
from engine.store.database import StaleState, Transaction
from engine.store.gathered import UNABLE, Gathered, write_all
from engine.store.prepared import Prepared
from engine.store.tables import calendar_change, dossier
from processes.errors import RuleError

_log = logging.getLogger("quytrinh.calendar")
_BATCH = 500
_TAKEN = timedelta(seconds=30)
"""How long the others leave a change to the worker that took it, on SQLite."""
_SETTLED = 2 * CALENDAR_KEPT
"""By then every process has heard of the edition, and what it received before is here."""

_OVERTAKEN = (StaleState, IntegrityError)
"""Somebody else changed the dossier first: it is no longer of that version, or its journal has an
event of that number already."""

APPLYING, APPLIED = "applying", "applied"


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done: dossiers looked at, moved by it, and those that could not be counted."""

    looked_at: int = 0
    moved: int = 0
    failed: int = 0

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.looked_at + other.looked_at, self.moved + other.moved, self.failed + other.failed
        )


@dataclass(slots=True)
class _Batch:
    """Dossiers worked out, ready to be written."""

    last: UUID
    edition: int
    acts: list[Gathered] = field(default_factory=list)
    still: list[Case] = field(default_factory=list)
    failed: int = 0


def follow_calendars(office: Office, most: int | None = None) -> Progress:
    """Have open dossiers follow the changes that were approved, at most so many of them.

    Any number of workers may do so at once. A change is done when nothing is left and every
    process has heard of it.
    """
    done = Progress()
    with office.database.read() as connection:
        agencies = _applying(connection)
    for agency_id in agencies:
        left = None if most is None else most - done.looked_at
        if left is None or left > 0:
            done += follow_in(office, agency_id, left)
    return done


def follow_in(office: Office, agency_id: str, most: int | None = None) -> Progress:
    """`follow_calendars` for one agency."""
    with office.database.read() as connection:
        change = _newest_change(connection, agency_id)
    if change is None or not _taken(office, change):
        return Progress()
    done = Progress()
    try:
        done = _follow(office, agency_id, change, most)
    finally:
        _let_go(office, change)
    _finish(office, agency_id, change)
    return done


def left_to_follow(connection: Connection, agency_id: str, edition: int) -> int:
    """How many open dossiers are counted by an earlier edition."""
    return int(
        connection.execute(
            select(func.count()).where(
                dossier.c.agency_id == agency_id,
                dossier.c.calendar_edition < edition,
                dossier.c.state.in_(("open", "paused", "finished")),
            )
        ).scalar_one()
    )


# Batches


def _follow(office: Office, agency_id: str, change: Any, most: int | None) -> Progress:
    """One batch is worked out while the one before it is written."""
    done = Progress()
    with office.database.read() as connection:
        new = office.edition_numbered(connection, agency_id, change.edition)
        earlier = editions_of_open(connection, agency_id, new.number)
    with ThreadPoolExecutor(1, "calendar") as writer:
        for number in earlier:
            with office.database.read() as connection:
                old = office.edition_numbered(connection, agency_id, number)
            task = _Task(office, agency_id, change.change_id, old, new)
            if office.database.is_sqlite:
                done += _beside_the_writer(task, writer, most)
            else:
                done += _locked(task, most)
    return done


@dataclass(frozen=True, slots=True)
class _Task:
    office: Office
    agency_id: str
    change_id: UUID
    old: Edition
    new: Edition


def _beside_the_writer(task: _Task, writer: ThreadPoolExecutor, most: int | None) -> Progress:
    """SQLite: worked out without holding up the writer, written where nothing has changed."""
    done, after, taken = Progress(), NOBODY, 0
    written: Future[Progress] | None = None
    while most is None or taken < most:
        with task.office.database.read() as connection:
            batch = _worked_out(task, connection, after, lock=False)
        if written is not None:
            done += written.result()
            written = None
        if batch is None:
            break
        after = batch.last
        taken += len(batch.acts) + len(batch.still) + batch.failed
        written = writer.submit(_write_in_one, task, batch)
    return done if written is None else done + written.result()


def _write_in_one(task: _Task, batch: _Batch) -> Progress:
    def command(transaction: Transaction) -> Progress:
        return _written(task, transaction, batch)

    return task.office.database.write(command)


def _locked(task: _Task, most: int | None) -> Progress:
    """PostgreSQL: a batch that others skip from when it is read to when it is written."""
    done, after = Progress(), NOBODY
    while most is None or done.looked_at < most:

        def command(transaction: Transaction, after: UUID = after) -> tuple[UUID, Progress] | None:
            batch = _worked_out(task, transaction.connection, after, lock=True)
            return None if batch is None else (batch.last, _written(task, transaction, batch))

        found = task.office.database.write(command)
        if found is None:
            break
        after, progress = found
        done += progress
    return done


def _worked_out(task: _Task, connection: Connection, after: UUID, *, lock: bool) -> _Batch | None:
    found = cases(connection, task.agency_id, task.old.number, after, _BATCH, lock=lock)
    if not found:
        return None
    now = task.office.clock.now()
    batch = _Batch(found[-1].row.dossier_id, task.old.number)
    moved_by = following(task.old, task.new)
    for read in found:
        case = Case(read.row, max(now, read.at), read.runs, read.timers, read.pauses)
        try:
            change = moved_by(case)
        except (DBAPIError, *UNABLE):
            raise
        except RuleError as refusal:
            _log.error("dossier %s cannot follow the calendar: %s", case.row.code, refusal.code)
            batch.failed += 1
            continue
        except Exception:  # noqa: BLE001 - one broken dossier must not stop the others
            _log.exception("dossier %s cannot follow the calendar", case.row.code)
            batch.failed += 1
            continue
        if change is None:
            batch.still.append(case)
        else:
            act = Gathered(connection)
            write_moved(act, case, change, task.new)
            batch.acts.append(act)
    return batch


def _written(task: _Task, transaction: Transaction, batch: _Batch) -> Progress:
    """Write a batch; what somebody else changed meanwhile is left for the next look."""
    connection = transaction.connection
    errors = write_all(connection, batch.acts) if batch.acts else []
    refused = [error for error in errors if error is not None]
    moved = len(errors) - len(refused)
    unwritten = [error for error in refused if not isinstance(error, _OVERTAKEN)]
    for error in unwritten:
        _log.error("a dossier of the calendar change could not be written", exc_info=error)
    stood = _only_renumbered(task, connection, batch.still)
    done = Progress(moved + stood, moved, batch.failed + len(unwritten))
    transaction.execute(
        update(calendar_change)
        .where(
            calendar_change.c.agency_id == task.agency_id,
            calendar_change.c.change_id == task.change_id,
        )
        .values(
            looked_at=calendar_change.c.looked_at + done.looked_at,
            moved=calendar_change.c.moved + done.moved,
            taken_until=_lease(task.office),
        )
    )
    return done


def _only_renumbered(task: _Task, connection: Connection, still: Sequence[Case]) -> int:
    if not still:
        return 0
    compiled = _RENUMBER.on(connection.dialect)
    values = [
        compiled.values(
            {
                "calendar_edition": task.new.number,
                "of_agency": task.agency_id,
                "of_dossier": case.row.dossier_id,
                "of_version": case.row.version,
                "of_edition": task.old.number,
            }
        )
        for case in still
    ]
    return prepared.execute_many(connection, compiled, values)


_RENUMBER = Prepared(
    update(dossier).where(
        dossier.c.agency_id == bindparam("of_agency"),
        dossier.c.dossier_id == bindparam("of_dossier"),
        dossier.c.version == bindparam("of_version"),
        dossier.c.calendar_edition == bindparam("of_edition"),
    ),
    ("calendar_edition",),
)


# The change that is being applied


def _applying(connection: Connection) -> Sequence[str]:
    in_work = calendar_change.c.state == APPLYING
    return (
        connection.execute(select(calendar_change.c.agency_id).where(in_work).distinct())
        .scalars()
        .all()
    )


def _newest_change(connection: Connection, agency_id: str) -> Any:
    """The change whose edition the dossiers go to; those before it are done with it."""
    this = calendar_change.c.agency_id == agency_id, calendar_change.c.state == APPLYING
    newest = calendar_change.c.edition.desc()
    return connection.execute(
        select(calendar_change).where(*this).order_by(newest).limit(1)
    ).one_or_none()


def _lease(office: Office) -> datetime | None:
    return office.clock.now() + _TAKEN if office.database.is_sqlite else None


def _taken(office: Office, change: Any) -> bool:
    """Whether this worker may go on with it: on SQLite two would only do the same work."""
    if not office.database.is_sqlite:
        return True
    now = office.clock.now()
    free = or_(calendar_change.c.taken_until.is_(None), calendar_change.c.taken_until <= now)

    def take(transaction: Transaction) -> bool:
        taken = transaction.execute(
            update(calendar_change).where(*_this(change), free).values(taken_until=now + _TAKEN)
        )
        return bool(taken.rowcount == 1)

    return office.database.write(take)


def _let_go(office: Office, change: Any) -> None:
    if office.database.is_sqlite:
        office.database.write(
            lambda transaction: transaction.execute(
                update(calendar_change).where(*_this(change)).values(taken_until=None)
            )
        )


def _finish(office: Office, agency_id: str, change: Any) -> None:
    """Close the change, and those before it, when nothing is left and everybody has heard of it."""
    now = office.clock.now()
    if now < change.approved_at + _SETTLED:
        return

    def finish(transaction: Transaction) -> None:
        if editions_of_open(transaction.connection, agency_id, change.edition):
            return
        transaction.execute(
            update(calendar_change)
            .where(
                calendar_change.c.agency_id == agency_id,
                calendar_change.c.state == APPLYING,
                calendar_change.c.edition <= change.edition,
            )
            .values(state=APPLIED, applied_at=now)
        )

    office.database.write(finish)


def _this(change: Any) -> tuple[Any, ...]:
    return (
        calendar_change.c.agency_id == change.agency_id,
        calendar_change.c.change_id == change.change_id,
    )
