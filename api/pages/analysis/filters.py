"""What an analysis page looks at; it lives in the address, so that it can be sent to somebody."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from analysis.period import InvalidPeriod, Period
from api.analysis_readers import ANALYSIS_READERS
from api.pages.frame import Wrong
from api.pages.visit import Visit

USUAL_DAYS = 90
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
Days = Annotated[int, Query(ge=1, le=3660)]


@dataclass(frozen=True)
class Filters:
    """What the page looks at; lives in the address.

    days: the usual period chosen, 0 for one of own dates. errors: why the dates asked for are
    not the ones shown.
    """

    period: Period
    days: int
    errors: tuple[Wrong, ...] = ()

    @property
    def query(self) -> dict[str, Any]:
        if self.days:
            return {} if self.days == USUAL_DAYS else {"days": self.days}
        return {"first": self.period.first, "last": self.period.last}


def filters_of(seen: Visit, days: int, first: str, last: str) -> Filters:
    """The period that the address asks for, or the usual one and why."""
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    today = calendar.local(seen.clock.now()).date()
    usual = Period.last_days(today, days)
    if not first and not last:
        return Filters(usual, days)
    try:
        begin = date.fromisoformat(first) if first else usual.first
        end = date.fromisoformat(last) if last else today
        _require_known(begin, end)
        return Filters(Period(begin, end), 0)
    except InvalidPeriod as error:
        return Filters(usual, days, (("first", seen.said(error)),))
    except ValueError:
        said = seen.t("Chưa đọc được ngày. Chọn lại kỳ.", "Cannot read the dates. Choose again.")
        return Filters(usual, days, (("first", said),))


def _require_known(*days: date) -> None:
    """ValueError for days that no record can have."""
    if not all(_FIRST_YEAR <= day.year <= _LAST_YEAR for day in days):
        raise ValueError


def require_reader(seen: Visit) -> None:
    """Refuse who may not read figures of the whole office."""
    seen.actor.require(
        *ANALYSIS_READERS, who=seen.t("tổ cải cách, lãnh đạo", "the reform team, heads")
    )
