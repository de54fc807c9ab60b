"""The one-stop desk (một cửa): find the procedure, tick the components, receive, print."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.door import CONTENT_SECURITY_POLICY
from api.pages.checklist_lines import checklist_lines, typed_so_far
from api.pages.frame import address, go, page, refused
from api.pages.reception_entry import (
    brought,
    data_of,
    judged_of,
    reception_of,
    require_faultless,
)
from api.pages.reusable_lines import take_over
from api.pages.slip import hand_out, slip_of
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.dossier_file import DossierFile, dossier_file
from engine.dossiers.quick_entry import may_enter_quickly
from engine.dossiers.receive import receive
from engine.dossiers.refusals import NotInForce
from engine.forms.issued import Issued, issued_form, issued_of
from engine.forms.issuing import issue
from engine.forms.kinds import FormKind
from engine.office import Version
from engine.procedures import Listed, listed
from engine.reception.drafts import reception_drafts
from engine.reception.receivable import may_receive, receivable, received_since, recent_procedures
from processes.errors import RuleError
from processes.procedure import Procedure
from processes.search_key import search_key

__all__ = ["brought", "router"]

router = APIRouter()
MOST_FOUND = 30
_MOST_LOOKED_AT = 300
_MOST_RECENT = 8
_FRAMES = {"Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"}
_FRAMED = {
    # The browser's own viewer of PDF files draws itself with styles and an embedded object.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Procedures that the clerk may receive; recent: used lately, shown while nothing is sought."""

    rows: tuple[Listed, ...]
    recent: bool


@router.get("/desk")
def desk(
    seen: Visiting,
    q: str = "",
    first: bool = False,
    everything: bool = False,
    received: str = "",
    printing: bool = False,
) -> Response:
    """The search, what waits to be gone on with, and what was received just now.

    first: Enter was pressed in the search; the first procedure found is opened. printing: the
    receipt has just been issued and is to be printed.
    """
    with seen.office.database.read() as connection:
        found = _found(seen, connection, q, everything=everything)
        if first and q.strip() and found.rows:
            return go(seen, f"/desk/{found.rows[0].code}")
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        now = seen.clock.now()
        today = calendar.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        drafts = reception_drafts(connection, seen.actor, now)
        context: dict[str, Any] = {
            "found": found,
            "q": q,
            "drafts": drafts,
            "names": _names(seen, connection, [draft.procedure for draft in drafts]),
            "today": sum(received_since(connection, seen.actor, today).values()),
            "last": _received(seen, connection, received),
            "printing": printing,
            "local": calendar.local,
        }
    response = page(seen, "desk.html", nav="desk", here="/desk", **context)
    response.headers.update(_FRAMES)
    return response


@router.get("/desk/found")
def found_part(seen: Visiting, q: str = "") -> HTMLResponse:
    """What is found for what has been typed so far."""
    with seen.office.database.read() as connection:
        found = _found(seen, connection, q)
    return page(seen, "desk_found.html", found=found, q=q)


@router.get("/desk/receipts/{issue_id}.pdf")
def receipt_page(seen: Visiting, issue_id: str) -> Response:
    """The issued receipt, to be printed from within the desk's page."""
    with seen.office.database.read() as connection:
        found = issued_form(connection, seen.actor, id_of(issue_id))
    headers = {**_FRAMED, "Content-Disposition": f'inline; filename="{found.file_name}"'}
    return Response(slip_of(seen, found), media_type="application/pdf", headers=headers)


@router.get("/desk/{code}")
def reception(seen: Visiting, code: str) -> HTMLResponse:
    procedure = procedure_of(seen, code)
    context = reception_context(seen, procedure, {}, code)
    return page(seen, "reception.html", nav="desk", draft_id=uuid4(), **context)


@router.post("/desk/{code}")
def receive_page(seen: Visiting, form: Posted, code: str) -> Response:
    """Receive, issue the receipt, and back to the search for the next citizen."""
    procedure = procedure_of(seen, code)
    try:
        require_faultless(seen, procedure, form)
        outcome = receive(
            seen.office, seen.actor, reception_of(procedure, form, code), key=form.key
        )
    except RuleError as error:
        return refused(
            seen,
            error,
            "reception.html",
            form=form,
            here=f"/desk/{code}",
            nav="desk",
            draft_id=form.text("draft"),
            **reception_context(seen, procedure, data_of(procedure, form), code, form),
        )
    where = address("/desk", received=outcome.dossier_id, printing="true")
    take_over(seen, form, outcome.dossier_id)
    response = go(seen, where, *_receipt_of(seen, outcome.dossier_id))
    hand_out(seen, response, outcome.dossier_id)
    return response


