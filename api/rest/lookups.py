"""The public door: a dossier looked up by code and secret, and what is missing sent to it.

No login: who has the slip may. Neither is told which dossiers exist (docs/reference/lookup.md).
"""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.identity import TheOffice, require_own_origin, token_of_header
from api.lookup_gate import look_up_for
from api.rest.bodies import Body, Key
from api.rest.documents import Component, FileName
from api.rest.lookup_answer import LookupAnswer, lookup_answer
from api.rest.receiving import form_with_files, receive_body, receive_file
from api.rest.uploads import FileMissing, file_body
from engine.documents.store import Arriving
from engine.lookup.bringing import bring, look_before_bringing
from engine.lookup.looking import look_again
from engine.office import Office

router = APIRouter(prefix="/public/lookups", tags=["public"])
_FORM = "multipart/form-data"
_NAMELESS = "giay-to"
_FILE = {
    "requestBody": file_body(
        "The file: bare (its name in `file_name`), or as the field `file` of a form.",
        bare="application/octet-stream",
    )
}
PassHeader = Annotated[
    str, Header(alias="Authorization", max_length=600, description="`Bearer` and the token.")
]


class LookupBody(Body):
    """What stands on the receipt; both as people type them."""

    code: Annotated[str, Field(max_length=200)]
    secret: Annotated[str, Field(max_length=100)]


@router.post("", summary="Tra cứu hồ sơ / look up a dossier")
def post_lookup(request: Request, body: LookupBody) -> LookupAnswer:
    """Where the dossier stands, what is missing, and a token for sending it.

    One answer (`lookup.wrong`) for codes that nobody has and for wrong secrets; too many tries of a
    code or from an address rest for 15 minutes (429). Every look is written down.
    """
    require_own_origin(request)
    return lookup_answer(look_up_for(request, body.code, body.secret))


@router.post(
    "/files", status_code=201, openapi_extra=_FILE, summary="Gửi giấy tờ còn thiếu / send a file"
)
async def post_file(
    request: Request,
    office: TheOffice,
    component: Component,
    authorization: PassHeader = "",
    file_name: FileName = "",
    key: Key = None,
) -> LookupAnswer:
    """Send a file for a component that is asked for; it waits until a clerk accepts it.

    Needs the token of a look-up as `Authorization: Bearer`. Files are examined as officers' are.
    """
    require_own_origin(request)
    token = token_of_header(authorization) or ""
    stated = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    size = int(stated) if kind != _FORM and stated.isdecimal() else None
    known = await run_in_threadpool(look_before_bringing, office, token, component, size, key)

    def sent(arrived: Arriving, name: str) -> LookupAnswer:
        bring(office, known, component, name, arrived, key=key)
        return lookup_answer(look_again(office, token))

    if kind != _FORM:
        with _arriving(office) as arrived:
            await receive_body(request, arrived)
            return await run_in_threadpool(sent, arrived, file_name or _NAMELESS)
    async with form_with_files(request, 1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise FileMissing
        with _arriving(office) as arrived:
            await receive_file(file, arrived)
            name = file_name or file.filename or _NAMELESS
            return await run_in_threadpool(sent, arrived, name)


def _arriving(office: Office) -> Arriving:
    return office.documents.store.arrive(office.documents.most_bytes)
