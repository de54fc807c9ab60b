"""Time stamps as logs write them, read exactly: whole microseconds of UTC since 1970."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from processes.errors import InvalidInput

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = (
    (datetime(*day, tzinfo=UTC) - _EPOCH) // _MICROSECOND for day in ((1, 1, 2), (9999, 12, 31))
)


class UnknownTimeZone(InvalidInput):
    """No time zone goes by that name."""

    code = "time_zone.unknown"
    vi = "Không có múi giờ “{text}”. Ghi tên như Asia/Ho_Chi_Minh hoặc UTC."
    en = "There is no time zone '{text}'. Write a name such as Asia/Ho_Chi_Minh or UTC."


def time_zone(name: str) -> tzinfo:
    """The time zone of that name in the tz database."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise UnknownTimeZone(text=name) from unknown


class DateOrder(StrEnum):
    """How 01/07/2025 is meant; Viet Nam and most of the world write the day first."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Instant(NamedTuple):
    """A time stamp that was read.

    zoned: the text itself names its offset from UTC.
    whole_day: the text is a date without a time of day; `us` is its midnight.
    """

    us: int
    zoned: bool
    whole_day: bool


_OF_DAY = (
    r"(?:[ T,]+(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d+))?)?"
    r" ?(?P<half>AM|PM|SA|CH)?)? ?(?P<zone>Z|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)?)?"
    r"(?:\[[\w/+-]{1,40}\])?"  # Java names the place behind the offset
)
_SLASHED = re.compile(
    r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>\d{4})" + _OF_DAY, re.IGNORECASE | re.ASCII
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})" + _OF_DAY,
    re.IGNORECASE | re.ASCII,
)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})[ -](?P<name>[a-z]{3,9})|(?P<name2>[a-z]{3,9}) (?P<day2>\d{1,2}),?)[ -]"
    r"(?P<year>\d{4})" + _OF_DAY,
    re.IGNORECASE | re.ASCII,
)
_DIGITS = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<part>\d{3})?",
    re.ASCII,
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT = 3
_A_DATE, _COMPACT = "dd/mm/yyyy", "yyyymmdd"
_NOON = 12
_AFTERNOON = ("PM", "CH")  # CH = chiều
_WHOLE_DAY = re.compile(r"\d{4}[-/]?\d{2}[-/]?\d{2}")
_SPACED_ZONE = re.compile(r" (?=[+-]\d\d:?\d\d$)")


def read_instant(text: str, zone: tzinfo, order: DateOrder = DateOrder.DAY_FIRST) -> Instant | None:
    """The instant that `text` states, None where it cannot be read with certainty.

    zone: used where the text names none. Digits beyond the microsecond are cut off.

    >>> read_instant("1970-01-01T07:00:01+07:00", VIET_NAM).us
    1000000
    """
    stamp, whole_day = _iso(text), len(text) <= len(_A_DATE) and ":" not in text
    if stamp is None:
        stated = _stated(text, order)
        if stated is None:
            return None
        stamp, whole_day = stated
    zoned = stamp.tzinfo is not None
    if not zoned:
        stamp = stamp.replace(tzinfo=zone)
    gone = stamp - _EPOCH
    us = (gone.days * 86_400 + gone.seconds) * SECOND_US + gone.microseconds
    if not _FIRST <= us <= _LAST:
        return None
    return Instant(us, zoned, whole_day and not zoned)


def write_instant(us: int) -> str:
    """ISO 8601 in UTC, as exact as it was read.

    >>> write_instant(1000000)
    '1970-01-01T00:00:01Z'
    """
    return (_EPOCH + us * _MICROSECOND).isoformat().replace("+00:00", "Z")


def date_parts(text: str) -> tuple[int, int] | None:
    """The first two numbers of a date whose order is in question, None for other texts."""
    stated = _SLASHED.fullmatch(text)
    return None if stated is None else (int(stated["a"]), int(stated["b"]))


def _iso(text: str) -> datetime | None:
    # a bare number is a date only with 8 digits: Python reads 1311121012345 as the year 1311
    if not text[:4].isdigit() or (text.isdigit() and len(text) != len(_COMPACT)):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    written = _SPACED_ZONE.sub("", text.removesuffix(" UTC") + "+00:00" * text.endswith(" UTC"))
    if _WHOLE_DAY.match(written):
        written = written[:10].replace("/", "-") + written[10:]
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _stated(text: str, order: DateOrder) -> tuple[datetime, bool] | None:
    """A stamp that is not of ISO 8601, and whether it is a date alone."""
    stated = _SLASHED.fullmatch(text)
    if stated is not None:
        day, month = int(stated["a"]), int(stated["b"])
        if order is DateOrder.MONTH_FIRST:
            day, month = month, day
        return _moment(stated, day, month)
    stated = _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text)
    if stated is not None:
        return _moment(stated, int(stated["day"]), int(stated["month"]))
    stated = _NAMED.fullmatch(text)
    if stated is None or (named := _month(stated["name"] or stated["name2"])) is None:
        return None
    return _moment(stated, int(stated["day"] or stated["day2"]), named)


def _month(name: str) -> int | None:
    """The number of a month by its English name or the first three letters of it."""
    name = name.casefold()
    for number, whole in enumerate(_MONTHS, start=1):
        if name in (whole, whole[:_SHORT]):
            return number
    return None


def _moment(stated: re.Match[str], day: int, month: int) -> tuple[datetime, bool] | None:
    told = stated.groupdict()
    hour = int(told["hour"] or 0)
    if half := told.get("half"):
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + _NOON * (half.upper() in _AFTERNOON)
    part = int((told["part"] or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(
            int(told["year"]), month, day, hour, int(told["minute"] or 0),
            int(told["second"] or 0), part, tzinfo=_offset(told.get("zone")),
        )  # fmt: skip
    except ValueError:
        return None
    return moment, told["hour"] is None


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    digits = text.upper().removeprefix("UTC").removeprefix("GMT").removeprefix("Z")
    if not digits:
        return UTC
    hours, _, minutes = digits[1:].partition(":")
    if len(hours) > len("hh"):
        hours, minutes = hours[:-2], hours[-2:]
    sign = -1 if digits[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes or 0)))
