"""Analysis for reform teams: the answer first, then where the time goes, drawn and in tables."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.on_time import (
    on_time,
    on_time_by_month,
    on_time_by_procedure,
    on_time_by_unit,
    still_open,
)
from analysis.queues.attribution import lateness_by_step
from analysis.queues.scope import Scope
from analysis.source import procedure_names
from analysis.step_durations import step_durations
from api.city_readers import reads_city
from api.identity import settings_of
from api.pages.analysis.filters import USUAL_DAYS, Days, filters_of, require_reader
from api.pages.analysis.months import series, year_of
from api.pages.analysis.rooms import fresh
from api.pages.frame import page
from api.pages.visit import Visiting

router = APIRouter()
_WORST = 10


@router.get("/analysis")
def overview(
    seen: Visiting, days: Days = USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    require_reader(seen)
    filters = filters_of(seen, days, first, last)
    agency_id, period = seen.actor.agency_id, filters.period
    with seen.office.database.read() as connection:
        steps = step_durations(connection, agency_id, period)
        months = on_time_by_month(connection, agency_id, year_of(period))
        context: dict[str, Any] = {
            "verdicts": on_time(connection, agency_id, period),
            "before": on_time(connection, agency_id, period.before()),
            "procedures": on_time_by_procedure(connection, agency_id, period),
            "units": on_time_by_unit(connection, agency_id, period),
            "open": still_open(connection, agency_id, seen.clock.now()),
        }
        names = {row.code: row.name for row in connection.execute(procedure_names(agency_id))}
    with seen.facts() as facts:
        owed, fresh_at = lateness_by_step(facts, Scope.of(period)), fresh(facts)
    return page(
        seen,
        "analysis.html",
        nav="analysis",
        errors=list(filters.errors),
        filters=filters,
        worst=steps[:_WORST],
        months=months,
        series=series(seen, months),
        owed=owed,
        procedure_names=names,
        fresh=fresh_at,
        reads_city=reads_city(seen.actor, settings_of(seen.request)),
        **context,
    )
