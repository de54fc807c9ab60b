"""Which components citizens are sent back for, how often, and what that costs them."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.queues.missing import missing_components
from analysis.queues.repeats import returned_dossiers
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.habits import flags_of, habit_words
from api.pages.analysis.rooms import head, room_of
from api.pages.frame import page
from api.pages.visit import Visiting

router = APIRouter()


@router.get("/analysis/{code}/components")
def components_page(
    seen: Visiting, code: str, days: Days = USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    room = room_of(seen, "components", code, days, first, last)
    with seen.facts() as facts:
        returned = returned_dossiers(facts, room.scope)
        return page(
            seen,
            "analysis_components.html",
            **head(seen, room, facts),
            missing=missing_components(facts, room.scope),
            returned=returned[0] if returned else None,
            flags=flags_of(seen, facts, room.scope),
            habit_words=habit_words(seen),
        )
