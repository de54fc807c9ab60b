"""The inbox (hộp việc): what is due first on top."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.frame import address, page
from api.pages.visit import Visiting
from engine.calendar import Calendar
from engine.worklist import Place, counts, place_of, worklist

router = APIRouter()
PAGE = 50
Only = Literal["all", "mine", "late", "today", "paused"]


@router.get("/inbox")
def inbox(seen: Visiting, only: Only = "all", q: str = "", after: str = "") -> HTMLResponse:
    now = seen.clock.now()
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        until = _end_of_today(calendar, now)
        rows = worklist(
            connection,
            seen.actor,
            only=only,
            search=q[:200],
            until=until,
            at=now,
            after=_place(after),
            most=PAGE + 1,
        )
        numbers = counts(connection, seen.actor, now, until)
    shown = rows[:PAGE]
    kept = "" if only == "all" else only
    more = None
    if len(rows) > PAGE:
        place = place_of(shown[-1])
        more = address("/inbox", only=kept, q=q, after=f"{place.due}_{place.step_run_id}")
    return page(
        seen,
        "inbox.html",
        nav="inbox",
        rows=[(row, working_left(calendar, row.due_at, now)) for row in shown],
        numbers=numbers,
        only=only,
        q=q,
        more=more,
        first=address("/inbox", only=kept, q=q) if after else None,
        address=lambda **others: address("/inbox", q=q, **others),
        local=calendar.local,
    )


def working_left(calendar: Calendar, due_at: datetime | None, now: datetime) -> int | None:
    """Working seconds left, negative when late; None where no limit runs."""
    if due_at is None:
        return None
    if due_at >= now:
        return calendar.elapsed(now, due_at)
    # Late by closed time only is late all the same.
    return -calendar.elapsed(due_at, now) or -1


def _end_of_today(calendar: Calendar, now: datetime) -> datetime:
    local = calendar.local(now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _place(text: str) -> Place | None:
    due, _, step_run_id = text.partition("_")
    try:
        return Place(int(due), UUID(step_run_id))
    except ValueError:
        return None
