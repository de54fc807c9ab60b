"""The registers of documents: in (văn bản đến) and out (văn bản đi), one series of each a year.

NĐ 30/2020 art. 15 and 22: numbers from 01, unique, without a gap, given by the system when the
document is registered. A number that was given stays given; the entry says what it was given to.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from engine.actor import Actor
from engine.answered_once import Asked, do_once
from engine.office import Office
from engine.store.database import Transaction
from engine.store.numbers import next_number
from engine.store.tables import office_document
from processes.data_entry import is_storable
from processes.errors import InvalidInput, NotAllowed, NotFound

_LONGEST = {"symbol": 80, "correspondent": 500, "subject": 2_000, "signer": 200}
_MOST = 200


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class Urgency(StrEnum):
    """How fast it has to go (NĐ 30/2020)."""

    NORMAL = "normal"  # thường
    URGENT = "urgent"  # khẩn
    VERY_URGENT = "very_urgent"  # thượng khẩn
    EXPRESS = "express"  # hỏa tốc


class DocumentEntryInvalid(InvalidInput):
    """Something of a document that cannot be registered."""

    code = "registers.invalid_document"
    vi = "Mục “{field}” của văn bản chưa đúng: {why_vi}."
    en = "The document's '{field}' is not right: {why_en}."


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """What is registered.

    symbol: the author's number and symbol of what came in; of what goes out only the symbol, such
    as UBND-VP: the number before it is ours. correspondent: who wrote it, or to whom it goes.
    """

    correspondent: str
    subject: str
    symbol: str = ""
    dated: date | None = None
    urgency: Urgency = Urgency.NORMAL
    unit: str = ""
    due_on: date | None = None
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A document in its register; number_text: as it is written on it."""

    document_id: UUID
    direction: Direction
    year: int
    number: int
    symbol: str
    dated: str | None
    correspondent: str
    subject: str
    urgency: str
    unit: str | None
    due_on: str | None
    signer: str
    registered_at: datetime
    registered_by: UUID

    @property
    def number_text(self) -> str:
        if self.direction is Direction.INCOMING:
            return f"{self.number:02d}"
        return f"{self.number:02d}/{self.symbol}" if self.symbol else f"{self.number:02d}"


def register_document(
    office: Office,
    actor: Actor,
    direction: Direction,
    entry: DocumentEntry,
    *,
    key: str | None = None,
) -> Registered:
    """Give the document the next number of the year, and enter it, in one transaction.

    The year is the office's own, from midnight to midnight. Errors: NotAllowed,
    DocumentEntryInvalid.
    """
    if not actor.holdings:
        raise NotAllowed(who="cán bộ giữ vị trí trong cơ quan / officers who hold a position")
    row = _row(actor, direction, entry)

    def work(transaction: Transaction) -> UUID:
        at = office.clock.now()
        calendar = office.calendar(transaction.reading, actor.agency_id)
        year = calendar.local(at).year
        series = f"document/{direction.value}/{year}"
        number = next_number(transaction, actor.agency_id, series)
        document_id = office.ids(at)
        placed = {"year": year, "number": number, "registered_at": at, "document_id": document_id}
        transaction.execute(insert(office_document), {**row, **placed})
        return document_id

    request = {name: str(value) for name, value in row.items() if value is not None}
    asked = Asked(actor, f"register.{direction.value}", request, key)
    document_id = do_once(office, asked, lambda: work)
    with office.database.read() as connection:
        return registered_document(connection, actor, document_id)


def registered_document(connection: Connection, actor: Actor, document_id: UUID) -> Registered:
    """One entry (NotFound)."""
    row = connection.execute(
        _those(actor).where(office_document.c.document_id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="văn bản")
    return _registered(row)


def registered_documents(
    connection: Connection,
    actor: Actor,
    direction: Direction,
    year: int,
    *,
    before: int | None = None,
    most: int = 50,
) -> tuple[Registered, ...]:
    """The register of a year, the newest first; before: only numbers below that one."""
    query = _those(actor).where(
        office_document.c.direction == direction.value, office_document.c.year == year
    )
    if before is not None:
        query = query.where(office_document.c.number < before)
    rows = connection.execute(
        query.order_by(office_document.c.number.desc()).limit(min(most, _MOST))
    )
    return tuple(_registered(row) for row in rows)


_COLUMNS = tuple(Registered.__slots__)


def _those(actor: Actor) -> Any:
    columns = (office_document.c[name] for name in _COLUMNS)
    return select(*columns).where(office_document.c.agency_id == actor.agency_id)


def _registered(row: Any) -> Registered:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return Registered(**{**values, "direction": Direction(values["direction"])})


def _row(actor: Actor, direction: Direction, entry: DocumentEntry) -> dict[str, Any]:
    texts = {name: _text(name, getattr(entry, name)) for name in _LONGEST}
    for name in ("correspondent", "subject"):
        if not texts[name]:
            raise DocumentEntryInvalid(field=name, why_vi="chưa nhập", why_en="it is empty")
    if entry.due_on and entry.dated and entry.due_on < entry.dated:
        raise DocumentEntryInvalid(
            field="due_on", why_vi="hạn trước ngày văn bản", why_en="it is before the document"
        )
    return {
        **texts,
        "agency_id": actor.agency_id,
        "direction": direction.value,
        "dated": entry.dated.isoformat() if entry.dated else None,
        "urgency": entry.urgency.value,
        "unit": entry.unit or None,
        "due_on": entry.due_on.isoformat() if entry.due_on else None,
        "registered_by": actor.account_id,
    }


def _text(name: str, given: str) -> str:
    said = " ".join(unicodedata.normalize("NFC", given).split())
    if len(said) > _LONGEST[name] or not is_storable(said):
        most = _LONGEST[name]
        raise DocumentEntryInvalid(
            field=name, why_vi=f"dài quá {most} ký tự", why_en=f"longer than {most} characters"
        )
    return said
