"""Pages for designers, staff and reform teams; they call the same functions as the JSON API."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.field_faults import FieldFault
from api.pages import (
    analysis,
    archive,
    calendar,
    calendar_feed,
    dead_letters,
    desk,
    documents,
    dossier,
    dossier_acts,
    dossier_list,
    forms,
    home,
    inbox,
    login,
    lookup,
    morning,
    owing,
    procedures,
    quick_entry,
    reception_help,
    registers,
    reminder_settings,
    reminders,
    reports,
    returns,
    slip,
    step_acts,
    version,
    version_edits,
    version_repairs,
    version_scenarios,
)
from api.pages.frame import address, address_of, bare_page, page
from api.pages.visit import Visit, keep_form, language_of
from api.pages.wrong_address import without_wrong_parts, wrong_parts
from api.refusals import ForeignPage
from engine.accounts import NotLoggedIn, Session
from processes.errors import RuleError

router = APIRouter(include_in_schema=False, dependencies=[Depends(keep_form)])
for _room in (
    login,
    lookup,
    home,
    procedures,
    version,
    version_edits,
    version_repairs,
    version_scenarios,
    desk,
    reception_help,
    quick_entry,
    inbox,
    morning,
    dossier_list,
    owing,
    forms,
    registers,
    reports,
    returns,
    analysis,
    slip,
    dossier,
    dossier_acts,
    documents,
    archive,
    step_acts,
    calendar,
    dead_letters,
    reminders,
    reminder_settings,
    calendar_feed,
):
    router.include_router(_room.router)


def error_page(
    request: Request, error: RuleError, status: int, fields: Sequence[FieldFault] = ()
) -> Response:
    """The page for what went wrong outside of a form; who is not logged in is asked to.

    fields: which parts of the address are not right.
    """
    if request.headers.get("hx-request") == "true":
        return _sentence(request, error, status)
    if isinstance(error, NotLoggedIn):
        if request.method in ("GET", "HEAD"):
            return RedirectResponse(address("/login", next=address_of(request)), status_code=303)
        try:
            return login.login_for_a_form(request, error)
        except ForeignPage as foreign:
            return _page(request, foreign, status)
    return _page(request, error, status, fields)


def _page(
    request: Request, error: RuleError, status: int, fields: Sequence[FieldFault] = ()
) -> Response:
    session: Session | None = getattr(request.state, "session", None)
    language = language_of(request)
    context: dict[str, Any] = {
        "said": error.message(language),
        "error": error,
        "wrong": wrong_parts(request, fields, language),
        "without": without_wrong_parts(request, fields) if fields else None,
    }
    if session is None:
        return bare_page(request, "error.html", status=status, **context)
    seen = Visit(request, session, language)
    return page(seen, "error.html", status=status, **context)


def _sentence(request: Request, error: RuleError, status: int) -> Response:
    """What went wrong in a part of a page: one sentence in its place, and the way to the login."""
    language = language_of(request)
    words = escape(error.message(language))
    if isinstance(error, NotLoggedIn):
        where = urlsplit(request.headers.get("hx-current-url", "/"))
        back = where.path + (f"?{where.query}" if where.query else "")
        login_words = "Đăng nhập lại" if language == "vi" else "Log in again"
        words += f' <a href="{escape(address("/login", next=back))}">{login_words}</a>'
    return HTMLResponse(words, status)
