"""Who asks: the session behind a cookie or a bearer token, and whether our own page sent it.

Programs send `Authorization: Bearer <token>`. Browsers send the cookie; because a browser sends it
for any page that asks, a request that changes something must also come from a page of ours: its
`Origin` is our own, or it carries the session's token (`X-CSRF-Token`, or the field of a form).
"""

import secrets
import threading
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.responses import Response

from analysis.facts.kept import KeptFacts
from api.refusals import ForeignPage, LoginsBusy
from api.settings import Settings
from engine import accounts
from engine.accounts import SESSION_LENGTH, Session
from engine.actor import Actor
from engine.office import Office

CSRF_HEADER = "X-CSRF-Token"
_COOKIE = "quytrinh"
_SAFE = ("GET", "HEAD", "OPTIONS")
_AT_ONCE = 2  # password checks: each takes 64 MiB and a core for a moment
_WAITING = 8  # logins that may wait for their turn, so that they never hold all threads


class LoginGate:
    """Lets few passwords be checked at once, and few people wait for it (LoginsBusy)."""

    def __init__(self, at_once: int = _AT_ONCE, waiting: int = _WAITING) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    def log_in(self, office: Office, login: str, password: str) -> str:
        """Check the password and open a session; its token."""
        if not self._places.acquire(blocking=False):
            raise LoginsBusy
        try:
            with self._turns:
                return accounts.log_in(office.database, office.clock, login, password)
        finally:
            self._places.release()


def office_of(request: Request) -> Office:
    """The office that the application serves."""
    office: Office = request.app.state.office
    return office


def kept_facts_of(request: Request) -> KeptFacts:
    """The facts that the application keeps at hand for those who read figures."""
    kept: KeptFacts = request.app.state.facts
    return kept


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def begin_session(request: Request, login: str, password: str) -> tuple[str, Session]:
    """Log in: the token for cookie or bearer, and the session it stands for."""
    office = office_of(request)
    gate: LoginGate = request.app.state.login_gate
    token = gate.log_in(office, login, password)
    return token, _session(office, token)


def end_session(request: Request) -> None:
    """End the session of the request, everywhere at once."""
    token, _ = token_of(request)
    if token is not None:
        accounts.log_out(office_of(request).database, token)


def current_session(request: Request) -> Session:
    """The session of the request, read once (NotLoggedIn)."""
    known: Session | None = getattr(request.state, "session", None)
    if known is None:
        token, _ = token_of(request)
        known = _session(office_of(request), token)
        request.state.session = known
    return known


async def current_actor(request: Request) -> Actor:
    """Who acts, refused for pages of other sites (NotLoggedIn, ForeignPage)."""
    office, (token, _) = office_of(request), token_of(request)
    session = await office.database.looked(
        lambda connection: accounts.session(connection, office.clock, token)
    )
    require_own_page(request, session)
    return session.actor


Officer = Annotated[Actor, Depends(current_actor)]
"""Parameter of a route that only officers may call."""


async def _the_office(request: Request) -> Office:
    return office_of(request)  # a coroutine, for others are given to a thread


TheOffice = Annotated[Office, Depends(_the_office)]
TheFacts = Annotated[KeptFacts, Depends(kept_facts_of)]
"""Parameter of a route that asks the office."""


def require_own_page(request: Request, session: Session, form_token: str | None = None) -> None:
    """Refuse a change by cookie that a page of another site could have sent (ForeignPage).

    form_token: the hidden field of a form, where the page sent one.
    """
    _, way = token_of(request)
    if request.method in _SAFE or way == "bearer":
        return
    require_own_origin(request)
    given = form_token or request.headers.get(CSRF_HEADER)
    if given is not None:
        if not secrets.compare_digest(given.encode(), session.csrf_token.encode()):
            raise ForeignPage
    elif "origin" not in request.headers:
        raise ForeignPage


def require_own_origin(request: Request) -> None:
    """Refuse what a browser says comes from another site; who says nothing is no browser."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise ForeignPage
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise ForeignPage


def token_of(request: Request) -> tuple[str | None, Literal["bearer", "cookie"]]:
    """The token as sent, and by which way."""
    token = token_of_header(request.headers.get("authorization", ""))
    if token is not None:
        return token, "bearer"
    return request.cookies.get(cookie_name(settings_of(request))), "cookie"


def token_of_header(authorization: str) -> str | None:
    """The bearer token of the header, which may be empty; None where it says something else."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def cookie_name(settings: Settings) -> str:
    """The `__Host-` prefix binds the cookie to this host and HTTPS."""
    return f"__Host-{_COOKIE}" if settings.secure_cookies else _COOKIE


def set_session_cookie(response: Response, settings: Settings, token: str) -> None:
    """Have the browser keep the session; no script can read it."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _session(office: Office, token: str | None) -> Session:
    return office.database.look(
        lambda connection: accounts.session(connection, office.clock, token)
    )
