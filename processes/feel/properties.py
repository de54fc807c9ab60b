"""What a dot after a date, time, duration or range gives (DMN 1.3, table 53)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from processes.feel import temporal
from processes.feel.values import Range, YearsMonths

_Properties = Mapping[str, Callable[[Any], Any]]

_DATE: _Properties = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME: _Properties = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second) + Decimal(value.microsecond).scaleb(-6),
    "time offset": lambda value: value.utcoffset(),
    "timezone": temporal.zone_name,
}
_PROPERTIES: Mapping[type, _Properties] = {
    date: _DATE,
    time: _TIME,
    datetime: {**_DATE, **_TIME},
    YearsMonths: {
        "years": lambda value: Decimal(int(value.months / 12)),
        "months": lambda value: Decimal(value.months - 12 * int(value.months / 12)),
    },
    timedelta: {
        "days": lambda value: _part(value, 86_400, None),
        "hours": lambda value: _part(value, 3_600, 24),
        "minutes": lambda value: _part(value, 60, 60),
        "seconds": lambda value: _part(value, 1, 60) + _fraction(value),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start is not None and value.start_included,
        "end included": lambda value: value.end is not None and value.end_included,
    },
}
PROPERTY_NAMES = frozenset(name for names in _PROPERTIES.values() for name in names)
_MICROSECOND = timedelta(microseconds=1)


def property_of(value: Any, name: str) -> Any:
    """The named part of a value that is no context; null where it has none."""
    properties = _PROPERTIES.get(value.__class__)
    read = None if properties is None else properties.get(name)
    return None if read is None else read(value)


def _part(value: timedelta, seconds: int, modulus: int | None) -> Decimal:
    size = abs(value) // _MICROSECOND // (seconds * 1_000_000)
    if modulus is not None:
        size %= modulus
    return Decimal(-size if value < timedelta(0) else size)


def _fraction(value: timedelta) -> Decimal:
    size = Decimal(abs(value) // _MICROSECOND % 1_000_000).scaleb(-6)
    return -size if value < timedelta(0) else size
