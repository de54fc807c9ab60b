"""Reading documents: who may, what is there, the bytes themselves; each look is written down.

Whoever had the dossier in hand may read what is in it: who received it, who holds a position of one
of its steps in that step's unit, and heads. Others of the agency see the dossier without its files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import Connection, insert, select

from engine.actor import Actor, Role
from engine.dossiers.documents import CURRENT, QUARANTINED, NoSuchDocument
from engine.dossiers.refusals import NoSuchDossier
from engine.office import Office
from engine.store.tables import document, document_access, dossier, step_run
from processes.errors import NotAllowed, Unmet
from processes.file_kind import FileKind

DOWNLOAD, PREVIEW = "download", "preview"
_MOST_ACCESSES = 500


class NotYourDocuments(NotAllowed):
    """This officer has nothing to do with the dossier."""

    code = "document.not_yours"
    vi = (
        "Bạn không xem được tài liệu của hồ sơ này: chỉ người tiếp nhận, người giữ vị trí của một "
        "bước trong hồ sơ và lãnh đạo."
    )
    en = (
        "You may not look at the documents of this dossier: who received it may, who holds a "
        "position of one of its steps, and heads."
    )


class InQuarantine(Unmet):
    """No scanner has passed it yet."""

    code = "document.in_quarantine"
    vi = "Tài liệu “{name}” đang chờ quét mã độc nên chưa mở được. Thử lại sau ít phút."
    en = "'{name}' waits for the virus scanner, so it cannot be opened yet. Try again later."


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as it is listed. number: within the dossier; edition: 1 for the first version."""

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
    findings: Mapping[str, Any]
    state: str
    added_at: datetime
    added_by: UUID
    replaced_at: datetime | None

    @property
    def current(self) -> bool:
        return self.state == CURRENT


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody's look at a document."""

    number: int
    name: str
    account_id: UUID
    at: datetime
    way: str


def documents_of(
    connection: Connection, agency_id: str, dossier_id: UUID
) -> tuple[DocumentRecord, ...]:
    """All documents of a dossier in the order they came; for who may read them."""
    rows = connection.execute(
        select(document)
        .where(document.c.agency_id == agency_id, document.c.dossier_id == dossier_id)
        .order_by(document.c.number)
    )
    return tuple(_record(row) for row in rows)


def may_read(connection: Connection, actor: Actor, dossier_id: UUID) -> bool:
    """Whether the actor may look at the dossier's documents (NoSuchDossier)."""
    row = connection.execute(
        select(dossier.c.received_by).where(
            dossier.c.agency_id == actor.agency_id, dossier.c.dossier_id == dossier_id
        )
    ).one_or_none()
    if row is None:
        raise NoSuchDossier(dossier=dossier_id)
    if Role.HEAD in actor.roles or row.received_by == actor.account_id:
        return True
    runs = connection.execute(
        select(step_run.c.position, step_run.c.unit)
        .where(step_run.c.agency_id == actor.agency_id, step_run.c.dossier_id == dossier_id)
        .distinct()
    )
    return any(run.position is not None and actor.holds(run.position, run.unit) for run in runs)


def require_reader(connection: Connection, actor: Actor, dossier_id: UUID) -> None:
    """Refuse who may not look (NoSuchDossier, NotYourDocuments)."""
    if not may_read(connection, actor, dossier_id):
        raise NotYourDocuments


def opened(
    office: Office, actor: Actor, dossier_id: UUID, number: int, way: str
) -> tuple[DocumentRecord, BinaryIO]:
    """A document and its bytes, to be closed; the look is written down before the bytes are given.

    Errors: NoSuchDossier, NotYourDocuments, NoSuchDocument, InQuarantine, NoContent.
    """
    with office.database.read() as connection:
        require_reader(connection, actor, dossier_id)
        record = _one(connection, actor.agency_id, dossier_id, number)
    if record.state == QUARANTINED:
        raise InQuarantine(name=record.name)
    stream = office.documents.store.open(actor.agency_id, record.sha256)
    try:
        _write_down(office, actor, dossier_id, record, way)
    except BaseException:
        stream.close()
        raise
    return record, stream


def accesses_of(connection: Connection, actor: Actor, dossier_id: UUID) -> tuple[Access, ...]:
    """Who looked at the dossier's documents, the latest first; for its readers."""
    require_reader(connection, actor, dossier_id)
    rows = connection.execute(
        select(document_access)
        .where(
            document_access.c.agency_id == actor.agency_id,
            document_access.c.dossier_id == dossier_id,
        )
        .order_by(document_access.c.access_id.desc())
        .limit(_MOST_ACCESSES)
    )
    return tuple(Access(row.number, row.name, row.account_id, row.at, row.way) for row in rows)


def _one(connection: Connection, agency_id: str, dossier_id: UUID, number: int) -> DocumentRecord:
    row = connection.execute(
        select(document).where(
            document.c.agency_id == agency_id,
            document.c.dossier_id == dossier_id,
            document.c.number == number,
        )
    ).one_or_none()
    if row is None:
        raise NoSuchDocument(number=number)
    return _record(row)


def _write_down(
    office: Office, actor: Actor, dossier_id: UUID, record: DocumentRecord, way: str
) -> None:
    now = office.clock.now()
    row = {
        "agency_id": actor.agency_id,
        "access_id": office.ids(now),
        "dossier_id": dossier_id,
        "number": record.number,
        "name": record.name,
        "sha256": record.sha256,
        "account_id": actor.account_id,
        "at": now,
        "way": way,
    }
    office.database.write(lambda transaction: transaction.execute(insert(document_access), row))


def _record(row: Any) -> DocumentRecord:
    values = {name: getattr(row, name) for name in DocumentRecord.__slots__}
    return DocumentRecord(**{**values, "kind": FileKind(row.kind)})
