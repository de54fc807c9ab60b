"""PDF/A: whether a PDF that is brought declares it, and what is made so for keeping."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from engine.actor import Actor
from engine.documents.reading import DocumentRecord
from engine.documents.room import (
    DocumentsBusy,
    DocumentTooCostly,
    copied_for_keeping,
    drawn_for_keeping,
    looked_through,
)
from engine.dossiers.documents import QUARANTINED, FileFacts
from engine.office import Office
from processes.archival import Archival, NoCopy
from processes.file_kind import PICTURES, FileKind

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


def made_for_keeping(
    office: Office, agency_id: str, record: DocumentRecord, into: Path
) -> NoCopy | None:
    """Make a PDF/A-2b file for keeping of a picture, or of a PDF that is none; None where it was
    made, else why not. The document's own bytes stay as they are.

    Errors: NoContent, StorageUnavailable.
    """
    why = _not_copied(record)
    if why is not None:
        return why
    with tempfile.NamedTemporaryFile(prefix="quytrinh-keeping-", suffix=".original") as copy:
        with office.documents.store.open(agency_id, record.sha256) as stream:
            shutil.copyfileobj(stream, copy)
        copy.flush()
        try:
            return _made(Path(copy.name), record, into)
        except DocumentTooCostly:
            return NoCopy.COSTLY
        except DocumentsBusy:
            return NoCopy.BUSY


def _not_copied(record: DocumentRecord) -> NoCopy | None:
    if record.state == QUARANTINED:
        return NoCopy.QUARANTINED
    if record.kind in PICTURES:
        return None
    if record.kind is not FileKind.PDF:
        return NoCopy.KIND
    told = record.findings.get(ARCHIVAL)
    declared = told is not None and Archival.from_data(told).uncontradicted
    return NoCopy.DECLARES if declared else None


def _made(path: Path, record: DocumentRecord, into: Path) -> NoCopy | None:
    seconds = int(record.added_at.timestamp())
    if record.kind is FileKind.PDF:
        why = drawn_for_keeping(path, into, record.name, seconds)
        return NoCopy(why) if why else None
    made = copied_for_keeping(path, record.kind, into, record.name, seconds)
    return None if made else NoCopy.FAILED
