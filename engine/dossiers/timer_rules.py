"""When a timer event of the diagram is due: lawful time where it states a limit, else ISO 8601."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal

from engine.calendar import Calendar
from engine.due_time import due_time
from processes.errors import InvalidInput
from processes.time_limit import TimeLimit, Unit

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


class InvalidTimer(InvalidInput):
    """The timer's text states no time we can count."""

    code = "timer.uncountable"
    vi = "Bộ định giờ “{text}” không hợp lệ. Ghi theo ISO 8601, ví dụ P3D, PT8H, 2026-12-31T17:00:00+07:00."
    en = (
        "Timer '{text}' is not valid. Write ISO 8601, such as P3D, PT8H, 2026-12-31T17:00:00+07:00."
    )


def due_of(rule: str, armed_at: datetime, calendar: Calendar) -> datetime:
    """The time at which a timer armed at `armed_at` fires; `rule` is the translated text."""
    spelt = json.loads(rule)
    if spelt["kind"] == "limit":
        limit = TimeLimit(Decimal(spelt["amount"]), Unit(spelt["unit"]))
        return due_time(calendar, armed_at, limit)
    text = spelt["value"]
    if spelt["kind"] == "date":
        return _date(text, calendar)
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groupdict().values()):
        raise InvalidTimer(text=text)
    return armed_at + timedelta(**{unit: int(n) for unit, n in found.groupdict().items() if n})


def _date(text: str, calendar: Calendar) -> datetime:
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidTimer(text=text) from None
    return stated if stated.tzinfo else stated.replace(tzinfo=calendar.tz)
