"""An open dossier follows a new edition of the calendar: what moves, and how it is written.

Due times, clocks and timers are counted again from their beginnings; original due times stay. What
does not move is left as it is, and only says by which edition it is counted from now on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text, update

from engine.calendar import Calendar
from engine.calendar_change.recount import ChangedSpan, changed_span, recounted_data
from engine.journal import Event, append
from engine.legal_clock.due_time import Terms, budget_by
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import epoch, moment
from engine.legal_clock.refusals import UnreadableClock
from engine.office import Office
from engine.risk.safe_moment import carried_over
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import dossier, pause, step_run, timer
from engine.working_calendar.editions import Edition

CHANGED = "calendar.changed"
OPEN_STATES = ("open", "paused", "finished")
"""Of dossiers that time can still matter to: a finished one may have steps to do."""

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """An open dossier as it is stored, with all that a calendar can move.

    at: when it was last acted on; no event is dated before it.
    """

    row: Any
    at: datetime
    runs: Sequence[Any] = ()
    timers: Sequence[Any] = ()
    pauses: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """Of a step or a timer: its due time before and after. None: it stands, or has no limit."""

    element_id: str
    token: int
    name: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a new edition changes of one dossier; columns by row, ready to be written."""

    due: tuple[datetime | None, datetime | None]
    steps: tuple[Shift, ...]
    timers: tuple[Shift, ...]
    dossier_columns: Data
    run_columns: Sequence[tuple[UUID, Data]]
    timer_columns: Sequence[tuple[UUID, Data]]

    def becomes_late(self, at: datetime) -> bool:
        """Whether it was in time at a moment, and is late by the new edition."""
        before, after = self.due
        return before is not None and after is not None and after < at <= before

    def ceases_to_be_late(self, at: datetime) -> bool:
        before, after = self.due
        return before is not None and after is not None and before < at <= after


@dataclass(slots=True)
class ToEdition:
    """From one edition to another; what was found out about it is kept."""

    old: Edition
    new: Edition
    _spans: dict[str, ChangedSpan | None] = field(default_factory=dict)

    def span(self, unit: str | None) -> ChangedSpan | None:
        """When the unit's calendars differ; None where no day does."""
        own = unit or ""
        if own not in self._spans:
            before, after = self.old.calendar_of(own), self.new.calendar_of(own)
            self._spans[own] = changed_span(before, after)
        return self._spans[own]

    def moved(self, case: Case) -> Moved | None:
        """What changes of the dossier; None where nothing does. Errors: OutsideCalendar."""
        return _moved(case, self)


def moved(case: Case, old: Edition, new: Edition) -> Moved | None:
    """What changes of the dossier; None where nothing does. Errors: OutsideCalendar."""
    return following(old, new)(case)


def following(old: Edition, new: Edition) -> Callable[[Case], Moved | None]:
    """`moved` for many dossiers that go from one edition to another."""
    return ToEdition(old, new).moved


def _moved(case: Case, change: ToEdition) -> Moved | None:
    row, office = case.row, change.new.office
    own = _recounted(row.clock, row.due_at, office, change.span(None))
    runs = [(run, _of_run(case, run, change)) for run in case.runs]
    timers = [
        (each, _recounted(each.clock, each.due_at, office, change.span(None)))
        for each in case.timers
    ]
    if own is None and not any(values for _, values in runs) and not any(t for _, t in timers):
        return None
    columns: dict[str, Any] = {
        "clock": row.clock,
        "due_at": row.due_at,
        "limit_ws": row.limit_ws,
        "paused_ws": row.paused_ws,
    }
    if own is not None:
        columns |= own
        columns["paused_ws"] = _paused(own["clock"], office)
    return Moved(
        due=(row.due_at, columns["due_at"]),
        steps=tuple(
            Shift(run.element_id, run.token, run.name, run.due_at, values["due_at"])
            for run, values in runs
            if values and values["due_at"] != run.due_at
        ),
        timers=tuple(
            Shift("", each.token, "", each.due_at, values["due_at"] or each.due_at)
            for each, values in timers
            if values and values["due_at"] not in (None, each.due_at)
        ),
        dossier_columns=columns,
        run_columns=tuple((run.step_run_id, values) for run, values in runs if values),
        timer_columns=tuple(
            (each.timer_id, {"clock": t["clock"], "due_at": t["due_at"] or each.due_at})
            for each, t in timers
            if t
        ),
    )


def _recounted(
    data: Data | None, due_at: datetime | None, calendar: Calendar, span: ChangedSpan | None
) -> dict[str, Any] | None:
    """Clock, due time and limit on the new calendar; None where they are as they were."""
    if data is None or span is None or "stopped" in data:
        return None
    try:
        return _counted_anew(data, due_at, calendar, span)
    except (KeyError, TypeError, ValueError) as unreadable:
        raise UnreadableClock(detail=repr(unreadable)) from unreadable


