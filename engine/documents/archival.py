"""PDF/A: whether a PDF that is brought declares it, and pictures made so for keeping."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from engine.actor import Actor
from engine.documents.reading import DocumentRecord
from engine.documents.room import DocumentTooCostly, copied_for_keeping, looked_through
from engine.dossiers.documents import FileFacts
from engine.office import Office
from processes.archival import Archival
from processes.file_kind import FileKind

ARCHIVAL = "archival"
"""The name under which the findings are kept with a document."""


def look_for_archival(
    office: Office,  # noqa: ARG001 - as examiners are called
    actor: Actor,  # noqa: ARG001
    path: Path,
    facts: FileFacts,
) -> dict[str, Any] | None:
    """An examiner of uploads: refuses nothing, and says so where a file takes too long."""
    if facts.kind != FileKind.PDF.value:
        return None
    try:
        return looked_through(path, facts.name)
    except DocumentTooCostly:
        return Archival(readable=False).to_data()


def made_for_keeping(office: Office, agency_id: str, record: DocumentRecord, into: Path) -> bool:
    """Whether a picture could be made a PDF/A-2b file for keeping; its own bytes stay as they are.

    Errors: NoContent, StorageUnavailable, DocumentsBusy.
    """
    with tempfile.NamedTemporaryFile(prefix="quytrinh-keeping-", suffix=".picture") as copy:
        with office.documents.store.open(agency_id, record.sha256) as stream:
            shutil.copyfileobj(stream, copy)
        copy.flush()
        seconds = int(record.added_at.timestamp())
        try:
            return copied_for_keeping(Path(copy.name), record.kind, into, record.name, seconds)
        except DocumentTooCostly:
            return False
