"""Quick entry (trả kết quả ngay): received and finished on one page, many of them in a row."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.desk import procedure_of, reception_context
from api.pages.frame import address, go, page, refused, wrong_of
from api.pages.reception_entry import data_of, reception_of, require_faultless
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.dossier_file import dossier_file
from engine.dossiers.quick_entry import QuickEntry, allows_quick_entry, enter_quickly
from engine.procedures import by_code
from engine.reception.receivable import received_since
from processes.data_entry import MissingField, WrongType
from processes.data_field import FieldType
from processes.errors import RuleError
from processes.procedure import Procedure

router = APIRouter(prefix="/desk/{code}/quick")


@router.get("")
def quick_page(seen: Visiting, code: str, received: str = "") -> HTMLResponse:
    procedure = procedure_of(seen, code)
    context = _context(seen, procedure, code)
    return page(seen, "quick_entry.html", nav="desk", last=_last(seen, received), **context)


@router.post("")
def enter_page(seen: Visiting, form: Posted, code: str) -> Response:
    """Enter it, and the same page again for the next one."""
    procedure = procedure_of(seen, code)
    entry = QuickEntry(reception_of(procedure, form, code), _entries(procedure, form))
    try:
        require_faultless(seen, procedure, form)
        outcome = enter_quickly(seen.office, seen.actor, entry, key=form.key)
    except RuleError as error:
        context = _context(seen, procedure, code, form)
        wrong = _at_steps(seen, procedure, error)
        here = f"/desk/{code}/quick"
        if wrong is not None:
            return page(
                seen,
                "quick_entry.html",
                nav="desk",
                status=422,
                errors=wrong,
                form=form,
                here=here,
                last=None,
                **context,
            )
        return refused(
            seen, error, "quick_entry.html", form=form, here=here, nav="desk", last=None, **context
        )
    return go(seen, address(f"/desk/{code}/quick", received=outcome.dossier_id))


def _context(
    seen: Visit, procedure: Procedure, code: str, form: Entered | None = None
) -> dict[str, Any]:
    given = data_of(procedure, form) if form else {}
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        now = calendar.local(seen.clock.now())
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        numbers = received_since(connection, seen.actor, midnight)
        this: UUID = by_code(connection, seen.actor, code).procedure_id
    return {
        **reception_context(seen, procedure, given, code, form),
        "cases": [case for case in procedure.cases if allows_quick_entry(case)],
        "steps": [step for step in procedure.steps if step.fields],
        "today": numbers[this],
    }


def _entries(procedure: Procedure, form: Entered) -> dict[str, dict[str, str]]:
    """What is entered at each step; a box that is not ticked says no."""
    entries: dict[str, dict[str, str]] = {}
    for step in procedure.steps:
        prefix = f"step:{step.element_id}:"
        given = {code: value for code, value in form.starting(prefix).items() if value.strip()}
        for field in step.fields:
            if field.type is FieldType.BOOLEAN:
                given.setdefault(field.code, "false")
        entries[step.element_id] = given
    return entries


def _at_steps(
    seen: Visit, procedure: Procedure, error: RuleError
) -> list[tuple[str | None, str]] | None:
    """What stands against an entry of a step, at its field; None where it is none of those."""
    if not isinstance(error, MissingField | WrongType):
        return None
    code = error.facts["field"]
    for step in procedure.steps:
        if any(field.code == code for field in step.fields):
            return [(f"step:{step.element_id}:{code}", seen.said(error))]
    return wrong_of(seen, error)


def _last(seen: Visit, received: str) -> Any:
    """The dossier entered just now, by its own clerk."""
    if not received:
        return None
    try:
        with seen.office.database.read() as connection:
            file = dossier_file(seen.office, connection, seen.actor, id_of(received))
    except RuleError:
        return None
    return file.row if file.row.received_by == seen.actor.account_id else None
