"""Early, on time or late (trước hạn, đúng hạn, quá hạn): the verdict that reports count."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.calendar import Calendar
from processes.time_limit import TimeLimit, Unit

_HOURLY = (Unit.MINUTE, Unit.WORKING_HOUR)


class Punctuality(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class PunctualityRule:
    """How the verdict is reached; `code` is stored with it, so old reports can be reproduced.

    Limits in days: early on an earlier date than due, on time up to the due moment. Limits in
    hours and minutes: early when `early_percent` of the limit was still unused. To the second
    "equal" never happens, so neither compares for equality. Late is after the due moment.
    """

    early_percent: int = 10

    @property
    def code(self) -> str:
        return f"date|{self.early_percent}%"

    def judge(
        self, calendar: Calendar, limit: TimeLimit, due: datetime, finished: datetime
    ) -> Punctuality:
        if finished > due:
            return Punctuality.LATE
        if limit.unit in _HOURLY:
            margin = limit.working_seconds * self.early_percent // 100
            early = finished < calendar.subtract(due, margin)
        else:
            early = calendar.local(finished).date() < calendar.local(due).date()
        return Punctuality.EARLY if early else Punctuality.ON_TIME


USUAL_RULE = PunctualityRule()
