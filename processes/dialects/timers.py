"""Timer values: as standard ISO 8601, as other engines' expressions, as words in a name."""

import re
from datetime import timedelta
from decimal import Decimal

from processes.errors import InvalidInput
from processes.time_limit import TimeLimit, Unit
from processes.timer import Timer, TimerKind

_WRAPPED = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
_QUOTED = re.compile(r"@?([\"'])([^\"']*)\1")
_CALL = re.compile(
    r"(?:duration|date and time|date)\s*\(\s*[\"']([^\"']*)[\"']\s*\)"  # FEEL, as Camunda 8 has it
)
_TIMEDELTA = re.compile(
    r"(?:datetime\.)?timedelta\(\s*((?:\w+\s*=\s*[0-9]{1,6}(?:\.[0-9]+)?\s*,?\s*)+)\)"
)
_PART = re.compile(r"(\w+)\s*=\s*([0-9.]+)")
_DELTA_UNITS = ("weeks", "days", "hours", "minutes", "seconds")
_CYCLE = re.compile(r"R[0-9]{0,9}/(?:[^/]*/)?(P[^/]+)")
_WORDS = {
    "phút": Unit.MINUTE,
    "minutes?|mins?": Unit.MINUTE,
    "giờ(?: làm việc)?": Unit.WORKING_HOUR,
    "working hours?|hours?|hrs?|h": Unit.WORKING_HOUR,
    "ngày làm việc": Unit.WORKING_DAY,
    "(?:working|business) days?": Unit.WORKING_DAY,
    "ngày": Unit.DAY,
    "days?": Unit.DAY,
    "tháng": Unit.MONTH,
    "months?": Unit.MONTH,
    "tuần|weeks?": None,  # counted as seven days
}
_STATED = re.compile(
    r"(?<![\w.,/:-])([0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*-?\s*(?:"
    + "|".join(f"({words})" for words in sorted(_WORDS, key=len, reverse=True))
    + r")(?!\w)",
    re.IGNORECASE,
)
_UNITS = [_WORDS[words] for words in sorted(_WORDS, key=len, reverse=True)]


def read_timer(kind: TimerKind, text: str, cycles: bool = False) -> Timer | None:
    """The timer that a text means, None where it states neither a date nor a duration.

    cycles: they run; else a cycle is read as its first turn: `R3/PT1H` is one hour. The kind
    gives way to the text: a date in a timeDuration is a date.

    >>> read_timer(TimerKind.DURATION, "timedelta(days=2)").text
    'P2D'
    """
    value = _bare(text)
    if cycles and kind is TimerKind.CYCLE and _CYCLE.fullmatch(value) is not None:
        return Timer(TimerKind.CYCLE, value)
    if kind is TimerKind.CYCLE and (cycle := _CYCLE.fullmatch(value)) is not None:
        value = cycle[1]
    if (delta := _TIMEDELTA.fullmatch(value)) is not None:
        value = _iso(delta[1])
    for found in (Timer(TimerKind.DURATION, value), Timer(TimerKind.DATE, value)):
        if _is_valid(found):
            return found
    return None


def named_limit(name: str) -> TimeLimit | None:
    """The one limit that a name states: "Chờ 3 ngày làm việc", "Wait 2 weeks"; else None.

    >>> named_limit("Sau 30 phút").format("en")
    '30 minutes'
    """
    stated = list(_STATED.finditer(name))
    if len(stated) != 1:
        return None
    amount = Decimal(stated[0][1].replace(",", "."))
    place = next(number for number, word in enumerate(stated[0].groups()[1:]) if word)
    unit = _UNITS[place]
    if unit is None:
        amount, unit = amount * 7, Unit.DAY
    try:
        return TimeLimit(amount, unit)
    except InvalidInput:  # half a calendar day
        return None


def _bare(text: str) -> str:
    """The value without the other engine's wrapping."""
    value = text.strip()
    if (wrapped := _WRAPPED.fullmatch(value)) is not None:
        value = wrapped[1].strip()
    value = value.removeprefix("=").strip()
    if (call := _CALL.fullmatch(value)) is not None:
        return call[1].strip()
    if (quoted := _QUOTED.fullmatch(value)) is not None:
        return quoted[2].strip()
    return value


def _iso(arguments: str) -> str:
    """The arguments "days=1, hours=2" as "P1DT2H"; an unknown unit makes it unreadable."""
    parts = dict(_PART.findall(arguments))
    if not set(parts) <= set(_DELTA_UNITS):
        return ""
    length = timedelta(**{unit: float(amount) for unit, amount in parts.items()})
    if not length or length.microseconds:
        return ""
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    time = "".join(f"{n}{u}" for n, u in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"P{f'{length.days}D' if length.days else ''}{f'T{time}' if time else ''}"


def _is_valid(timer: Timer) -> bool:
    try:
        if timer.kind is TimerKind.DURATION:
            return bool(timer.duration().months or timer.duration().length)
        timer.date()
    except (InvalidInput, OverflowError):
        return False
    return True
