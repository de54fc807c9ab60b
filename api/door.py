"""The outermost door: headers for every answer, a cap on what comes in, an answer to everything."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import respond
from api.refusals import BadRequest, DatabaseUnavailable, Failure
from api.upload_limit import UploadLimit
from engine.store.condition import UNAVAILABLE
from processes.errors import RuleError

_log = logging.getLogger("quytrinh.door")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_TRANSPORT_SECURITY = "max-age=31536000"
_UNREADABLE = ("%00", "\x00")
_UNREADABLE_DETAIL = {
    "detail_vi": "địa chỉ có ký tự NUL.",
    "detail_en": "its address contains a NUL character.",
}


class Door:
    """Wraps the application.

    secure: whether browsers reach us by HTTPS only. limit: of what comes in. incident_id: gives an
    id under which an unforeseen failure is logged and told; nothing else of it is told.
    """

    def __init__(
        self, app: ASGIApp, *, secure: bool, limit: UploadLimit, incident_id: Callable[[], str]
    ) -> None:
        self._app = app
        self._limit = limit
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        if secure:
            headers["Strict-Transport-Security"] = _TRANSPORT_SECURITY
        self._headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers.items()
        ]
        self._incident_id = incident_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add_headers(message)
            await send(message)

        refusal = _refusal(scope, self._limit)
        if refusal is not None:
            response = respond(Request(scope), refusal)
            response.headers["Connection"] = "close"  # what is still on its way is not read
            await response(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, _capped(receive, self._limit.of(scope)), send_with_headers)
        except Exception as error:
            fault = self._fault(scope, error)
            if started:
                raise
            await respond(Request(scope), fault)(scope, receive, send_with_headers)

    def _fault(self, scope: Scope, error: Exception) -> RuleError:
        incident = self._incident_id()
        route = getattr(scope.get("route"), "path", "unknown route")  # no ids, no names of people
        _log.error("incident %s at %s %s", incident, scope["method"], route, exc_info=error)
        if isinstance(error, UNAVAILABLE):
            return DatabaseUnavailable(id=incident)
        return Failure(id=incident)

    def _add_headers(self, message: Message) -> None:
        """Where the application says something else of a header, that stands."""
        own = message["headers"]
        said = {name for name, _ in own}
        message["headers"] = [*own, *(each for each in self._headers if each[0] not in said)]


def _refusal(scope: Scope, limit: UploadLimit) -> RuleError | None:
    """Why the request is not let in at all, if so."""
    if _UNREADABLE[0].encode() in scope.get("query_string", b"") or _UNREADABLE[1] in scope["path"]:
        return BadRequest(**_UNREADABLE_DETAIL)
    stated = next(
        (value.decode("latin-1") for name, value in scope["headers"] if name == b"content-length"),
        "0",
    )
    if not stated.isdecimal() or int(stated) > limit.of(scope):
        return limit.refusal(scope)
    return None


def _capped(receive: Receive, most: int) -> Receive:
    """Bodies that do not say how long they are, are cut off where they are too long."""
    size = 0

    async def receive_capped() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive_capped
