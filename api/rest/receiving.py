"""A file's bytes as they come: written to the store's temporary file, never whole in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request

from engine.documents.store import Arriving, told_as_storage
from processes.errors import InvalidInput

_MOST_FIELDS = 20
_PIECE = 1 << 20  # written at a time, by a thread


class ConnectionCut(InvalidInput):
    """The sender was gone before the whole file had come."""

    code = "document.connection_cut"
    vi = "Kết nối bị ngắt khi đang tải tệp lên nên tệp chưa được nhận. Tải lên lại."
    en = "The connection was cut while the file was coming, so it was not taken in. Send it again."


@asynccontextmanager
async def form_with_files(request: Request, most: int) -> AsyncIterator[FormData]:
    """The request's form, at most so many files, which lie on the disk until it is over.

    Errors: ConnectionCut, StorageFull, StorageUnavailable.
    """
    try:
        with told_as_storage():
            form = await request.form(max_files=most, max_fields=_MOST_FIELDS)
    except ClientDisconnect as cut:
        raise ConnectionCut from cut
    try:
        yield form
    finally:
        await form.close()


async def receive_body(request: Request, into: Arriving) -> None:
    """The request's body is the file. Errors: ConnectionCut, and those of `Arriving.write`."""
    try:
        async for piece in _pieces(request.stream()):
            await run_in_threadpool(into.write, piece)
    except ClientDisconnect as cut:
        raise ConnectionCut from cut


async def receive_file(file: UploadFile, into: Arriving) -> None:
    """A file of a form that was read; it lies in a temporary file of the server's already."""
    while piece := await file.read(_PIECE):
        await run_in_threadpool(into.write, piece)


async def _pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytearray]:
    gathered = bytearray()
    async for chunk in stream:
        gathered += chunk
        if len(gathered) >= _PIECE:
            yield gathered
            gathered = bytearray()
    if gathered:
        yield gathered
