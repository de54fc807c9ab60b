"""Pages of documents as pictures, drawn when somebody looks."""

import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from engine.actor import Actor
from engine.documents.reading import PREVIEW, opened
from engine.documents.room import drawn
from engine.office import Office
from processes.errors import Unmet
from processes.file_kind import PICTURES, FileKind


class NoPreview(Unmet):
    """Files of this kind are not drawn here."""

    code = "document.no_preview"
    vi = "Không xem trước được tệp {kind}. Tải tệp về để mở."
    en = "{kind} files cannot be looked at here. Download the file to open it."


def preview_of(
    office: Office, actor: Actor, dossier_id: UUID, number: int, page: int, width: int
) -> bytes:
    """A page as PNG. Errors: NoPreview, those of `reading.opened` and of `room.drawn`."""
    record, stream = opened(office, actor, dossier_id, number, PREVIEW)
    with stream:
        if record.kind is not FileKind.PDF and record.kind not in PICTURES:
            raise NoPreview(kind=record.kind.value.upper())
        with tempfile.TemporaryDirectory(prefix="quytrinh-preview-") as folder:
            path = Path(folder) / "document"
            with path.open("wb") as copy:
                shutil.copyfileobj(stream, copy)
            return drawn(path, record.kind, page, width, record.name)