def _counted_anew(
    data: Data, due_at: datetime | None, calendar: Calendar, span: ChangedSpan
) -> dict[str, Any] | None:
    simple = "pauses" not in data and "extensions" not in data
    if simple and due_at is not None and not span.touches(data["started"], epoch(due_at)):
        return None
    counted, due_second = recounted_data(data, calendar)
    due = None if due_second is None else moment(due_second)
    if counted == data and due == due_at:
        return None
    limit = data["budget"]  # of an exact limit it is the limit itself
    if not simple or "dated" in data:
        limit = budget_by(calendar, moment(data["started"]), Terms.from_data(data))
    return {"clock": counted, "due_at": due, "limit_ws": limit}


def _of_run(case: Case, run: Any, change: ToEdition) -> dict[str, Any] | None:
    """The columns of an open step run that change; None where none does."""
    span = change.span(run.unit)
    if span is None:
        return None
    calendar = change.new.calendar_of(run.unit)
    counted = _recounted(run.clock, run.due_at, calendar, span)
    readings = _readings(case, run, calendar, span)
    stood = {"paused_ws": run.paused_ws, "waiting_ws": run.waiting_ws}
    if counted is None and readings == stood and not _is_safe_beyond(run, span):
        return None
    columns = {
        "clock": run.clock,
        "due_at": run.due_at,
        "safe_at": carried_over(change.old.calendar_of(run.unit), calendar, run),
        "limit_ws": run.limit_ws,
        **readings,
        "c_enabled": calendar.clock_at(run.enabled_at),
        "c_started": None if run.started_at is None else calendar.clock_at(run.started_at),
        "calendar_version": calendar.version,
        "escalated_at": run.escalated_at,
        **(counted or {}),
    }
    if _has_more_time(run.due_at, columns["due_at"], case.at):
        columns["escalated_at"] = None  # it is told again when the new time has passed
    return columns


def _is_safe_beyond(run: Any, span: ChangedSpan) -> bool:
    """Whether a step without a limit of its own has its safe moment where days are changed."""
    if run.clock is not None or run.safe_at is None:
        return False
    return span.touches(epoch(run.enabled_at), epoch(run.safe_at))


def _has_more_time(before: datetime | None, after: datetime | None, at: datetime) -> bool:
    return after is not None and after > at and (before is None or after > before)


def _readings(case: Case, run: Any, calendar: Calendar, span: ChangedSpan) -> dict[str, Any]:
    """Working time that the run stood and waited, where it did so on days that are changed."""
    stood = {"paused_ws": run.paused_ws, "waiting_ws": run.waiting_ws}
    ended = [each for each in case.pauses if each.since >= run.enabled_at and each.until]
    until = max([run.enabled_at, run.started_at or run.enabled_at, *(p.until for p in ended)])
    if not span.touches(epoch(run.enabled_at), epoch(until) + 1):
        return stood
    stood["paused_ws"] = sum(calendar.elapsed(each.since, each.until) for each in ended)
    if run.waiting_ws is not None and run.started_at is not None:
        before = (p for p in ended if p.until <= run.started_at)
        paused = sum(calendar.elapsed(each.since, each.until) for each in before)
        stood["waiting_ws"] = calendar.elapsed(run.enabled_at, run.started_at) - paused
    return stood


def _paused(data: Data, calendar: Calendar) -> int:
    """Working seconds of the pauses that are over."""
    if "pauses" not in data:
        return 0
    ended = (each for each in LedgerClock.from_data(data).pauses if each.until)
    return sum(calendar.elapsed(each.since, each.until) for each in ended if each.until)


# Written down


def write_moved(transaction: Transaction, case: Case, change: Moved, new: Edition) -> None:
    """Write what moved, with its reason on the journal. StaleState where the dossier is another."""
    row, seq = case.row, case.row.events + 1
    grounds = new.grounds
    event = Event(seq, case.at, grounds.approved_by, CHANGED, event_body(change, new))
    head = append(transaction, row.agency_id, row.dossier_id, event, row.head_hash)
    this = {"of_agency": row.agency_id}
    for step_run_id, columns in change.run_columns:
        transaction.change(_RUN, {**columns, **this, "of_id": step_run_id})
    for timer_id, columns in change.timer_columns:
        transaction.change(_TIMER, {**columns, **this, "of_id": timer_id})
    transaction.change(
        _DOSSIER,
        {
            **change.dossier_columns,
            "calendar_edition": new.number,
            "version": row.version + 1,
            "events": seq,
            "head_hash": head,
            **this,
            "of_id": row.dossier_id,
            "of_version": row.version,
        },
        must=True,
    )


