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
