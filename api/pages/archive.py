"""The archive on pages: a dossier's package, what may be destroyed by now, and what was."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.identity import settings_of
from api.pages.frame import go, page, refused
from api.pages.visit import Posted, Visit, Visiting, id_of
from api.rest.archive import package
from api.settings import Settings
from engine.actor import Role
from engine.archive.destroying import WHO, destroy, destructions
from engine.archive.retention import MOST, may_be_destroyed
from processes.errors import RuleError

router = APIRouter()


@router.get("/dossiers/{dossier_id}/package")
def get_package(seen: Visiting, dossier_id: str) -> Response:
    return package(seen.office, seen.actor, id_of(dossier_id))


@router.get("/archive")
def archive_page(request: Request, seen: Visiting) -> HTMLResponse:
    seen.actor.require(Role.HEAD, who=WHO)
    return page(seen, "archive.html", nav="dossiers", **_context(seen, settings_of(request)))


@router.post("/archive/{dossier_id}/destroy")
def destroy_page(request: Request, seen: Visiting, form: Posted, dossier_id: str) -> Response:
    settings = settings_of(request)
    known: UUID = id_of(dossier_id)
    try:
        usual, reason = settings.retention_years, form.text("reason")
        decision = form.text("decision_no")
        outcome = destroy(
            seen.office, seen.actor, known, reason, usual, decision_no=decision, key=form.key
        )
    except RuleError as error:
        context = _context(seen, settings)
        return refused(
            seen, error, "archive.html", form=form, here="/archive", nav="dossiers", **context
        )
    said = seen.t(f"Đã tiêu hủy hồ sơ {outcome.code}.", f"Dossier {outcome.code} was destroyed.")
    return go(seen, "/archive", said)


def _context(seen: Visit, settings: Settings) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        usual = settings.retention_years
        found = may_be_destroyed(seen.office, connection, seen.actor, usual)
        gone = destructions(connection, seen.actor)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    return {"found": found, "more": len(found) == MOST, "gone": gone, "local": calendar.local}