@router.post("/desk/{code}/checklist")
def checklist_part(seen: Visiting, form: Posted, code: str) -> HTMLResponse:
    """The checklist for what has been entered so far; the page asks when an entry changes."""
    procedure = procedure_of(seen, code)
    context = reception_context(seen, procedure, data_of(procedure, form), code)
    return page(seen, "reception_checklist.html", form=form, **context)


def procedure_of(seen: Visit, code: str) -> Procedure:
    """The procedure in force that the visitor may receive (NotFound, NotInForce, CannotReceive)."""
    with seen.office.database.read() as connection:
        return receivable(seen.office, connection, seen.actor, code)


def reception_context(
    seen: Visit,
    procedure: Procedure,
    given: Mapping[str, str],
    code: str,
    form: Entered | None = None,
) -> dict[str, Any]:
    """What the pages of a reception show. form: as it came back; its doubts can be confirmed."""
    data = typed_so_far(procedure.fields, given)
    return {
        "procedure": procedure,
        "lines": checklist_lines(procedure, procedure.fields, data, {}, seen.language),
        "code": code,
        "quick": may_enter_quickly(seen.actor, procedure),
        "doubts": judged_of(seen, procedure, form).doubts if form else (),
    }


def _found(seen: Visit, connection: Any, q: str, *, everything: bool = False) -> Found:
    """Those that fit all words, the clerk's latest first; with no word the latest alone, if any.

    Where words are begun as typed, it is more likely meant than where they are found within others.
    """
    rows = listed(connection, seen.actor, search=q[:200], in_force=True, most=_MOST_LOOKED_AT)
    latest = recent_procedures(connection, seen.actor)
    place = {procedure_id: number for number, procedure_id in enumerate(latest)}
    ordered = sorted(
        rows, key=lambda row: (_within_words(row, q), place.get(row.procedure_id, len(place)))
    )
    recent = not everything and not q.strip() and bool(place)
    if recent:
        ordered = [row for row in ordered if row.procedure_id in place]
    most = _MOST_RECENT if recent else MOST_FOUND
    found: list[Listed] = []
    for row in ordered:
        if len(found) < most and may_receive(seen.actor, _version(seen, connection, row).procedure):
            found.append(row)
    return Found(tuple(found), recent)


def _within_words(row: Listed, q: str) -> bool:
    known = search_key(f"{row.code} {row.name} {row.field}").split()
    return not all(any(own.startswith(word) for own in known) for word in search_key(q).split())


def _names(seen: Visit, connection: Any, codes: list[str]) -> dict[str, str]:
    """The procedures' names by code; a code alone where it is no longer known."""
    found = {}
    for code in dict.fromkeys(codes):
        row = next(iter(listed(connection, seen.actor, code=code, most=1)), None)
        found[code] = row.name if row else code
    return found


@dataclass(frozen=True, slots=True)
class Received:
    """The dossier received last: its file, and the receipt if it was issued."""

    file: DossierFile
    receipt: Issued | None
    due_at: datetime | None


def _received(seen: Visit, connection: Any, dossier_id: str) -> Received | None:
    """What the address says was received just now; only by its own clerk."""
    if not dossier_id:
        return None
    try:
        file = dossier_file(seen.office, connection, seen.actor, id_of(dossier_id))
    except RuleError:
        return None
    if file.row.received_by != seen.actor.account_id:
        return None
    issued = issued_of(connection, seen.actor, file.row.dossier_id)
    receipt = next((each for each in issued if each.kind is FormKind.RECEIPT), None)
    return Received(file, receipt, file.row.original_due_at)


def _receipt_of(seen: Visit, dossier_id: UUID) -> tuple[str, str]:
    """Issue the receipt; what to say where that fails: the dossier is received already."""
    try:
        issue(seen.office, seen.actor, dossier_id, FormKind.RECEIPT, {})
    except RuleError as error:
        said = seen.t("Chưa in được giấy tiếp nhận. ", "The receipt was not printed. ")
        return said + seen.said(error), "warning"
    return "", "done"


def _version(seen: Visit, connection: Any, row: Listed) -> Version:
    if row.version_id is None:
        raise NotInForce(code=row.code)
    return seen.office.version(connection, seen.actor.agency_id, row.version_id)
