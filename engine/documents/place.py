"""What an office has for documents: their place, how large they may be, who looks for viruses."""

from dataclasses import dataclass, field

from engine.documents.scanner import Scanner
from engine.documents.store import MEGABYTE, DocumentStore, Nowhere


@dataclass(frozen=True, slots=True)
class Documents:
    """most_bytes: of one file; most_dossier_bytes: of all files of a dossier, old versions too.

    scanner: None where the office has none; with one, nothing counts that it has not passed.
    """

    store: DocumentStore = field(default_factory=Nowhere)
    most_bytes: int = 50 * MEGABYTE
    most_dossier_bytes: int = 500 * MEGABYTE
    scanner: Scanner | None = None


NO_DOCUMENTS = Documents()
