"""Due dates of other engines' tasks, as limits, where they state a length of time."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from lxml.etree import _Element as Element

from processes.dialects.names import engine_attributes, engine_elements
from processes.errors import InvalidInput
from processes.time_limit import TimeLimit, Unit
from processes.timer import Duration

_QUOTED_ISO = re.compile(r"[\"'](P[0-9A-Z.]{1,30})[\"']")
_PLUS = re.compile(r"\.plus(Minutes|Hours|Days|Weeks|Months)\(\s*([0-9]{1,4})\s*\)")
_PLUS_ISO = {
    "Minutes": "PT{}M",
    "Hours": "PT{}H",
    "Days": "P{}D",
    "Weeks": "P{}W",
    "Months": "P{}M",
}


def read_due_limit(activity: Element) -> tuple[str, TimeLimit] | None:
    """The text of a due date and the limit it states; None where there is none that we can count.

    Hours and minutes of an office are working time, as in `processes.reader.aliases`; days, weeks
    and months are the calendar's: ISO 8601 knows no others.
    """
    for text in _stated(activity):
        if (limit := _limit(text)) is not None:
            return text, limit
    return None


def _stated(activity: Element) -> Iterator[str]:
    for _, value in engine_attributes(activity, "dueDate"):
        yield value
    for _, schedule in engine_elements(activity, "taskSchedule"):
        if value := schedule.get("dueDate", "").strip():
            yield value


def _limit(text: str) -> TimeLimit | None:
    stated = _QUOTED_ISO.findall(text)
    stated += [_PLUS_ISO[unit].format(number) for unit, number in _PLUS.findall(text)]
    if not stated and text.strip().startswith("P"):
        stated = [text.strip()]
    if len(stated) != 1:  # computed from data, a date, or two lengths added
        return None
    try:
        return _counted(Duration.parse(stated[0]))
    except (InvalidInput, OverflowError):
        return None


def _counted(duration: Duration) -> TimeLimit | None:
    """A duration in one unit; a month and a day, or a day and an hour, have none."""
    if duration.months:
        return None if duration.length else TimeLimit(Decimal(duration.months), Unit.MONTH)
    if not duration.length:
        return None
    if duration.length % timedelta(days=1) == timedelta():
        return TimeLimit(Decimal(duration.length.days), Unit.DAY)
    if duration.length > timedelta(days=1) or duration.length % timedelta(minutes=1):
        return None
    minutes = duration.length // timedelta(minutes=1)
    if minutes % 60:
        return TimeLimit(Decimal(minutes), Unit.MINUTE)
    return TimeLimit(Decimal(minutes // 60), Unit.WORKING_HOUR)
