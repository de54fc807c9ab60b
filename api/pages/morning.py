"""The head's morning list: what of their units is at risk today, and in whose hands it is."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.calendar_year import undecided_soon
from api.pages.frame import address, page
from api.pages.visit import Visiting
from engine.accounts import actors
from engine.actor import Actor
from engine.calendar import Calendar
from engine.risk.level import risks
from engine.risk.morning import NOBODY, at_risk, in_whose_hands, led_by, place_of
from engine.worklist import Place

router = APIRouter()
PAGE = 50


@router.get("/morning")
def morning_page(seen: Visiting, holder: str = "", after: str = "") -> HTMLResponse:
    now = seen.clock.now()
    with seen.office.database.read() as connection:
        led = led_by(connection, seen.actor, now)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        until = end_of_today(calendar, now)
        place, whose = place_in(after), holder_in(holder)
        rows = at_risk(connection, led, until, holder=whose, after=place, most=PAGE + 1)
        shown = rows[:PAGE]
        standing = risks(seen.office, connection, seen.actor.agency_id, shown, now)
        hands = in_whose_hands(connection, led, until)
        people = actors(connection, seen.actor.agency_id, now)
    more = None
    if len(rows) > PAGE:
        last = place_of(shown[-1])
        more = address("/morning", holder=holder, after=f"{last.at}_{last.step_run_id}")
    return page(
        seen,
        "morning.html",
        nav="morning",
        rows=[
            (row, standing[row.step_run_id], colleagues(people, row.position, row.unit, row))
            for row in shown
        ],
        hands=hands,
        undecided=undecided_soon(calendar, now),
        holder=holder if whose is not None else "",
        nobody=NOBODY,
        address=lambda **others: address("/morning", **others),
        more=more,
        first=address("/morning", holder=holder) if after else None,
        local=calendar.local,
    )


def colleagues(
    people: dict[str, Actor], position: str | None, unit: str | None, row: Any
) -> list[tuple[str, str]]:
    """Who may take the step over: login and name."""
    return [
        (login, actor.name)
        for login, actor in sorted(people.items(), key=lambda each: each[1].name)
        if actor.holds(position, unit) and actor.account_id != row.holder_id
    ]


def end_of_today(calendar: Calendar, now: datetime) -> datetime:
    """The last moment of the day at the office."""
    tomorrow = calendar.local(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, calendar.tz) - timedelta(microseconds=1)


def holder_in(text: str) -> UUID | str | None:
    """Whose steps the address asks for; everybody's where it asks for nothing known."""
    if text == NOBODY:
        return NOBODY
    try:
        return UUID(text)
    except ValueError:
        return None


def place_in(text: str) -> Place | None:
    at, _, step_run_id = text.partition("_")
    try:
        return Place(int(at), UUID(step_run_id))
    except ValueError:
        return None
