"""The one-stop desk (một cửa): find the procedure, tick the components, receive, print."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.frame import Entered, Posted, Visit, Visiting, go, page, refused
from engine.dossiers.components import Brought
from engine.dossiers.receive import CHANNELS, Contact, Reception, receive
from engine.office import Version
from engine.procedures import Listed, by_code, listed
from processes.checklist import checklist
from processes.component import CopyForm
from processes.errors import RuleError
from processes.procedure import Procedure

router = APIRouter()
MOST_FOUND = 30


@router.get("/desk")
def desk(seen: Visiting, q: str = "") -> HTMLResponse:
    with seen.office.database.read() as connection:
        found = listed(connection, seen.actor, search=q[:200], in_force=True, most=MOST_FOUND)
        mine = [row for row in found if _receives(seen, _version(seen, connection, row))]
    return page(seen, "desk.html", nav="desk", found=mine, q=q)


@router.get("/desk/{code}")
def reception(seen: Visiting, code: str) -> HTMLResponse:
    procedure = _procedure(seen, code)
    return page(seen, "reception.html", nav="desk", **_context(procedure, Entered({}), code))  # type: ignore[arg-type]


@router.post("/desk/{code}")
def receive_page(seen: Visiting, form: Posted, code: str) -> Response:
    procedure = _procedure(seen, code)
    try:
        outcome = receive(
            seen.office, seen.actor, _reception(procedure, form, code), key=form.text("key") or None
        )
    except RuleError as error:
        return refused(seen, error, "reception.html", nav="desk", **_context(procedure, form, code))
    said = seen.t(
        f"Đã tiếp nhận hồ sơ {outcome.code}.", f"Dossier {outcome.code} has been received."
    )
    return go(seen, f"/dossiers/{outcome.dossier_id}/receipt", said)


def _procedure(seen: Visit, code: str) -> Procedure:
    with seen.office.database.read() as connection:
        return _version(seen, connection, by_code(connection, seen.actor, code)).procedure


def _version(seen: Visit, connection: Any, row: Listed) -> Version:
    version_id = row.version_id or row.draft_id
    assert version_id is not None
    return seen.office.version(connection, seen.actor.agency_id, version_id)


def _receives(seen: Visit, version: Version) -> bool:
    """Whether the officer holds the position of the first step."""
    first = version.procedure.steps[0].assignment if version.procedure.steps else None
    return first is not None and seen.actor.holds(first.position, first.unit)


def _context(procedure: Procedure, form: Entered, code: str) -> dict[str, Any]:
    return {
        "procedure": procedure,
        "items": checklist(procedure, {}, {}),
        "forms": list(CopyForm),
        "channels": CHANNELS,
        "code": code,
        "form": form,
        "copies": form.starting("copies:"),
        "data": form.starting("data:"),
    }


def _reception(procedure: Procedure, form: Entered, code: str) -> Reception:
    brought = []
    for key, number in form.starting("copies:").items():
        component, _, kind = key.rpartition(":")
        if number.strip():
            brought.append(Brought(component, kind, _count(number)))
    data: dict[str, Any] = dict(form.starting("data:"))
    for field in procedure.fields:
        if field.type.value == "boolean":
            data[field.code] = data.get(field.code, "false")
    return Reception(
        procedure=code,
        applicant=form.text("applicant"),
        case=form.text("case"),
        contact=Contact(
            identity_number=form.text("identity_number"),
            address=form.text("address"),
            phone=form.text("phone"),
            email=form.text("email"),
        ),
        channel=form.text("channel", "counter"),
        data=data,
        components=tuple(brought),
    )


def _count(text: str) -> int:
    return int(text) if text.strip().isdigit() and len(text.strip()) <= 4 else -1  # noqa: PLR2004
