"""The OpenAPI document: who may call, and the errors that each route can answer with."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import ErrorAnswer
from api.identity import CSRF_HEADER, cookie_name
from api.settings import Settings

_DESCRIPTION = f"""
Quy trình nội bộ: tiếp nhận, xử lý, trả kết quả hồ sơ theo sơ đồ BPMN, có thời hạn và thành phần
hồ sơ bắt buộc. / Internal procedures of public offices: dossiers move along BPMN diagrams, with
time limits and required components enforced.

Log in at `POST /api/v1/login`; send the token as `Authorization: Bearer`. With the cookie instead,
changes also need the header `{CSRF_HEADER}` (from `GET /api/v1/me`) or an `Origin` of our own.
Times are ISO 8601 with their zone; `..._ws` are working seconds. Every error has the shape
`ErrorAnswer`; its `code` is stable, docs/reference/errors.md lists all.
"""
_MEANINGS = {
    "400": "The request cannot be read (no JSON, malformed body, NUL in the address).",
    "401": "Not logged in, or login or password is wrong.",
    "403": "This officer may not do this, or a page of another site sent it.",
    "404": "Not there, or not of the officer's agency.",
    "409": "The state has moved on: done already, held by a colleague, key used before.",
    "413": "The body is too large.",
    "415": "The body is of a kind that is not taken here.",
    "416": "The part of the file that was asked for lies behind its end.",
    "422": "A field is wrong (`request.invalid` lists them), or a condition is not met yet.",
    "429": "Too many wrong passwords or look-ups, or too many of them at once.",
    "500": "Something unforeseen; `facts.id` is in the server's log.",
    "503": "The database does not answer, or the server is stopping.",
    "507": "The disk of the database is full; nothing was changed.",
}
_METHODS = ("get", "post", "put", "patch", "delete")
_LOGIN = "/api/v1/login"
_LOOKUP = "/api/v1/public/lookups"
_SEND = f"{_LOOKUP}/files"
_NAMING = ("/dossiers", "/dossiers/quick", "/applicants/look-up")  # the body names a procedure
_ERROR = {"$ref": "#/components/schemas/ErrorAnswer"}
_FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI, settings: Settings) -> None:
    """Have the application publish its document with security and errors stated."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, settings)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _document(app: FastAPI, settings: Settings) -> dict[str, Any]:
    written = get_openapi(
        title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes
    )
    schemas = written["components"]["schemas"]
    for name in _FRAMEWORKS_OWN:
        schemas.pop(name, None)
    error = ErrorAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(error.pop("$defs"))
    schemas["ErrorAnswer"] = error
    written["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": cookie_name(settings)},
    }
    for path, operations in written["paths"].items():
        for method in _METHODS:
            if method in operations:
                _state_errors(path, method, operations[method])
    return written


def _state_errors(path: str, method: str, operation: dict[str, Any]) -> None:
    if path == _SEND:
        operation["security"] = [{"bearer": []}]  # the token of the look-up
    elif path.startswith("/api/") and path not in (_LOGIN, _LOOKUP):
        operation["security"] = [{"bearer": []}, {"cookie": []}]
    operation["responses"].pop("422", None)
    for status in _errors_of(path, method, operation):
        operation["responses"][status] = {
            "description": _MEANINGS[status],
            "content": {"application/json": {"schema": _ERROR}},
        }
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _errors_of(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    if not path.startswith("/api/"):
        yield from ("503",) if path.endswith("/ready") else ()
        return
    yield from ("400", "401", "500", "503")
    body = operation.get("requestBody")
    if method != "get":
        yield from ("403", "507")
    if "{" in path or path.endswith(_NAMING):
        yield "404"
    if method != "get" and path not in (_LOGIN, _LOOKUP):
        yield "409"
    if body is not None:
        yield "413"
        if "multipart/form-data" in body["content"]:
            yield "415"
    if "206" in operation["responses"]:
        yield "416"
    if body is not None or operation.get("parameters"):
        yield "422"
    if path in (_LOGIN, _LOOKUP):
        yield "429"
