"""Functions that turn values of one kind into another (DMN 1.3, 10.3.4.1), `not` and `is`."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from processes.feel import comparison, temporal
from processes.feel.arithmetic import round_to_digits, whole
from processes.feel.builtins.registry import builtin
from processes.feel.limits import STEPS_PER_ZONE
from processes.feel.meter import Meter
from processes.feel.temporal_arithmetic import instant, months_between
from processes.feel.values import YearsMonths
from processes.feel.writing import write_plain

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_SEPARATORS = (" ", ",", ".")


@builtin("not", "negand: any")
def negation(_meter: Meter, value: Any) -> bool | None:
    return not value if value.__class__ is bool else None


@builtin("is", "value1: any", "value2: any")
def same(meter: Meter, left: Any, right: Any) -> bool:
    """Strict identity: equal, of one kind, and with the same time zone."""
    if isinstance(left, datetime | time) and isinstance(right, datetime | time):
        return left.__class__ is right.__class__ and temporal.write(left) == temporal.write(right)
    return comparison.equal(left, right, meter) is True


@builtin("number", "from: string")
def number(_meter: Meter, text: str) -> Decimal | None:
    return _number(text)


@builtin("number", "from: string", "grouping separator: any", "decimal separator?: any")
def number_with_separators(
    _meter: Meter, text: str, grouping: Any, point: Any = None
) -> Decimal | None:
    """The separators are a space, a comma or a point; null where there is none."""
    if grouping is not None and grouping not in _SEPARATORS:
        return None
    if point is not None and (point not in _SEPARATORS[1:] or point == grouping):
        return None
    plain = text.replace(grouping, "") if grouping else text
    if point == "," and "." in plain:
        return None
    return _number(plain.replace(",", ".") if point == "," else plain)


def _number(text: str) -> Decimal | None:
    return round_to_digits(Decimal(text)) if _NUMBER.fullmatch(text) else None


@builtin("string", "from: any")
def string(meter: Meter, value: Any) -> str | None:
    return None if value is None else write_plain(value, meter)


@builtin("date", "from: string")
def date_from_text(_meter: Meter, text: str) -> date | None:
    return temporal.read_date(text)


@builtin("date", "from: date or date and time")
def date_from_moment(_meter: Meter, moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


@builtin("date", "year: number", "month: number", "day: number")
def date_from_parts(_meter: Meter, year: Decimal, month: Decimal, day: Decimal) -> date | None:
    return temporal.make_date(_count(year), _count(month), _count(day))


@builtin("time", "from: string")
def time_from_text(meter: Meter, text: str) -> time | None:
    _charge_zone(meter, text)
    return temporal.read_time(text)


@builtin("time", "from: time or date and time")
def time_from_moment(_meter: Meter, moment: Any) -> Any:
    """The time of a date is midnight UTC."""
    return moment if isinstance(moment, time) else instant(moment).timetz()


@builtin("time", "hour: number", "minute: number", "second: number", "offset?: any")
def time_from_parts(
    _meter: Meter, hour: Decimal, minute: Decimal, second: Decimal, offset: Any = None
) -> time | None:
    zone = None
    if offset is not None:
        zone = temporal.make_offset(offset) if isinstance(offset, timedelta) else None
        if zone is None:
            return None
    return temporal.make_time(_count(hour), _count(minute), second, zone)


@builtin("date and time", "from: string")
def date_time_from_text(meter: Meter, text: str) -> datetime | None:
    _charge_zone(meter, text)
    return temporal.read_date_time(text)


@builtin("date and time", "from: date or date and time")
def date_time_from_moment(_meter: Meter, moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - the language has such


@builtin("date and time", "date: date or date and time", "time: time")
def date_time_from_parts(_meter: Meter, day: date, clock: time) -> datetime:
    return datetime.combine(date_from_moment(_meter, day), clock)


@builtin("duration", "from: string")
def duration(_meter: Meter, text: str) -> timedelta | YearsMonths | None:
    return temporal.read_duration(text)


@builtin("duration", "from: duration")
def same_duration(_meter: Meter, value: Any) -> Any:
    return value


@builtin("years and months duration", "from: date or date and time", "to: date or date and time")
def years_and_months_duration(_meter: Meter, start: date, end: date) -> YearsMonths:
    return months_between(date_from_moment(_meter, start), date_from_moment(_meter, end))


def _charge_zone(meter: Meter, text: str) -> None:
    if "@" in text:
        meter.charge(STEPS_PER_ZONE)


def _count(number: Decimal) -> int:
    """A number as a count of years, months, days, hours or minutes; -1 when it cannot be one."""
    counted = whole(number)
    return counted if counted is not None and abs(counted) < _TOO_MANY else -1


_TOO_MANY = 10**6
