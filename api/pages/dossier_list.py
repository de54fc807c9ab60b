"""The dossiers of the office, the newest first."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.on_time import still_open
from api.pages.dossier_words import STATUS_WORDS
from api.pages.frame import address, page
from api.pages.inbox import so_many, working_left
from api.pages.visit import Visiting
from engine.dossier_list import MOST_COUNTED, DossierPlace, counts_by_state, dossiers
from engine.legal_clock.owing import count_owing
from engine.procedures import by_code
from engine.risk.level import risks_of_dossiers

router = APIRouter()
PAGE = 50


@router.get("/dossiers")
def list_page(
    seen: Visiting,
    q: str = "",
    state: str = "",
    late: bool = False,
    procedure: str = "",
    after: str = "",
) -> HTMLResponse:
    now = seen.clock.now()
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        wanted = by_code(connection, seen.actor, procedure) if procedure else None
        rows = dossiers(
            connection,
            seen.actor,
            search=q[:200],
            state=state,
            procedure_id=wanted.procedure_id if wanted else None,
            late_at=now if late else None,
            after=_place(after),
            most=PAGE + 1,
        )
        numbers = counts_by_state(connection, seen.actor)
        shown = rows[:PAGE]
        standing = risks_of_dossiers(seen.office, connection, seen.actor.agency_id, shown, now)
        owed_now = count_owing(connection, seen.actor, calendar, now)
        being_handled = still_open(connection, seen.actor.agency_id, now)
    filters = {"q": q, "procedure": procedure}
    own = {**filters, "state": state, "late": "true" if late else ""}
    more = None
    if len(rows) > PAGE:
        last = shown[-1]
        place = f"{last.received_at.isoformat()}_{last.dossier_id}"
        more = address("/dossiers", **own, after=place)
    return page(
        seen,
        "dossiers.html",
        nav="dossiers",
        rows=[
            (
                row,
                working_left(calendar, row.due_at, now)
                if row.state == "open" and not row.finished_at
                else None,
                standing.get(row.dossier_id),
            )
            for row in shown
        ],
        numbers=numbers,
        so_many=lambda number: so_many(seen, number, MOST_COUNTED),
        being_handled=being_handled,
        owed=owed_now,
        procedure=wanted,
        filters=own,
        q=q,
        state=state,
        late=late,
        more=more,
        first=address("/dossiers", **own) if after else None,
        address=lambda **others: address("/dossiers", **filters, **others),
        status_words=STATUS_WORDS,
        local=calendar.local,
    )


def _place(text: str) -> DossierPlace | None:
    at, _, dossier_id = text.partition("_")
    try:
        return DossierPlace(datetime.fromisoformat(at.replace(" ", "+")), UUID(dossier_id))
    except ValueError:
        return None
