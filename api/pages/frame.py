"""What every page shares: the officer, the language, the frame, forms that cannot be forged."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData, UploadFile

from api.assets import read_assets
from api.errors import status_of
from api.identity import current_session, office_of, require_own_page
from engine.accounts import Session
from engine.actor import Actor
from engine.clock import Clock
from engine.office import Office
from processes.errors import InvalidInput, Language, RuleError

FOLDER = Path(__file__).parents[1] / "web" / "templates"
LANGUAGE_COOKIE = "language"
FLASH_COOKIE = "flash"
_MOST_FIELDS = 2_000


class BadId(InvalidInput):
    """An address with something that is no id."""

    code = "address.bad_id"
    vi = "Địa chỉ không đúng. Mở lại từ danh sách."
    en = "The address is not right. Open it again from the list."


@dataclass(frozen=True)
class Visit:
    """One request to a page: who, in which language, with which office at hand."""

    request: Request
    session: Session
    language: Language

    @property
    def actor(self) -> Actor:
        return self.session.actor

    @property
    def office(self) -> Office:
        return office_of(self.request)

    @property
    def clock(self) -> Clock:
        return self.office.clock

    def t(self, vi: str, en: str) -> str:
        """The text in the visitor's language."""
        return vi if self.language == "vi" else en

    def said(self, error: RuleError) -> str:
        return error.message(self.language)


def language_of(request: Request) -> Language:
    """Chosen before, else what the browser prefers, else Vietnamese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("vi", "en"):
        return "en" if chosen == "en" else "vi"
    preferred = request.headers.get("accept-language", "")[:2].lower()
    return "en" if preferred == "en" else "vi"


def visit(request: Request, session: Annotated[Session, Depends(current_session)]) -> Visit:
    """The visit of a logged-in officer; others are sent to the login page."""
    return Visit(request, session, language_of(request))


Visiting = Annotated[Visit, Depends(visit)]


@dataclass(frozen=True)
class Entered:
    """A posted form."""

    fields: FormData

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name, default)
        return value if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        return [value for value in self.fields.getlist(name) if isinstance(value, str)]

    def starting(self, prefix: str) -> dict[str, str]:
        """Fields whose names begin so, by the rest of the name."""
        return {
            name[len(prefix) :]: value
            for name, value in self.fields.items()
            if name.startswith(prefix) and isinstance(value, str)
        }

    def file(self, name: str) -> UploadFile | None:
        value = self.fields.get(name)
        return value if isinstance(value, UploadFile) else None


async def entered(
    request: Request, session: Annotated[Session, Depends(current_session)]
) -> Entered:
    """The posted form, if it carries the session's token."""
    fields = await request.form(max_fields=_MOST_FIELDS)
    token = fields.get("csrf_token")
    require_own_page(request, session, token if isinstance(token, str) else "")
    return Entered(fields)


Posted = Annotated[Entered, Depends(entered)]


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
    errors: list[tuple[str | None, str]] | None = None,
    **context: Any,
) -> HTMLResponse:
    """Draw a page in the frame; `errors` are (field name or None, sentence)."""
    response = _templates().TemplateResponse(
        seen.request,
        template,
        {
            "officer": seen.actor,
            "login": seen.session.login,
            "lang": seen.language,
            "t": seen.t,
            "csrf_token": seen.session.csrf_token,
            "nav": nav,
            "flashes": _flashes(seen.request),
            "errors": errors or [],
            **context,
        },
        status_code=status,
    )
    response.headers["Cache-Control"] = "no-store"
    response.delete_cookie(FLASH_COOKIE)
    return response


def bare_page(
    request: Request, template: str, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """Draw a page for somebody who is not logged in."""
    language = language_of(request)
    response = _templates().TemplateResponse(
        request,
        template,
        {
            "officer": None,
            "lang": language,
            "t": lambda vi, en: vi if language == "vi" else en,
            "csrf_token": "",
            "nav": "",
            "flashes": _flashes(request),
            "errors": [],
            "entered": "",
            "next": "/",
            **context,
        },
        status_code=status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(
    seen: Visit, error: RuleError, template: str, *, nav: str = "", **context: Any
) -> HTMLResponse:
    """The page again with what stood against the act on top."""
    field = error.facts.get("field")
    errors = [(str(field) if field else None, seen.said(error))]
    return page(seen, template, nav=nav, status=status_of(error), errors=errors, **context)


def go(seen: Visit, address: str, said: str = "", kind: str = "done") -> RedirectResponse:
    """Send the browser on after an act, with a sentence on what happened."""
    response = RedirectResponse(address, status_code=303)
    if said:
        flash = urlsafe_b64encode(json.dumps({"text": said[:600], "kind": kind}).encode()).decode()
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


def id_of(text: str) -> UUID:
    """The id in an address."""
    try:
        return UUID(text)
    except ValueError:
        raise BadId from None


def address(path: str, **query: Any) -> str:
    """A local address with the filters that are set."""
    kept = {name: value for name, value in query.items() if value not in (None, "", [])}
    return f"{path}?{urlencode(kept)}" if kept else path


def local_path(text: str) -> str:
    """The text if it is a path of this site, else the start page: no open redirects."""
    if text.startswith("/") and not text.startswith("//") and "\\" not in text:
        return quote(text, safe="/?&=%-._~")
    return "/"
