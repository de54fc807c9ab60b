"""Pages of documents as pictures, drawn when somebody looks."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from engine.actor import Actor
from engine.documents.reading import PREVIEW, DocumentRecord, opened
from engine.documents.room import drawn
from engine.office import Office
from processes.errors import Unmet
from processes.file_kind import PICTURES, FileKind

DRAWN_BY = 1
"""Grows when the same bytes are drawn otherwise."""


class NoPreview(Unmet):
    """Files of this kind are not drawn here."""

    code = "document.no_preview"
    vi = "Không xem trước được tệp {kind}. Tải tệp về để mở."
    en = "{kind} files cannot be looked at here. Download the file to open it."


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page that is about to be drawn, of bytes that are open."""

    record: DocumentRecord
    stream: BinaryIO
    page: int
    width: int

    def close(self) -> None:
        """It is not drawn after all."""
        self.stream.close()

    def png(self) -> bytes:
        """Draw it (those of `room.drawn`)."""
        with self.stream, tempfile.TemporaryDirectory(prefix="quytrinh-preview-") as folder:
            path = Path(folder) / "document"
            with path.open("wb") as copy:
                shutil.copyfileobj(self.stream, copy)
            return drawn(path, self.record.kind, self.page, self.width, self.record.name)


def page_of(
    office: Office, actor: Actor, dossier_id: UUID, number: int, page: int, width: int
) -> tuple[DocumentRecord, Drawing]:
    """A page of a document, to be drawn or closed; the look is written down.

    Errors: NoPreview, those of `reading.opened`.
    """
    record, stream = opened(office, actor, dossier_id, number, PREVIEW)
    if record.kind is not FileKind.PDF and record.kind not in PICTURES:
        stream.close()
        raise NoPreview(kind=record.kind.value.upper())
    return record, Drawing(record, stream, page, width)
