"""Open dossiers follow an approved change of the calendar, batch by batch.

Every dossier says by which edition it is counted, so whoever goes on after a restart knows what
is left, and nothing is missed or done twice: a dossier that was moved is no longer before the new
edition. What an act computed meanwhile on the old edition is refused by the database, and repeated.
"""

import logging
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from engine.calendar_change.batches import (
    EVERYBODY,
    Batch,
    Span,
    Walk,
    by_the_long_way,
    taken_and_worked_out,
    worked_out,
)
from engine.calendar_change.beside import Asked, Beside, ProcessGone
from engine.calendar_change.open_cases import NOBODY, editions_of_open, read
from engine.calendar_change.plain_cases import Lines, PlainCases
from engine.calendar_change.written import as_is_best, write_lines
from engine.dossiers.follow_calendar import ToEdition
from engine.office import CALENDAR_KEPT, Office
from engine.risk.anew import have_rated
from engine.store.database import StaleState, Transaction
from engine.store.gathered import UNABLE, savepoint
from engine.store.room_for_many import room_for_many
from engine.store.tables import calendar_change, dossier

_log = logging.getLogger("quytrinh.calendar")
_BATCH = 500
"""Dossiers in a batch: with 1,000 officers would wait twice as long, for a twentieth less work."""
_BESIDE, _BESIDE_ALONE = 700, 1_000
"""Dossiers in a batch that is worked out beside: SQLite writes it in some 40 ms. Who serves nobody
takes more of them: fewer pages are written twice. With 2,000 officers would wait too long."""
_WORTH_A_PROCESS = 5_000
"""Dossiers for which a process is started on SQLite: that takes a second."""
_OTHERS_TURN, _BETWEEN = Event(), 0.002
"""Nothing sets it: so many seconds SQLite's lock lies free for others between two batches."""
_AT_ONCE = 3
"""Batches at a time on PostgreSQL, two of which it writes while Python works out the third."""
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


def follow_calendars(office: Office, most: int | None = None, *, alone: bool = False) -> Progress:
    """Have open dossiers follow the changes that were approved, at most so many of them.

    alone: nobody is served by this process. Any number of workers may do so at once. A change is
    done when nothing is left and every process has heard of it.
    """
    done = Progress()
    with office.database.read() as connection:
        agencies = _applying(connection)
    for agency_id in agencies:
        left = None if most is None else most - done.looked_at
        if left is None or left > 0:
            done += follow_in(office, agency_id, left, alone=alone)
    return done


def follow_in(
    office: Office, agency_id: str, most: int | None = None, *, alone: bool = False
) -> Progress:
    """`follow_calendars` for one agency."""
    with office.database.read() as connection:
        change = _newest_change(connection, agency_id)
    if change is None or not _taken(office, change):
        return Progress()
    done = Progress()
    try:
        done = _follow(office, agency_id, change, most, alone=alone)
    finally:
        _let_go(office, change)
    _finish(office, agency_id, change)
    return done


def left_to_follow(
    connection: Connection, agency_id: str, edition: int, most: int | None = None
) -> int:
    """How many open dossiers are counted by an earlier edition; no more than `most` are counted."""
    left = select(dossier.c.dossier_id).where(
        dossier.c.agency_id == agency_id,
        dossier.c.calendar_edition < edition,
        text(
            "state IN ('open', 'paused', 'finished')"
        ),  # SQLite must see that the index holds them
    )
    counted = select(func.count()).select_from(left.limit(most).subquery())
    return int(connection.execute(counted).scalar_one())


# Batches


def _follow(
    office: Office, agency_id: str, change: Any, most: int | None, *, alone: bool
) -> Progress:
    """Batch by batch, from each earlier edition."""
    done = Progress()
    with office.database.read() as connection:
        new = office.edition_numbered(connection, agency_id, change.edition)
        earlier = editions_of_open(connection, agency_id, new.number)
    for number in earlier:
        with office.database.read() as connection:
            old = office.edition_numbered(connection, agency_id, number)
        task = _Task(office, agency_id, change.change_id, ToEdition(old, new), alone)
        left = None if most is None else most - done.looked_at
        if left is not None and left <= 0:
            break
        done += (_through_the_writer if office.database.is_sqlite else _side_by_side)(task, left)
    return done