def event_body(change: Moved, new: Edition) -> dict[str, Any]:
    """What the journal says: why, and each due time before and after."""
    before, after = change.due
    return event_of(
        new,
        None if before == after else [_iso(before), _iso(after)],
        [[s.element_id, s.token, _iso(s.before), _iso(s.after)] for s in change.steps],
        [[t.token, _iso(t.before), _iso(t.after)] for t in change.timers],
    )


def event_of(
    new: Edition, due: list[Any] | None, steps: list[Any], timers: list[Any]
) -> dict[str, Any]:
    """`event_body`, of due times as they are spelt there."""
    grounds = new.grounds
    return {
        "calendar": new.number,
        "change": None if grounds.change_id is None else str(grounds.change_id),
        "reason": grounds.reason,
        "decision_no": grounds.decision_no,
        "due": due,
        "steps": steps,
        "timers": timers,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def bring_over(
    transaction: Transaction, row: Any, at: datetime, old: Edition, new: Edition
) -> bool:
    """Have one dossier follow before it is acted on; whether anything moved and was written.

    Where nothing moves the act itself writes the new edition with the rest.
    """
    case = _case(transaction, row, at)
    change = moved(case, old, new)
    if change is None:
        return False
    write_moved(transaction, case, change, new)
    return True


def edition_as_it_stands(
    office: Office, transaction: Transaction, row: Any, at: datetime
) -> Edition | None:
    """The edition to act by if nothing moves by it; None where the dossier has to follow first."""
    in_force = office.edition(transaction.connection, row.agency_id)
    if row.calendar_edition == in_force.number:
        return in_force
    own = office.edition_numbered(transaction.connection, row.agency_id, row.calendar_edition)
    if own.number > in_force.number:
        return own
    return in_force if moved(_case(transaction, row, at), own, in_force) is None else None


def edition_to_act_by(
    office: Office, transaction: Transaction, row: Any, at: datetime, in_force: Edition
) -> tuple[Edition, bool]:
    """The edition to act by, to which an open dossier is brought first; whether that was written.

    Where this process has not heard yet of the dossier's edition, that one counts.
    """
    own = office.edition_numbered(transaction.connection, row.agency_id, row.calendar_edition)
    if own.number > in_force.number or row.state not in OPEN_STATES:
        return own, False
    return in_force, bring_over(transaction, row, at, own, in_force)


def _case(transaction: Transaction, row: Any, at: datetime) -> Case:
    this = {"of_agency": row.agency_id, "of_dossier": row.dossier_id}
    asked = (RUNS_OF_ONE, TIMERS_OF_ONE, PAUSES_OF_ONE)
    return Case(row, at, *(transaction.rows(question, this) for question in asked))


def _set(table: Any, key: Any, columns: Sequence[str], *also: Any) -> Prepared:
    this = table.c.agency_id == bindparam("of_agency"), key == bindparam("of_id")
    return Prepared(update(table).where(*this, *also), columns)


_DOSSIER = _set(
    dossier,
    dossier.c.dossier_id,
    [
        *("clock", "due_at", "limit_ws", "paused_ws"),
        *("calendar_edition", "version", "events", "head_hash"),
    ],
    dossier.c.version == bindparam("of_version"),
)
_RUN = _set(
    step_run,
    step_run.c.step_run_id,
    [
        *("clock", "due_at", "limit_ws", "paused_ws", "waiting_ws"),
        *("c_enabled", "c_started", "calendar_version", "escalated_at", "safe_at"),
    ],
)
_TIMER = _set(timer, timer.c.timer_id, ("clock", "due_at"))

_RUN_COLUMNS = (
    "dossier_id step_run_id element_id token name unit enabled_at started_at clock due_at limit_ws "
    "paused_ws waiting_ws escalated_at safe_at"
)
RUN_COLUMNS = [step_run.c[name] for name in _RUN_COLUMNS.split()]
TIMER_COLUMNS = [timer.c[name] for name in ("dossier_id", "timer_id", "token", "due_at", "clock")]
PAUSE_COLUMNS = [pause.c[name] for name in ("dossier_id", "since", "until")]
STILL_OPEN = text("step_run.state = 'open'")


def _of_one(columns: Sequence[Any], table: Any, *also: Any) -> Prepared:
    return Prepared(
        select(*columns).where(
            table.c.agency_id == bindparam("of_agency"),
            table.c.dossier_id == bindparam("of_dossier"),
            *also,
        )
    )


RUNS_OF_ONE = _of_one(RUN_COLUMNS, step_run, STILL_OPEN)
TIMERS_OF_ONE = _of_one(TIMER_COLUMNS, timer, timer.c.clock.is_not(None))
PAUSES_OF_ONE = _of_one(PAUSE_COLUMNS, pause)
