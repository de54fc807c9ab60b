"""Dates, times and durations as text (ISO 8601 as XML Schema and DMN narrow it), read and written.

Years 1 to 9999 and microseconds: what needs more is no value of ours and reads as null.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from processes.feel.arithmetic import CONTEXT
from processes.feel.values import YearsMonths

_DATE = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_TIME = (
    r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2}(?::\d{2})?|@[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*)?"
)
_DATE_FORM = re.compile(_DATE, re.ASCII)
_TIME_FORM = re.compile(_TIME, re.ASCII)
_DATE_TIME_FORM = re.compile(rf"{_DATE}T{_TIME}", re.ASCII)
_MONTHS_FORM = re.compile(
    r"(?P<minus>-)?P(?=\d)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?", re.ASCII
)
_DAYS_FORM = re.compile(
    r"(?P<minus>-)?P(?=\d|T\d)(?:(?P<days>\d{1,9})D)?(?:T(?=\d)(?:(?P<hours>\d{1,12})H)?"
    r"(?:(?P<minutes>\d{1,14})M)?(?:(?P<seconds>\d{1,16}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_LONGEST = 100  # characters of any of these texts
_WIDEST_OFFSET_HOURS = 14
_MICROSECOND = timedelta(microseconds=1)


def read(text: str) -> Any:
    """What an @"..." text stands for, by its form; None for none."""
    for form in (read_date, read_date_time, read_time, read_duration):
        value = form(text)
        if value is not None:
            return value
    return None


def read_date(text: str) -> date | None:
    found = _DATE_FORM.fullmatch(text)
    return None if found is None else make_date(*map(int, found.group("year", "month", "day")))


def read_time(text: str) -> time | None:
    found = _TIME_FORM.fullmatch(text) if len(text) <= _LONGEST else None
    return None if found is None else _time(found)


def read_date_time(text: str) -> datetime | None:
    """A date alone is its midnight."""
    found = _DATE_TIME_FORM.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        day = read_date(text)
        return None if day is None else datetime(day.year, day.month, day.day)  # noqa: DTZ001
    day = make_date(*map(int, found.group("year", "month", "day")))
    clock = _time(found)
    return None if day is None or clock is None else datetime.combine(day, clock)


def read_duration(text: str) -> timedelta | YearsMonths | None:
    if len(text) > _LONGEST:
        return None
    found = _MONTHS_FORM.fullmatch(text)
    if found is not None:
        months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        return YearsMonths(-months if found["minus"] else months)
    found = _DAYS_FORM.fullmatch(text)
    if found is None:
        return None
    seconds = Decimal(found["seconds"] or 0)
    microseconds = CONTEXT.scaleb(seconds, 6)
    if microseconds != microseconds.to_integral_value():
        return None
    whole = (
        int(found["days"] or 0) * 86_400
        + int(found["hours"] or 0) * 3_600
        + int(found["minutes"] or 0) * 60
    ) * 1_000_000 + int(microseconds)
    try:
        return timedelta(microseconds=-whole if found["minus"] else whole)
    except OverflowError:
        return None


def make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def make_time(hour: int, minute: int, second: Decimal, zone: tzinfo | None) -> time | None:
    if not 0 <= second < 60:  # noqa: PLR2004 - seconds of a minute
        return None
    microseconds = CONTEXT.scaleb(second, 6)
    if microseconds != microseconds.to_integral_value():
        return None
    whole, micro = divmod(int(microseconds), 1_000_000)
    try:
        return time(hour, minute, whole, micro, tzinfo=zone)
    except ValueError:
        return None


def make_offset(offset: timedelta) -> tzinfo | None:
    """A fixed distance from UTC, at most 14 hours."""
    if abs(offset) > timedelta(hours=_WIDEST_OFFSET_HOURS):
        return None
    return UTC if not offset else timezone(offset)


def write(value: Any) -> str:
    """The text that reads back as the value."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat() + _write_zone(value)
    if isinstance(value, time):
        return value.replace(tzinfo=None).isoformat() + _write_zone(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, YearsMonths):
        return _write_months(value.months)
    return _write_microseconds(value // _MICROSECOND)


def zone_name(value: datetime | time) -> str | None:
    """The name of the value's time zone, None when it only has a distance from UTC, or nothing."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _time(found: re.Match[str]) -> time | None:
    zone: tzinfo | None = None
    if found["zone"]:
        zone = _zone(found["zone"])
        if zone is None:
            return None
    second = Decimal(f"{found['second']}.{found['fraction'] or 0}")
    return make_time(int(found["hour"]), int(found["minute"]), second, zone)


def _zone(text: str) -> tzinfo | None:
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return _named_zone(text[1:])
    hours, minutes, *rest = (int(part) for part in text[1:].split(":"))
    seconds = rest[0] if rest else 0
    if minutes >= 60 or seconds >= 60:  # noqa: PLR2004 - of an hour, of a minute
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return make_offset(-offset if text[0] == "-" else offset)


@lru_cache(maxsize=64)
def _named_zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no such zone, or no file of zones
        return None


def _write_zone(value: datetime | time) -> str:
    name = zone_name(value)
    if name is not None:
        return f"@{name}"
    offset = value.utcoffset()
    if offset is None:
        return ""
    if not offset:
        return "Z"
    seconds = abs(offset) // timedelta(seconds=1)
    written = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    if seconds % 60:
        written += f":{seconds % 60:02}"
    return ("-" if offset < timedelta(0) else "+") + written


def _write_months(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    written = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (written or "0M")


def _write_microseconds(microseconds: int) -> str:
    seconds, micro = divmod(abs(microseconds), 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    fraction = f".{micro:06}".rstrip("0") if micro else ""
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
    clock += f"{second}{fraction}S" if second or micro else ""
    written = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if microseconds < 0 else "") + "P" + (written or "T0S")
