"""Plain open dossiers on another calendar, counted on the numbers as they are stored.

Most dossiers have an exact limit, never stood and wait for no timer. For those this comes to what
`follow_calendar.moved` comes to, without making values of rows that are only to be written again;
all others are left to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

from engine.calendar import Calendar
from engine.calendar_change.open_cases import DOSSIER_COLUMNS, Read
from engine.calendar_change.recount import ChangedSpan, is_plain, opening_of
from engine.dossiers.follow_calendar import (
    CHANGED,
    RUN_COLUMNS,
    Case,
    Moved,
    ToEdition,
    event_body,
    event_of,
)
from engine.journal import sealed
from engine.store.columns import spell, to_microseconds
from engine.working_calendar.editions import Edition
from engine.working_calendar.open_axis import OutsideCalendar
from processes.errors import RuleError

_SECOND = 1_000_000

Data = dict[str, Any]


class NotPlain(Exception):
    """The dossier takes the long way."""


@dataclass(slots=True)
class Lines:
    """What is to be written of many dossiers: rows as `following_written` takes them.

    A clock of a dossier or a step is None where it stays as it is.
    """

    dossiers: list[Data] = field(default_factory=list)
    hashes: bytearray = field(default_factory=bytearray)
    runs: list[Data] = field(default_factory=list)
    timers: list[Data] = field(default_factory=list)
    still: list[Data] = field(default_factory=list)

    def stands(self, read: Read) -> None:
        """Nothing moves: the dossier only says by which edition it is counted."""
        values = read.row.values
        self.still.append({"id": values[_ID], "version": values[_VERSION]})


_ID, _CLOCK, _DUE, _LIMIT, _PAUSED, _VERSION, _EVENTS, _HEAD, _LAST_AT = (
    DOSSIER_COLUMNS.index(name)
    for name in (
        *("dossier_id", "clock", "due_at", "limit_ws", "paused_ws", "version", "events"),
        *("head_hash", "last_at"),
    )
)
_of_run = itemgetter(
    *(
        [column.name for column in RUN_COLUMNS].index(name)
        for name in (
            *("step_run_id", "element_id", "token", "unit", "enabled_at", "started_at", "clock"),
            *("due_at", "limit_ws", "paused_ws", "waiting_ws", "escalated_at", "safe_at"),
        )
    )
)
_SPELT_AT_HAND = 100_000


@dataclass(slots=True)
class PlainCases:
    """From one edition to another. now: no event is dated before it."""

    change: ToEdition
    now: datetime
    _now: int = field(init=False)
    _actor: str | None = field(init=False)
    _around: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._now = to_microseconds(self.now)
        grounds = self.change.new.grounds
        self._actor = None if grounds.approved_by is None else str(grounds.approved_by)
        self._around = _around_dues(self.change.new)

    def add(self, read: Read, lines: Lines) -> None:
        """Work out one dossier and add what is to be written. NotPlain: nothing was added."""
        if read.timers or read.pauses:
            raise NotPlain
        try:
            self._add(read, lines)
        except RuleError:
            raise NotPlain from None  # the long way says what is wrong

    def _add(self, read: Read, lines: Lines) -> None:
        values = read.row.values
        at = max(self._now, values[_LAST_AT])
        change, office = self.change, self.change.new.office
        own = _counted(values[_CLOCK], values[_DUE], office, change.span(None))
        runs, steps = [], []
        for run in read.runs:
            moved = self._run(run.values, at)
            if moved is not None:
                line, shift = moved
                runs.append(line)
                if shift is not None:
                    steps.append(shift)
        if own is None and not runs:
            lines.stands(read)
            return
        due, paused = values[_DUE], values[_PAUSED]
        clock, after, limit = own or (None, due, values[_LIMIT])
        shift = None if due == after else [_iso_or_none(due), _iso_or_none(after)]
        before, between, then, end = self._around
        body = f"{before}{spell(shift)}{between}{spell(steps)}{then}[]{end}"
        self._write(read, lines, at, body, (clock, after, limit, 0 if own else paused))
        lines.runs += runs

    def _run(self, values: Any, at: int) -> tuple[Data, list[Any] | None] | None:
        """The line of an open step run that changes, and how its due time moves, if it does."""
        (run_id, element, token, unit, enabled, started, clock, due, limit, paused, waiting,
         escalated, safe_at) = _of_run(values)  # fmt: skip
        span = self.change.span(unit)
        if span is None:
            return None
        calendar = self.change.new.calendar_of(unit)
        counted = _counted(clock, due, calendar, span)
        stood = paused, waiting
        begun, taken = enabled // _SECOND, None if started is None else started // _SECOND
        if span.touches(begun, begun + 1 if taken is None else max(begun, taken) + 1):
            paused = 0  # there were no pauses
            if waiting is not None and taken is not None:
                waiting = calendar.clock_at_epoch(taken) - calendar.clock_at_epoch(begun)
        beyond = clock is None and safe_at is not None and span.touches(begun, safe_at // _SECOND)
        if counted is None and (paused, waiting) == stood and not beyond:
            return None
        now_clock, after, limit = counted or (None, due, limit)
        if after is not None and after > at and (due is None or after > due):
            escalated = None  # it is told again when the new time has passed
        opened = calendar.clock_at_epoch(begun)
        line = {
            "id": run_id,
            "clock": now_clock,
            "due_at": after,
            "safe_at": safe_at and self._carried_over(unit, begun, safe_at, calendar, opened),
            "limit_ws": limit,
            "paused_ws": paused,
            "waiting_ws": waiting,
            "c_enabled": opened,
            "c_started": None if taken is None else calendar.clock_at_epoch(taken),
            "calendar_version": calendar.version,
            "escalated_at": escalated,
        }
        if due == after:
            return line, None
        return line, [element, token, _iso_or_none(due), _iso_or_none(after)]

    def _carried_over(
        self, unit: str | None, begun: int, safe_at: int, calendar: Calendar, opened: int
    ) -> int:
        """`engine.risk.safe_moment.carried_over`, in microseconds; opened: what `calendar` reads
        when the step begins.
        """
        old = self.change.old.calendar_of(unit)
        try:
            age = old.clock_at_epoch(safe_at // _SECOND) - old.clock_at_epoch(begun)
            return calendar.epoch_of(opened + age) * _SECOND
        except OutsideCalendar:
            return safe_at

    def _write(
        self, read: Read, lines: Lines, at: int, body: str, columns: tuple[Any, ...]
    ) -> None:
        values = read.row.values
        clock, due, limit, paused = columns
        seq = values[_EVENTS] + 1
        lines.hashes += sealed(values[_HEAD], seq, at, self._actor, CHANGED, body)
        lines.dossiers.append(
            {
                "id": values[_ID],
                "place": len(lines.dossiers),
                "version": values[_VERSION],
                "seq": seq,
                "at": at,
                "body": body,
                "clock": clock,
                "due_at": due,
                "limit_ws": limit,
                "paused_ws": paused,
            }
        )

    def add_moved(self, read: Read, case: Case, moved: Moved, lines: Lines) -> None:
        """Add a dossier that took the long way."""
        columns = _stored(moved.dossier_columns, read.row.values[_CLOCK])
        self._write(
            read,
            lines,
            to_microseconds(case.at),
            spell(event_body(moved, self.change.new)),
            tuple(columns[name] for name in ("clock", "due_at", "limit_ws", "paused_ws")),
        )
        runs = {run.step_run_id: run for run in read.runs}
        for key, each in moved.run_columns:
            id_, clock = (runs[key].raw(name) for name in ("step_run_id", "clock"))
            lines.runs.append({"id": id_, **_stored(each, clock)})
        timers = {each.timer_id: each.raw("timer_id") for each in read.timers}
        for key, each in moved.timer_columns:
            lines.timers.append({"id": timers[key], **_stored(each)})


def _counted(
    text: str | None, due: int | None, calendar: Calendar, span: ChangedSpan | None
) -> tuple[str | None, int, int] | None:
    """Clock, due time and limit on the new calendar; None where they are as they were.

    None for the clock alone where it is: most begin to run when they did before.
    """
    if text is None or span is None:
        return None
    data = orjson.loads(text)
    if "stopped" in data:
        return None
    try:
        if due is None or due % _SECOND or not is_plain(data):
            raise NotPlain
        if not span.touches(data["started"], due // _SECOND):
            return None
        running, budget = opening_of(data, calendar), data["budget"]
        after = calendar.add_epoch(running, budget) * _SECOND
        if running == data["running"] and after == due:
            return None
    except (KeyError, TypeError, ValueError) as unreadable:
        raise NotPlain from unreadable
    if running == data["running"]:
        return None, after, budget
    data["running"] = running
    return spell(data), after, budget


def _around_dues(new: Edition) -> tuple[str, ...]:
    """The text of an event without its due times: what stands before, between and after them."""
    parts, joint = [""], "{"
    for name, value in sorted(event_of(new, None, [], []).items()):
        parts[-1] += f'{joint}"{name}":'
        joint = ","
        if name in ("due", "steps", "timers"):
            parts.append("")
        else:
            parts[-1] += spell(value)
    parts[-1] += "}"
    return tuple(parts)


def _stored(columns: Mapping[str, Any], clock: str | None = None) -> Data:
    """Columns as they are kept; None for the clock where it is as it was."""
    kept = {name: _as_kept(name, value) for name, value in columns.items()}
    if clock is not None and kept["clock"] == clock:
        kept["clock"] = None
    return kept


def _as_kept(name: str, value: Any) -> Any:
    if name == "clock" and value is not None:
        return spell(value)
    return to_microseconds(value) if isinstance(value, datetime) else value


def _iso_or_none(at: int | None) -> str | None:
    return None if at is None else _iso(at // _SECOND)


@lru_cache(_SPELT_AT_HAND)
def _iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()
