"""Documents as people read them: by component, older versions beneath the newest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.pages.visit import Visit
from engine.documents.reading import DocumentRecord, documents_of, may_read
from engine.documents.store import MEGABYTE
from engine.documents.taking_in import accepted_for
from processes.file_kind import USUAL_KINDS, accepted_endings, accepted_words
from processes.file_name import visible
from processes.procedure import Procedure

_KILOBYTE = 1_000


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """The newest version of a document that is there, and the older ones, latest first."""

    newest: DocumentRecord
    older: tuple[DocumentRecord, ...]


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """What a dossier's page says of its documents.

    of: component -> its documents; None where this officer may not look. accept, takes: component
    -> endings for the file field, and the same in words; usual: what most take. most_megabytes: of
    one file.
    """

    of: Mapping[str, tuple[DocumentLine, ...]] | None
    accept: Mapping[str, str]
    takes: Mapping[str, str]
    usual: str
    most_megabytes: int


def document_lines(
    seen: Visit, connection: Any, dossier_id: UUID, procedure: Procedure
) -> DocumentLines:
    """The documents of a dossier as this officer may see them."""
    may = may_read(connection, seen.actor, dossier_id)
    found = documents_of(connection, seen.actor.agency_id, dossier_id) if may else ()
    kinds = {each.code: accepted_for(each) for each in procedure.components}
    return DocumentLines(
        of=_by_component(found) if may else None,
        accept={code: accepted_endings(some) for code, some in kinds.items()},
        takes={code: accepted_words(some) for code, some in kinds.items()},
        usual=accepted_words(USUAL_KINDS),
        most_megabytes=seen.office.documents.most_bytes // MEGABYTE,
    )


def versions_of(found: Iterable[DocumentRecord], number: int) -> tuple[DocumentRecord, ...]:
    """All versions of the document, the latest first; none where the number is unknown."""
    found = tuple(found)
    first = next((each.first_number for each in found if each.number == number), None)
    same = (each for each in found if each.first_number == first)
    return tuple(sorted(same, key=lambda each: each.edition, reverse=True))


def file_words(seen: Visit) -> Mapping[str, Any]:
    """What templates need to put a file into words."""
    return {"size": lambda size: file_size(seen, size), "visible": visible}


def _by_component(found: Iterable[DocumentRecord]) -> dict[str, tuple[DocumentLine, ...]]:
    families: dict[tuple[str, int], list[DocumentRecord]] = {}
    for each in found:
        families.setdefault((each.component, each.first_number), []).append(each)
    lines: dict[str, tuple[DocumentLine, ...]] = {}
    for (component, _), versions in families.items():
        newest, *older = sorted(versions, key=lambda each: each.edition, reverse=True)
        lines[component] = (*lines.get(component, ()), DocumentLine(newest, tuple(older)))
    return lines


def file_size(seen: Visit, size: int) -> str:
    """A size as people say it: "1,2 MB"."""
    number, unit = (size / MEGABYTE, "MB") if size >= MEGABYTE else (size / _KILOBYTE, "kB")
    said = f"{number:.1f}" if number < 10 else f"{number:.0f}"  # noqa: PLR2004 - two digits
    return f"{said.replace('.', ',') if seen.language == 'vi' else said} {unit}"
