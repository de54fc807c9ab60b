"""An uploaded file: a form's file or the bare XML, its name made harmless."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from api.refusals import WrongMediaType
from processes.errors import InvalidInput

_FORM = "multipart/form-data"
_XML = ("application/xml", "text/xml", "application/bpmn+xml", "application/octet-stream")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LONGEST_NAME = 255

_A_FILE: Mapping[str, Any] = {"type": "string", "format": "binary"}


def file_body(
    description: str,
    *,
    bare: str = "application/xml",
    beside: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """What OpenAPI is told of a request with a file: bare, or the field `file` of a form.

    beside: the schemas of the form's other fields.
    """
    properties = {"file": _A_FILE, **(beside or {})}
    form = {"type": "object", "required": ["file"], "properties": properties}
    content = {bare: {"schema": _A_FILE}, _FORM: {"schema": form}}
    return {"required": True, "description": description, "content": content}


def upload_body(
    description: str = (
        "A BPMN 2.0 file of at most 2,000,000 bytes: as the field `file` of a form, or bare (then "
        "its name may be told in the query parameter `file_name`)."
    ),
    *,
    beside: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """What OpenAPI is told of a route that takes an upload; beside: as in `file_body`."""
    name = {
        "name": "file_name",
        "in": "query",
        "required": False,
        "description": "Name of a file that is sent bare.",
        "schema": {"type": "string", "maxLength": _LONGEST_NAME},
    }
    return {"requestBody": file_body(description, beside=beside), "parameters": [name]}


class FileMissing(InvalidInput):
    """The form has no field `file` with a file in it."""

    code = "upload.file_missing"
    vi = "Biểu mẫu chưa kèm tệp. Chọn tệp BPMN ở trường “file”."
    en = "The form carries no file. Attach the BPMN file in the field 'file'."


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes as sent, and a name that is only ever shown."""

    data: bytes
    file_name: str


async def read_upload(request: Request) -> Upload:
    """The one file of the request; its size was bounded before (WrongMediaType, FileMissing)."""
    return (await read_uploads(request, "file"))[0]


async def read_uploads(request: Request, *names: str, kinds: Sequence[str] = _XML) -> list[Upload]:
    """The files of the request by the names of their fields, those missing left out but the first.

    kinds: of a first file that is sent bare.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in kinds:
        name = request.query_params.get("file_name", "")
        return [Upload(await request.body(), harmless_name(name))]
    if kind != _FORM:
        raise WrongMediaType(given=kind[:60] or "–", expected=", ".join((_FORM, *kinds)))
    async with request.form(max_files=len(names), max_fields=10) as form:
        files = [file for name in names if isinstance(file := form.get(name), UploadFile)]
        if not isinstance(form.get(names[0]), UploadFile):
            raise FileMissing
        return [Upload(await file.read(), harmless_name(file.filename or "")) for file in files]


async def form_texts(request: Request) -> Mapping[str, str]:
    """The text fields beside the file of a form that was read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        return {}
    form = await request.form(max_files=1, max_fields=10)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def harmless_name(name: str) -> str:
    """The last part of a file name, without what cannot be shown."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNPRINTABLE.sub("", last).strip()[-_LONGEST_NAME:] or "quy-trinh.bpmn"


Uploaded = Annotated[Upload, Depends(read_upload)]
