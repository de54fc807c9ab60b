"""The period looked at: whole days of the office, first and last included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from processes.errors import InvalidInput

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


class InvalidPeriod(InvalidInput):
    """The last day lies before the first."""

    code = "period.invalid"
    vi = "Kỳ báo cáo không hợp lệ: ngày cuối {last} trước ngày đầu {first}."
    en = "The period is not valid: its last day {last} is before its first {first}."


@dataclass(frozen=True, slots=True)
class Period:
    """From the start of `first` to the end of `last`, in the office's zone."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidPeriod(first=self.first, last=self.last)

    @property
    def start(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.first, time.min, VIET_NAM)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(self.last + timedelta(days=1), time.min, VIET_NAM)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of the same length just before this one."""
        last = self.first - timedelta(days=1)
        return Period(last - timedelta(days=self.days - 1), last)

    @classmethod
    def last_days(cls, today: date, days: int) -> "Period":
        """The last so many days, today included."""
        return cls(today - timedelta(days=days - 1), today)
