"""The working calendar (lịch làm việc): how much office time lies between two moments.

The open hours are sorted segments on an axis of epoch seconds with prefix sums, so that the
working clock C(t), the seconds worked since the calendar's first day, is one bisection.
Fractions of a second are cut off. C(t) counts from `first_day`: never move it once C is stored.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Self
from zoneinfo import ZoneInfo

from engine.clock import aware
from engine.working_calendar.office_hours import (
    DayException,
    ExceptionKind,
    HoursMissing,
    InvalidSession,
    Overrides,
    Session,
    UnreadableCalendar,
    WeekPattern,
    by_day,
    in_force,
    patterns_over,
    seconds_of,
    spoken_date,
)
from engine.working_calendar.open_axis import NegativeWorkingTime, OpenAxis, OutsideCalendar
from processes.errors import InvalidInput

__all__ = [
    "Calendar",
    "Closure",
    "DayException",
    "ExceptionKind",
    "NegativeWorkingTime",
    "OutsideCalendar",
    "Overrides",
    "Session",
    "WeekPattern",
    "first_change",
    "layer",
]


class InvalidHorizon(InvalidInput):
    """First and last day that no calendar can have."""

    code = "calendar.horizon_invalid"
    vi = (
        "Lịch từ {first_day} đến {last_day} không hợp lệ. "
        "Ngày đầu không sau ngày cuối, trong các năm 1970-2400, dài không quá 120 năm."
    )
    en = (
        "A calendar from {first_day} to {last_day} is not valid. "
        "The first day is not after the last, within 1970-2400, over no more than 120 years."
    )


class UnknownZone(InvalidInput):
    """A time zone that the time zone database does not know."""

    code = "calendar.zone_unknown"
    vi = "Không có múi giờ “{zone}”. Việt Nam dùng “Asia/Ho_Chi_Minh”."
    en = "There is no time zone '{zone}'. Viet Nam is 'Asia/Ho_Chi_Minh'."


class NoWorkingTime(InvalidInput):
    """A year in which the office never opens: no limit would ever end."""

    code = "calendar.no_working_time"
    vi = "Năm {year} không có giờ làm việc nào. Khai giờ làm việc cho năm đó."
    en = "There is no working time in {year}. State the office hours of that year."


class NotAWorkingDay(InvalidInput):
    """Asked when a day begins or ends on which the office is closed."""

    code = "calendar.not_a_working_day"
    vi = "Ngày {day} không làm việc ({reason}). Chọn một ngày làm việc."
    en = "The office is closed on {day} ({reason}). Choose a working day."


_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400
_FIRST_YEAR, _LAST_YEAR = 1970, 2400
_YEARS = 120
_STATEMENTS = 20_000  # a century of exceptions; more is an attack
_VERSION_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Closure:
    """Why the office is closed on a day, for people."""

    day: date
    name: str
    basis: str


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Working hours from `first_day` to `last_day`, both included, in one time zone.

    Equal content is an equal calendar with an equal `version`, in whatever order it was stated.
    """

    zone: str
    first_day: date
    last_day: date
    patterns: tuple[WeekPattern, ...]
    exceptions: tuple[DayException, ...] = ()
    version: str = field(init=False)
    _zone: ZoneInfo = field(init=False, repr=False)
    _axis: OpenAxis = field(init=False, repr=False)
    _first_segment: list[int] = field(init=False, repr=False)  # of each day, and one beyond
    _working: list[int] = field(init=False, repr=False)  # ordinals of the working days
    _stated: Mapping[date, DayException] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._check_size()
        stated = by_day(self.exceptions)
        self._derive(
            _zone=_zone(self.zone),
            patterns=in_force(self.patterns, self.first_day, self.last_day),
            exceptions=tuple(stated[day] for day in sorted(stated)),
            _stated=stated,
        )
        self._lay_out()
        content = json.dumps(self.to_data(), sort_keys=True, ensure_ascii=False)
        self._derive(version=sha256(content.encode()).hexdigest()[:_VERSION_DIGITS])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    # Reading the clock

    def clock_at(self, at: datetime) -> int:
        """The working clock C(t): seconds worked from the first day to a moment."""
        return self._axis.clock_at(_epoch(at))

    def clock_at_epoch(self, at: int) -> int:
        """`clock_at` for epoch seconds."""
        return self._axis.clock_at(at)

    def moment_of(self, reading: int) -> datetime:
        """The earliest moment at which the working clock reads so much (OutsideCalendar)."""
        return datetime.fromtimestamp(self._axis.moment_of(reading), self._zone)

    def epoch_of(self, reading: int) -> int:
        """`moment_of` in epoch seconds."""
        return self._axis.moment_of(reading)

    def elapsed(self, earlier: datetime, later: datetime) -> int:
        """Seconds worked from one moment to another, negative the other way round."""
        clock_at = self._axis.clock_at
        return clock_at(_epoch(later)) - clock_at(_epoch(earlier))

    def add(self, start: datetime, working_seconds: int) -> datetime:
        """The earliest moment, from `start` on, by which so much has been worked."""
        return datetime.fromtimestamp(self._axis.add(_epoch(start), working_seconds), self._zone)

    def add_epoch(self, start: int, working_seconds: int) -> int:
        """`add` for epoch seconds."""
        return self._axis.add(start, working_seconds)

    def subtract(self, end: datetime, working_seconds: int) -> datetime:
        """The latest moment, up to `end`, from which so much is worked until `end`."""
        return datetime.fromtimestamp(self._axis.subtract(_epoch(end), working_seconds), self._zone)

    def open_at(self, at: datetime) -> bool:
        """Whether the office is open: from the second it opens, not in the one it closes."""
        return self._axis.is_open(_epoch(at))

    def next_open(self, at: datetime) -> datetime:
        """The moment itself while the office is open, else the next opening."""
        return datetime.fromtimestamp(self._axis.next_open(_epoch(at)), self._zone)

    def next_open_epoch(self, at: int) -> int:
        """`next_open` for epoch seconds."""
        return self._axis.next_open(at)

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which the office's clocks and dates are read."""
        return self._zone

    def local(self, at: datetime) -> datetime:
        """The same moment in the calendar's zone, as its clocks and dates show it."""
        return aware(at).astimezone(self._zone)

    def open_segments(self) -> Iterator[tuple[int, int]]:
        """Every open stretch as epoch seconds (opens, closes), in order."""
        return iter(self._axis)

    # Reading the days

    def is_working_day(self, day: date) -> bool:
        first, beyond = self._segments_of(day)
        return first < beyond

    def start_of_day(self, day: date) -> datetime:
        """When the office opens on a working day (NotAWorkingDay)."""
        first, _ = self._segments_of_working(day)
        return datetime.fromtimestamp(self._axis.opens(first), self._zone)

    def end_of_day(self, day: date) -> datetime:
        """When the office closes for the day on a working day (NotAWorkingDay)."""
        _, beyond = self._segments_of_working(day)
        return datetime.fromtimestamp(self._axis.closes(beyond - 1), self._zone)

    def next_working_day(self, day: date, including: bool = True) -> date:
        """The first working day from a day on, or after it."""
        search = bisect_left if including else bisect_right
        return self._working_day(day, search(self._working, day.toordinal()))

    def working_day_after(self, day: date, number: int) -> date:
        """The number-th working day after a day; number is 1 or more."""
        if number < 1:
            raise NegativeWorkingTime(seconds=number)
        return self._working_day(day, bisect_right(self._working, day.toordinal()) + number - 1)

    def working_days(self, first: date, last: date) -> int:
        """How many working days there are from a day to another, both included."""
        for day in (first, last):
            self._segments_of(day)
        begin = bisect_left(self._working, first.toordinal())
        return max(0, bisect_right(self._working, last.toordinal()) - begin)

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """The sessions of a day, none when closed."""
        self._segments_of(day)
        return self._sessions(day)

    def reason_closed(self, day: date) -> Closure | None:
        """Why the office is closed on a day; None on working days."""
        if self.is_working_day(day):
            return None
        stated = self._stated.get(day)
        if stated is None:
            return Closure(day, "Ngày nghỉ hằng tuần", "Lịch làm việc của cơ quan")
        return Closure(day, stated.name, stated.basis)

    @property
    def undecided_days(self) -> tuple[DayException, ...]:
        """Exceptional days that are expected but not decided yet: somebody must confirm them."""
        return tuple(stated for stated in self.exceptions if stated.undecided)

    @property
    def undecided_years(self) -> tuple[int, ...]:
        """Years with undecided days."""
        return tuple(sorted({stated.day.year for stated in self.undecided_days}))

    # Written and read

    def to_data(self) -> dict[str, Any]:
        """JSON-able content; `from_data` is its inverse."""
        return {
            "zone": self.zone,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            **Overrides(self.patterns, self.exceptions).to_data(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` wrote (UnreadableCalendar, or the error that names the fault)."""
        stated = Overrides.from_data(data)
        try:
            zone = data["zone"]
            first, last = (date.fromisoformat(data[day]) for day in ("first_day", "last_day"))
        except (KeyError, TypeError, ValueError) as unreadable:
            raise UnreadableCalendar(detail=repr(unreadable)) from unreadable
        return cls(zone, first, last, stated.patterns, stated.exceptions)

    # Laying out the axis

    def _derive(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _check_size(self) -> None:
        first, last = self.first_day, self.last_day
        within = first.year >= _FIRST_YEAR and last.year <= _LAST_YEAR
        if first > last or not within or last.year - first.year >= _YEARS:
            raise InvalidHorizon(first_day=spoken_date(first), last_day=spoken_date(last))
        if len(self.patterns) + len(self.exceptions) > _STATEMENTS:
            raise UnreadableCalendar(detail=f"> {_STATEMENTS}")

    def _lay_out(self) -> None:
        segments: list[tuple[int, int]] = []
        first_segment = []
        working = []
        for day, midnight, regular in self._midnights():
            first_segment.append(len(segments))
            sessions = self._sessions(day)
            for session in sessions:
                opens = midnight + seconds_of(session.opens)
                closes = midnight + seconds_of(session.closes)
                if not regular:  # clocks change on this day: ask the zone for each time
                    opens = self._epoch_of(day, session.opens)
                    closes = self._epoch_of(day, session.closes)
                if closes <= opens or (segments and opens < segments[-1][1]):
                    raise InvalidSession(session=f"{session}, {spoken_date(day)}")
                segments.append((opens, closes))
            if sessions:
                working.append(day.toordinal())
        first_segment.append(len(segments))
        begin = self._epoch_of(self.first_day, time.min)
        end = self._epoch_of(self.last_day + _DAY, time.min)
        axis = OpenAxis(begin, end, segments, self._zone)
        self._derive(_axis=axis, _first_segment=first_segment, _working=working)
        self._check_statements()

    def _check_statements(self) -> None:
        for day in self._stated:
            self._segments_of(day)
        years = {date.fromordinal(day).year for day in self._working}
        for year in range(self.first_day.year, self.last_day.year + 1):
            if year not in years:
                raise NoWorkingTime(year=year)

    def _midnights(self) -> Iterator[tuple[date, int, bool]]:
        """Each day, the epoch second it begins, and whether it has 24 hours."""
        day, midnight = self.first_day, self._epoch_of(self.first_day, time.min)
        while day <= self.last_day:
            following = self._epoch_of(day + _DAY, time.min)
            yield day, midnight, following - midnight == _DAY_SECONDS
            day, midnight = day + _DAY, following

    def _epoch_of(self, day: date, clock: time) -> int:
        return int(datetime.combine(day, clock, self._zone).timestamp())

    def _sessions(self, day: date) -> tuple[Session, ...]:
        stated = self._stated.get(day)
        if stated is None:
            return self._weekly(day)
        if stated.kind is ExceptionKind.OFF:
            return ()
        sessions = stated.sessions or self._weekly(stated.in_place_of or day)
        if not sessions:
            raise HoursMissing(day=spoken_date(day))
        return sessions

    def _weekly(self, day: date) -> tuple[Session, ...]:
        """The hours of the week; for a day before the calendar, those of its first week."""
        later = bisect_right(self.patterns, day, key=lambda pattern: pattern.valid_from)
        return self.patterns[max(later - 1, 0)].days[day.weekday()] or ()

    # Looking up

    def _segments_of(self, day: date) -> tuple[int, int]:
        if not self.first_day <= day <= self.last_day:
            raise self._axis.outside(day)
        index = (day - self.first_day).days
        return self._first_segment[index], self._first_segment[index + 1]

    def _segments_of_working(self, day: date) -> tuple[int, int]:
        closed = self.reason_closed(day)
        if closed is not None:
            raise NotAWorkingDay(day=spoken_date(day), reason=closed.name)
        return self._segments_of(day)

    def _working_day(self, asked: date, index: int) -> date:
        self._segments_of(asked)
        if index >= len(self._working):
            raise self._axis.outside()
        return date.fromordinal(self._working[index])


def layer(base: Calendar, overrides: Overrides) -> Calendar:
    """The calendar of an office: what it states itself, else what the layer below states.

    A weekday that an override's pattern does not state follows the base. Country -> city ->
    office -> unit is `layer` applied three times.
    """
    stated = by_day(base.exceptions) | by_day(overrides.exceptions)
    return Calendar(
        base.zone,
        base.first_day,
        base.last_day,
        patterns_over(base.patterns, overrides.patterns),
        tuple(stated.values()),
    )


def first_change(before: Calendar, after: Calendar) -> date | None:
    """The first day, known to both, whose hours differ: what was counted before it stands."""
    day = max(before.first_day, after.first_day)
    last = min(before.last_day, after.last_day)
    while day <= last:
        if before.zone != after.zone or before.sessions_on(day) != after.sessions_on(day):
            return day
        day += _DAY
    return None


def _epoch(at: datetime) -> int:
    return int(aware(at).timestamp() // 1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, TypeError, OSError, LookupError) as unknown:
        raise UnknownZone(zone=name) from unknown
