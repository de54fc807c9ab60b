"""The short way: well-formed commands that are sent all day are led past the framework.

Reading one with the framework costs as much as the command itself. A request that says what it must
in the plainest form (bearer token, JSON, at most one key) is read here and given to the function
that the published route calls as well; who asks is read in the transaction of the command. Whatever
is unusual or wrong goes the usual way, body included, and is answered there.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refusal_of, respond
from api.identity import token_of_header
from api.rest.bodies import KEY_PATTERN, Body
from api.rest.step_acts import CompletionBody, claimed, completed
from engine.accounts import Bearer
from engine.dossiers.step_asked import Who
from engine.office import Office
from engine.store.database import StaleState
from processes.errors import RuleError

SMALLEST_COMPRESSED = 1024
"""Answers of so many bytes are compressed for who takes that."""

Act = Callable[[Office, Who, UUID, Any, str | None], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command on a step: its published address, the body it takes, and what does it."""

    path: str
    body: type[Body] | None
    act: Act


COMMANDS = {
    "claim": Command("/api/v1/steps/{step_run_id}/claim", None, claimed),
    "complete": Command("/api/v1/steps/{step_run_id}/complete", CompletionBody, completed),
}
"""By the last word of their address."""

_ADDRESS = re.compile(r"/api/v1/steps/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([a-z]+)")
_KEY = re.compile(KEY_PATTERN)
_READ = frozenset((b"authorization", b"content-type", b"content-length", b"idempotency-key"))
_UNUSUAL = b"transfer-encoding"  # a body that does not say beforehand how long it is
_JSON = (b"application/json", b"application/json; charset=utf-8")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the head of a request asks for."""

    command: Command
    step_run_id: UUID
    token: str
    key: str | None


class ShortWay:
    """Wraps the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope) if scope["type"] == "http" else None
        if asked is None:
            await self._app(scope, receive, send)
            return
        body: Body | None = None
        if asked.command.body is not None:
            messages = await _whole(receive)
            body = _body(asked.command.body, messages)
            if body is None:
                await self._app(scope, _again(messages, receive), send)
                return
        scope["route"] = asked.command  # where the door looks for the address of a failure
        answer = await _answer(scope, asked, body)
        if len(answer.body) < SMALLEST_COMPRESSED:
            await answer(scope, receive, send)
        else:
            await GZipMiddleware(answer, SMALLEST_COMPRESSED)(scope, receive, send)


async def _answer(scope: Scope, asked: _Asked, body: Body | None) -> Response:
    office: Office = scope["app"].state.office
    who = Bearer(office.clock, asked.token)
    try:
        return await asked.command.act(office, who, asked.step_run_id, body, asked.key)
    except (RuleError, StaleState) as error:
        return respond(Request(scope), refusal_of(error))


def _asked(scope: Scope) -> _Asked | None:
    """What is asked for, where nothing in the head of the request is unusual."""
    if scope["method"] != "POST" or scope["query_string"] or scope.get("root_path"):
        return None
    address = _ADDRESS.fullmatch(scope["path"])
    command = None if address is None else COMMANDS.get(address[2])
    stated = None if command is None else _stated(scope["headers"])
    if address is None or command is None or stated is None:
        return None
    token = token_of_header(stated.get(b"authorization", b"").decode("latin-1"))
    if not token or (command.body is not None and not _states_json(stated)):
        return None
    key = stated.get(b"idempotency-key")
    if key is None:
        return _Asked(command, UUID(address[1]), token, None)
    text = key.decode("latin-1")
    return _Asked(command, UUID(address[1]), token, text) if _KEY.fullmatch(text) else None


def _stated(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes] | None:
    """The headers that are read here; None where one is stated twice, or an unusual one."""
    stated: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _READ:
            if name in stated:
                return None
            stated[name] = value
        elif name == _UNUSUAL:
            return None
    return stated


def _states_json(stated: dict[bytes, bytes]) -> bool:
    return stated.get(b"content-type") in _JSON and b"content-length" in stated


async def _whole(receive: Receive) -> list[Message]:
    """All messages that the body came in; the last may tell that the sender has gone."""
    messages = [await receive()]
    while messages[-1].get("more_body", False):
        messages.append(await receive())
    return messages


def _body(kind: type[Body], messages: list[Message]) -> Body | None:
    """What was sent; None where it is not all there, or not what is taken."""
    if messages[-1]["type"] != "http.request":
        return None
    try:
        return kind.of_json(b"".join(message.get("body", b"") for message in messages))
    except (ValidationError, ValueError, RecursionError):
        return None


def _again(messages: list[Message], receive: Receive) -> Receive:
    """The same messages once more, then those that follow."""
    waiting = iter(messages)

    async def receive_again() -> Message:
        return next(waiting, None) or await receive()

    return receive_again
