"""The list behind a number: which dossiers it counts."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.behind import Counted, Question, dossiers_behind
from analysis.facts.facts import Facts
from api.pages.analysis.filters import USUAL_DAYS, Days, filters_of, require_reader
from api.pages.analysis.rooms import fresh
from api.pages.frame import address, page
from api.pages.visit import Visit, Visiting
from engine.procedures import by_code
from engine.store.columns import from_microseconds

router = APIRouter()
WORDS = {
    Counted.FINISHED: ("Hồ sơ xử lý xong trong kỳ", "Dossiers finished in the period"),
    Counted.EARLY: ("Hồ sơ xong trước hạn", "Dossiers finished early"),
    Counted.ON_TIME: ("Hồ sơ xong đúng hạn", "Dossiers finished on time"),
    Counted.LATE: ("Hồ sơ xong quá hạn", "Dossiers finished late"),
    Counted.RECEIVED: ("Hồ sơ tiếp nhận trong kỳ", "Dossiers received in the period"),
    Counted.OPEN: ("Hồ sơ đang xử lý", "Dossiers being handled"),
    Counted.OVERDUE: ("Hồ sơ đang xử lý đã quá hạn", "Dossiers being handled, overdue"),
    Counted.PAUSED: ("Hồ sơ đang dừng đồng hồ", "Dossiers whose clock stands still"),
    Counted.SUPPLEMENTED: ("Hồ sơ phải bổ sung", "Dossiers asked for a supplement"),
    Counted.STEP_ENDED: ("Hồ sơ đã qua bước", "Dossiers that passed the step"),
    Counted.STEP_LATE: ("Hồ sơ trễ ở bước", "Dossiers late at the step"),
    Counted.STEP_SENT_BACK: ("Hồ sơ bị trả lại từ bước", "Dossiers sent back from the step"),
    Counted.STEP_AGAIN: ("Hồ sơ phải làm lại bước", "Dossiers that did the step again"),
    Counted.STEP_OPEN: ("Hồ sơ đang ở bước", "Dossiers at the step now"),
}


@router.get("/dossiers/counted")
def behind_page(
    seen: Visiting,
    counted: Counted,
    procedure: str = "",
    step: str = "",
    unit: str = "",
    component: str = "",
    days: Days = USUAL_DAYS,
    first: str = "",
    last: str = "",
    after: str = "",
) -> HTMLResponse:
    """Every filter is in the address; what is asked for narrows what the reader may see anyway."""
    require_reader(seen)
    filters = filters_of(seen, days, first, last)
    question = Question(counted, filters.period, procedure, step, unit, component)
    with seen.facts() as facts:
        found = dossiers_behind(facts, question, after=after)
        zone, at = facts.zone, fresh(facts)
        names = _names(seen, facts, procedure, step)
    own: dict[str, Any] = {
        "counted": counted.value,
        "procedure": procedure,
        "step": step,
        "unit": unit,
        "component": component,
        **filters.query,
    }
    return page(
        seen,
        "analysis_behind.html",
        nav="analysis",
        errors=list(filters.errors),
        filters=filters,
        title=seen.t(*WORDS[counted]),
        found=found,
        of_step=counted.value.startswith("step_"),
        named=[name for name in (*names, unit, component) if name],
        local=lambda us: from_microseconds(us).astimezone(zone),
        more=address("/dossiers/counted", **own, after=found.after) if found.after else None,
        start=address("/dossiers/counted", **own) if after else None,
        fresh=at,
    )


def _names(seen: Visit, facts: Facts, procedure: str, step: str) -> list[str]:
    """Of the procedure asked for (NoSuchProcedure where there is none), and of the step."""
    found = []
    if procedure:
        with seen.office.database.read() as connection:
            found.append(by_code(connection, seen.actor, procedure).name)
    if step:
        sql = "select max(name) as name from step_interval where element_id = $step"
        found.append(facts.rows(sql, step=step)[0]["name"] or step)
    return found
