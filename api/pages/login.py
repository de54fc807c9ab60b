"""Logging in and out, and the language."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
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
from api.pages.frame import (
    LANGUAGE_COOKIE,
    Posted,
    Visiting,
    bare_page,
    go,
    language_of,
    local_path,
)
from processes.errors import RuleError

router = APIRouter()
_A_YEAR = 365 * 24 * 3600


@router.get("/login")
def show_login(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002 - the form's word
    return bare_page(request, "login.html", next=local_path(next))


@router.post("/login")
def log_in_page(
    request: Request,
    login: Annotated[str, Form(max_length=80)],
    password: Annotated[str, Form(max_length=200)],
    next: Annotated[str, Form(max_length=500)] = "/",  # noqa: A002 - the form's word
) -> Response:
    try:
        require_own_origin(request)
        token, _ = begin_session(request, login, password)
    except RuleError as error:
        said = error.message(language_of(request))
        return bare_page(
            request,
            "login.html",
            status=status_of(error),
            errors=[(None, said)],
            next=local_path(next),
            entered=login,
        )
    response = RedirectResponse(local_path(next), status_code=303)
    set_session_cookie(response, settings_of(request), token)
    return response


@router.post("/logout")
def log_out_page(seen: Visiting, _form: Posted) -> Response:
    end_session(seen.request)
    response = go(seen, "/login")
    clear_session_cookie(response, settings_of(seen.request))
    return response


@router.post("/language")
def choose_language(
    request: Request,
    lang: Annotated[str, Form(max_length=2)],
    next: Annotated[str, Form(max_length=500)] = "/",  # noqa: A002 - the form's word
) -> Response:
    response = RedirectResponse(local_path(next), status_code=303)
    if lang in ("vi", "en"):
        response.set_cookie(
            LANGUAGE_COOKIE,
            lang,
            max_age=_A_YEAR,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response
