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

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update
from sqlalchemy.exc import DBAPIError

from engine.actor import system_actor
from engine.dossiers.follow_calendar import edition_as_it_stands
from engine.dossiers.in_hand import CLOSED, PAUSED, RETURNED, InHand
from engine.dossiers.live_dossier import live_from
from engine.dossiers.moving import cancel_runs, move
from engine.dossiers.setbacks import TIMER, failed_before, may_be_tried, same_work
from engine.editions import Edition
from engine.ledger_clock import LedgerClock
from engine.office import Office, Version
from engine.runtime.instance import NotOpen
from engine.store.database import StaleState, Transaction
from engine.store.gathered import UNABLE, Gathered, write_all
from engine.store.prepared import Prepared, execute_many
from engine.store.tables import dossier, execution, journal, setback, step_run, timer

_TAKEN = timedelta(seconds=30)
"""How long the others leave a batch on SQLite to the worker that took it."""


class Missed(NamedTuple):
    """A due timer that was not fired, and why; `StaleState` where somebody else was faster."""

    row: Any
    error: Exception


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
    return _fire(office, _Batch(_due(office.clock.now()), most))


def fire_timer(office: Office, row: Any) -> None:
    """Have the timer of this row happen, once. Errors: what stands in its way."""
    this = timer.c.agency_id == row.agency_id, timer.c.timer_id == row.timer_id
    _, missed = _fire(office, _Batch(_waiting().where(*this), 1))
    if missed:
        raise missed[0].error


@dataclass(frozen=True, slots=True)
class _Batch:
    """Which timers to take, and how many."""

    question: Any
    most: int


def _fire(office: Office, batch: _Batch) -> tuple[int, list[Missed]]:
    fire = _fire_marked if office.database.is_sqlite else _fire_locked
    acts = fire(office, batch)
    for act in acts:
        if act.error is None:
            office.live.drop((act.row.agency_id, act.row.dossier_id))
    missed = [Missed(act.row, act.error) for act in acts if act.error is not None]
    return len(acts) - len(missed), missed


def _fire_locked(office: Office, batch: _Batch) -> list[_Act]:
    """PostgreSQL: a batch that others skip from when it is taken to when it is written."""

    def run(transaction: Transaction) -> list[_Act]:
        question = batch.question.with_for_update(of=(timer, dossier), skip_locked=True)
        rows = transaction.execute(question.limit(batch.most)).all()
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
            this = timer.c.timer_id.in_([row.timer_id for row in taken])
            acts = _acts(office, connection, connection.execute(batch.question.where(this)).all())

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
    free = or_(timer.c.taken_until.is_(None), timer.c.taken_until <= now)
    found = batch.question.where(free).with_only_columns(*_NAMED).limit(batch.most)
    rows: Sequence[Any] = transaction.execute(found).all()
    _set_mark(transaction, rows, now + _TAKEN)
    return rows


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
    runs = _runs_of(connection, first)
    acts = [_Act(row, Gathered(connection)) for row in first.values()]
    for act in acts:
        try:
            _work_out(office, act, runs.get((act.row.agency_id, act.row.dossier_id), []))
        except (DBAPIError, *UNABLE):
            raise
        except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
            act.error = error
    return acts


def _runs_of(connection: Connection, keys: Iterable[tuple[str, Any]]) -> dict[Any, list[Any]]:
    """All step runs of these dossiers, in the order they were opened."""
    by_agency: dict[str, list[Any]] = {}
    for agency_id, dossier_id in keys:
        by_agency.setdefault(agency_id, []).append(dossier_id)
    found: dict[Any, list[Any]] = {}
    for agency_id, dossiers in by_agency.items():
        rows = connection.execute(
            select(*_OF_RUN)
            .where(step_run.c.agency_id == agency_id, step_run.c.dossier_id.in_(dossiers))
            .order_by(step_run.c.enabled_at, step_run.c.token)
        )
        for row in rows:
            found.setdefault((agency_id, row.dossier_id), []).append(row)
    return found


def _work_out(office: Office, act: _Act, runs: Sequence[Any]) -> None:
    row, writes = act.row, act.writes
    this = {"of_agency": row.agency_id, "of_dossier": row.dossier_id, "of_timer": row.timer_id}
    writes.change(_END, this, must=True)
    if row.failures is not None:
        writes.change(_FORGET, {"of_agency": row.agency_id, "of_work": row.timer_id})
    if row.state in (RETURNED, CLOSED):
        return
    version = office.version(writes.connection, row.agency_id, row.version_id)
    edition = edition_as_it_stands(office, writes, row, row.last_at)
    if edition is None:
        raise StaleState  # it follows the calendar first, and may not be due by the new one
    hand = _in_hand(office, act, runs, version, edition)
    try:
        progress = hand.live.instance.fire(row.timer_token, hand.live.data, now=hand.now)
    except NotOpen:  # it waits no more: nothing is left of it but its row
        return
    disarmed = tuple(token for token in progress.disarmed if token != row.timer_token)
    cancel_runs(hand, progress.closed)
    move(hand, replace(progress, disarmed=disarmed), fired=row.timer_due_at)
    hand.put_down("timer.fired", {"passed": list(progress.passed), "token": row.timer_token})


def _in_hand(
    office: Office, act: _Act, runs: Sequence[Any], version: Version, edition: Edition
) -> InHand:
    """The dossier in memory of its own: nobody else sees it before it is written."""
    row = act.row
    live = live_from(version, row, row.execution_state, row.last_at, runs)
    return InHand(
        office=office,
        transaction=act.writes,
        actor=system_actor(row.agency_id),
        now=max(office.clock.now(), live.at),
        row=row,
        version=version,
        calendar=edition.office,
        live=live,
        clock=None if row.clock is None else LedgerClock.from_data(row.clock),
        runs=runs,
        apart=True,
        changes={"calendar_edition": edition.number},
        edition=edition,
    )


# Questions and statements


def _waiting() -> Any:
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
        .where(dossier.c.state != PAUSED)
        .order_by(timer.c.due_at, timer.c.timer_id)
    )


def _due(now: datetime) -> Any:
    """Those that are due, and did not fail a moment ago."""
    return _waiting().where(timer.c.due_at <= now, may_be_tried(now))


def _same_dossier(table: Any) -> Any:
    return and_(
        table.c.agency_id == dossier.c.agency_id, table.c.dossier_id == dossier.c.dossier_id
    )


_NAMED = timer.c.agency_id, timer.c.timer_id, timer.c.dossier_id
_OF_RUN = tuple(
    step_run.c[name]
    for name in (
        *("dossier_id", "step_run_id", "element_id", "token", "attempt", "state", "data"),
        *("enabled_at", "ended_at", "c_enabled", "paused_since", "paused_ws", "paused_us"),
        *("waiting_ws", "unit", "calendar_version"),
    )
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
