"""What the office owes its citizens now: results, or apologies with a new date (form 04)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.frame import page
from api.pages.inbox import working_left
from api.pages.visit import Visiting
from engine.actor import Role
from engine.legal_clock.owing import MOST, owing

router = APIRouter()


@router.get("/owing")
def owing_page(seen: Visiting) -> HTMLResponse:
    now = seen.clock.now()
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        rows = owing(seen.office, connection, seen.actor, calendar, now)
    return page(
        seen,
        "owing.html",
        nav="dossiers",
        rows=[(row, working_left(calendar, row.due_at, now)) for row in rows],
        more=len(rows) == MOST,
        of_office=not seen.actor.roles.isdisjoint((Role.HEAD, Role.ADMIN)),
        local=calendar.local,
    )
