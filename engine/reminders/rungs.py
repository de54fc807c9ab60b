"""The rungs of the ladder, and the moments at which they are climbed.

Worked out from the step's clock each time; a pause, an extension or a changed calendar gives
another due time, and another due time another ladder.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.calendar import Calendar
from engine.legal_clock.ledger_clock import LedgerClock

USUAL_PERCENT = 70
"""Of the working time allowed, of which the first rung tells."""
_GRACE = timedelta(minutes=15)
"""After closing time: what falls due as the office closes is still told that day."""


class Rung(StrEnum):
    """How near the due time of a step is, from far to past; and what its dossier owes."""

    PART_USED = "part_used"
    DAY_BEFORE = "day_before"
    DUE = "due"
    OVERDUE = "overdue"
    OWED = "owed"  # the dossier's own: its last working day (`owed_round`)


@dataclass(frozen=True, slots=True)
class Planned:
    """A rung and its moment."""

    rung: Rung
    at: datetime


def ladder(
    clock: LedgerClock, calendar: Calendar, due_at: datetime, percent: int = USUAL_PERCENT
) -> tuple[Planned, ...]:
    """The rungs towards a due time, the earliest first; overdue is a working day after it.

    What would lie before time began to run (again) is left out. Errors: outside the calendar.
    """
    began = clock.running_since
    if began is None:
        return ()
    used, left = clock.consumed, max(0, calendar.elapsed(began, due_at))
    wanted = -(-(used + left) * percent // 100) - used
    found = [
        *([Planned(Rung.PART_USED, calendar.add(began, wanted))] if wanted > 0 else []),
        Planned(Rung.DAY_BEFORE, _day_before(calendar, due_at)),
        Planned(Rung.DUE, due_at),
        Planned(Rung.OVERDUE, _day_after(calendar, due_at)),
    ]
    order = list(Rung)
    ahead = [each for each in found if each.at > began or each.rung in (Rung.DUE, Rung.OVERDUE)]
    return tuple(sorted(ahead, key=lambda each: (each.at, order.index(each.rung))))


def next_of(planned: Collection[Planned], told: Collection[Rung], now: datetime) -> Planned | None:
    """The rung to tell next. Of several whose moment has passed only the last is told."""
    passed = [each for each in planned if each.at <= now]
    if passed and passed[-1].rung not in told:
        return passed[-1]
    return next((each for each in planned if each.at > now and each.rung not in told), None)


def quiet_until(calendar: Calendar, now: datetime) -> datetime | None:
    """When the office opens next, where it is closed now and was a quarter of an hour ago."""
    opening = calendar.next_open(now - _GRACE)
    return opening if opening > now else None


def _day_before(calendar: Calendar, due_at: datetime) -> datetime:
    """The same time of the working day before."""
    local = calendar.local(due_at)
    day = local.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return _on(calendar, day, local)


def _day_after(calendar: Calendar, due_at: datetime) -> datetime:
    """The same time of the working day after."""
    local = calendar.local(due_at)
    return _on(calendar, calendar.working_day_after(local.date(), 1), local)


def _on(calendar: Calendar, day: date, local: datetime) -> datetime:
    return datetime.combine(day, local.time(), calendar.tz)
