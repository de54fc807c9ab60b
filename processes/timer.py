"""Timers of a diagram: a date, a duration, or a limit in working time."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from processes.errors import InvalidInput
from processes.time_limit import TimeLimit

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")

_DURATION = re.compile(
    r"P(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?"
    r"(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8}(?:\.[0-9]{1,6})?)S)?)?"
)
_TIMES = re.compile("R([0-9]{0,4})")
_SHORTEST = timedelta(seconds=1)


class InvalidTimer(InvalidInput):
    """The text is neither an ISO 8601 date nor an ISO 8601 duration."""

    code = "timer.invalid"
    vi = (
        "“{text}” không phải là mốc hoặc khoảng thời gian hợp lệ. Ghi theo ISO 8601, ví dụ "
        "“2026-09-02T08:00:00+07:00” hoặc “P3D”, “PT8H”; hoặc dùng qt:limit."
    )
    en = (
        "'{text}' is neither a date nor a duration. Write ISO 8601, such as "
        "'2026-09-02T08:00:00+07:00', 'P3D' or 'PT8H'; or use a qt:limit."
    )


class TimerKind(StrEnum):
    """What the timer states; the values are the BPMN elements' names."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"
    LIMIT = "qt:limit"  # working time, counted on the office's calendar
    UNSET = ""


@dataclass(frozen=True, slots=True)
class Duration:
    """An ISO 8601 duration in calendar time: whole months, then an exact length."""

    months: int
    length: timedelta

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "P1M", "P3D", "PT8H", "P1DT12H"; refuse signs, fractions of days, empty ones.

        >>> Duration.parse("P1DT12H").length
        datetime.timedelta(days=1, seconds=43200)
        """
        stated = _DURATION.fullmatch(text.strip())
        if stated is None or not any(stated.groups()) or text.strip().endswith("T"):
            raise InvalidTimer(text=text)
        years, months, weeks, days, hours, minutes = (
            int(part or 0) for part in stated.groups()[:6]
        )
        length = timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(stated[7] or 0)
        )
        return cls(12 * years + months, length)

    def after(self, moment: datetime) -> datetime:
        """The moment this much later; a month later than the 31st is the month's last day."""
        month = moment.month - 1 + self.months
        year = moment.year + month // 12
        day = min(moment.day, monthrange(year, month % 12 + 1)[1])
        return moment.replace(year=year, month=month % 12 + 1, day=day) + self.length


@dataclass(frozen=True, slots=True)
class Timer:
    """What a timer event states. text: as written; limit: for `TimerKind.LIMIT` only."""

    kind: TimerKind
    text: str = ""
    limit: TimeLimit | None = None

    def date(self) -> datetime:
        """The moment of a date timer, aware; without an offset it is Viet Nam's.

        Errors: InvalidTimer.
        """
        try:
            moment = datetime.fromisoformat(self.text.strip())
        except ValueError:
            raise InvalidTimer(text=self.text) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=VIET_NAM)

    def duration(self) -> Duration:
        """The length of a duration timer. Errors: InvalidTimer."""
        return Duration.parse(self.text)

    def repetition(self) -> "Repetition":
        """How a cycle timer repeats. Errors: InvalidTimer."""
        return Repetition.parse(self.text)


@dataclass(frozen=True, slots=True)
class Repetition:
    """An ISO 8601 repeating interval: how often, how long between, from when.

    times: None without end. first: the moment of the first time, if stated.
    """

    times: int | None
    between: Duration
    first: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "R3/PT1H", "R/P1D", "R/2026-09-01T08:00/P1D"; a bare "P1D" repeats without end.

        >>> Repetition.parse("R3/PT1H").times
        3
        """
        parts = text.strip().split("/")
        times: int | None = None
        if parts[0].startswith("R"):
            stated = _TIMES.fullmatch(parts.pop(0))
            if stated is None:
                raise InvalidTimer(text=text)
            times = int(stated[1]) if stated[1] else None
        *moment, length = [part.strip() for part in parts] or [""]
        between = Duration.parse(length)
        if len(moment) > 1 or times == 0 or not (between.months or between.length >= _SHORTEST):
            raise InvalidTimer(text=text)
        first = Timer(TimerKind.DATE, moment[0]).date() if moment else None
        return cls(times, between, first)

    def after(self, moment: datetime, now: datetime) -> datetime:
        """The first time later than `now`, counted on from `moment`."""
        due = self.between.after(moment)
        if self.between.months == 0 and due <= now:
            due += (now - due) // self.between.length * self.between.length
        while due <= now:
            due = self.between.after(due)
        return due
