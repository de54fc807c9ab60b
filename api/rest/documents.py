"""Documents of a dossier: brought, listed, downloaded, looked at, replaced, removed."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, BinaryIO
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.byte_range import entity_tag, is_known, portion_asked
from api.identity import Officer, TheOffice
from api.refusals import WrongMediaType
from api.rest.answer import Answer
from api.rest.bodies import Key, ReasonBody
from api.rest.dossier_path import DossierId, find_dossier
from api.rest.receiving import form_with_files, receive_body, receive_file
from api.rest.uploads import FileMissing, file_body
from api.upload_limit import FILES_AT_ONCE
from engine.accounts import names
from engine.actor import Actor
from engine.documents.previews import DRAWN_BY, page_of
from engine.documents.reading import (
    DOWNLOAD,
    DocumentRecord,
    accesses_of,
    documents_of,
    opened,
    require_reader,
)
from engine.documents.taking_in import Offered, Taken, look_before, take_in, take_in_scans, take_out
from engine.dossiers.outcome import Outcome
from engine.office import Office
from processes.data_entry import is_storable
from processes.errors import InvalidInput
from processes.file_kind import FileKind
from processes.file_name import ascii_name

router = APIRouter(prefix="/dossiers/{dossier}/documents", tags=["documents"])

_FORM = "multipart/form-data"
_BARE = "application/octet-stream"
_PIECE = 1 << 18
_NAMELESS = "tai-lieu"
ATTACHED = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
"""Headers of bytes that a stranger made: never a page of ours, never guessed at, never kept."""
_KEPT = {**ATTACHED, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
"""Of pictures of them: kept by the viewer's own browser, and asked for again before each look."""

Number = Annotated[int, Path(ge=1, lt=2**31, description="Number of the document.")]
Component = Annotated[str, Query(min_length=1, max_length=80, description="Code of the component.")]
FileName = Annotated[str, Query(max_length=1000, description="Name of a file that is sent bare.")]


class UnusableText(InvalidInput):
    """A text that cannot be kept."""

    code = "document.unusable_text"
    vi = "Mã thành phần có ký tự không dùng được."
    en = "The component's code has characters that cannot be used."


class DocumentAnswer(Answer):
    """A document; number: within the dossier. name: safe to use; given_name: as it was sent.

    edition: 1 for the first version of a document, first_number its number. findings: what
    examiners found. state: current | replaced | quarantined.
    """

    number: int
    first_number: int
    edition: int
    component: str
    name: str
    given_name: str
    sha256: str
    size: int
    kind: FileKind
    pages: int | None
    findings: dict[str, Any]
    state: str
    added_at: datetime
    added_by: UUID
    replaced_at: datetime | None


class TakenAnswer(Answer):
    """The dossier after the act, and the document; null where it was removed meanwhile."""

    outcome: Outcome
    document: DocumentAnswer | None


class DocumentsAnswer(Answer):
    documents: list[DocumentAnswer]


class AccessAnswer(Answer):
    """Who looked at what; way: download | preview | reuse, lookup (the citizen, number 0)."""

    number: int
    name: str
    account_id: UUID
    by: str
    at: datetime
    way: str


class AccessesAnswer(Answer):
    accesses: list[AccessAnswer]


_UPLOAD: dict[str, Any] = {
    "requestBody": file_body(
        "The file: bare (its name in `file_name`), or as the field `file` of a form. What it is, "
        "is found out by its content. Headers of its own kind are not looked at.",
        bare=_BARE,
    )
}
_SCANS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Pictures of pages in their order, each as a field `file` of a form.",
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}


@router.get("", summary="Danh sách tài liệu / list documents")
def get_documents(office: TheOffice, actor: Officer, dossier: DossierId) -> DocumentsAnswer:
    """All documents, older versions too; for who has or had the dossier in hand."""
    dossier_id = find_dossier(office, actor, dossier)
    with office.database.read() as connection:
        require_reader(connection, actor, dossier_id)
        found = documents_of(connection, actor.agency_id, dossier_id)
    return DocumentsAnswer(documents=[document_answer(each) for each in found])


