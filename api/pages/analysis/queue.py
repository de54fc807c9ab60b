"""How many stood in the queue of each step, day by day, and whether the figures hold together."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.counted.question import NOBODYS, Counted
from analysis.queues.queue import Queue, queues
from api.pages.analysis.filters import USUAL_DAYS, Days, Filters
from api.pages.analysis.rooms import Room, head, room_of
from api.pages.frame import address, address_of, page
from api.pages.visit import Visit, Visiting

router = APIRouter()
_DRAWN = 4  # lines that one picture can hold apart
_LETTERS = 20
_LINES = 40  # of the table of days, at most
_APART = (1, 2, 7, 14, 30)


@router.get("/analysis/{code}/queue")
def queue_page(
    seen: Visiting, code: str, days: Days = USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    room = room_of(seen, "queue", code, days, first, last)
    with seen.facts() as facts:
        found = queues(facts, room.scope)
        drawn = tuple(queue for queue in found if queue.most)[:_DRAWN]
        return page(
            seen,
            "analysis_queue.html",
            **head(seen, room, facts),
            queues=found,
            drawn=drawn,
            series=_series(seen, drawn, room),
            **_days(found, room.filters),
        )


def _days(found: tuple[Queue, ...], filters: Filters) -> dict[str, Any]:
    """Which days are told in the table, and how days are called; the last one is always told."""
    number = len(found[0].days) if found else 0
    apart = next((each for each in _APART if number <= each * _LINES), -(-number // _LINES))
    first = filters.period.first

    def day_of(place: int) -> str:
        return (first + timedelta(days=place)).isoformat()

    def peak(queue: Queue) -> str:
        places = range(len(queue.days))
        return day_of(max(places, key=lambda place: (queue.days[place].waiting, place)))

    return {
        "days_apart": apart,
        "shown_days": list(range(number - 1, -1, -apart)),
        "day_of": day_of,
        "peak": peak,
        "spelt": lambda day: f"{day[8:]}/{day[5:7]}/{day[:4]}",
    }


def _series(seen: Visit, drawn: tuple[Queue, ...], room: Room) -> dict[str, Any]:
    """The queues at the end of each day; each point leads to who waited."""
    days = len(drawn[0].days) if drawn else 0
    first = room.filters.period.first
    return {
        "x": [(first + timedelta(days=day)).isoformat() for day in range(days)],
        "xLabel": seen.t("ngày", "day"),
        "yLabel": seen.t("lượt đang chờ", "runs waiting"),
        "whole": True,
        "series": [
            {
                "label": _short(queue.name),
                "values": [day.waiting for day in queue.days],
                "link": _who_waited(seen, queue, room),
            }
            for queue in drawn
        ],
    }


def _who_waited(seen: Visit, queue: Queue, room: Room) -> str:
    """The list of a point; `{x}` stands for its day."""
    place = {"step": queue.element_id, "unit": queue.unit or NOBODYS}
    asked = {"counted": Counted.STEP_IN_QUEUE.value, "procedure": room.procedure.code, **place}
    back = {"back": address_of(seen.request)}
    return address("/dossiers/counted", **asked, **room.filters.query, **back) + "&day={x}"


def _short(name: str) -> str:
    """As much of a name as fits beside a line."""
    return name if len(name) <= _LETTERS else f"{name[:_LETTERS].rstrip()}…"
