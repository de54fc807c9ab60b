"""Documents of a dossier on pages: brought by a form, looked at, replaced, removed."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.identity import require_own_page
from api.pages.document_lines import file_words, versions_of
from api.pages.dossier import act_on
from api.pages.frame import go, page, refused
from api.pages.signature_lines import signature_lines
from api.pages.visit import Entered, Visit, Visiting, id_of
from api.rest.documents import download, look
from api.rest.receiving import form_with_files
from api.rest.uploads import FileMissing
from api.upload_limit import FILES_AT_ONCE
from engine.documents.archival import ARCHIVAL
from engine.documents.keeping import arrive_from
from engine.documents.reading import (
    DocumentRecord,
    accesses_of,
    documents_of,
    require_reader,
)
from engine.documents.taking_in import (
    Offered,
    accepted_for,
    look_before,
    take_in,
    take_in_scans,
    take_out,
)
from engine.dossier_file import dossier_file
from engine.dossiers.documents import NoSuchDocument
from engine.dossiers.outcome import Outcome
from engine.signatures.exchange import prepare_document, take_back
from processes.archival import Archival
from processes.errors import RuleError
from processes.file_kind import PICTURES, FileKind, accepted_endings, accepted_words

router = APIRouter(prefix="/dossiers/{dossier_id}/documents")
_DIGITS = 9
_WIDTH = 1_200  # of a page that is looked at, in pixels


@router.get("/{number}")
def show(seen: Visiting, dossier_id: str, number: str, page: str = "1") -> HTMLResponse:
    return _document_page(seen, id_of(dossier_id), _number(number), _page_of(page))


@router.get("/{number}/content")
def content(seen: Visiting, dossier_id: str, number: str) -> Response:
    return download(seen.request, seen.office, seen.actor, id_of(dossier_id), _number(number))


@router.get("/{number}/preview")
def preview(seen: Visiting, dossier_id: str, number: str, page: str = "1") -> Response:
    known = id_of(dossier_id), _number(number)
    return look(seen.request, seen.office, seen.actor, *known, _page_of(page), _WIDTH)


@router.post("")
async def bring(request: Request, seen: Visiting, dossier_id: str) -> Response:
    """One form for one component: one file or several, or pictures to be bound into one PDF."""
    known = id_of(dossier_id)
    async with form_with_files(request, FILES_AT_ONCE) as fields:
        form = _own(request, seen, Entered(fields))
        component = form.text("component")
        offered = Offered(known, component, form.text("name"))
        files = _files(form)
        act = _bring_bound if form.text("bind") else _bring_each
        said = seen.t("Đã nhận tệp.", "The file is in the dossier.")
        return await run_in_threadpool(
            lambda: act_on(
                seen, known, form, lambda: act(seen, offered, files, form.key), said, "components"
            )
        )


@router.post("/{number}/versions")
async def replace_page(request: Request, seen: Visiting, dossier_id: str, number: str) -> Response:
    def act(known: UUID, old: int, form: Entered) -> int:
        offered = Offered(known, "", "", old)
        return _bring_each(seen, offered, _files(form), form.key).version

    return await _acted(request, seen, (dossier_id, number), act, files=1)


@router.post("/{number}/remove")
async def remove_page(request: Request, seen: Visiting, dossier_id: str, number: str) -> Response:
    def act(known: UUID, gone: int, form: Entered) -> None:
        take_out(seen.office, seen.actor, known, gone, form.text("reason"), key=form.key)

    return await _acted(request, seen, (dossier_id, number), act)


@router.post("/{number}/prepare")
async def prepare_page(request: Request, seen: Visiting, dossier_id: str, number: str) -> Response:
    """Give the document its places for signatures."""

    def act(known: UUID, old: int, form: Entered) -> int:
        code = form.text("code") or None
        outcome = prepare_document(seen.office, seen.actor, known, old, code, key=form.key)
        return outcome.version

    said = seen.t(
        "Đã thêm ô ký. Tải bản này về, ký số, rồi gửi lại bản đã ký.",
        "Places for signatures were added. Download this version, sign it, and send it back.",
    )
    return await _acted(request, seen, (dossier_id, number), act, said)


@router.post("/{number}/signed")
async def signed_page(request: Request, seen: Visiting, dossier_id: str, number: str) -> Response:
    """Take the signed version of the document back."""

    def act(known: UUID, old: int, form: Entered) -> int:
        files = _files(form)
        if not files:
            raise FileMissing
        with arrive_from(seen.office, files[0].file) as arrived:
            return take_back(seen.office, seen.actor, known, old, arrived, key=form.key).version

    said = seen.t("Đã nhận bản đã ký.", "The signed document is in the dossier.")
    return await _acted(request, seen, (dossier_id, number), act, said, files=1)


async def _acted(
    request: Request,
    seen: Visit,
    which: tuple[str, str],
    act: Callable[[UUID, int, Entered], int | None],
    said: str = "",
    files: int = 0,
) -> Response:
    """An act on one document of a dossier, by a form with at most so many files."""
    known = id_of(which[0])
    async with form_with_files(request, files) as fields:
        form = _own(request, seen, Entered(fields))
        number = _number(which[1])
        return await run_in_threadpool(
            lambda: _done(seen, known, number, form, lambda: act(known, number, form), said)
        )


def _done(
    seen: Visit,
    dossier_id: UUID,
    number: int,
    form: Entered,
    act: Callable[[], int | None],
    said: str = "",
) -> Response:
    """The new version's page, or the dossier's, or this page again with what stood against it."""
    try:
        newest = act()
    except RuleError as error:
        context = _context(seen, dossier_id, number, 1)
        here = f"/dossiers/{dossier_id}/documents/{number}"
        return refused(
            seen, error, "document.html", form=form, here=here, nav="dossiers", **context
        )
    base = f"/dossiers/{dossier_id}"
    if newest is None:
        return go(seen, f"{base}?tab=components", seen.t("Đã xóa tệp.", "The file is removed."))
    said = said or seen.t("Đã thay bằng bản mới.", "Replaced by the new version.")
    return go(seen, f"{base}/documents/{newest}", said)


def _bring_each(seen: Visit, offered: Offered, files: list[UploadFile], key: str | None) -> Outcome:
    look_before(seen.office, seen.actor, offered, None, key)
    outcome = None
    for number, file in enumerate(files):
        named = Offered(
            offered.dossier_id, offered.component, file.filename or "", offered.replaces
        )
        own_key = key and (key if number == 0 else f"{key}:{number}")
        with arrive_from(seen.office, file.file) as arrived:
            outcome = take_in(seen.office, seen.actor, named, arrived, key=own_key).outcome
    if outcome is None:
        raise FileMissing
    return outcome


def _bring_bound(
    seen: Visit, offered: Offered, files: list[UploadFile], key: str | None
) -> Outcome:
    look_before(seen.office, seen.actor, offered, None, key)
    if not files:
        raise FileMissing
    named = Offered(offered.dossier_id, offered.component, offered.name or files[0].filename or "")
    with ExitStack() as open_files:
        arrived = [open_files.enter_context(arrive_from(seen.office, f.file)) for f in files]
        return take_in_scans(seen.office, seen.actor, named, arrived, key=key).outcome


def _document_page(seen: Visit, dossier_id: UUID, number: int, at: int) -> HTMLResponse:
    context = _context(seen, dossier_id, number, at)
    return page(seen, "document.html", nav="dossiers", **context)


def _context(seen: Visit, dossier_id: UUID, number: int, at: int) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        require_reader(connection, seen.actor, dossier_id)
        file = dossier_file(seen.office, connection, seen.actor, dossier_id)
        found = documents_of(connection, seen.actor.agency_id, dossier_id)
        looks = accesses_of(connection, seen.actor, dossier_id)
        versions = versions_of(found, number)
        if not versions:
            raise NoSuchDocument(number=number)
        document = next(each for each in versions if each.number == number)
        signatures = signature_lines(seen, connection, file, document)
    component = file.version.procedure.component(document.component)
    kinds = accepted_for(component)
    mine = any(seen.actor.holds(step.position, step.unit) for step in file.open_steps)
    alive = file.row.state not in ("returned", "closed")
    handles = (mine or file.row.received_by == seen.actor.account_id) and alive
    return {
        "d": file.row,
        "file": file,
        "procedure": file.version.procedure,
        "component": component,
        "document": document,
        "versions": versions,
        "signatures": signatures,
        "archival": _archival(document),
        "at": min(at, document.pages or 1),
        "seen_as_pages": _drawn(document),
        "looks": [look for look in looks if look.number in {each.number for each in versions}],
        "local": file.calendar.local,
        "words": file_words(seen),
        "accept": accepted_endings(kinds),
        "takes": accepted_words(kinds),
        "most_megabytes": seen.office.documents.most_bytes // 1_000_000,
        "may_replace": handles and document.number == versions[0].number,
        "may_remove": handles or "head" in seen.actor.roles,
    }


def _archival(document: DocumentRecord) -> Archival | None:
    """What was found of PDF/A when the document came in."""
    told = document.findings.get(ARCHIVAL)
    return None if told is None else Archival.from_data(told)


def _drawn(document: DocumentRecord) -> bool:
    """Whether its pages can be looked at here."""
    kinds = (FileKind.PDF, *PICTURES)
    return document.state != "quarantined" and document.kind in kinds


def _own(request: Request, seen: Visit, form: Entered) -> Entered:
    """The form, if a page of ours sent it (ForeignPage)."""
    require_own_page(request, seen.session, form.text("csrf_token"))
    return form


def _files(form: Entered) -> list[UploadFile]:
    sent = form.fields.getlist("file")
    return [each for each in sent if isinstance(each, UploadFile) and each.filename]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise NoSuchDocument(number=text[:20])
    return int(text)


def _page_of(text: str) -> int:
    readable = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return max(1, int(text)) if readable else 1
