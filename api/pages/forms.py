"""Standard forms of a dossier: what can be issued and why not, a preview, one click to the PDF."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.frame import address, page, refused
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.forms.content import read_entries
from engine.forms.issued import issued_form, issued_of, pdf_of
from engine.forms.issuing import draft_document, issue, preview
from engine.forms.kinds import SAID, FormKind, belongs
from engine.forms.making import MAKING, kind_of, make
from engine.forms.refusals import FormDiffers, NoSuchForm
from engine.forms.scene import Scene, read_scene
from engine.forms.word_draft import DRAFTED
from processes.errors import RuleError

router = APIRouter()
_INLINE = {
    # The browser's own viewer of PDF files draws itself with styles and an embedded object.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
    ),
}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST_PAGES = 20


@router.get("/dossiers/{dossier_id}/forms")
def forms_page(seen: Visiting, dossier_id: str) -> HTMLResponse:
    known = id_of(dossier_id)
    with seen.office.database.read() as connection:
        scene = read_scene(seen.office, connection, seen.actor, known, seen.clock.now())
        issued = issued_of(connection, seen.actor, known)
    return page(
        seen,
        "forms.html",
        nav="dossiers",
        d=scene.file.row,
        procedure=scene.file.version.procedure,
        kinds=[
            (kind, SAID[kind], _why_not(seen, scene, kind))
            for kind in MAKING
            if belongs(kind, scene.file.version.procedure)
        ],
        issued=issued,
        said=SAID,
        people=scene.file.people,
        local=scene.local,
        duty=scene.file.duty(scene.at),
    )


@router.get("/dossiers/{dossier_id}/forms/{kind}")
def form_page(seen: Visiting, dossier_id: str, kind: str) -> HTMLResponse:
    which = kind_of(kind)
    context = _context(seen, id_of(dossier_id), which, _asked(seen, which))
    return page(seen, "form.html", nav="dossiers", **context)


@router.get("/dossiers/{dossier_id}/forms/{kind}/preview.png")
def preview_page(seen: Visiting, dossier_id: str, kind: str, sheet: int = 1) -> Response:
    """One page of the form as a picture, marked as a preview."""
    which = kind_of(kind)
    given = _asked(seen, which)
    pages = preview(seen.office, seen.actor, id_of(dossier_id), which, given)
    if not 1 <= sheet <= min(len(pages), _MOST_PAGES):
        raise NoSuchForm
    return Response(pages[sheet - 1], media_type="image/png")


@router.get("/dossiers/{dossier_id}/forms/{kind}/draft.docx")
def draft_page(seen: Visiting, dossier_id: str, kind: str) -> Response:
    known = kind_of(kind)
    data = draft_document(seen.office, seen.actor, id_of(dossier_id), known, _asked(seen, known))
    name = f'attachment; filename="{known.value}.docx"'
    return Response(data, media_type=_WORD, headers={"Content-Disposition": name})


@router.post("/dossiers/{dossier_id}/forms/{kind}")
def issue_page(seen: Visiting, form: Posted, dossier_id: str, kind: str) -> Response:
    """Issue the form and show its PDF; or the page again with what stands against it."""
    dossier, which = id_of(dossier_id), kind_of(kind)
    given = _entered(which, form)
    here = f"/dossiers/{dossier}/forms/{which.value}"
    if form.text("act") == "preview":
        context = _context(seen, dossier, which, given)
        return page(seen, "form.html", nav="dossiers", form=form, here=here, **context)
    replacing = form.text("replacing") == "true"
    try:
        made = issue(
            seen.office, seen.actor, dossier, which, given, replacing=replacing, key=form.key
        )
    except RuleError as error:
        context = _context(seen, dossier, which, given)
        context["differs"] = isinstance(error, FormDiffers)
        return refused(seen, error, "form.html", form=form, here=here, nav="dossiers", **context)
    return Response(status_code=303, headers={"Location": f"/forms/{made.issue_id}.pdf"})


@router.get("/forms/{issue_id}.pdf")
def pdf_page(seen: Visiting, issue_id: str) -> Response:
    """The very bytes that were issued, shown by the browser."""
    with seen.office.database.read() as connection:
        found = issued_form(connection, seen.actor, id_of(issue_id))
        data = pdf_of(connection, found, seen.actor.agency_id)
    name = f'inline; filename="{found.file_name}"'
    headers = {**_INLINE, "Content-Disposition": name}
    return Response(data, media_type="application/pdf", headers=headers)


def _why_not(seen: Visit, scene: Scene, kind: FormKind) -> str:
    """Why the form cannot be issued now, "" where it can once its entries are made."""
    needed = {entry.name: "…" for entry in MAKING[kind].entries if entry.needed}
    try:
        make(kind, scene, needed)
    except RuleError as error:
        return seen.said(error)
    return ""


def _context(
    seen: Visit, dossier_id: UUID, kind: FormKind, given: Mapping[str, str]
) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        scene = read_scene(seen.office, connection, seen.actor, dossier_id, seen.clock.now())
        issued = issued_of(connection, seen.actor, dossier_id)
    entries = MAKING[kind].entries
    here = f"/dossiers/{dossier_id}/forms/{kind.value}"
    return {
        "d": scene.file.row,
        "procedure": scene.file.version.procedure,
        "kind": kind,
        "said": SAID[kind],
        "entries": entries,
        "given": given,
        "why_not": _why_not(seen, scene, kind),
        "complete": not _missing(kind, given),
        "picture": address(f"{here}/preview.png", **given),
        "draft": address(f"{here}/draft.docx", **given) if kind in DRAFTED else None,
        "last": next((each for each in issued if each.kind is kind), None),
        "differs": False,
    }


def _missing(kind: FormKind, given: Mapping[str, str]) -> bool:
    """Whether something has to be entered before the form can be seen."""
    try:
        read_entries(kind, MAKING[kind].entries, given)
    except RuleError:
        return True
    return False


def _asked(seen: Visit, kind: FormKind) -> dict[str, str]:
    """The entries in an address."""
    return _named(kind, seen.request.query_params)


def _entered(kind: FormKind, form: Entered) -> dict[str, str]:
    return _named(kind, {name: form.text(name) for name in form.fields})


def _named(kind: FormKind, stated: Mapping[str, str]) -> dict[str, str]:
    names = [entry.name for entry in MAKING[kind].entries]
    return {name: stated[name] for name in names if stated.get(name, "").strip()}
