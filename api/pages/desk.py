"""The one-stop desk (một cửa): find the procedure, tick the components, receive, print."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.checklist_lines import checklist_lines, typed_so_far
from api.pages.frame import go, page, refused
from api.pages.visit import Entered, Posted, Visit, Visiting
from engine.dossiers.components import Brought
from engine.dossiers.receive import Contact, Reception, receive
from engine.dossiers.refusals import CannotReceive, NotInForce
from engine.office import Version
from engine.procedures import Listed, by_code, listed
from processes.data_field import FieldType
from processes.errors import RuleError
from processes.procedure import Procedure
from processes.step import Assignment

router = APIRouter()
MOST_FOUND = 30
_LONGEST_NUMBER = 4
_NO_NUMBER = -1  # what is no number of copies is refused by the engine, in its words


@router.get("/desk")
def desk(seen: Visiting, q: str = "") -> HTMLResponse:
    with seen.office.database.read() as connection:
        found = listed(connection, seen.actor, search=q[:200], in_force=True, most=MOST_FOUND)
        mine = [row for row in found if _receives(seen, _version(seen, connection, row).procedure)]
    return page(seen, "desk.html", nav="desk", found=mine, q=q)


@router.get("/desk/{code}")
def reception(seen: Visiting, code: str) -> HTMLResponse:
    procedure = _procedure(seen, code)
    if not _receives(seen, procedure):
        first = _first_assignment(procedure)
        raise CannotReceive(position=first.name if first else "–")
    context = _context(seen, procedure, {}, code)
    return page(seen, "reception.html", nav="desk", **context)


@router.post("/desk/{code}")
def receive_page(seen: Visiting, form: Posted, code: str) -> Response:
    procedure = _procedure(seen, code)
    reception = _reception(procedure, form, code)
    try:
        outcome = receive(seen.office, seen.actor, reception, key=form.key)
    except RuleError as error:
        return refused(
            seen,
            error,
            "reception.html",
            form=form,
            here=f"/desk/{code}",
            nav="desk",
            **_context(seen, procedure, _data(procedure, form), code),
        )
    said = seen.t(
        f"Đã tiếp nhận hồ sơ {outcome.code}.", f"Dossier {outcome.code} has been received."
    )
    return go(seen, f"/dossiers/{outcome.dossier_id}/receipt", said)


@router.post("/desk/{code}/checklist")
def checklist_part(seen: Visiting, form: Posted, code: str) -> HTMLResponse:
    """The checklist for what has been entered so far; the page asks when an entry changes."""
    procedure = _procedure(seen, code)
    context = _context(seen, procedure, _data(procedure, form), code)
    return page(seen, "reception_checklist.html", form=form, **context)


def _procedure(seen: Visit, code: str) -> Procedure:
    with seen.office.database.read() as connection:
        return _version(seen, connection, by_code(connection, seen.actor, code)).procedure


def _version(seen: Visit, connection: Any, row: Listed) -> Version:
    if row.version_id is None:
        raise NotInForce(code=row.code)
    return seen.office.version(connection, seen.actor.agency_id, row.version_id)


def _first_assignment(procedure: Procedure) -> Assignment | None:
    """Who receives: the holders of the first step's position."""
    return procedure.steps[0].assignment if procedure.steps else None


def _receives(seen: Visit, procedure: Procedure) -> bool:
    first = _first_assignment(procedure)
    return first is not None and seen.actor.holds(first.position, first.unit)


def _context(
    seen: Visit, procedure: Procedure, given: Mapping[str, str], code: str
) -> dict[str, Any]:
    data = typed_so_far(procedure.fields, given)
    return {
        "procedure": procedure,
        "lines": checklist_lines(procedure, procedure.fields, data, {}, seen.language),
        "code": code,
    }


def _data(procedure: Procedure, form: Entered) -> dict[str, str]:
    """The entries; a box that is not ticked says no."""
    data = form.starting("data:")
    for field in procedure.fields:
        if field.type is FieldType.BOOLEAN:
            data.setdefault(field.code, "false")
    return data


def _reception(procedure: Procedure, form: Entered, code: str) -> Reception:
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
        data=_data(procedure, form),
        components=tuple(item for item in brought(form) if item.number),
    )


def brought(form: Entered) -> tuple[Brought, ...]:
    """The numbers of copies entered as `copies:<component>:<form>`; an empty one is none."""
    found = []
    for key, typed in form.starting("copies:").items():
        component, _, kind = key.rpartition(":")
        text = typed.strip() or "0"
        readable = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
        found.append(Brought(component, kind, int(text) if readable else _NO_NUMBER))
    return tuple(found)