@router.get("/accesses", summary="Ai đã xem tài liệu / who looked at documents")
def get_accesses(office: TheOffice, actor: Officer, dossier: DossierId) -> AccessesAnswer:
    """The last 500 looks at the dossier's documents, the latest first."""
    dossier_id = find_dossier(office, actor, dossier)
    with office.database.read() as connection:
        found = accesses_of(connection, actor, dossier_id)
        people = names(connection, actor.agency_id)
    return AccessesAnswer(
        accesses=[
            AccessAnswer(
                number=each.number,
                name=each.name,
                account_id=each.account_id,
                by=people.get(each.account_id, "–"),
                at=each.at,
                way=each.way,
            )
            for each in found
        ]
    )


@router.post("", status_code=201, openapi_extra=_UPLOAD, summary="Thêm tài liệu / add a document")
async def post_document(
    request: Request,
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    component: Component,
    file_name: FileName = "",
    key: Key = None,
) -> TakenAnswer:
    """Add a file to a component; for who handles or received the dossier."""
    return await _brought(request, office, actor, dossier, component, file_name, None, key)


@router.post(
    "/scans", status_code=201, openapi_extra=_SCANS, summary="Ghép ảnh thành PDF / bind scans"
)
async def post_scans(
    request: Request,
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    component: Component,
    file_name: FileName = "",
    key: Key = None,
) -> TakenAnswer:
    """Bind pictures (JPEG, PNG, TIFF, WEBP) into one PDF and add that."""
    _require_form(request)
    offered = await _offered(office, actor, dossier, component, file_name, None)
    await run_in_threadpool(look_before, office, actor, offered, None, key)
    async with form_with_files(request, FILES_AT_ONCE) as form:
        files = [each for each in form.getlist("file") if isinstance(each, UploadFile)]
        taken = await bring_scans(office, actor, offered, files, key)
    return taken_answer(taken)


@router.post(
    "/{number}/versions",
    status_code=201,
    openapi_extra=_UPLOAD,
    summary="Thay bằng bản mới / replace by a new version",
)
async def post_version(
    request: Request,
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    number: Number,
    file_name: FileName = "",
    key: Key = None,
) -> TakenAnswer:
    """Put a new version in the document's place; the older one is kept and shown."""
    return await _brought(request, office, actor, dossier, "", file_name, number, key)


@router.post("/{number}/remove", summary="Xóa tài liệu / remove a document")
def post_remove(
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    number: Number,
    body: ReasonBody,
    key: Key = None,
) -> Outcome:
    """Really delete it; the journal keeps its hash, by whom and why."""
    dossier_id = find_dossier(office, actor, dossier)
    return take_out(office, actor, dossier_id, number, body.reason, key=key)


@router.get(
    "/{number}/content",
    response_class=Response,
    responses={
        200: {"content": {_BARE: {}}, "description": "The file, as an attachment."},
        206: {"content": {_BARE: {}}, "description": "The part that was asked for."},
    },
    summary="Tải tài liệu về / download",
)
def get_content(
    request: Request, office: TheOffice, actor: Officer, dossier: DossierId, number: Number
) -> Response:
    """The file as it was brought, or a part of it; each download is written down.

    `Range` with `If-Range` goes on with a download that broke off; the `ETag` is the SHA-256.
    """
    return download(request, office, actor, find_dossier(office, actor, dossier), number)


@router.get(
    "/{number}/preview",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": "A page as a picture."},
        206: {"content": {"image/png": {}}, "description": "The part that was asked for."},
        304: {"description": "The viewer has this very picture."},
    },
    summary="Xem trước một trang / look at a page",
)
def get_preview(
    request: Request,
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    number: Number,
    page: Annotated[int, Query(ge=1, le=10_000, description="From 1.")] = 1,
    width: Annotated[int, Query(ge=16, le=2_000, description="At most, in pixels.")] = 1_000,
) -> Response:
    """A page of a PDF or picture as PNG; each look is written down."""
    return look(request, office, actor, find_dossier(office, actor, dossier), number, page, width)


def download(
    request: Request, office: Office, actor: Actor, dossier_id: UUID, number: int
) -> Response:
    """The bytes of a document, in pieces: all of them, or the part that is asked for."""
    record, stream = opened(office, actor, dossier_id, number, DOWNLOAD)
    tag = entity_tag(record.sha256)
    try:
        portion = portion_asked(request.headers, tag, record.size)
        if portion.first:
            stream.seek(portion.first)
    except BaseException:
        stream.close()
        raise
    headers = {
        **ATTACHED,
        **portion.headers,
        "Content-Disposition": attachment(record.name),
        "ETag": tag,
    }
    kind = record.kind.media_type
    return StreamingResponse(_pieces(stream, portion.number), portion.status, headers, kind)


