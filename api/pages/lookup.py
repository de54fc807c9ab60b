"""The citizen's page: a dossier looked up by code and secret, and what is missing sent to it.

Nobody logs in here, so nothing of the staff's pages stands on it: no session, no cookie. What opens
the dossier travels in the form that was sent, never in an address that a browser keeps.
"""

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.errors import status_of
from api.identity import office_of, require_own_origin
from api.lookup_gate import look_up_for
from api.pages.dossier_words import STATUS_WORDS
from api.pages.frame import bare_page
from api.pages.visit import Entered, form_of
from api.rest.receiving import form_with_files
from api.rest.uploads import FileMissing
from engine.documents.keeping import arrive_from
from engine.documents.store import MEGABYTE
from engine.lookup.bringing import bring, look_before_bringing
from engine.lookup.looking import Opened, look_again
from engine.lookup.pass_token import Pass
from engine.lookup.view import CitizenView
from processes.checklist import choice_words
from processes.errors import RuleError
from processes.file_kind import accepted_endings, accepted_words
from processes.lookup_secret import LONGEST

router = APIRouter()
FILES_AT_ONCE = 5
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
"""Stricter than on other pages: nothing here needs a style of its own element."""

Words = tuple[str, str]
"""Vietnamese and English; both are shown."""


@router.get("/tra-cuu")
@router.get("/lookup")
def show_lookup(request: Request, ma: str = "") -> HTMLResponse:
    """The empty form; ma: the code, as the slip's QR has it."""
    return _ask(request, ma[:200])


@router.post("/tra-cuu")
@router.post("/lookup")
def look_up_page(request: Request) -> HTMLResponse:
    form = form_of(request)
    code = form.text("code")
    try:
        require_own_origin(request)
        opened = look_up_for(request, code, form.text("secret")[: LONGEST + 1])
    except RuleError as error:
        return _ask(request, code[:200], error)
    return _dossier(request, opened)


@router.post("/tra-cuu/files")
@router.post("/lookup/files")
async def send_page(request: Request, phien: str = "") -> Response:
    """Files for one component. The pass is asked before the files are read (`phien`)."""
    component = request.query_params.get("component", "")
    try:
        require_own_origin(request)
        known = await run_in_threadpool(_before, request, phien, component)
        async with form_with_files(request, FILES_AT_ONCE) as fields:
            form = Entered(fields)
            sent = await run_in_threadpool(_send, request, known, component, form)
    except RuleError as error:
        return await run_in_threadpool(_refused, request, phien, error)
    return await run_in_threadpool(_thanks, request, phien, sent)


def _before(request: Request, token: str, component: str) -> Pass:
    return look_before_bringing(office_of(request), token, component, None, None)


def _send(request: Request, known: Pass, component: str, form: Entered) -> int:
    """How many files were sent; the first that is refused ends it (those before it have come)."""
    office = office_of(request)
    sent = form.fields.getlist("file")
    files = [each for each in sent if isinstance(each, UploadFile) and each.filename]
    if not files:
        raise FileMissing
    for number, file in enumerate(files):
        key = form.key and f"{form.key}:{number}"
        with arrive_from(office, file.file) as arrived:
            bring(office, known, component, file.filename or "", arrived, key=key)
    return len(files)


def _thanks(request: Request, token: str, sent: int) -> HTMLResponse:
    vi = f"Đã nhận {sent} tệp. Cán bộ sẽ xem; thời hạn được tính từ lúc tệp đến."
    en = f"{sent} file(s) came. A clerk will look; the time counts from when they came."
    return _dossier(request, look_again(office_of(request), token), done=(vi, en))


def _refused(request: Request, token: str, error: RuleError) -> HTMLResponse:
    """The dossier again with what stood against it; the empty form where the pass is over."""
    try:
        opened = look_again(office_of(request), token)
    except RuleError as over:
        return _ask(request, "", over)
    return _dossier(request, opened, error=error)


def _ask(request: Request, code: str, error: RuleError | None = None) -> HTMLResponse:
    status = 200 if error is None else int(status_of(error))
    return _page(request, "lookup.html", status, code=code, error=_said(error))


def _dossier(
    request: Request, opened: Opened, *, error: RuleError | None = None, done: Words | None = None
) -> HTMLResponse:
    view, status = opened.view, 200 if error is None else int(status_of(error))
    return _page(
        request,
        "lookup_dossier.html",
        status,
        v=view,
        token=opened.token,
        said=_where(view),
        ended=STATUS_WORDS[view.national_status],
        choices=_choices(view),
        accept=accepted_endings,
        takes=accepted_words,
        most_megabytes=office_of(request).documents.most_bytes // MEGABYTE,
        file_words=FILE_WORDS,
        error=_said(error),
        done=done,
        form_key=lambda: str(uuid4()),
    )


def _page(request: Request, template: str, status: int, **context: Any) -> HTMLResponse:
    response = bare_page(request, template, status=status, **context)
    response.headers.update(_HEADERS)
    return response


def _said(error: RuleError | None) -> Words | None:
    return None if error is None else (error.message("vi"), error.message("en"))


_WHERE: dict[str, Words] = {
    "open": ("Đang giải quyết", "Being handled"),
    "missing": ("Chờ bạn bổ sung giấy tờ", "Waiting for papers from you"),
    "paused": ("Đang tạm dừng theo quy định", "Suspended on a legal ground"),
    "finished": ("Đã có kết quả, mời đến nhận", "The result is ready"),
    "returned": ("Đã trả kết quả", "The result was returned"),
}
FILE_WORDS: dict[str, Words] = {
    "offered": ("Đang chờ cán bộ xem", "Waits for the clerk"),
    "quarantined": ("Đang chờ kiểm tra mã độc", "Waits for the virus scanner"),
    "current": ("Đã được nhận vào hồ sơ", "Accepted"),
    "removed": ("Không được nhận", "Not taken"),
}
"""What became of a file that was sent."""


def _where(view: CitizenView) -> Words:
    """Where the dossier stands, in few words."""
    state = "missing" if view.missing is not None else view.state
    return _WHERE.get(state) or STATUS_WORDS[view.national_status]


def _choices(view: CitizenView) -> list[tuple[Words, str]]:
    """Groups of which some are enough: how many, and which."""
    if view.missing is None:
        return []
    names = {each.code: each.name for each in view.missing.components}
    told = []
    for number, codes in view.missing.choices:
        words = choice_words(number, len(codes), "vi"), choice_words(number, len(codes), "en")
        told.append((words, "; ".join(names.get(code, code) for code in codes)))
    return told
