"""What an analysis page looks at; it lives in the address, so that it can be sent to somebody."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from analysis.period import Period
from api.analysis_readers import ANALYSIS_READERS
from api.pages.frame import Wrong
from api.pages.visit import Visit
from processes.errors import InvalidInput, RuleError

USUAL_DAYS = 90
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
Days = Annotated[int, Query(ge=1, le=3660)]


class UnreadPeriod(InvalidInput):
    """What was sent are no days, or days that no record can have."""

    code = "period.unreadable"
    vi = "Chưa đọc được ngày. Chọn ngày đầu và ngày cuối trong các năm 2000–2100."
    en = "Cannot read the dates. Choose a first and a last day in the years 2000 to 2100."


@dataclass(frozen=True)
class Filters:
    """What the page looks at; lives in the address.

    days: the usual period chosen, 0 for one of own dates. errors: why the dates asked for are
    not the ones shown; wrong: the same as an error.
    """

    period: Period
    days: int
    errors: tuple[Wrong, ...] = ()
    wrong: RuleError | None = None

    def certain(self) -> "Filters":
        """These, if they are what was asked for: a file has no place to say that it is of another
        period (UnreadPeriod, InvalidPeriod).
        """
        if self.wrong is not None:
            raise self.wrong
        return self

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
        return Filters(period_of(first or usual.first.isoformat(), last or today.isoformat()), 0)
    except RuleError as error:
        return Filters(usual, days, (("first", seen.said(error)),), error)


def period_of(first: str, last: str) -> Period:
    """The period between two days of an address (UnreadPeriod, InvalidPeriod)."""
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise UnreadPeriod from None
    if not all(_FIRST_YEAR <= day.year <= _LAST_YEAR for day in days):
        raise UnreadPeriod
    return Period(*days)


def require_reader(seen: Visit) -> None:
    """Refuse who may not read figures of the whole office."""
    seen.actor.require(
        *ANALYSIS_READERS, who=seen.t("tổ cải cách, lãnh đạo", "the reform team, heads")
    )
