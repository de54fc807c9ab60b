"""Analysis for reform teams: the answer first, then where the time goes, drawn and in tables."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.facts.facts import Facts
from analysis.on_time import Group, Verdicts, on_time_by_month, on_time_by_unit, still_open
from analysis.period import Period
from analysis.queues.attribution import lateness_by_step
from analysis.queues.scope import Scope
from analysis.reports.counted import counted
from analysis.reports.three_shares import on_time
from analysis.source import procedure_names
from analysis.step_durations import step_durations
from api.city_readers import reads_city
from api.identity import settings_of
from api.pages.analysis.filters import USUAL_DAYS, Days, filters_of, require_reader
from api.pages.analysis.habits import flags_of, habit_words
from api.pages.analysis.lists import between, of_cell, of_months, of_procedures, of_units
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
            "units": on_time_by_unit(connection, agency_id, period),
            "open": still_open(connection, agency_id, seen.clock.now()),
        }
        names = {row.code: row.name for row in connection.execute(procedure_names(agency_id))}
    with seen.facts() as facts:
        context |= {
            "on_time": on_time(facts, period),
            "procedures": _by_procedure(facts, period, names),
            "owed": lateness_by_step(facts, Scope.of(period)),
            "flags": flags_of(seen, facts, Scope.of(period)),
            "fresh": fresh(facts),
        }
    return page(
        seen,
        "analysis.html",
        nav="analysis",
        errors=list(filters.errors),
        filters=filters,
        worst=steps[:_WORST],
        months=months,
        series=series(seen, months, of_months(year_of(period))),
        procedure_names=names,
        habit_words=habit_words(seen),
        year=year_of(period),
        between=between,
        list_of_cell=lambda cell: of_cell(filters, cell),
        list_of_procedure=of_procedures(filters),
        list_of_unit=of_units(filters),
        list_of_month=of_months(year_of(period)),
        reads_city=reads_city(seen.actor, settings_of(seen.request)),
        **context,
    )


def _by_procedure(facts: Facts, period: Period, names: dict[str, str]) -> tuple[Group, ...]:
    """Verdicts of form 06a by procedure, those that make most dossiers late first."""
    rows = counted(facts, period, "procedure").rows
    groups = [
        Group(
            row.key,
            names.get(row.key, row.key),
            Verdicts(row.numbers["early"], row.numbers["on_time"], row.numbers["late"]),
        )
        for row in rows
        if row.numbers["resolved"]
    ]
    return tuple(sorted(groups, key=lambda g: (-g.verdicts.late, g.key)))
