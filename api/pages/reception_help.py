"""Beside the desk's form: the applicant found again, hints at the contact, drafts."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.pages.desk import procedure_of, reception_context
from api.pages.frame import go, page
from api.pages.reception_entry import contact_of, draft_of, judged_of
from api.pages.reusable_lines import offered_at_reception
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.reception.applicants import Applicant, find_applicant
from engine.reception.drafts import (
    drop_reception_draft,
    reception_draft_of,
    save_reception_draft,
)
from processes.contact_entry import Doubt, InvalidContact
from processes.search_key import search_key

router = APIRouter(prefix="/desk")
_OF_APPLICANT = ("applicant", "phone", "email", "address", "identity_number")
_SENT_ALONG = ("csrf_token", "key", "part", "draft")


@dataclass(frozen=True, slots=True)
class Known:
    """One thing known of the applicant; typed: what stands in the form instead, "" for nothing."""

    name: str
    vi: str
    en: str
    value: str
    typed: str

    @property
    def differs(self) -> bool:
        return bool(self.typed) and search_key(self.typed) != search_key(self.value)


_FIELDS = (
    ("applicant", "Họ tên", "Name"),
    ("phone", "Điện thoại", "Phone"),
    ("email", "Thư điện tử", "E-mail"),
    ("address", "Địa chỉ", "Address"),
)


@router.post("/{code}/applicant")
def applicant_part(seen: Visiting, form: Posted, code: str) -> HTMLResponse:
    """Who applied before with the number: what an empty field is filled with, and what differs."""
    procedure_of(seen, code)
    try:
        found = find_applicant(seen.office, seen.actor, form.text("identity_number"))
    except InvalidContact as fault:
        return _part(seen, form, code, None, said=seen.said(fault))
    return _part(seen, form, code, found)


@router.post("/{code}/contact")
def contact_part(seen: Visiting, form: Posted, code: str) -> HTMLResponse:
    """What is wrong or unlikely about telephone and e-mail, told while the form is filled in."""
    judged = judged_of(seen, procedure_of(seen, code), form)
    told = [(f.facts["field"], seen.said(f)) for f in judged.faults]
    told += [(doubt.field, doubt.message(seen.language)) for doubt in judged.doubts]
    hints = [said for field, said in told if field != "identity_number"]
    return page(seen, "reception_hints.html", hints=hints)


@router.post("/{code}/draft")
def draft_part(seen: Visiting, form: Posted, code: str) -> HTMLResponse:
    """Keep what has been typed; an untouched form is no draft."""
    draft_id = draft_of(form)
    stated = [each for each in form.stated() if each[0] not in _SENT_ALONG]
    if draft_id is None or not _touched(stated):
        return HTMLResponse("")
    save_reception_draft(seen.office, seen.actor, draft_id, code, stated)
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    at = f"{calendar.local(seen.clock.now()):%H:%M}"
    return HTMLResponse(seen.t(f"Đã lưu nháp {at}", f"Draft saved {at}"))


@router.get("/drafts/{draft_id}")
def go_on_page(seen: Visiting, draft_id: str) -> HTMLResponse:
    """Go on with a draft: the form as it was left."""
    known = id_of(draft_id)
    with seen.office.database.read() as connection:
        code, fields = reception_draft_of(connection, seen.actor, known, seen.clock.now())
    procedure = procedure_of(seen, code)
    form = Entered(FormData([(name, value) for name, value in fields]))
    data = form.starting("data:")
    context = reception_context(seen, procedure, data, code)
    where = f"/desk/drafts/{known}"
    return page(
        seen, "reception.html", nav="desk", form=form, here=where, draft_id=known, **context
    )


@router.post("/drafts/{draft_id}/drop")
def drop_page(seen: Visiting, form: Posted, draft_id: str) -> Response:
    drop_reception_draft(seen.office, seen.actor, id_of(draft_id), key=form.key)
    return go(seen, "/desk", seen.t("Đã xóa bản nháp.", "The draft is deleted."))


def _touched(stated: list[tuple[str, str]]) -> bool:
    """Whether somebody typed anything about the applicant, or into the matter's own fields."""
    own = ((n, v) for n, v in stated if n in _OF_APPLICANT or n.startswith("data:"))
    return any(value.strip() and value not in ("true", "false") for _, value in own)


def _part(
    seen: Visit, form: Entered, code: str, found: Applicant | None, said: str = ""
) -> HTMLResponse:
    known: tuple[Known, ...] = ()
    if found is not None:
        stated = {"applicant": found.name, **found.contact}
        known = tuple(
            Known(name, vi, en, stated[name], form.text(name).strip())
            for name, vi, en in _FIELDS
            if stated.get(name)
        )
    number = contact_of(form).identity_number.strip()
    doubts: tuple[Doubt, ...] = ()
    if number and not said:
        judged = judged_of(seen, procedure_of(seen, code), form)
        doubts = tuple(d for d in judged.doubts if d.field == "identity_number")
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        # In quick entry the papers lie on the desk; nothing is taken over within its one act.
        offers = (
            ()
            if form.text("quick")
            else offered_at_reception(seen, connection, procedure_of(seen, code), found)
        )
    return page(
        seen,
        "reception_applicant.html",
        found=found,
        offers=offers,
        known=known,
        number=number,
        said=said,
        number_doubts=doubts,
        local=calendar.local,
    )
