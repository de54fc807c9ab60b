"""Where a step's time goes: waiting, handling, paused; and what the waiting was for."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.queues.repeats import repeated_steps, sent_back
from analysis.queues.step_times import step_times
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.rooms import head, room_of
from api.pages.analysis.step_bars import mean_ws, step_bars
from api.pages.frame import page
from api.pages.visit import Visiting

router = APIRouter()


@router.get("/analysis/{code}/waits")
def waits_page(
    seen: Visiting, code: str, days: Days = USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    room = room_of(seen, "waits", code, days, first, last)
    with seen.facts() as facts:
        steps = step_times(facts, room.scope)
        return page(
            seen,
            "analysis_waits.html",
            **head(seen, room, facts),
            steps=steps,
            bars=step_bars(steps),
            mean_ws=mean_ws,
            waiting_ws=sum(step.waiting.sum_ws for step in steps),
            handling_ws=sum(step.handling.sum_ws for step in steps),
            repeated=repeated_steps(facts, room.scope),
            sent=sent_back(facts, room.scope),
            names={step.element_id: step.name for step in steps},
        )
