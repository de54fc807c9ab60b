"""Errors at the doors: one table from families to statuses, one JSON shape for every error."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.field_faults import FieldFault, field_faults
from api.lookup_gate import LookupsBusy
from api.refusals import (
    BadRequest,
    BodyTooLarge,
    DatabaseUnavailable,
    Failure,
    InvalidRequest,
    LoginsBusy,
    NoSuchAddress,
    NotReady,
    RangeNotThere,
    StateChanged,
    WrongMediaType,
    WrongMethod,
)
from engine.accounts import LoginLocked, NotLoggedIn, WrongLogin
from engine.documents.store import DocumentTooLarge, StorageFull, StorageUnavailable
from engine.lookup.pass_token import PassOver
from engine.lookup.throttle import TooManyLookups
from engine.store.database import DatabaseStopped, StaleState
from engine.store.disk_full import DatabaseFull
from processes.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleError, Unmet

MAX_BODY_BYTES = 2_000_000 + 65_536  # the largest diagram, and what a form puts around it

STATUSES: Mapping[type[RuleError], HTTPStatus] = {
    RuleError: HTTPStatus.BAD_REQUEST,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Unmet: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotLoggedIn: HTTPStatus.UNAUTHORIZED,
    WrongLogin: HTTPStatus.UNAUTHORIZED,
    LoginLocked: HTTPStatus.TOO_MANY_REQUESTS,
    LoginsBusy: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyLookups: HTTPStatus.TOO_MANY_REQUESTS,
    LookupsBusy: HTTPStatus.TOO_MANY_REQUESTS,
    PassOver: HTTPStatus.UNAUTHORIZED,
    BadRequest: HTTPStatus.BAD_REQUEST,
    DocumentTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    StorageFull: HTTPStatus.INSUFFICIENT_STORAGE,
    StorageUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    RangeNotThere: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    WrongMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    DatabaseStopped: HTTPStatus.SERVICE_UNAVAILABLE,
    DatabaseFull: HTTPStatus.INSUFFICIENT_STORAGE,
    DatabaseUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    Failure: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Status of each error: that of its nearest ancestor in this table."""

_HEADERS: Mapping[type[RuleError], Mapping[str, str]] = {
    NotLoggedIn: {"WWW-Authenticate": "Bearer"},
    WrongLogin: {"WWW-Authenticate": "Bearer"},
    LoginLocked: {"Retry-After": "300"},
    LoginsBusy: {"Retry-After": "5"},
    TooManyLookups: {"Retry-After": "900"},
    LookupsBusy: {"Retry-After": "5"},
    PassOver: {"WWW-Authenticate": "Bearer"},
    DatabaseStopped: {"Retry-After": "30"},
    DatabaseFull: {"Retry-After": "300"},
    BodyTooLarge: {"Connection": "close"},  # what is still on its way is not read
    DocumentTooLarge: {"Connection": "close"},
    StorageFull: {"Retry-After": "300"},
    StorageUnavailable: {"Retry-After": "30"},
    DatabaseUnavailable: {"Retry-After": "30"},
    NotReady: {"Retry-After": "5"},
}
_MOST_FIELDS = 50
_FOR_PROGRAMS = ("/api/", "/health/")


class Fault(BaseModel):
    """What is wrong and what to do: `code` for programs, `vi` and `en` for people."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(examples=["step.components_missing"])
    vi: str
    en: str
    facts: dict[str, Any] = Field(description="What the sentences are filled with.")
    fields: list[FieldFault] | None = Field(
        default=None, description="Which fields of the request are wrong; only for request.invalid."
    )


class ErrorAnswer(BaseModel):
    """The body of every answer that is not a success."""

    model_config = ConfigDict(extra="forbid")

    error: Fault


def status_of(error: RuleError) -> HTTPStatus:
    """The HTTP status of an error."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[RuleError]) -> HTTPStatus:
    """The HTTP status of all errors of a kind."""
    return next(STATUSES[each] for each in kind.__mro__ if each in STATUSES)


def error_answer(error: RuleError, fields: Sequence[FieldFault] = ()) -> dict[str, Any]:
    """The one JSON shape."""
    fault: dict[str, Any] = {
        "code": error.code,
        "vi": _plain(error.message("vi")),
        "en": _plain(error.message("en")),
        "facts": _plain(error.facts),
    }
    if fields:
        fault["fields"] = [_plain(field.model_dump()) for field in fields[:_MOST_FIELDS]]
    return {"error": fault}


def error_response(error: RuleError, fields: Sequence[FieldFault] = ()) -> JSONResponse:
    """The error as an HTTP answer."""
    headers: dict[str, str] = {}
    for kind in type(error).__mro__:
        headers |= _HEADERS.get(kind, {})
    if isinstance(error, RangeNotThere):
        headers["Content-Range"] = f"bytes */{error.facts['size']}"
    return JSONResponse(error_answer(error, fields), status_of(error), headers)


def respond(request: Request, error: RuleError, fields: Sequence[FieldFault] = ()) -> Response:
    """The error for whoever asked: JSON for programs, else the page that the pages' door gave."""
    page = getattr(request.app.state, "error_page", None)
    if page is None or request.url.path.startswith(_FOR_PROGRAMS):
        return error_response(error, fields)
    answer: Response = page(request, error, status_of(error), fields)
    return answer


def answer_errors(app: FastAPI) -> None:
    """Have every refusal of the rules and of the framework answered in the one shape."""
    app.add_exception_handler(RuleError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(StaleState, _on_refusal)


def refusal_of(error: RuleError | StaleState) -> RuleError:
    """What an act that was not done is told as."""
    return StateChanged() if isinstance(error, StaleState) else error


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, RuleError | StaleState)
    return respond(request, refusal_of(error))


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return respond(request, _bad_json(found))
    fields = field_faults(found)
    names = ", ".join(dict.fromkeys(field.field for field in fields[:_MOST_FIELDS]))
    return respond(request, InvalidRequest(number=len(fields), names=names), fields)


def _bad_json(found: Iterable[Mapping[str, Any]]) -> BadRequest:
    place = next(each["loc"][-1] for each in found if each["type"] == "json_invalid")
    return BadRequest(
        detail_vi=f"nội dung không phải JSON đúng chuẩn (ký tự thứ {place}).",
        detail_en=f"the body is not valid JSON (character {place}).",
    )


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = respond(request, _of_framework(request, error))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _of_framework(request: Request, error: HTTPException) -> RuleError:
    path = request.url.path[:200]
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NoSuchAddress(path=path)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return WrongMethod(path=path, method=request.method[:20])
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return BodyTooLarge(limit=MAX_BODY_BYTES)
    return BadRequest(
        detail_vi="nội dung gửi lên không đúng định dạng.", detail_en="its body is malformed."
    )


def _plain(value: Any) -> Any:
    """Facts as JSON can hold them; text that is no Unicode is made visible, not sent on."""
    if isinstance(value, Mapping):
        return {_text(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    return _text(value)


def _text(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")
