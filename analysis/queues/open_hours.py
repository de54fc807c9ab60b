"""Open office time over whole columns of moments: the working clock of `engine.calendar` in numpy.

Readings count from the first opening that was asked for, so they are not those stored in facts;
only differences mean something, and they are equal to the calendar's own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.calendar import Calendar
from processes.errors import InvalidInput

SECOND_US = 1_000_000
_DAY_S = 86_400

Ints = NDArray[np.int64]


class NoOpenHours(InvalidInput):
    """An office of the facts, or a stretch of time, whose opening hours were not given."""

    code = "open_hours.missing"
    vi = "Chưa có giờ làm việc của cơ quan “{agency}” cho kỳ này. Bổ sung lịch làm việc rồi đo lại."
    en = (
        "No opening hours of the office '{agency}' for this period. Add its calendar and try again."
    )


@dataclass(frozen=True, slots=True, eq=False)
class OpenHours:
    """Sorted open stretches in epoch seconds and how much is open before each.

    days: of each working day its date as a number; day_clock: the clock when it begins, and after
    the last. offset_s: what local time is ahead of UTC, the same all the time looked at.
    """

    opens: Ints
    closes: Ints
    before: Ints
    days: Ints
    day_clock: Ints
    offset_s: int

    @classmethod
    def of(cls, calendar: Calendar, start_us: int, end_us: int) -> Self:
        """The open stretches between two moments, the days of both whole."""
        start, end = start_us // SECOND_US - _DAY_S, end_us // SECOND_US + _DAY_S
        found = [each for each in calendar.open_segments() if start <= each[0] and each[1] <= end]
        if not found:
            raise NoOpenHours(agency="")
        local = datetime.fromtimestamp(found[0][0], calendar.tz)
        return cls.made(found, (local.utcoffset() or timedelta()) // timedelta(seconds=1))

    @classmethod
    def made(cls, stretches: list[tuple[int, int]], offset_s: int) -> Self:
        """Hours out of (opens, closes) in epoch seconds, in order and not overlapping."""
        opens, closes = np.array(stretches, dtype=np.int64).T
        before = np.concatenate(([0], np.cumsum(closes - opens)))
        day = (opens + offset_s) // _DAY_S
        first = np.flatnonzero(np.diff(day, prepend=day[0] - 1))
        return cls(
            opens, closes, before, day[first], np.append(before[first], before[-1]), offset_s
        )

    @property
    def open_s(self) -> int:
        """Open seconds in all."""
        return int(self.before[-1])

    def clock(self, us: Ints) -> Ints:
        """Open seconds before each moment (epoch microseconds, fractions of a second cut off)."""
        at = us // SECOND_US
        place = np.searchsorted(self.opens, at, side="right") - 1
        held = np.maximum(place, 0)
        within = np.minimum(at, self.closes[held]) - self.opens[held]
        return np.asarray(np.where(place < 0, 0, self.before[held] + within), dtype=np.int64)

    def moment(self, clock: Ints) -> Ints:
        """The earliest epoch second at which the clock reads so much; past the end, the last."""
        place = np.searchsorted(self.before, clock, side="left") - 1
        held = np.clip(place, 0, len(self.opens) - 1)
        moment = self.opens[held] + clock - self.before[held]
        return np.asarray(np.minimum(moment, self.closes[held]), dtype=np.int64)

    def day_at(self, clock: Ints) -> Ints:
        """The number of the working day (from 0) in which the clock reads so much."""
        return np.clip(
            np.searchsorted(self.day_clock, clock, side="right") - 1, 0, len(self.days) - 1
        )

    def day_of(self, us: Ints) -> Ints:
        """The number of the working day on whose date each moment lies, -1 on days off."""
        date = (us // SECOND_US + self.offset_s) // _DAY_S
        place = np.minimum(np.searchsorted(self.days, date), len(self.days) - 1)
        return np.where(self.days[place] == date, place, -1).astype(np.int64)
