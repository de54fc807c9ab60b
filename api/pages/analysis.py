"""Analysis for reform teams: the answer first, then where the time goes, on the drawing and beside it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

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
from analysis.period import Period
from analysis.step_durations import StepDurations, step_durations
from api.pages.frame import Visit, Visiting, page
from engine.actor import Role
from engine.procedures import by_code, version

router = APIRouter()
_WORST = 10
_SCALE = (0.5, 0.75, 0.9, 1.0, 1.5)  # p95 against the limit: the six colours of heat
_USUAL_DAYS = 90
Metric = Literal["pressure", "waiting", "handling", "late", "returned"]


@dataclass(frozen=True)
class Filters:
    """What the page looks at; lives in the address."""

    period: Period
    days: int


def _filters(seen: Visit, days: int, first: date | None, last: date | None) -> Filters:
    if first is not None and last is not None:
        return Filters(Period(first, last), 0)
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    today = calendar.local(seen.clock.now()).date()
    return Filters(Period.last_days(today, days), days)


Days = Annotated[int, Query(ge=1, le=3660)]


@router.get("/analysis")
def overview(
    seen: Visiting, days: Days = _USUAL_DAYS, first: date | None = None, last: date | None = None
) -> HTMLResponse:
    _require_reader(seen)
    filters = _filters(seen, days, first, last)
    agency_id, period = seen.actor.agency_id, filters.period
    year = Period.last_days(period.last, max(period.days, 365))
    with seen.office.database.read() as connection:
        now = seen.clock.now()
        verdicts = on_time(connection, agency_id, period)
        before = on_time(connection, agency_id, period.before())
        steps = step_durations(connection, agency_id, period)
        months = on_time_by_month(connection, agency_id, year)
        context = {
            "procedures": on_time_by_procedure(connection, agency_id, period),
            "units": on_time_by_unit(connection, agency_id, period),
            "owed": lateness_owed(connection, agency_id, period),
            "open": still_open(connection, agency_id, now),
        }
    return page(
        seen,
        "analysis.html",
        nav="analysis",
        filters=filters,
        verdicts=verdicts,
        before=before,
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
    first: date | None = None,
    last: date | None = None,
    metric: Metric = "pressure",
) -> HTMLResponse:
    _require_reader(seen)
    filters = _filters(seen, days, first, last)
    agency_id, period = seen.actor.agency_id, filters.period
    year = Period.last_days(period.last, max(period.days, 365))
    with seen.office.database.read() as connection:
        found = by_code(connection, seen.actor, code)
        shown = found.version_id or found.draft_id
        assert shown is not None
        record = version(connection, seen.actor, shown)
        known = found.procedure_id
        steps = step_durations(connection, agency_id, period, known)
        months = on_time_by_month(connection, agency_id, year, known)
        context = {
            "verdicts": on_time(connection, agency_id, period, known),
            "before": on_time(connection, agency_id, period.before(), known),
            "owed": lateness_owed(connection, agency_id, period, known),
            "open": still_open(connection, agency_id, seen.clock.now(), known),
        }
    return page(
        seen,
        "analysis_procedure.html",
        nav="analysis",
        filters=filters,
        procedure=found,
        record=record,
        steps=steps,
        metric=metric,
        months=months,
        series=_series(seen, months),
        overlay=heat_overlay(seen, steps),
        longest=max((s.sojourn.p95 + s.paused.p95 for s in steps), default=1) or 1,
        **context,
    )


def _require_reader(seen: Visit) -> None:
    seen.actor.require(
        Role.REFORM,
        Role.HEAD,
        Role.ADMIN,
        Role.DESIGNER,
        who=seen.t("tổ cải cách, lãnh đạo", "the reform team, heads"),
    )


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


def heat_overlay(seen: Visit, steps: tuple[StepDurations, ...]) -> dict[str, Any]:
    """p95 against the limit as colour, with the numbers in words on each step."""
    elements = {}
    for step in steps:
        hours = f"{step.sojourn.p95 / 3600:.1f}".rstrip("0").rstrip(".")
        limit = f"{step.limit_ws / 3600:.1f}".rstrip("0").rstrip(".") if step.limit_ws else "–"
        pressure = step.pressure or 0.0
        level = sum(pressure > bound for bound in _SCALE)
        elements[step.element_id] = {
            "level": str(level),
            "label": f"{hours}h / {limit}h",
            "title": seen.t(
                f"{step.name}: {step.n} lượt, 95% xong trong {hours} giờ làm việc, "
                f"thời hạn {limit} giờ, {step.late} lượt trễ",
                f"{step.name}: {step.n} runs, 95% done within {hours} working hours, "
                f"limit {limit} hours, {step.late} late",
            ),
        }
        if step.late:
            elements[step.element_id]["late"] = seen.t(f"{step.late} trễ", f"{step.late} late")
    return {"mode": "heat", "elements": elements}
