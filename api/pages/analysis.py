"""Analysis for reform teams: the answer first, then where the time goes, drawn and in tables."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from analysis.lateness import lateness_owed
from analysis.on_time import (
    on_time,
    on_time_by_month,
    on_time_by_procedure,
    on_time_by_unit,
    still_open,
)
from analysis.period import InvalidPeriod, Period
from analysis.step_durations import step_durations
from api.analysis_readers import ANALYSIS_READERS
from api.pages.frame import Wrong, address, page
from api.pages.heat import METRICS, Metric, heat_overlay, heat_title
from api.pages.visit import Visit, Visiting
from engine.procedure_version import version
from engine.procedures import by_code

router = APIRouter()
_WORST = 10
_YEAR_DAYS = 365
_USUAL_DAYS = 90
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
            return {} if self.days == _USUAL_DAYS else {"days": self.days}
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


@router.get("/analysis")
def overview(
    seen: Visiting, days: Days = _USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    require_reader(seen)
    filters = filters_of(seen, days, first, last)
    agency_id, period = seen.actor.agency_id, filters.period
    with seen.office.database.read() as connection:
        steps = step_durations(connection, agency_id, period)
        months = on_time_by_month(connection, agency_id, _year(period))
        context: dict[str, Any] = {
            "verdicts": on_time(connection, agency_id, period),
            "before": on_time(connection, agency_id, period.before()),
            "procedures": on_time_by_procedure(connection, agency_id, period),
            "units": on_time_by_unit(connection, agency_id, period),
            "owed": lateness_owed(connection, agency_id, period),
            "open": still_open(connection, agency_id, seen.clock.now()),
        }
    return page(
        seen,
        "analysis.html",
        nav="analysis",
        errors=list(filters.errors),
        filters=filters,
        worst=steps[:_WORST],
        months=months,
        series=_series(seen, months),
        **context,
    )


@router.get("/analysis/{code}")
def of_procedure_page(
    seen: Visiting,
    code: str,
    days: Days = _USUAL_DAYS,
    first: str = "",
    last: str = "",
    metric: Metric = "pressure",
) -> HTMLResponse:
    require_reader(seen)
    filters = filters_of(seen, days, first, last)
    agency_id, period = seen.actor.agency_id, filters.period
    with seen.office.database.read() as connection:
        found = by_code(connection, seen.actor, code)
        shown = found.version_id or found.draft_id
        assert shown is not None
        record = version(connection, seen.actor, shown)
        known = found.procedure_id
        steps = step_durations(connection, agency_id, period, known)
        months = on_time_by_month(connection, agency_id, _year(period), known)
        context: dict[str, Any] = {
            "verdicts": on_time(connection, agency_id, period, known),
            "before": on_time(connection, agency_id, period.before(), known),
            "owed": lateness_owed(connection, agency_id, period, known),
            "open": still_open(connection, agency_id, seen.clock.now(), known),
        }
    own = f"/analysis/{code}"
    return page(
        seen,
        "analysis_procedure.html",
        nav="analysis",
        errors=list(filters.errors),
        filters=filters,
        procedure=found,
        record=record,
        steps=steps,
        metric=metric,
        metrics=[
            (
                address(own, **filters.query, metric="" if each == "pressure" else each),
                seen.t(*words),
                each == metric,
            )
            for each, words in METRICS.items()
        ],
        heat_title=heat_title(seen, metric),
        months=months,
        series=_series(seen, months),
        overlay=heat_overlay(seen, steps, metric),
        **context,
    )


def _require_known(*days: date) -> None:
    """ValueError for days that no record can have."""
    if not all(_FIRST_YEAR <= day.year <= _LAST_YEAR for day in days):
        raise ValueError


def require_reader(seen: Visit) -> None:
    """Refuse who may not read figures of the whole office."""
    seen.actor.require(
        *ANALYSIS_READERS, who=seen.t("tổ cải cách, lãnh đạo", "the reform team, heads")
    )


def _year(period: Period) -> Period:
    """What the line of months shows: a year at least, up to the period's last day."""
    return Period.last_days(period.last, max(period.days, _YEAR_DAYS))


def _series(seen: Visit, months: tuple[Any, ...]) -> dict[str, Any]:
    """The on-time line: percent per month, gaps where nothing finished."""
    return {
        "x": [f"{m.key[:4]}-{m.key[4:]}-01" for m in months],
        "xLabel": seen.t("tháng", "month"),
        "yLabel": seen.t("% đúng hạn", "% on time"),
        "series": [
            {
                "label": seen.t("đúng hạn", "on time"),
                "values": [
                    None if m.verdicts.rate.percent is None else float(m.verdicts.rate.percent)
                    for m in months
                ],
            }
        ],
    }
