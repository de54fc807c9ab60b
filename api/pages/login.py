"""Logging in and out, the language, and forms that a session outlived: they are sent again."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.errors import status_of
from api.identity import (
    begin_session,
    clear_session_cookie,
    end_session,
    require_own_origin,
    set_session_cookie,
    settings_of,
)
from api.pages.frame import bare_page, go, local_path
from api.pages.visit import (
    LANGUAGE_COOKIE,
    Entered,
    Posted,
    Visiting,
    form_of,
    language_of,
)
from api.refusals import ForeignPage
from processes.errors import RuleError

router = APIRouter()
_A_YEAR = 365 * 24 * 3600
_OF_THE_PAGE = ("key", "seen")
_KEPT = "again:"
"""Fields of a form that came without a session ride along through the login."""


@router.get("/login")
def show_login(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002 - the form's word
    return bare_page(request, "login.html", next=local_path(next), kept=[], kept_path="")


@router.post("/login")
def log_in_page(request: Request) -> Response:
    form = form_of(request)
    after, kept_path = local_path(form.text("next", "/")), local_path(form.text("kept_path"))
    kept = _pairs(form)
    try:
        require_own_origin(request)
        token, session = begin_session(request, form.text("login"), form.text("password"))
    except RuleError as error:
        return bare_page(
            request,
            "login.html",
            status=status_of(error),
            errors=[(None, error.message(language_of(request)))],
            form=form,
            next=after,
            kept=kept,
            kept_path=kept_path,
        )
    response: Response
    if kept:
        response = bare_page(
            request,
            "again.html",
            path=kept_path,
            kept=kept,
            token=session.csrf_token,
        )
    else:
        response = RedirectResponse(after, status_code=303)
    set_session_cookie(response, settings_of(request), token)
    return response


def login_for_a_form(request: Request, error: RuleError) -> HTMLResponse:
    """Ask for the login and keep what was typed: a session may end while a form is filled in.

    A form of another site is not kept (ForeignPage): nobody else may put words in its fields.
    """
    require_own_origin(request)
    if "origin" not in request.headers:
        raise ForeignPage
    return bare_page(
        request,
        "login.html",
        status=status_of(error),
        errors=[(None, error.message(language_of(request)))],
        next=_page_before(request),
        kept=_typed(form_of(request)),
        kept_path=request.url.path,
    )


def _page_before(request: Request) -> str:
    """The page of ours that the form stood on, the start page where that is not known."""
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc != request.headers.get("host", ""):
        return "/"
    return local_path(f"{before.path}?{before.query}" if before.query else before.path)


def _typed(form: Entered) -> list[tuple[str, str]]:
    """What a person typed, with what the page itself put beside it; nothing without the former."""
    sent = [pair for pair in form.all_texts() if pair[0] != "csrf_token"]
    return sent if any(name not in _OF_THE_PAGE for name, _ in sent) else []


def _pairs(form: Entered) -> list[tuple[str, str]]:
    return [
        (name.removeprefix(_KEPT), value)
        for name, value in form.all_texts()
        if name.startswith(_KEPT)
    ]


@router.post("/logout")
def log_out_page(seen: Visiting, _form: Posted) -> Response:
    end_session(seen.request)
    response = go(seen, "/login")
    clear_session_cookie(response, settings_of(seen.request))
    return response


@router.post("/language")
def choose_language(request: Request) -> Response:
    form = form_of(request)
    response = RedirectResponse(local_path(form.text("next")), status_code=303)
    chosen = form.text("lang")
    if chosen in ("vi", "en"):
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=_A_YEAR,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response
