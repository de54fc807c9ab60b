"""When a time limit ends (hẹn trả): the rules of law and office practice over a calendar.

Exact limits (minutes, hours, working days) count open office time to the minute. Dated limits
("trong ngày", calendar days, months, and working days counted as the Civil Code counts) end when
the office closes on a day. docs/decisions/0003-working-time.md gives the choices and their reasons.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self

from engine.calendar import Calendar
from processes.procedure import DayCount
from processes.time_limit import TimeLimit, Unit

SAME_DAY_CUTOFF = time(15, 0)  # NĐ 23/2015 art. 7: received after 15:00, next working day
_WORKING_DAY_SECONDS = 8 * 3600  # TT 01/2018 practice: a working day is eight hours


@dataclass(frozen=True, slots=True)
class Terms:
    """How a limit is to be counted.

    cutoff: handed over at or after it, the count begins next working morning (15:00 rule, NĐ
    61/2018 art. 18.2). For "trong ngày" it replaces 15:00, and exactly 15:00 is still in time.
    """

    limit: TimeLimit
    day_count: DayCount = DayCount.EXACT
    cutoff: time | None = None

    @property
    def is_dated(self) -> bool:
        """Whether the limit ends at the close of a day, not after an amount of open time."""
        civil = self.limit.unit is Unit.WORKING_DAY and self.day_count is DayCount.CIVIL_DAYS
        return self.limit.amount > 0 and (civil or not self.limit.is_working_time)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"limit": [str(self.limit.amount), str(self.limit.unit)]}
        if self.day_count is not DayCount.EXACT:
            data["count"] = str(self.day_count)
        if self.cutoff is not None:
            data["cutoff"] = self.cutoff.isoformat()
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        (amount, unit), cutoff = data["limit"], data.get("cutoff")
        return cls(
            TimeLimit(Decimal(amount), Unit(unit)),
            DayCount(data.get("count", DayCount.EXACT)),
            None if cutoff is None else time.fromisoformat(cutoff),
        )


def due_time(
    calendar: Calendar,
    start: datetime,
    limit: TimeLimit,
    *,
    day_count: DayCount = DayCount.EXACT,
    cutoff: time | None = None,
) -> datetime:
    """When a limit that begins with the dossier's arrival at `start` ends, in the calendar's zone.

    An arrival outside office hours counts from the next opening. A limit of zero is due then too.
    OutsideCalendar where the calendar ends first.
    """
    return due_by(calendar, start, Terms(limit, day_count, cutoff))


def due_by(calendar: Calendar, start: datetime, terms: Terms, postponed_days: int = 0) -> datetime:
    """`due_time` for terms; `postponed_days` puts a dated limit off by days of its own kind."""
    if terms.is_dated:
        return _DATED[terms.limit.unit](calendar, start, terms, postponed_days)
    opening = effective_start(calendar, start, terms.cutoff)
    return calendar.add(opening, _exact_seconds(terms.limit))


def working_budget(
    calendar: Calendar,
    start: datetime,
    limit: TimeLimit,
    *,
    day_count: DayCount = DayCount.EXACT,
    cutoff: time | None = None,
) -> int:
    """Working seconds between the effective start and the due time."""
    return budget_by(calendar, start, Terms(limit, day_count, cutoff))


def budget_by(calendar: Calendar, start: datetime, terms: Terms) -> int:
    """`working_budget` for terms."""
    if not terms.is_dated:
        return _exact_seconds(terms.limit)
    opening = effective_start(calendar, start, hand_over_cutoff(terms))
    return calendar.elapsed(opening, due_by(calendar, start, terms))


def effective_start(calendar: Calendar, start: datetime, cutoff: time | None) -> datetime:
    """The open moment from which time counts: `start`, next opening, or next working morning."""
    counted = _first_day(calendar, start, cutoff)
    if counted == calendar.local(start).date():
        return calendar.next_open(start)
    return calendar.start_of_day(calendar.next_working_day(counted))


def days_put_off(calendar: Calendar, terms: Terms, since: datetime, until: datetime) -> int:
    """By how many days of its own kind a pause puts off a dated limit."""
    first, last = calendar.local(since).date(), calendar.local(until).date()
    if terms.limit.unit is Unit.WORKING_DAY:
        return calendar.working_days(first + timedelta(days=1), last) if first < last else 0
    return (last - first).days


def _exact_seconds(limit: TimeLimit) -> int:
    return limit.working_seconds if limit.amount else 0


def hand_over_cutoff(terms: Terms) -> time | None:
    """“Trong ngày” has its own rule for late arrivals, which settles the day, not the hour."""
    return None if terms.limit.unit is Unit.SAME_DAY else terms.cutoff


def _first_day(calendar: Calendar, start: datetime, cutoff: time | None) -> date:
    """The day on which a dossier counts as handed over.

    Under a cutoff what comes on a day off comes no earlier than what came too late before it.
    """
    local = calendar.local(start)
    arrived = local.date()
    works = calendar.is_working_day(arrived)  # also refuses a day outside of the calendar
    if cutoff is None:
        return arrived
    in_time = not works or local.time() < cutoff
    return calendar.next_working_day(arrived, including=in_time)


def _same_day(calendar: Calendar, start: datetime, terms: Terms, _postponed: int) -> datetime:
    """The close of the day; received after the cutoff, or after the office closed, of the next.

    The receipt states the hour and minute (Mẫu 01), so the minute 15:00 is not yet after 15:00.
    A day is not put off: after a pause it is counted again, from the moment of resuming.
    """
    local = calendar.local(start)
    arrived = local.date()
    if not calendar.is_working_day(arrived):
        return calendar.end_of_day(calendar.next_working_day(arrived))
    after_cutoff = time(local.hour, local.minute) > (terms.cutoff or SAME_DAY_CUTOFF)
    late = after_cutoff or local >= calendar.end_of_day(arrived)
    return calendar.end_of_day(calendar.next_working_day(arrived, including=not late))


def _calendar_days(calendar: Calendar, start: datetime, terms: Terms, postponed: int) -> datetime:
    """Civil Code 2015 art. 147-148: first day not counted, a last day off moves on."""
    days = int(terms.limit.amount) + postponed
    last = _first_day(calendar, start, terms.cutoff) + timedelta(days=days)
    return calendar.end_of_day(calendar.next_working_day(last))


def _months(calendar: Calendar, start: datetime, terms: Terms, postponed: int) -> datetime:
    """Civil Code 2015 art. 148: the same day of the last month, or that month's last day."""
    first = _first_day(calendar, start, terms.cutoff)
    years, month = divmod(first.month - 1 + int(terms.limit.amount), 12)
    year = first.year + years
    last = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
    return calendar.end_of_day(calendar.next_working_day(last + timedelta(days=postponed)))


def _civil_working_days(
    calendar: Calendar, start: datetime, terms: Terms, postponed: int
) -> datetime:
    """The close of the n-th working day after the first; a fraction follows as office hours."""
    first = _first_day(calendar, start, terms.cutoff)
    whole, fraction = divmod(terms.limit.amount, 1)
    number = int(whole) + postponed
    if number:
        counted = calendar.end_of_day(calendar.working_day_after(first, number))
    else:
        counted = datetime.combine(first + timedelta(days=1), time.min, calendar.tz)
    return calendar.add(counted, round(fraction * Decimal(_WORKING_DAY_SECONDS)))


_DATED: Mapping[Unit, Callable[[Calendar, datetime, Terms, int], datetime]] = {
    Unit.SAME_DAY: _same_day,
    Unit.DAY: _calendar_days,
    Unit.MONTH: _months,
    Unit.WORKING_DAY: _civil_working_days,
}
