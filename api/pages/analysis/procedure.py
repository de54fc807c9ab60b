"""One procedure: its heat on the drawing, its steps in figures, and the way to what explains it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.on_time import on_time_by_month, still_open
from analysis.queues.attribution import lateness_by_step
from analysis.queues.scope import Scope
from analysis.reports.members import Only
from analysis.reports.three_shares import on_time
from analysis.step_durations import step_durations
from api.pages.analysis.filters import USUAL_DAYS, Days, filters_of, require_reader
from api.pages.analysis.habits import flags_of, habit_words
from api.pages.analysis.lists import between, of_cell, of_months
from api.pages.analysis.months import series, year_of
from api.pages.analysis.rooms import fresh, tabs_of
from api.pages.frame import address, page
from api.pages.heat import METRICS, Metric, heat_overlay, heat_title
from api.pages.visit import Visiting
from engine.procedure_version import version
from engine.procedures import by_code

router = APIRouter()


@router.get("/analysis/{code}")
def of_procedure_page(
    seen: Visiting,
    code: str,
    days: Days = USUAL_DAYS,
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
        months = on_time_by_month(connection, agency_id, year_of(period), known)
        opened = still_open(connection, agency_id, seen.clock.now(), known)
    scope = Scope.of(period, procedure_code=found.code)
    with seen.facts() as facts:
        context: dict[str, Any] = {
            "on_time": on_time(facts, period, Only(procedure=found.code)),
            "owed": lateness_by_step(facts, scope),
            "flags": flags_of(seen, facts, scope),
            "fresh": fresh(facts),
        }
    own = f"/analysis/{code}"
    return page(
        seen,
        "analysis_procedure.html",
        nav="analysis",
        errors=list(filters.errors),
        filters=filters,
        procedure=found,
        sides=tabs_of(seen, found.code, "", filters),
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
        series=series(seen, months, of_months(year_of(period), found.code)),
        open=opened,
        procedure_names={found.code: found.name},
        habit_words=habit_words(seen),
        year=year_of(period),
        between=between,
        list_of_cell=lambda cell: of_cell(filters, cell, found.code),
        list_of_month=of_months(year_of(period), found.code),
        overlay=heat_overlay(seen, steps, metric),
        **context,
    )
