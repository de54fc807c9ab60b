"""When a timer event of the diagram is due: lawful time where it states a limit, else ISO 8601."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.calendar import Calendar
from engine.legal_clock.ledger_clock import LedgerClock
from processes.time_limit import TimeLimit, Unit
from processes.timer import Duration, InvalidTimer, Repetition

__all__ = ["InvalidTimer", "clock_of", "due_of"]


def due_of(
    rule: str, armed_at: datetime, calendar: Calendar, after: datetime | None = None
) -> datetime:
    """The time at which a timer armed at `armed_at` fires; `rule` is the translated text.

    after: when a repeating timer was due the time before. It keeps its beat even where it was
    fired late; what was missed meanwhile is not made up for.
    Errors: InvalidTimer, OutsideCalendar.
    """
    clock = clock_of(rule, armed_at, calendar)
    due = None if clock is None else clock.due_at(calendar)
    return due or _by_the_wall(json.loads(rule), armed_at, calendar, after)


def clock_of(rule: str, armed_at: datetime, calendar: Calendar) -> LedgerClock | None:
    """The clock of a timer that counts working time; None for one that goes by the wall clock."""
    spelt = json.loads(rule)
    if spelt["kind"] != "limit":
        return None
    limit = TimeLimit(Decimal(spelt["amount"]), Unit(spelt["unit"]))
    return LedgerClock.start(calendar, armed_at, limit)


def _by_the_wall(
    spelt: dict[str, Any], armed_at: datetime, calendar: Calendar, after: datetime | None
) -> datetime:
    """A date, or a length of calendar time; a date without an offset is the office's."""
    text = spelt["value"]
    if spelt["kind"] == "cycle":
        repetition = Repetition.parse(text)
        first = repetition.first
        if after is None and first is not None and first > armed_at:
            return first
        return repetition.after(calendar.local(after or first or armed_at), armed_at)
    if spelt["kind"] == "duration":
        return Duration.parse(text).after(calendar.local(armed_at))
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidTimer(text=text) from None
    return stated if stated.tzinfo else stated.replace(tzinfo=calendar.tz)
