"""Drawing a page: the frame, what was wrong with a form, and where the browser goes next."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.assets import read_assets
from api.errors import status_of
from api.pages.rooms import rooms_for
from api.pages.visit import Entered, Visit, language_of
from engine.dossiers.receive import ApplicantNeeded
from engine.dossiers.refusals import (
    LateReasonNeeded,
    NoSuchCase,
    NothingToSupplement,
    ReasonNeeded,
    UnknownCause,
)
from processes.birth_date import BornInFuture
from processes.data_entry import MissingField, UnknownField, WrongType
from processes.errors import InvalidInput, RuleError

FOLDER = Path(__file__).parents[1] / "web" / "templates"
FLASH_COOKIE = "flash"
Wrong = tuple[str | None, str]
"""What is wrong: the name of the field, None for the form as a whole, and the sentence."""

_FIELD_OF: Mapping[type[RuleError], str] = {
    ApplicantNeeded: "applicant",
    LateReasonNeeded: "late_words",
    NoSuchCase: "case",
    NothingToSupplement: "component",
    ReasonNeeded: "reason",
    UnknownCause: "late_cause",
}


class Faults(InvalidInput):
    """Several things are wrong with one form, each at its own field."""

    code = "form.faults"
    vi = "Biểu có {number} chỗ chưa đúng."
    en = "{number} entries of the form are not right."

    def __init__(self, wrong: list[Wrong]) -> None:
        self.wrong = wrong
        super().__init__(number=len(wrong))


@dataclass(frozen=True)
class Part:
    """One form of a page: what was typed into it and what is wrong with it, if it came back.

    name: "" for the only form of a page; sent along as the field `part`.
    """

    name: str
    form: Entered | None
    wrong: tuple[Wrong, ...] = ()

    @property
    def again(self) -> bool:
        """Whether this form was sent and came back."""
        return self.form is not None

    def id_of(self, field: str) -> str:
        return f"field-{self.name}-{field}" if self.name else f"field-{field}"

    def text(self, field: str, default: Any = "") -> Any:
        """What was typed; the default where nobody has sent the form."""
        return default if self.form is None else self.form.text(field)

    def ticked(self, field: str, value: str, default: bool) -> bool:
        return default if self.form is None else value in self.form.texts(field)

    def starting(self, prefix: str) -> dict[str, str]:
        return {} if self.form is None else self.form.starting(prefix)

    def error(self, field: str) -> str | None:
        """The sentence at the field."""
        return next((said for name, said in self.wrong if name == field), None)


@cache
def _templates() -> Jinja2Templates:
    templates = Jinja2Templates(
        env=Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
    )
    templates.env.globals["asset"] = read_assets()
    templates.env.globals["new_key"] = lambda: str(uuid4())
    return templates


def page(
    seen: Visit,
    template: str,
    *,
    nav: str = "",
    status: int = 200,
    errors: list[Wrong] | None = None,
    form: Entered | None = None,
    here: str | None = None,
    **context: Any,
) -> HTMLResponse:
    """Draw a page in the frame.

    errors: what is wrong with the form that was sent. form: that form. here: where the page is
    found again; the address itself unless a form was sent to it.
    """
    response = _draw(
        seen.request,
        template,
        status,
        {
            "officer": seen.actor,
            "rooms": rooms_for(seen.actor),
            "lang": seen.language,
            "t": seen.t,
            "csrf_token": seen.session.csrf_token,
            "nav": nav,
            "flashes": _flashes(seen.request),
            "here": here or address_of(seen.request),
            **_forms(form, errors or []),
            **context,
        },
    )
    response.delete_cookie(FLASH_COOKIE)
    return response


def bare_page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    errors: list[Wrong] | None = None,
    form: Entered | None = None,
    **context: Any,
) -> HTMLResponse:
    """Draw a page for somebody who is not logged in."""
    language = language_of(request)
    return _draw(
        request,
        template,
        status,
        {
            "officer": None,
            "rooms": (),
            "lang": language,
            "t": lambda vi, en: vi if language == "vi" else en,
            "csrf_token": "",
            "nav": "",
            "flashes": (),
            "here": address_of(request),
            **_forms(form, errors or []),
            **context,
        },
    )


def _draw(request: Request, template: str, status: int, context: dict[str, Any]) -> HTMLResponse:
    response = _templates().TemplateResponse(request, template, context, status_code=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _forms(form: Entered | None, errors: list[Wrong]) -> dict[str, Any]:
    sent = None if form is None else form.text("part")

    def part(name: str = "") -> Part:
        return Part(name, form, tuple(errors)) if name == sent else Part(name, None)

    return {"errors": errors, "part": part, "sent_part": sent}


def refused(
    seen: Visit,
    error: RuleError,
    template: str,
    *,
    form: Entered,
    here: str,
    nav: str = "",
    **context: Any,
) -> HTMLResponse:
    """The page again: what stood against the act on top, and everything typed kept."""
    return page(
        seen,
        template,
        nav=nav,
        status=status_of(error),
        errors=wrong_of(seen, error),
        form=form,
        here=here,
        **context,
    )


def wrong_of(seen: Visit, error: RuleError) -> list[Wrong]:
    """What the error says, each with the field that can mend it."""
    if isinstance(error, Faults):
        return error.wrong
    field = _FIELD_OF.get(type(error)) or error.facts.get("field")
    if field and isinstance(error, MissingField | WrongType | UnknownField | BornInFuture):
        field = f"data:{field}"
    return [(str(field) if field else None, seen.said(error))]


def go(seen: Visit, address: str, said: str = "", kind: str = "done") -> RedirectResponse:
    """Send the browser on after an act, with a sentence on what happened."""
    response = RedirectResponse(address, status_code=303)
    if said:
        flash = urlsafe_b64encode(
            json.dumps({"text": said[:600], "kind": kind}, ensure_ascii=False).encode()
        ).decode()
        secure = seen.request.url.scheme == "https"
        response.set_cookie(
            FLASH_COOKIE, flash, max_age=60, httponly=True, samesite="lax", secure=secure
        )
    return response


def _flashes(request: Request) -> list[dict[str, str]]:
    raw = request.cookies.get(FLASH_COOKIE)
    if not raw:
        return []
    try:
        flash = json.loads(urlsafe_b64decode(raw))
        return [{"text": str(flash["text"]), "kind": str(flash["kind"])}]
    except (ValueError, KeyError, TypeError):
        return []


def address(path: str, **query: Any) -> str:
    """A local address with the filters that are set."""
    kept = {name: value for name, value in query.items() if value not in (None, "", [])}
    return f"{path}?{urlencode(kept)}" if kept else path


def address_of(request: Request) -> str:
    """Where the browser is; the start page where a form was sent to an address of its own."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    query = request.url.query
    return local_path(f"{request.url.path}?{query}" if query else request.url.path)


def local_path(text: str) -> str:
    """The text if it is a path of this site, else the start page: no open redirects."""
    if text.startswith("/") and not text.startswith("//") and "\\" not in text:
        return quote(text, safe="/?&=%-._~:+,@!$'()*;")
    return "/"