@dataclass(frozen=True, slots=True)
class _Task:
    office: Office
    agency_id: str
    change_id: UUID
    change: ToEdition
    alone: bool


def _through_the_writer(task: _Task, most: int | None) -> Progress:
    """SQLite: one batch is worked out while the one before it is written, where it still holds."""
    if not _are_many(task):
        return _written_in_turn(task, _worked_out_here(task), most)
    with room_for_many(task.office.database), closing(_worked_out_beside(task)) as batches:
        return _written_in_turn(task, batches, most)


def _written_in_turn(task: _Task, batches: Iterator[Batch], most: int | None) -> Progress:
    done, taken = Progress(), 0
    written: Future[Progress] | None = None
    with ThreadPoolExecutor(1, "calendar") as writer:
        for batch in batches:
            if written is not None:
                done += written.result()
            taken += batch.taken
            written = writer.submit(_write_in_one, task, batch)
            if most is not None and taken >= most:
                break
        return done if written is None else done + written.result()


def _are_many(task: _Task) -> bool:
    """Whether there are so many that it is worth a process to work them out."""
    with task.office.database.read() as connection:
        most = _WORTH_A_PROCESS
        return left_to_follow(connection, task.agency_id, task.change.new.number, most) == most


def _worked_out_here(task: _Task, after: UUID = NOBODY) -> Iterator[Batch]:
    while True:
        with task.office.database.read() as connection:
            batch = _worked_out(task, connection, after)
        if batch is None:
            return
        after = batch.last
        yield batch


def _worked_out_beside(task: _Task) -> Generator[Batch]:
    """By a process beside this one; where it dies, what is left is worked out here."""
    after, office = NOBODY, task.office
    editions = task.change.old.number, task.change.new.number
    most = _BESIDE_ALONE if task.alone else _BESIDE
    asked = Asked(office.database.url, task.agency_id, *editions, most)
    beside = Beside(asked, office.clock)
    try:
        for batch in beside.batches(after):
            after = batch.last
            yield batch
    except ProcessGone:
        _log.warning("the process that counted due times has gone; they are counted here")
        yield from _worked_out_here(task, after)
    finally:
        beside.close()


def _write_in_one(task: _Task, batch: Batch) -> Progress:
    """As it was worked out, in a transaction of its own; where that does not hold, in another.

    Not in a savepoint: SQLite would first put aside a copy of every page that is changed.
    """
    _OTHERS_TURN.wait(_BETWEEN)

    def as_it_is(transaction: Transaction) -> Progress:
        try:
            _write(task, transaction.connection, batch)
        except UNABLE:
            raise
        except Exception as refused:
            raise _NotHeld from refused
        return _noted(task, transaction, _told(batch))

    try:
        return task.office.database.write(as_it_is)
    except _NotHeld as failed:
        if not isinstance(failed.__cause__, _OVERTAKEN):
            _log.error("a batch of the calendar change is written one by one", exc_info=failed)
    return task.office.database.write(lambda transaction: _anew(task, transaction, batch))


