"""What an office says about its hours: sessions, week patterns, exceptional days, overrides.

These are statements, as a decision or a notice makes them; `engine.calendar` makes time of them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

from processes.errors import InvalidInput


class InvalidSession(InvalidInput):
    """A session that does not open before it closes, on one day."""

    code = "calendar.session_invalid"
    vi = (
        "Buổi làm việc “{session}” không hợp lệ. Ghi giờ mở trước giờ đóng trong cùng một ngày, "
        "ví dụ “07:30-11:30”; ca qua nửa đêm thì tách thành hai ngày."
    )
    en = (
        "'{session}' is not a valid session. It opens before it closes on the same day, "
        "such as '07:30-11:30'; split a shift that crosses midnight over two days."
    )


class SessionsOverlap(InvalidInput):
    """Two sessions of a day share time, which would be counted twice."""

    code = "calendar.sessions_overlap"
    vi = "Hai buổi {first} và {second} chồng lên nhau. Sửa giờ để mỗi buổi bắt đầu sau buổi trước."
    en = "The sessions {first} and {second} overlap. Let each begin after the one before it."


class HoursMissing(InvalidInput):
    """A working day or a weekday whose hours nobody has stated."""

    code = "calendar.hours_missing"
    vi = "Chưa khai giờ làm việc cho {day}. Ghi các buổi làm việc, hoặc ghi rõ là không làm việc."
    en = "No hours are stated for {day}. State its sessions, or state that it is closed."


class InvalidException(InvalidInput):
    """An exceptional day that contradicts itself or gives no grounds."""

    code = "calendar.exception_invalid"
    vi = (
        "Ngày ngoại lệ {day} chưa đúng. Ngày nghỉ không có buổi làm việc; ngày làm việc ghi các "
        "buổi hoặc ngày được làm bù; ngày nào cũng phải có tên và căn cứ."
    )
    en = (
        "The exceptional day {day} is not right. A day off has no sessions; a working day states "
        "sessions or the day it is worked in place of; each has a name and a legal basis."
    )


class StatedTwice(InvalidInput):
    """Two statements about the same day, so that neither can be relied on."""

    code = "calendar.stated_twice"
    vi = "Ngày {day} được khai hai lần. Giữ lại một dòng cho mỗi ngày."
    en = "{day} is stated twice. Keep one line for each day."


class UnreadableCalendar(InvalidInput):
    """Stored or uploaded calendar data that is not in the documented form."""

    code = "calendar.unreadable"
    vi = "Không đọc được dữ liệu lịch làm việc ({detail}). Kiểm tra lại theo mẫu trong tài liệu."
    en = "The calendar's data cannot be read ({detail}). Check it against the documented form."


class NoDateGiven(InvalidInput):
    """A day of the calendar without its date, or with one that is no date."""

    code = "calendar.no_date"
    vi = "Chưa ghi ngày, hoặc “{given}” không phải là ngày. Ghi như 03/09/2026 hoặc chọn trên lịch."
    en = "The date is missing, or '{given}' is no date. Give one such as 03/09/2026, or pick it."


_WEEKDAY_NAMES = (
    "thứ Hai (Monday)",
    "thứ Ba (Tuesday)",
    "thứ Tư (Wednesday)",
    "thứ Năm (Thursday)",
    "thứ Sáu (Friday)",
    "thứ Bảy (Saturday)",
    "Chủ nhật (Sunday)",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SESSION = re.compile(r"([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)-([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
_SESSIONS_A_DAY = 12  # more is a mistake or an attack


def spoken_date(day: date) -> str:
    """A date as people here write it: 03/09/2026."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """An uninterrupted stretch of office hours on one day (buổi làm việc), local time.

    >>> str(Session.parse("07:30-11:30"))
    '07:30-11:30'
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        zoned = self.opens.tzinfo is not None or self.closes.tzinfo is not None
        if zoned or self.opens.microsecond or self.closes.microsecond or self.opens >= self.closes:
            raise InvalidSession(session=self)

    @classmethod
    def parse(cls, text: str) -> Self:
        stated = _SESSION.fullmatch(text)
        if stated is None:
            raise InvalidSession(session=text)
        try:
            opens, closes = time.fromisoformat(stated[1]), time.fromisoformat(stated[2])
        except ValueError as impossible:
            raise InvalidSession(session=text) from impossible
        return cls(opens, closes)

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"

    @property
    def seconds(self) -> int:
        return seconds_of(self.closes) - seconds_of(self.opens)


