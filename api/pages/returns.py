"""The register of returns: who gave which dossier back to its applicant, how often and why."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from analysis.returns import ReturnKind, returns
from api.pages.analysis import Days, filters_of, require_reader
from api.pages.frame import page
from api.pages.visit import Visiting
from api.rest.returns import csv_answer

router = APIRouter(prefix="/registers")
_USUAL_DAYS = 90
_SHOWN = 200
KIND_WORDS = {
    ReturnKind.SUPPLEMENT: ("Yêu cầu bổ sung", "Supplement asked for"),
    ReturnKind.REFUSAL: ("Từ chối", "Refused"),
    ReturnKind.DISCONTINUED: ("Dừng giải quyết", "Discontinued"),
}
STAGE_WORDS = {
    "counter": ("tại một cửa", "at the counter"),
    "appraisal": ("thẩm định", "appraisal"),
}


@router.get("/returns")
def returns_page(
    seen: Visiting, days: Days = _USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    require_reader(seen)
    filters = filters_of(seen, days, first, last)
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        found = returns(connection, seen.actor.agency_id, filters.period)
    return page(
        seen,
        "returns.html",
        nav="analysis",
        errors=list(filters.errors),
        filters=filters,
        found=found,
        lines=found.lines[:_SHOWN],
        kinds={kind.value: seen.t(*words) for kind, words in KIND_WORDS.items()},
        stages={stage: seen.t(*words) for stage, words in STAGE_WORDS.items()},
        local=calendar.local,
    )


@router.get("/returns.csv")
def returns_table(
    seen: Visiting, days: Days = _USUAL_DAYS, first: str = "", last: str = ""
) -> Response:
    require_reader(seen)
    period = filters_of(seen, days, first, last).certain().period
    with seen.office.database.read() as connection:
        found = returns(connection, seen.actor.agency_id, period)
    return csv_answer(found, period)
