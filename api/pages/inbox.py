"""The inbox (hộp việc): what is at risk first on top."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.calendar_year import undecided_soon
from api.pages.frame import address, page
from api.pages.visit import Visit, Visiting
from engine.actor import Role
from engine.calendar import Calendar
from engine.dossiers.offered import offered_to
from engine.legal_clock.duty import Duty, duty
from engine.legal_clock.owing import count_owing
from engine.reminders.notices import unread
from engine.risk.level import risks
from engine.worklist import MOST_COUNTED, Place, Waiting, counts, place_of, worklist

router = APIRouter()
PAGE = 50
Only = Literal["all", "mine", "risk", "late", "today", "paused"]


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
        reminded = unread(connection, seen.actor)
        offered = offered_to(connection, seen.actor)
        of_office = not seen.actor.roles.isdisjoint((Role.HEAD, Role.ADMIN))
        owed = None if of_office else count_owing(connection, seen.actor, calendar, now)
        shown = rows[:PAGE]
        standing = risks(seen.office, connection, seen.actor.agency_id, shown, now)
        owes = duties(seen, connection, shown, calendar, now)
    kept = "" if only == "all" else only
    more = None
    if len(rows) > PAGE:
        place = place_of(shown[-1], only)
        more = address("/inbox", only=kept, q=q, after=f"{place.at}_{place.step_run_id}")
    return page(
        seen,
        "inbox.html",
        nav="inbox",
        rows=[(row, standing[row.step_run_id], owes.get(row.step_run_id)) for row in shown],
        undecided=undecided_soon(calendar, now) if of_office else [],
        numbers=numbers,
        reminded=reminded,
        offered=offered,
        owed=owed,
        so_many=lambda number: so_many(seen, number, MOST_COUNTED),
        only=only,
        q=q,
        more=more,
        first=address("/inbox", only=kept, q=q) if after else None,
        address=lambda **others: address("/inbox", q=q, **others),
        local=calendar.local,
    )


def duties(
    seen: Visit, connection: Any, rows: Sequence[Waiting], calendar: Calendar, now: datetime
) -> dict[UUID, Duty | None]:
    """What is owed now for the dossier of each step."""
    found: dict[UUID, Duty | None] = {}
    for row in rows:
        if row.dossier_finished_at is None:
            version = seen.office.version(connection, seen.actor.agency_id, row.version_id)
            found[row.step_run_id] = duty(
                *(row.dossier_due_at, row.dossier_limit_ws, calendar, now),
                may_extend=row.dossier_extensions < version.procedure.extensions_at_most,
                same_day=row.dossier_same_day,
            )
    return found


def working_left(calendar: Calendar, due_at: datetime | None, now: datetime) -> int | None:
    """Working seconds left, negative when late; None where no limit runs."""
    if due_at is None:
        return None
    if due_at >= now:
        return calendar.elapsed(now, due_at)
    # Late by closed time only is late all the same.
    return -calendar.elapsed(due_at, now) or -1


def so_many(seen: Visit, number: int, most: int) -> str:
    """A number above a list, which is counted up to `most`: 12, 1.000+ (1,000+)."""
    text = f"{most:,}+"
    return str(number) if number < most else seen.t(text.replace(",", "."), text)


def _end_of_today(calendar: Calendar, now: datetime) -> datetime:
    local = calendar.local(now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _place(text: str) -> Place | None:
    at, _, step_run_id = text.partition("_")
    try:
        return Place(int(at), UUID(step_run_id))
    except ValueError:
        return None