def seconds_of(clock: time) -> int:
    """Seconds from midnight to a time of the day."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _clock(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def read_sessions(*texts: str) -> tuple[Session, ...]:
    """The sessions of a day, in order: `read_sessions("07:30-11:30", "13:00-17:00")`."""
    return in_order(Session.parse(text) for text in texts)


def in_order(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Sessions of one day sorted; refuse such as overlap (touching is allowed)."""
    ordered = tuple(sorted(sessions))
    if len(ordered) > _SESSIONS_A_DAY:
        raise UnreadableCalendar(detail=f"{len(ordered)} > {_SESSIONS_A_DAY}")
    for first, second in pairwise(ordered):
        if second.opens < first.closes:
            raise SessionsOverlap(first=first, second=second)
    return ordered


@dataclass(frozen=True, slots=True)
class WeekPattern:
    """The hours of an ordinary week from a date on, until a later pattern begins.

    days: Monday to Sunday; () = closed, None = not stated here, as in the layer below.
    """

    valid_from: date
    days: tuple[tuple[Session, ...] | None, ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(WEEKDAYS):
            raise UnreadableCalendar(detail=f"{len(self.days)} days in a week")
        days = tuple(None if day is None else in_order(day) for day in self.days)
        object.__setattr__(self, "days", days)

    @classmethod
    def of(cls, valid_from: date, hours: Mapping[int, Sequence[Session]]) -> Self:
        """Hours by weekday (Monday = 0); weekdays that are not named are not stated."""
        return cls(valid_from, tuple(_stated(hours.get(day)) for day in range(7)))

    @classmethod
    def monday_to_friday(cls, valid_from: date, sessions: Iterable[Session]) -> Self:
        """The same sessions Monday to Friday, closed on Saturday and Sunday."""
        return cls(valid_from, (tuple(sessions),) * 5 + ((), ()))

    def over(self, below: Self, valid_from: date) -> Self:
        """The same, with the weekdays it does not state taken from the layer below."""
        pairs = zip(self.days, below.days, strict=True)
        days = tuple(beneath if mine is None else mine for mine, beneath in pairs)
        return type(self)(valid_from, days)

    def to_data(self) -> dict[str, Any]:
        stated = zip(WEEKDAYS, self.days, strict=True)
        hours = {name: [str(s) for s in day] for name, day in stated if day is not None}
        return {"valid_from": self.valid_from.isoformat(), **hours}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        with_unknown = set(data) - {"valid_from", *WEEKDAYS}
        if with_unknown:
            raise UnreadableCalendar(detail=", ".join(sorted(map(str, with_unknown))))
        days = tuple(read_sessions(*data[d]) if d in data else None for d in WEEKDAYS)
        return cls(date.fromisoformat(data["valid_from"]), days)


def _stated(sessions: Sequence[Session] | None) -> tuple[Session, ...] | None:
    return None if sessions is None else tuple(sessions)


class ExceptionKind(StrEnum):
    OFF = "off"  # closed although the week says open
    WORK = "work"  # these hours, whatever the week says


@dataclass(frozen=True, slots=True)
class DayException:
    """A day that does not follow the week: a holiday, a make-up day, a closure.

    sessions: of a working day; None = the week's hours of `in_place_of`, or of the day itself.
    in_place_of: the day that a make-up day (làm bù) is worked for.
    basis: the law, notice or decision (căn cứ); undecided: it is expected, not yet decided.
    """

    day: date
    kind: ExceptionKind
    name: str
    basis: str
    sessions: tuple[Session, ...] | None = None
    in_place_of: date | None = None
    undecided: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        off, stated = self.kind is ExceptionKind.OFF, self.sessions is not None
        contradicts = (off or self.in_place_of is not None) if stated else False
        if contradicts or self.sessions == () or not (self.name.strip() and self.basis.strip()):
            raise InvalidException(day=spoken_date(self.day))
        if self.sessions is not None:
            object.__setattr__(self, "sessions", in_order(self.sessions))

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"day": self.day.isoformat(), "kind": str(self.kind)}
        data |= {"name": self.name, "basis": self.basis}
        if self.sessions is not None:
            data["sessions"] = [str(session) for session in self.sessions]
        if self.in_place_of is not None:
            data["in_place_of"] = self.in_place_of.isoformat()
        if self.undecided:
            data["undecided"] = True
        if self.note:
            data["note"] = self.note
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        sessions, in_place_of = data.get("sessions"), data.get("in_place_of")
        return cls(
            day=date.fromisoformat(data["day"]),
            kind=ExceptionKind(data["kind"]),
            name=_text(data["name"]),
            basis=_text(data["basis"]),
            sessions=None if sessions is None else read_sessions(*sessions),
            in_place_of=None if in_place_of is None else date.fromisoformat(in_place_of),
            undecided=_flag(data.get("undecided", False)),
            note=_text(data.get("note", "")),
        )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a city, an office or a unit states otherwise than the layer below it."""

    patterns: tuple[WeekPattern, ...] = ()
    exceptions: tuple[DayException, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return {
            "patterns": [pattern.to_data() for pattern in self.patterns],
            "exceptions": [exception.to_data() for exception in self.exceptions],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` wrote; anything else is an UnreadableCalendar or names its fault."""
        try:
            return cls(
                tuple(WeekPattern.from_data(pattern) for pattern in data["patterns"]),
                tuple(DayException.from_data(exception) for exception in data["exceptions"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as unreadable:
            raise UnreadableCalendar(detail=repr(unreadable)) from unreadable


def by_day(exceptions: Iterable[DayException]) -> dict[date, DayException]:
    """Exceptions by their day; a day stated twice in one layer is refused."""
    stated: dict[date, DayException] = {}
    for exception in exceptions:
        if exception.day in stated:
            raise StatedTwice(day=spoken_date(exception.day))
        stated[exception.day] = exception
    return stated


def in_force(
    patterns: Iterable[WeekPattern], first_day: date, last_day: date
) -> tuple[WeekPattern, ...]:
    """The patterns that hold between two days, complete, in order, none repeating another.

    HoursMissing where the first day, or a weekday, has no stated hours.
    """
    ordered = _ordered(patterns)
    begun = [pattern for pattern in ordered if pattern.valid_from <= first_day]
    if not begun:
        raise HoursMissing(day=spoken_date(first_day))
    kept = [replace(begun[-1], valid_from=first_day)]
    for pattern in ordered[len(begun) :]:
        if pattern.valid_from <= last_day and pattern.days != kept[-1].days:
            kept.append(pattern)
    for pattern in kept:
        for name, day in zip(_WEEKDAY_NAMES, pattern.days, strict=True):
            if day is None:
                raise HoursMissing(day=name)
    return tuple(kept)


def patterns_over(
    below: tuple[WeekPattern, ...], own: Iterable[WeekPattern]
) -> tuple[WeekPattern, ...]:
    """A layer's patterns laid over complete patterns below, at each date on which either begins."""
    ordered = _ordered(own)
    begins = {pattern.valid_from for pattern in (*below, *ordered)}
    laid = []
    for begin in sorted(begins):
        beneath, above = _at(below, begin) or below[0], _at(ordered, begin)
        laid.append(beneath if above is None else above.over(beneath, begin))
    return tuple(laid)


def _ordered(patterns: Iterable[WeekPattern]) -> tuple[WeekPattern, ...]:
    ordered = tuple(sorted(patterns, key=lambda pattern: pattern.valid_from))
    for before, after in pairwise(ordered):
        if before.valid_from == after.valid_from:
            raise StatedTwice(day=spoken_date(after.valid_from))
    return ordered


def _at(patterns: Sequence[WeekPattern], day: date) -> WeekPattern | None:
    """The pattern in force on a day; they are in order."""
    begun = bisect_right(patterns, day, key=lambda pattern: pattern.valid_from)
    return patterns[begun - 1] if begun else None