def look(
    request: Request,
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    page: int,
    width: int,
) -> Response:
    """A page as PNG; nothing of it where the viewer has this very picture."""
    record, drawing = page_of(office, actor, dossier_id, number, page, width)
    tag = entity_tag(f"{record.sha256}-{DRAWN_BY}-{page}-{width}")
    if is_known(request.headers, tag):
        drawing.close()
        return Response(status_code=304, headers={**_KEPT, "ETag": tag})
    picture = drawing.png()
    portion = portion_asked(request.headers, tag, len(picture))
    part = picture[portion.first : portion.first + portion.number]
    headers = {**_KEPT, **portion.headers, "ETag": tag}
    return Response(part, portion.status, headers, "image/png")


def attachment(name: str) -> str:
    """A header that has browsers save the file under its name (RFC 6266)."""
    return f"attachment; filename=\"{ascii_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def document_answer(record: DocumentRecord) -> DocumentAnswer:
    return DocumentAnswer.model_validate(record)


def taken_answer(taken: Taken) -> TakenAnswer:
    known = None if taken.document is None else document_answer(taken.document)
    return TakenAnswer(outcome=taken.outcome, document=known)


async def bring_scans(
    office: Office, actor: Actor, offered: Offered, files: list[UploadFile], key: str | None
) -> Taken:
    """Pictures of a form that was read, bound and taken in (FileMissing)."""
    if not files:
        raise FileMissing
    store, most = office.documents.store, office.documents.most_bytes
    with ExitStack() as open_files:
        arrived = [open_files.enter_context(store.arrive(most)) for _ in files]
        for file, into in zip(files, arrived, strict=True):
            await receive_file(file, into)
        return await run_in_threadpool(
            lambda: take_in_scans(office, actor, offered, arrived, key=key)
        )


async def bring_file(
    office: Office, actor: Actor, offered: Offered, file: UploadFile, key: str | None
) -> Taken:
    """One file of a form that was read, taken in."""
    with office.documents.store.arrive(office.documents.most_bytes) as arrived:
        await receive_file(file, arrived)
        return await run_in_threadpool(lambda: take_in(office, actor, offered, arrived, key=key))


async def _brought(
    request: Request,
    office: Office,
    actor: Actor,
    dossier: str,
    component: str,
    file_name: str,
    replaces: int | None,
    key: str | None,
) -> TakenAnswer:
    offered = await _offered(office, actor, dossier, component, file_name, replaces)
    stated = request.headers.get("content-length", "")
    bare = not _kind_of(request).startswith(_FORM)
    size = int(stated) if bare and stated.isdecimal() else None
    await run_in_threadpool(look_before, office, actor, offered, size, key)
    if bare:
        with office.documents.store.arrive(office.documents.most_bytes) as arrived:
            await receive_body(request, arrived)
            taken = await run_in_threadpool(
                lambda: take_in(office, actor, offered, arrived, key=key)
            )
        return taken_answer(taken)
    async with form_with_files(request, 1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise FileMissing
        named = replace(offered, name=file_name or file.filename or _NAMELESS)
        return taken_answer(await bring_file(office, actor, named, file, key))


async def _offered(
    office: Office,
    actor: Actor,
    dossier: str,
    component: str,
    file_name: str,
    replaces: int | None,
) -> Offered:
    if not is_storable(component):
        raise UnusableText
    dossier_id = await run_in_threadpool(find_dossier, office, actor, dossier)
    return Offered(dossier_id, component, file_name or _NAMELESS, replaces)


def _require_form(request: Request) -> None:
    if not _kind_of(request).startswith(_FORM):
        raise WrongMediaType(given=_kind_of(request)[:60] or "–", expected=_FORM)


def _kind_of(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _pieces(stream: BinaryIO, number: int) -> Iterator[bytes]:
    """So many bytes from where the stream stands."""
    with stream:
        while number and (piece := stream.read(min(_PIECE, number))):
            number -= len(piece)
            yield piece
