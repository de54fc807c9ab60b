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
from sqlalchemy import Connection, insert, select

from engine.store.columns import to_microseconds
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
    event = {
        "seq": seq,
        "at": to_microseconds(at),
        "actor": None if actor_id is None else str(actor_id),
        "kind": kind,
        "body": body,
    }
    return orjson.dumps(event, option=orjson.OPT_SORT_KEYS)


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
    """Where a chain does not hold: the first event that is wrong, 0 for a missing tail."""

    agency_id: str
    dossier_id: UUID
    seq: int


def verify(connection: Connection, agency_id: str | None = None) -> tuple[int, tuple[Break, ...]]:
    """Check every chain; how many events were read, and where chains are broken."""
    heads = select(dossier.c.agency_id, dossier.c.dossier_id, dossier.c.events, dossier.c.head_hash)
    rows = select(journal).order_by(journal.c.agency_id, journal.c.dossier_id, journal.c.seq)
    if agency_id is not None:
        heads = heads.where(dossier.c.agency_id == agency_id)
        rows = rows.where(journal.c.agency_id == agency_id)
    expected = {
        (h.agency_id, h.dossier_id): (h.events, h.head_hash) for h in connection.execute(heads)
    }
    breaks: dict[tuple[str, UUID], Break] = {}
    tails: dict[tuple[str, UUID], tuple[int, bytes]] = {}
    count = 0
    for row in connection.execute(rows.execution_options(yield_per=1000)):
        count += 1
        key = (row.agency_id, row.dossier_id)
        seq, previous = tails.get(key, (0, first_hash(row.dossier_id)))
        sealed = seal(previous, canonical(row.seq, row.at, row.actor_id, row.kind, row.body))
        if key not in breaks and (row.seq != seq + 1 or sealed != row.hash):
            breaks[key] = Break(row.agency_id, row.dossier_id, row.seq)
        tails[key] = (row.seq, row.hash)
    for key, head in expected.items():
        if key not in breaks and tails.get(key) != head:
            breaks[key] = Break(key[0], key[1], 0)
    return count, tuple(breaks.values())
