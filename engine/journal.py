"""The journal: what happened to a dossier, append-only, each event sealed to the one before.

hash(n) = SHA-256(hash(n-1) || canonical JSON of event n); hash(0) = SHA-256(dossier id). One
altered byte anywhere breaks the chain from there on, and `verify` names the event.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Connection,
    LargeBinary,
    String,
    Uuid,
    and_,
    cast,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from engine.store.columns import from_microseconds, to_microseconds
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import dossier, journal

_ENTER = Prepared(insert(journal), tuple(journal.c.keys()))


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the journal; `seq` counts from 1 within the dossier."""

    seq: int
    at: datetime
    actor_id: UUID | None
    kind: str
    body: Mapping[str, Any]


def first_hash(dossier_id: UUID) -> bytes:
    """What the first event of a dossier is sealed to."""
    return hashlib.sha256(dossier_id.bytes).digest()


def canonical(seq: int, at: datetime, actor_id: UUID | None, kind: str, body: str) -> bytes:
    """The bytes that are sealed: one JSON text for one event."""
    actor = None if actor_id is None else str(actor_id)
    return _canonical(seq, to_microseconds(at), actor, kind, body)


def _canonical(seq: int, at: int, actor: str | None, kind: str, body: str) -> bytes:
    event = {"seq": seq, "at": at, "actor": actor, "kind": kind, "body": body}
    return orjson.dumps(event, option=orjson.OPT_SORT_KEYS)


def sealed(previous: bytes, seq: int, at: int, actor: str | None, kind: str, body: str) -> bytes:
    """The new head of the chain, of an event as it is stored (`at` in microseconds)."""
    return seal(previous, _canonical(seq, at, actor, kind, body))


def seal(previous: bytes, event: bytes) -> bytes:
    """The hash of an event that follows the one sealed as `previous`."""
    return hashlib.sha256(previous + event).digest()


def append(
    transaction: Transaction,
    agency_id: str,
    dossier_id: UUID,
    event: Event,
    previous: bytes,
) -> bytes:
    """Write the event; the new head of the chain."""
    body = orjson.dumps(event.body, option=orjson.OPT_SORT_KEYS).decode()
    head = seal(previous, canonical(event.seq, event.at, event.actor_id, event.kind, body))
    transaction.change(
        _ENTER,
        {
            "agency_id": agency_id,
            "dossier_id": dossier_id,
            "seq": event.seq,
            "at": event.at,
            "actor_id": event.actor_id,
            "kind": event.kind,
            "body": body,
            "hash": head,
        },
    )
    return head


def events_of(connection: Connection, agency_id: str, dossier_id: UUID) -> tuple[Event, ...]:
    """The dossier's journal in order."""
    rows = connection.execute(
        select(journal)
        .where(journal.c.agency_id == agency_id, journal.c.dossier_id == dossier_id)
        .order_by(journal.c.seq)
    )
    return tuple(
        Event(row.seq, row.at, row.actor_id, row.kind, orjson.loads(row.body)) for row in rows
    )


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: the first event that is wrong, 0 for a missing tail.

    An event that says it is of a dossier that is not there is wrong, too.
    """

    agency_id: str
    dossier_id: UUID | str
    seq: int


def verify(connection: Connection, agency_id: str | None = None) -> tuple[int, tuple[Break, ...]]:
    """Check every chain; how many events were read, and where chains are broken.

    Never fails for what it finds: a value that is not even of its column's kind is a break.
    """
    count = 0
    breaks: list[Break] = []
    chain = None
    for row in connection.execute(_every_event(connection, agency_id)):
        count += 1
        if chain is None or (chain.agency_id, chain.dossier) != (row.agency_id, row.dossier_id):
            breaks += chain.end() if chain else []
            chain = _Chain(row.agency_id, row.dossier_id, row.events, row.head_hash)
        chain.follow(row)
    breaks += chain.end() if chain else []
    breaks += _without_events(connection, agency_id)
    return count, tuple(breaks)


@dataclass(slots=True)
class _Chain:
    """The journal of one dossier as it is read, in raw values."""

    agency_id: Any
    dossier: Any
    events: Any
    head_hash: Any
    seq: int = 0
    hash: bytes | None = None
    broken: int | None = None

    def follow(self, row: Any) -> None:
        """Check one event; the next one is checked against what this one says it is."""
        sealed = self._sealed(row)
        held = row.seq == self.seq + 1 and sealed is not None and sealed == row.hash
        if self.broken is None and not held:
            self.broken = row.seq if isinstance(row.seq, int) else self.seq + 1
        self.seq, self.hash = row.seq, row.hash

    def _sealed(self, row: Any) -> bytes | None:
        """The hash that the event ought to have; None where its values are of no kind."""
        try:
            previous = self.hash
            if previous is None:
                previous = first_hash(_id(row.dossier_id))
            actor = None if row.actor_id is None else _id(row.actor_id)
            at = from_microseconds(row.at)
            event = canonical(row.seq, at, actor, _text(row.kind), _text(row.body))
            return seal(previous, event)
        except (ValueError, TypeError, OverflowError, AttributeError):
            return None

    def end(self) -> list[Break]:
        """What is wrong with the chain, now that its last event was read."""
        if self.broken is None and (self.events, self.head_hash) == (self.seq, self.hash):
            return []
        return [Break(_shown(self.agency_id), _named(self.dossier), self.broken or 0)]


def _every_event(connection: Connection, agency_id: str | None) -> Any:
    """The journal, chain by chain, as it lies in the table, with what the dossier says its end is.

    SQLite keeps any bytes in any column, so texts are read as bytes there.
    """
    in_bytes = connection.dialect.name == "sqlite"

    def raw(column: Any) -> Any:
        as_text = in_bytes and isinstance(column.type, String | Uuid)
        unread = cast(column, LargeBinary) if as_text else type_coerce(column, NullType())
        return unread.label(column.name)

    rows = (
        select(*(raw(column) for column in (*journal.c, dossier.c.events, dossier.c.head_hash)))
        .outerjoin(dossier, _SAME)
        .order_by(journal.c.agency_id, journal.c.dossier_id, journal.c.seq)
        .execution_options(yield_per=1000)
    )
    return rows if agency_id is None else rows.where(journal.c.agency_id == agency_id)


def _without_events(connection: Connection, agency_id: str | None) -> list[Break]:
    """Dossiers of which nothing is left in the journal."""
    rows = select(dossier.c.agency_id, dossier.c.dossier_id).where(
        ~select(journal.c.seq).where(_SAME).exists()
    )
    if agency_id is not None:
        rows = rows.where(dossier.c.agency_id == agency_id)
    return [Break(row.agency_id, row.dossier_id, 0) for row in connection.execute(rows)]


_SAME = and_(
    journal.c.agency_id == dossier.c.agency_id, journal.c.dossier_id == dossier.c.dossier_id
)


def _id(raw: Any) -> UUID:
    """The id as it is written; ValueError where it is spelt otherwise (a blank for a nought)."""
    if isinstance(raw, UUID):
        return raw
    found = UUID(hex=_text(raw))
    if found.hex != _text(raw):
        raise ValueError(raw)
    return found


def _named(raw: Any) -> UUID | str:
    try:
        return _id(raw)
    except ValueError:
        return _shown(raw)


def _text(raw: str | bytes) -> str:
    return raw.decode() if isinstance(raw, bytes) else raw


def _shown(raw: str | bytes) -> str:
    return raw.decode(errors="replace") if isinstance(raw, bytes) else raw
