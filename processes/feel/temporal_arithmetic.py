"""Adding and subtracting dates, times and durations (DMN 1.3, 10.3.2.3.7 and table 50).

Results outside the years 1 to 9999 are null.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any

from processes.feel import limits
from processes.feel.values import YearsMonths

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_AT_MOST = 10**14  # months or seconds; a timedelta holds fewer
_CONTEXT = Context(prec=limits.DIGITS)  # not the thread's: it may have been narrowed
_LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)
_FEBRUARY = 2


def add(left: Any, right: Any) -> Any:
    """`+` of everything that is neither number nor text; null where it has no meaning."""
    try:
        operation = _ADD.get((left.__class__, right.__class__))
        if operation is not None:
            return operation(left, right)
        operation = _ADD.get((right.__class__, left.__class__))
        return None if operation is None else operation(right, left)
    except (OverflowError, ValueError):
        return None


def subtract(left: Any, right: Any) -> Any:
    try:
        operation = _SUBTRACT.get((left.__class__, right.__class__))
        if operation is not None:
            return operation(left, right)
        if isinstance(right, timedelta | YearsMonths) and not isinstance(left, timedelta):
            operation = _ADD.get((left.__class__, right.__class__))
            return None if operation is None else operation(left, negate(right))
    except (OverflowError, ValueError):
        pass
    return None


def negate(value: Any) -> Any:
    if value.__class__ is YearsMonths:
        return YearsMonths(-value.months)
    if value.__class__ is timedelta:
        try:
            return -value
        except OverflowError:
            return None
    return None


def amount(duration: Any) -> Decimal:
    """A duration as a number: months, or seconds."""
    if duration.__class__ is YearsMonths:
        return Decimal(duration.months)
    return Decimal(duration // _MICROSECOND).scaleb(-6, _CONTEXT)


def from_amount(like: Any, value: Decimal) -> Any:
    """The duration of so many months or seconds; broken months and microseconds are cut off."""
    if not -_AT_MOST < value < _AT_MOST:
        return None
    if like.__class__ is YearsMonths:
        return YearsMonths(int(value))
    try:
        return timedelta(microseconds=int(value.scaleb(6, _CONTEXT)))
    except OverflowError:
        return None


def months_between(start: date, end: date) -> YearsMonths:
    """Whole months from one date to the other, cut off towards zero."""
    if end < start:
        return YearsMonths(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return YearsMonths(months - (end.day < start.day))


def instant(value: date | datetime) -> datetime:
    """A date is midnight UTC where a moment is wanted (DMN 1.3, 10.3.2.3.4)."""
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def _add_months(value: Any, duration: YearsMonths) -> Any:
    month = value.year * 12 + value.month - 1 + duration.months
    year, month = divmod(month, 12)
    return value.replace(year=year, month=month + 1, day=min(value.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    if month == _FEBRUARY:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 31 if month in _LONG_MONTHS else 30


def _add_to_date(value: date, duration: timedelta) -> date:
    # a date counts as its midnight, and only whole days of the result are kept
    return value + timedelta(days=duration // _DAY)


def _add_to_time(value: time, duration: timedelta) -> time:
    on_some_day = datetime.combine(date(2000, 1, 1), value)
    return (on_some_day + duration % _DAY).timetz()


def _between_moments(left: Any, right: Any) -> timedelta | None:
    left, right = instant(left), instant(right)
    if (left.utcoffset() is None) != (right.utcoffset() is None):
        return None
    difference: timedelta = left - right
    if left.tzinfo is right.tzinfo and left.tzinfo is not None:
        difference = left.astimezone(UTC) - right.astimezone(UTC)  # clocks put back are counted
    return difference


def _between_times(left: time, right: time) -> timedelta | None:
    on_some_day = date(2000, 1, 1)
    return _between_moments(
        datetime.combine(on_some_day, left), datetime.combine(on_some_day, right)
    )


_ADD: dict[tuple[type, type], Callable[[Any, Any], Any]] = {
    (date, timedelta): _add_to_date,
    (date, YearsMonths): _add_months,
    (datetime, timedelta): lambda left, right: left + right,
    (datetime, YearsMonths): _add_months,
    (time, timedelta): _add_to_time,
    (timedelta, timedelta): lambda left, right: left + right,
    (YearsMonths, YearsMonths): lambda left, right: YearsMonths(left.months + right.months),
}
_SUBTRACT: dict[tuple[type, type], Callable[[Any, Any], Any]] = {
    (date, date): lambda left, right: left - right,
    (date, datetime): _between_moments,
    (datetime, date): _between_moments,
    (datetime, datetime): _between_moments,
    (time, time): _between_times,
    (timedelta, timedelta): lambda left, right: left - right,
    (YearsMonths, YearsMonths): lambda left, right: YearsMonths(left.months - right.months),
}