def _side_by_side(task: _Task, most: int | None) -> Progress:
    """PostgreSQL: while it writes one batch, the next is worked out on another connection."""
    share, walk = None if most is None else -(-most // _AT_ONCE), Walk()
    with ThreadPoolExecutor(_AT_ONCE, "calendar") as hands:
        parts = [hands.submit(_locked, task, walk, share) for _ in range(_AT_ONCE)]
        return sum((part.result() for part in parts), Progress())


def _locked(task: _Task, walk: Walk, most: int | None) -> Progress:
    """Batches that others skip from when they are read to when they are written."""
    done = Progress()
    while most is None or done.looked_at < most:
        taken: list[UUID] = []

        def command(transaction: Transaction, taken: list[UUID] = taken) -> Progress | None:
            if taken:  # what was written is taken back, and tried again
                walk.back_to(taken.pop())
            as_is_best(transaction.connection)
            batch = taken_and_worked_out(
                *(transaction.connection, task.agency_id, task.change, walk, _BATCH),
                task.office.clock.now(),
            )
            if batch is None:
                return None
            taken.append(batch.after)
            return _written(task, transaction, batch)

        progress = task.office.database.write(command)
        if progress is None:
            break
        done += progress
    return done


def _worked_out(
    task: _Task, connection: Connection, after: UUID, up_to: UUID = EVERYBODY
) -> Batch | None:
    most = _BATCH if up_to == EVERYBODY else _largest()  # one that was worked out before
    span, now = Span(after, most, up_to), task.office.clock.now()
    return worked_out(connection, task.agency_id, task.change, span, now)


def _largest() -> int:
    """Dossiers of the largest batch there is."""
    return max(_BATCH, _BESIDE, _BESIDE_ALONE)


# Written down


class _NotHeld(Exception):
    """A batch cannot be written as it was worked out; nothing of it was."""


def _written(task: _Task, transaction: Transaction, batch: Batch) -> Progress:
    """Write a batch; where one of it cannot be written, each by itself."""
    done = _written_together(task, transaction.connection, batch)
    return _anew(task, transaction, batch) if done is None else _noted(task, transaction, done)


def _anew(task: _Task, transaction: Transaction, batch: Batch) -> Progress:
    """Write what a batch is by now: nobody else writes on SQLite, so what is read stays so."""
    connection = transaction.connection
    again = _worked_out(task, connection, batch.after, batch.last)
    done = Progress() if again is None else _written_together(task, connection, again)
    if done is None:
        done = _one_by_one(task, connection, batch)
    return _noted(task, transaction, done)


def _noted(task: _Task, transaction: Transaction, done: Progress) -> Progress:
    """Have the change say how far it has come."""
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


def _written_together(task: _Task, connection: Connection, batch: Batch) -> Progress | None:
    """All of it, or nothing and None: one of it was overtaken, or cannot be written."""
    try:
        with savepoint(connection):
            _write(task, connection, batch)
    except UNABLE:
        raise
    except _OVERTAKEN:
        return None
    except Exception as refused:  # noqa: BLE001 - of whichever it is, the others are written
        _log.error("a batch of the calendar change is written one by one", exc_info=refused)
        return None
    return _told(batch)


def _told(batch: Batch) -> Progress:
    moved = len(batch.lines.dossiers)
    return Progress(moved + len(batch.lines.still), moved, batch.failed)


def _write(task: _Task, connection: Connection, batch: Batch) -> None:
    one_by_one = task.alone and batch.beside
    _write_lines(task, connection, batch.lines, one_by_one=one_by_one)


def _write_lines(
    task: _Task, connection: Connection, lines: Lines, *, one_by_one: bool = False
) -> None:
    new = task.change.new
    given = connection, task.agency_id, lines, new.number, new.grounds.approved_by
    write_lines(*given, one_by_one=one_by_one)


def _one_by_one(task: _Task, connection: Connection, batch: Batch) -> Progress:
    """Each dossier of the batch as it is by now; what somebody else brought over is not of it."""
    done, now = Progress(), task.office.clock.now()
    plain = PlainCases(task.change, now)
    old, most = task.change.old.number, _largest()
    for each in read(connection, task.agency_id, old, batch.after, most, lock=False):
        if each.row.dossier_id > batch.last:
            break
        lines = Lines()
        done += Progress(failed=by_the_long_way(each, now, plain, lines))
        try:
            with savepoint(connection):
                _write_lines(task, connection, lines)
            moved = len(lines.dossiers)
            done += Progress(moved + len(lines.still), moved)
        except UNABLE:
            raise
        except _OVERTAKEN:
            continue  # the next look finds it
        except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
            _log.error("dossier %s could not be written", each.row.code, exc_info=error)
            done += Progress(failed=1)
    return done


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
        have_rated(transaction, agency_id)

    office.database.write(finish)


def _this(change: Any) -> tuple[Any, ...]:
    return (
        calendar_change.c.agency_id == change.agency_id,
        calendar_change.c.change_id == change.change_id,
    )
