"""Timers of the diagram that are due: taken in batches, each fired once.

What a batch brings about and the end of its timers are written in one transaction. Several workers
take different timers: on PostgreSQL a batch is locked while it is worked at and the others skip
it; on SQLite, where all wait for one writer, a batch is marked, worked out beside the writer, and
written by it if the dossiers are still as they were. The mark only spares work: what is fired
twice is written once.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Integer, and_, bindparam, delete, or_, select, update
from sqlalchemy.exc import DBAPIError

from engine.actor import system_actor
from engine.dossiers.acting import have_follow
from engine.dossiers.follow_calendar import edition_as_it_stands
from engine.dossiers.in_hand import CLOSED, PAUSED, RETURNED, InHand
from engine.dossiers.live_dossier import (
    ATTEMPTS,
    LAST_ENTRIES,
    OPEN_RUNS,
    EnteredLater,
    entered_data,
)
from engine.dossiers.moving import cancel_runs, move
from engine.dossiers.setbacks import TIMER, failed_before, may_be_tried, same_work
from engine.legal_clock.kept_clock import clock_in
from engine.office import Live, Office, Version
from engine.runtime.instance import Instance, NotOpen
from engine.store.among import Among
from engine.store.database import Transaction
from engine.store.gathered import UNABLE, Gathered, write_all
from engine.store.prepared import Prepared, execute_many
from engine.store.tables import dossier, execution, journal, setback, timer
from engine.working_calendar.editions import Edition

Key = tuple[str, UUID]  # of a dossier

_TAKEN = timedelta(seconds=30)
"""How long the others leave a batch on SQLite to the worker that took it."""


class Missed(NamedTuple):
    """A due timer that was not fired, and why.

    `StaleState` where somebody else was faster, `Followed` where it is to be looked at again.
    """

    row: Any
    error: Exception


class Followed(Exception):
    """The dossier followed the calendar instead: the timer may not be due any more."""


@dataclass(slots=True)
class _Act:
    """A timer being fired. error: why it cannot be."""

    row: Any
    writes: Gathered
    error: Exception | None = None


def fire_due_timers(office: Office, most: int) -> tuple[int, list[Missed]]:
    """Fire at most so many timers that are due, the longest due first; how many, and the others.

    Of several timers of one dossier the first is fired, the next in the next batch.
    """
    return _fire(office, _Batch(_DUE, {"at": office.clock.now(), "most": most}))


def fire_timer(office: Office, row: Any) -> None:
    """Have the timer of this row happen, once. Errors: what stands in its way."""
    this = {"of_agency": row.agency_id, "of_timer": row.timer_id, "most": 1}
    _, missed = _fire(office, _Batch(_THIS, this))
    if missed and isinstance(missed[0].error, Followed):
        _, missed = _fire(office, _Batch(_THIS, this))
    if missed:
        raise missed[0].error


class _Questions(NamedTuple):
    """Which timers to take: to lock on PostgreSQL, to mark on SQLite, and of those then marked."""

    to_lock: Prepared
    to_mark: Prepared
    marked: Prepared


class _Batch(NamedTuple):
    """Which timers to take, and what the questions want to know."""

    questions: _Questions
    given: dict[str, Any]


def _fire(office: Office, batch: _Batch) -> tuple[int, list[Missed]]:
    fire = _fire_marked if office.database.is_sqlite else _fire_locked
    acts = fire(office, batch)
    for act in acts:
        if act.error is None:
            office.live.drop((act.row.agency_id, act.row.dossier_id))
        elif isinstance(act.error, _Behind):
            act.error = _followed(office, act.row)
    missed = [Missed(act.row, act.error) for act in acts if act.error is not None]
    return len(acts) - len(missed), missed


class _Behind(Exception):
    """The dossier has to follow the calendar first; the timer may not be due by the new one."""


def _followed(office: Office, row: Any) -> Exception:
    """Have the dossier follow, by an act of its own: Followed, or why it cannot."""
    try:
        have_follow(office, row.agency_id, row.dossier_id)
    except UNABLE:
        raise
    except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
        return error
    return Followed()


def _fire_locked(office: Office, batch: _Batch) -> list[_Act]:
    """PostgreSQL: a batch that others skip from when it is taken to when it is written."""

    def run(transaction: Transaction) -> list[_Act]:
        rows = transaction.rows(batch.questions.to_lock, batch.given)
        acts = _acts(office, transaction.connection, rows)
        _write(transaction.connection, acts)
        return acts

    return office.database.write(run)


def _fire_marked(office: Office, batch: _Batch) -> list[_Act]:
    """SQLite: a batch that is marked, worked out without holding up the writer, then written."""
    taken = office.database.write(lambda transaction: _mark(office, transaction, batch))
    if not taken:
        return []
    try:
        with office.database.read() as connection:
            acts = _acts(office, connection, _marked(connection, batch, taken))

        def run(transaction: Transaction) -> list[_Act]:
            again = [replace(act) for act in acts]
            _write(transaction.connection, again)
            done = {act.row.timer_id for act in again if act.error is None}
            _unmark(transaction, [row for row in taken if row.timer_id not in done])
            return again

        return office.database.write(run)
    except BaseException:
        with suppress(Exception):  # what went wrong matters more; the marks end by themselves
            office.database.write(lambda transaction: _unmark(transaction, taken))
        raise


def _mark(office: Office, transaction: Transaction, batch: _Batch) -> Sequence[Any]:
    now = office.clock.now()
    rows = transaction.rows(batch.questions.to_mark, {**batch.given, "now": now})
    _set_mark(transaction, rows, now + _TAKEN)
    return rows


def _marked(connection: Connection, batch: _Batch, taken: Sequence[Any]) -> list[Any]:
    """The timers that were taken, in that order, with all that it takes to fire them."""
    asked = batch.questions.marked
    by_agency: dict[str, list[UUID]] = {}
    for row in taken:
        by_agency.setdefault(row.agency_id, []).append(row.timer_id)
    found = {
        (row.agency_id, row.timer_id): row
        for agency_id, timers in by_agency.items()
        for row in asked.rows(connection, batch.given | {"in_agency": agency_id, "taken": timers})
    }
    keys = ((row.agency_id, row.timer_id) for row in taken)
    return [found[key] for key in keys if key in found]


def _unmark(transaction: Transaction, rows: Sequence[Any]) -> None:
    _set_mark(transaction, rows, None)


def _set_mark(transaction: Transaction, rows: Sequence[Any], until: datetime | None) -> None:
    if rows:
        mark = _MARK.on(transaction.connection.dialect)
        values = [
            mark.values(
                {
                    "of_agency": row.agency_id,
                    "of_dossier": row.dossier_id,
                    "of_timer": row.timer_id,
                    "taken_until": until,
                }
            )
            for row in rows
        ]
        execute_many(transaction.connection, mark, values)


def _write(connection: Connection, acts: Iterable[_Act]) -> None:
    """Write what can be; the others keep why not."""
    able = [act for act in acts if act.error is None]
    if able:
        errors = write_all(connection, [act.writes for act in able])
        for act, error in zip(able, errors, strict=True):
            act.error = error


# Working out what a batch brings about


def _acts(office: Office, connection: Connection, rows: Iterable[Any]) -> list[_Act]:
    """Fire the timers, in memory of their own; of several of one dossier, the first."""
    first: dict[Any, Any] = {}
    for row in rows:
        first.setdefault((row.agency_id, row.dossier_id), row)
    batch = _Together(office, connection, first)
    acts = [_Act(row, Gathered(connection)) for row in first.values()]
    for act in acts:
        try:
            _work_out(act, batch)
        except (DBAPIError, *UNABLE):
            raise
        except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
            act.error = error
    return acts


class _Together:
    """What the acts of a batch share: the moment, and what is read for all of them at once."""

    def __init__(self, office: Office, connection: Connection, keys: Iterable[Key]) -> None:
        self.office = office
        self.now = office.clock.now()
        self._connection = connection
        self._by_agency: dict[str, list[UUID]] = {}
        for agency_id, dossier_id in keys:
            self._by_agency.setdefault(agency_id, []).append(dossier_id)
        self._open = self._found(OPEN_RUNS)
        self._attempts = self._found(ATTEMPTS)
        self._entries: dict[Key, list[Any]] | None = None

    def open_runs(self, key: Key) -> list[Any]:
        """The open step runs of a dossier, in the order they were opened."""
        return self._open.get(key, [])

    def attempts(self, key: Key) -> dict[str, int]:
        """How often each step of a dossier was opened."""
        return {each.element_id: each.attempt for each in self._attempts.get(key, ())}

    def entries(self, key: Key) -> list[Any]:
        """What was entered when each step of a dossier was last completed."""
        if self._entries is None:
            self._entries = self._found(LAST_ENTRIES)
        return self._entries.get(key, [])

    def _found(self, question: Prepared) -> dict[Key, list[Any]]:
        found: dict[Key, list[Any]] = {}
        for agency_id, dossiers in self._by_agency.items():
            given = {"of_agency": agency_id, "of_dossiers": dossiers}
            for row in question.rows(self._connection, given):
                found.setdefault((agency_id, row.dossier_id), []).append(row)
        return found


def _work_out(act: _Act, batch: _Together) -> None:
    row, writes, office = act.row, act.writes, batch.office
    this = {"of_agency": row.agency_id, "of_dossier": row.dossier_id, "of_timer": row.timer_id}
    writes.change(_END, this, must=True)
    if row.failures is not None:
        writes.change(_FORGET, {"of_agency": row.agency_id, "of_work": row.timer_id})
    if row.state in (RETURNED, CLOSED):
        return
    version = office.version(writes.connection, row.agency_id, row.version_id)
    edition = edition_as_it_stands(office, writes, row, row.last_at)
    if edition is None:
        raise _Behind
    hand = _in_hand(act, batch, version, edition)
    try:
        progress = hand.live.instance.fire(row.timer_token, hand.live.data, now=hand.now)
    except NotOpen:  # it waits no more: nothing is left of it but its row
        return
    disarmed = tuple(token for token in progress.disarmed if token != row.timer_token)
    cancel_runs(hand, progress.closed)
    move(hand, replace(progress, disarmed=disarmed), fired=row.timer_due_at)
    hand.put_down("timer.fired", {"passed": list(progress.passed), "token": row.timer_token})


def _in_hand(act: _Act, batch: _Together, version: Version, edition: Edition) -> InHand:
    """The dossier in memory of its own: nobody else sees it before it is written."""
    row = act.row
    key, clock = (row.agency_id, row.dossier_id), clock_in(row)
    live = Live(
        version=row.version,
        instance=Instance.restore(version.specification, row.execution_state),
        data=EnteredLater(lambda: entered_data(version, row.data, batch.entries(key))),
        attempts=batch.attempts(key),
        at=row.last_at,
    )
    return InHand(
        office=batch.office,
        transaction=act.writes,
        actor=system_actor(row.agency_id),
        now=max(batch.now, live.at),
        row=row,
        version=version,
        calendar=edition.office,
        live=live,
        clock=clock,
        clock_as_read=clock,
        runs=batch.open_runs(key),
        apart=True,
        changes={"calendar_edition": edition.number},
        edition=edition,
    )


# Questions and statements


def _waiting(*which: Any) -> Any:
    """Timers with all that it takes to fire them, but those whose dossier is paused."""
    return (
        select(
            *dossier.c,
            timer.c.timer_id,
            timer.c.token.label("timer_token"),
            timer.c.due_at.label("timer_due_at"),
            execution.c.state.label("execution_state"),
            journal.c.at.label("last_at"),
            *failed_before(TIMER, timer.c.timer_id),
        )
        .select_from(timer)
        .join(dossier, _same_dossier(timer))
        .join(execution, _same_dossier(execution))
        .join(journal, and_(_same_dossier(journal), journal.c.seq == dossier.c.events))
        .outerjoin(setback, same_work(timer.c.agency_id, timer.c.timer_id))
        .where(dossier.c.state != PAUSED, *which)
    )


def _named(*which: Any) -> Any:
    """`_waiting` that nobody is at, by name only."""
    free = or_(timer.c.taken_until.is_(None), timer.c.taken_until <= bindparam("now"))
    return (
        select(timer.c.agency_id, timer.c.timer_id, timer.c.dossier_id)
        .select_from(timer)
        .join(dossier, _same_dossier(timer))
        .outerjoin(setback, same_work(timer.c.agency_id, timer.c.timer_id))
        .where(dossier.c.state != PAUSED, free, *which)
    )


def _questions(*which: Any) -> _Questions:
    """Timers, the longest due first.

    Of those due at one moment any: to put them in order, all of them would be read for each batch.
    """
    by_due = timer.c.due_at
    most = bindparam("most", type_=Integer)
    locked = _waiting(*which).with_for_update(of=(timer, dossier), skip_locked=True)
    return _Questions(
        Prepared(locked.order_by(by_due).limit(most)),
        Prepared(_named(*which).order_by(by_due).limit(most)),
        Prepared(
            _waiting(
                *which,
                timer.c.agency_id == bindparam("in_agency"),
                Among(timer.c.timer_id, "taken"),
            )
        ),
    )


def _same_dossier(table: Any) -> Any:
    return and_(
        table.c.agency_id == dossier.c.agency_id, table.c.dossier_id == dossier.c.dossier_id
    )


_DUE = _questions(timer.c.due_at <= bindparam("at"), may_be_tried(bindparam("at")))
_THIS = _questions(
    timer.c.agency_id == bindparam("of_agency"), timer.c.timer_id == bindparam("of_timer")
)
_THIS_TIMER = (
    timer.c.agency_id == bindparam("of_agency"),
    timer.c.dossier_id == bindparam("of_dossier"),
    timer.c.timer_id == bindparam("of_timer"),
)
_END = Prepared(delete(timer).where(*_THIS_TIMER))
_MARK = Prepared(update(timer).where(*_THIS_TIMER), ("taken_until",))
_FORGET = Prepared(
    delete(setback).where(
        setback.c.agency_id == bindparam("of_agency"), setback.c.work_id == bindparam("of_work")
    )
)
