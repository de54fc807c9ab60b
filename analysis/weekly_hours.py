"""Office hours that repeat every week, for logs of offices whose calendar is not known here.

No holidays: a foreign log does not say on which days its office was closed.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from itertools import accumulate
from typing import Self

import numpy as np
from numpy.typing import NDArray

from processes.errors import InvalidInput

_SECOND_US = 1_000_000
_DAY_S = 86_400
_QUARTER_US = 900 * _SECOND_US
_SAMPLED_US = 50 * 366 * _DAY_S * _SECOND_US
_WEEK_US = 7 * _DAY_S * _SECOND_US
_MONDAY_US = 3 * _DAY_S * _SECOND_US  # 1970-01-01 was a Thursday; a week here begins on Monday
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_DAYS = {
    word: number
    for number, words in enumerate(
        (("mon", "t2"), ("tue", "t3"), ("wed", "t4"), ("thu", "t5"), ("fri", "t6"),
         ("sat", "t7"), ("sun", "cn"))
    )
    for word in words
}  # fmt: skip
_SESSION = re.compile(r"([01]?\d|2[0-4])[:h]([0-5]\d)-([01]?\d|2[0-4])[:h]([0-5]\d)")


class InvalidWeeklyHours(InvalidInput):
    """The text does not state the hours of a week."""

    code = "weekly_hours.invalid"
    vi = "“{text}” không phải giờ làm việc trong tuần. Ghi ví dụ “T2-T6 07:30-11:30 13:00-17:00”."
    en = (
        "'{text}' does not state weekly hours. Write for example 'Mon-Fri 07:30-11:30 13:00-17:00'."
    )


@dataclass(frozen=True)
class WeeklyHours:
    """When the office is open in any week.

    sessions: (begin, end) in seconds since Monday 0:00, in order, not overlapping.
    zone: in which the hours are meant; a change of summer time must not fall into a session.
    """

    sessions: tuple[tuple[int, int], ...]
    zone: tzinfo

    def __post_init__(self) -> None:
        bounds = [bound for session in self.sessions for bound in session]
        inside = all(0 <= bound <= 7 * _DAY_S for bound in bounds)
        empty = any(begin >= end for begin, end in self.sessions)
        if not bounds or not inside or empty or bounds != sorted(bounds):
            raise InvalidWeeklyHours(text=str(self.sessions))

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> Self:
        """Hours as people write them; days in Vietnamese or English, groups after semicolons.

        >>> WeeklyHours.parse("T2-T6 7:30-11:30 13:00-17:00; T7 7:30-11:30", UTC).open_us_a_week
        158400000000
        """
        sessions: list[tuple[int, int]] = []
        for group in text.casefold().split(";"):
            days, *hours = group.split() or [""]
            for day in _days(days, text):
                sessions += [_session(day, stated, text) for stated in hours]
        try:
            return cls(tuple(sorted(sessions)), zone)
        except InvalidWeeklyHours as broken:
            raise InvalidWeeklyHours(text=text) from broken

    @property
    def open_us_a_week(self) -> int:
        """Microseconds that the office is open in one week."""
        return self._open_before[-1]

    def clock(self, us: int) -> int:
        """Open microseconds up to an instant; only the difference of two means something."""
        local = us + self._offset_us(us) + _MONDAY_US
        weeks, within = divmod(local, _WEEK_US)
        at = bisect_right(self._begins, within) - 1
        open_us = weeks * self.open_us_a_week
        if at >= 0:
            open_us += self._open_before[at] + min(within, self._ends[at]) - self._begins[at]
        return open_us

    def clocks(self, us: NDArray[np.int64]) -> NDArray[np.int64]:
        """`clock` of many instants at once."""
        local = us + (_MONDAY_US + self._offsets_us(us))
        weeks: NDArray[np.int64] = local // _WEEK_US
        within: NDArray[np.int64] = local - weeks * _WEEK_US
        at = np.searchsorted(self._bounds, within, side="right")
        # before, in and after each session in turn: open time runs on, or stands
        into = self._open_at[at] + within * self._runs_at[at]
        return (weeks * self.open_us_a_week + into).astype(np.int64, copy=False)

    @cached_property
    def _bounds(self) -> NDArray[np.int64]:
        bounds = [bound for session in self.sessions for bound in session]
        return np.array(bounds, dtype=np.int64) * _SECOND_US

    @cached_property
    def _runs_at(self) -> NDArray[np.int64]:
        return np.arange(len(self._bounds) + 1) % 2

    @cached_property
    def _open_at(self) -> NDArray[np.int64]:
        """Open time at each stretch between bounds, less its beginning where it runs on."""
        found = [0]
        for place, begin in enumerate(self._begins):
            found += [self._open_before[place] - begin, self._open_before[place + 1]]
        return np.array(found, dtype=np.int64)

    def _offsets_us(self, us: NDArray[np.int64]) -> NDArray[np.int64] | int:
        """Offsets from UTC change at whole quarters of an hour: each is looked up once."""
        if isinstance(self.zone, timezone):
            return self._fixed_offset_us
        first, last = (int(us.min()), int(us.max())) if len(us) else (0, 0)
        if len(us) and last - first < _SAMPLED_US:
            sampled = {self._offset_us(at) for at in (*range(first, last, _WEEK_US), last)}
            if len(sampled) == 1:  # no summer time in between: it lasts for more than a week
                return sampled.pop()
        quarters, places = np.unique(us // _QUARTER_US, return_inverse=True)
        offsets = [self._offset_us(quarter * _QUARTER_US) for quarter in quarters.tolist()]
        return np.array(offsets, dtype=np.int64)[places]

    @cached_property
    def _begins(self) -> list[int]:
        return [begin * _SECOND_US for begin, _ in self.sessions]

    @cached_property
    def _ends(self) -> list[int]:
        return [end * _SECOND_US for _, end in self.sessions]

    @cached_property
    def _open_before(self) -> list[int]:
        lengths = ((end - begin) * _SECOND_US for begin, end in self.sessions)
        return list(accumulate(lengths, initial=0))

    def _offset_us(self, us: int) -> int:
        if isinstance(self.zone, timezone):  # the same all year; saves most of the time
            return self._fixed_offset_us
        local = (_EPOCH + timedelta(microseconds=us)).astimezone(self.zone)
        return (local.utcoffset() or timedelta()) // timedelta(microseconds=1)

    @cached_property
    def _fixed_offset_us(self) -> int:
        offset = self.zone.utcoffset(None) or timedelta()
        return offset // timedelta(microseconds=1)


def _days(text: str, whole: str) -> range:
    first, _, last = text.partition("-")
    last = last or first
    if first not in _DAYS or last not in _DAYS or _DAYS[first] > _DAYS[last]:
        raise InvalidWeeklyHours(text=whole)
    return range(_DAYS[first], _DAYS[last] + 1)


def _session(day: int, text: str, whole: str) -> tuple[int, int]:
    stated = _SESSION.fullmatch(text)
    if stated is None:
        raise InvalidWeeklyHours(text=whole)
    begin_hour, begin_minute, end_hour, end_minute = map(int, stated.groups())
    midnight = day * _DAY_S
    begin = midnight + begin_hour * 3600 + begin_minute * 60
    end = midnight + end_hour * 3600 + end_minute * 60
    if not begin < end <= midnight + _DAY_S:
        raise InvalidWeeklyHours(text=whole)
    return begin, end
