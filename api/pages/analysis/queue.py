"""How many stood in the queue of each step, day by day, and whether the figures hold together."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.queues.queue import Queue, queues
from api.pages.analysis.filters import USUAL_DAYS, Days, Filters
from api.pages.analysis.rooms import head, room_of
from api.pages.frame import page
from api.pages.visit import Visit, Visiting

router = APIRouter()
_DRAWN = 4  # lines that one picture can hold apart
_LETTERS = 20


@router.get("/analysis/{code}/queue")
def queue_page(
    seen: Visiting, code: str, days: Days = USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    room = room_of(seen, "queue", code, days, first, last)
    with seen.facts() as facts:
        found = queues(facts, room.scope)
        return page(
            seen,
            "analysis_queue.html",
            **head(seen, room, facts),
            queues=found,
            series=_series(seen, found[:_DRAWN], room.filters),
        )


def _series(seen: Visit, drawn: tuple[Queue, ...], filters: Filters) -> dict[str, Any]:
    """The queues at the end of each day."""
    days = len(drawn[0].days) if drawn else 0
    first = filters.period.first
    return {
        "x": [(first + timedelta(days=day)).isoformat() for day in range(days)],
        "xLabel": seen.t("ngày", "day"),
        "yLabel": seen.t("lượt đang chờ", "runs waiting"),
        "series": [
            {"label": _short(queue.name), "values": [day.waiting for day in queue.days]}
            for queue in drawn
        ],
    }


def _short(name: str) -> str:
    """As much of a name as fits beside a line."""
    return name if len(name) <= _LETTERS else f"{name[:_LETTERS].rstrip()}…"
