"""Open office time on an axis of epoch seconds: sorted segments, prefix sums, bisection.

The working clock of a second is the number of open seconds before it. Integers only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate

from engine.working_calendar.office_hours import spoken_date
from processes.errors import InvalidInput


class OutsideCalendar(InvalidInput):
    """A moment, or the result of counting, that the calendar does not reach."""

    code = "calendar.outside"
    vi = (
        "Lịch làm việc chỉ có từ {first_day} đến {last_day}, không tính được cho {at}. "
        "Bổ sung lịch của thời gian còn thiếu rồi thử lại."
    )
    en = (
        "The calendar runs from {first_day} to {last_day} and cannot count for {at}. "
        "Add the missing time to the calendar and try again."
    )


class NegativeWorkingTime(InvalidInput):
    """An amount of working time is zero or more."""

    code = "calendar.negative_amount"
    vi = "Thời gian làm việc không thể âm ({seconds} giây). Nhập số từ 0 trở lên."
    en = "Working time cannot be negative ({seconds} seconds). Give 0 or more."


_YEAR_9999 = 253_370_764_800  # epoch seconds; later moments have no date to show


class OpenAxis:
    """The open segments between two epoch seconds.

    begin, end: the seconds the axis knows about; segments: (opens, closes), in order, apart or
    touching, none empty. Its methods take and give epoch seconds and working seconds.
    """

    __slots__ = ("_begin", "_end", "_starts", "_worked", "_zone")

    def __init__(
        self, begin: int, end: int, segments: Sequence[tuple[int, int]], zone: tzinfo
    ) -> None:
        self._begin, self._end, self._zone = begin, end, zone
        self._starts = [opens for opens, _ in segments]
        lengths = (closes - opens for opens, closes in segments)
        self._worked = list(accumulate(lengths, initial=0))  # before each segment, and in all

    def clock_at(self, at: int) -> int:
        """Working seconds from `begin` to a moment."""
        if not self._begin <= at <= self._end:
            raise self.outside(at)
        segment = bisect_right(self._starts, at) - 1
        if segment < 0:
            return 0
        clock = self._worked[segment] + at - self._starts[segment]
        closed = self._worked[segment + 1]
        return clock if clock < closed else closed  # noqa: FURB136  min() is a call on the hot path

    def add(self, start: int, working_seconds: int) -> int:
        """The earliest moment, from `start` on, by which so much has been worked."""
        if working_seconds < 0:
            raise NegativeWorkingTime(seconds=working_seconds)
        target = self.clock_at(start) + working_seconds
        if working_seconds == 0:
            return start
        segment = bisect_left(self._worked, target) - 1
        if segment == len(self._starts):
            raise self.outside()
        return self._starts[segment] + target - self._worked[segment]

    def moment_of(self, reading: int) -> int:
        """The earliest moment at which so much has been worked since the beginning."""
        segment = bisect_left(self._worked, reading) - 1
        if reading < 0 or segment == len(self._starts):
            raise self.outside()
        if segment < 0:
            return self._begin
        return self._starts[segment] + reading - self._worked[segment]

    def subtract(self, end: int, working_seconds: int) -> int:
        """The latest moment, up to `end`, from which so much is worked until `end`."""
        if working_seconds < 0:
            raise NegativeWorkingTime(seconds=working_seconds)
        target = self.clock_at(end) - working_seconds
        if target < 0:
            raise self.outside()
        if working_seconds == 0:
            return end
        segment = bisect_right(self._worked, target) - 1
        return self._starts[segment] + target - self._worked[segment]

    def is_open(self, at: int) -> bool:
        """Open from the second a segment opens, not in the one it closes."""
        if not self._begin <= at <= self._end:
            raise self.outside(at)
        segment = bisect_right(self._starts, at) - 1
        return segment >= 0 and at < self.closes(segment)

    def next_open(self, at: int) -> int:
        """The moment itself while open, else the next opening."""
        if self.is_open(at):
            return at
        segment = bisect_right(self._starts, at)
        if segment == len(self._starts):
            raise self.outside()
        return self._starts[segment]

    def opens(self, segment: int) -> int:
        return self._starts[segment]

    def closes(self, segment: int) -> int:
        return self._starts[segment] + self._worked[segment + 1] - self._worked[segment]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((opens, self.closes(index)) for index, opens in enumerate(self._starts))

    def outside(self, at: int | date | None = None) -> OutsideCalendar:
        """The error for a moment or a day, or for a count that runs past an end."""
        if isinstance(at, int):
            at = self._date(at) if 0 <= at < _YEAR_9999 else None
        last_day = self._date(self._end) - timedelta(days=1)
        return OutsideCalendar(
            first_day=spoken_date(self._date(self._begin)),
            last_day=spoken_date(last_day),
            at="…" if at is None else spoken_date(at),
        )

    def _date(self, at: int) -> date:
        return datetime.fromtimestamp(at, UTC).astimezone(self._zone).date()
