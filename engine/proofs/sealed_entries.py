"""What people entered, sealed: the journal holds the hash of the values, the tables the values.

An event that wrote entries carries the SHA-256 of the text that the table keeps, so that one
altered byte of it is found as surely as in the journal itself. Events that are older than the
seals carry none and stay valid.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Column, Connection, LargeBinary, cast, select, type_coerce
from sqlalchemy.types import NullType

from engine.dossiers.live_dossier import MESSAGES
from engine.store.tables import dossier, journal, step_run

SEAL, APPLICANT_SEAL, RECEIVED = "data_sha256", "applicant_sha256", "received"
_AT_ONCE = 500  # dossiers looked at with one pair of statements
_STEP_ENDED = ("step.completed", "step.deemed_consent")
_MESSAGE = "message.delivered"
DESTROYED = "dossier.destroyed"
_WITH_ENTRIES = ("dossier.received", _MESSAGE, *_STEP_ENDED, DESTROYED)


def seal_of(stored: Mapping[str, Any] | None) -> str | None:
    """The hash of entries as they are stored; None where nothing was entered."""
    if not stored:
        return None
    return hashlib.sha256(orjson.dumps(stored, option=orjson.OPT_SORT_KEYS)).hexdigest()


def applicant_seal(applicant: str, contact: Mapping[str, str]) -> str:
    """The hash of who applies and how they are reached."""
    return hashlib.sha256(_canonical([applicant, contact])).hexdigest()


@dataclass(frozen=True, slots=True)
class Alteration:
    """Entries that are not what the journal sealed.

    seq: of the event that sealed them, 0 where no event did. where: the row and column, such as
    "step_run 3/1 data".
    """

    agency_id: str
    dossier_id: UUID
    seq: int
    where: str


def verify_entries(connection: Connection) -> tuple[Alteration, ...]:
    """Compare everything entered with its seal; never fails for what it finds in the entries."""
    return tuple(
        alteration for sealed in _dossiers(connection) for alteration in sealed.alterations()
    )


@dataclass(slots=True)
class _Sealed:
    """One dossier: its raw entries, and the events that sealed them."""

    agency_id: str
    dossier_id: UUID
    applicant: bytes
    contact: bytes
    data: bytes
    events: list[Any] = field(default_factory=list)
    runs: list[Any] = field(default_factory=list)

    def alterations(self) -> Iterator[Alteration]:
        bodies = [(event, _object(event.body)) for event in self.events]
        if not any(SEAL in body for _, body in bodies):
            return  # written before there were seals
        if any(event.kind == DESTROYED for event in self.events):
            yield from self._left_over()
            return
        reception, messages = _parted(self.data)
        yield from self._reception(bodies, reception)
        yield from self._messages(bodies, messages)
        yield from self._runs(bodies)

    def _left_over(self) -> Iterator[Alteration]:
        """Of a destroyed dossier nothing that was entered is left."""
        if (self.applicant, self.contact, self.data) != (b"", b"{}", b"{}"):
            yield self._found(0, "dossier applicant, data")
        for run in self.runs:
            if run.data is not None:
                yield self._found(0, f"step_run {run.token}/{run.attempt} data")

    def _found(self, seq: int, where: str) -> Alteration:
        return Alteration(self.agency_id, self.dossier_id, seq, where)

    def _reception(
        self, bodies: Sequence[tuple[Any, Mapping[str, Any]]], data: bytes | None
    ) -> Iterator[Alteration]:
        for event, body in bodies:
            if event.kind != "dossier.received" or SEAL not in body:
                continue
            if data is None or _hash_of(None if data == b"{}" else data) != body[SEAL]:
                yield self._found(event.seq, "dossier data")
            applicant = orjson.dumps(_shown(self.applicant))
            if _hash_of(b"[" + applicant + b"," + self.contact + b"]") != body[APPLICANT_SEAL]:
                yield self._found(event.seq, "dossier applicant")

    def _messages(
        self,
        bodies: Sequence[tuple[Any, Mapping[str, Any]]],
        messages: Sequence[tuple[str, bytes]],
    ) -> Iterator[Alteration]:
        """What came with messages and completed no step stands with the dossier."""
        came = [(event.at.isoformat(), event, b) for event, b in bodies if event.kind == _MESSAGE]
        kept = {(at, _hash_of(said)) for at, said in messages}
        for at, event, body in came:
            if body.get(SEAL) and not body[RECEIVED] and (at, body[SEAL]) not in kept:
                yield self._found(event.seq, "dossier data ~messages")
        known = {(at, body[SEAL]) for at, _, body in came if SEAL in body}
        unsealed = {at for at, _, body in came if SEAL not in body}
        for at, seal in sorted(kept - known):
            if at not in unsealed:
                yield self._found(0, f"dossier data ~messages {at} {seal}")

    def _runs(self, bodies: Sequence[tuple[Any, Mapping[str, Any]]]) -> Iterator[Alteration]:
        sealing = {(b.get("token"), b.get("attempt")): (e, b) for e, b in bodies if _ended_step(e)}
        messages = [(event, body) for event, body in bodies if event.kind == _MESSAGE]
        for run in self.runs:
            found = sealing.get((run.token, run.attempt)) or _by_message(run, messages)
            if found is None:
                if run.data is not None:
                    yield self._found(0, f"step_run {run.token}/{run.attempt} data")
                continue
            event, body = found
            if SEAL in body and _hash_of(run.data) != body[SEAL]:
                yield self._found(event.seq, f"step_run {run.token}/{run.attempt} data")
        have = {(run.token, run.attempt) for run in self.runs}
        for key in sorted(sealing.keys() - have, key=str):
            yield self._found(sealing[key][0].seq, f"step_run {key[0]}/{key[1]}")


def _ended_step(event: Any) -> bool:
    return event.kind in _STEP_ENDED


def _by_message(run: Any, messages: Sequence[tuple[Any, Mapping[str, Any]]]) -> Any:
    """The message that completed the run: the first that says so, else one of that moment."""
    for event, body in messages:
        if event.at == run.ended_at and run.token in body.get(RECEIVED, (run.token,)):
            return event, body
    return None


def _dossiers(connection: Connection) -> Iterator[_Sealed]:
    query = select(
        dossier.c.agency_id,
        dossier.c.dossier_id,
        _raw(connection, dossier.c.applicant),
        _raw(connection, dossier.c.applicant_contact),
        _raw(connection, dossier.c.data),
    ).order_by(dossier.c.agency_id, dossier.c.dossier_id)
    for rows in connection.execute(query.execution_options(yield_per=_AT_ONCE)).partitions():
        batch = {
            (row.agency_id, row.dossier_id): _Sealed(
                row.agency_id,
                row.dossier_id,
                _bytes(row.applicant),
                _bytes(row.applicant_contact),
                _bytes(row.data),
            )
            for row in rows
        }
        for agency_id in dict.fromkeys(agency_id for agency_id, _ in batch):
            _gather(connection, agency_id, batch)
        yield from batch.values()


def _gather(
    connection: Connection, agency_id: str, batch: Mapping[tuple[str, UUID], _Sealed]
) -> None:
    """Give an agency's dossiers of the batch, which follow each other, their events and runs."""
    ids = [dossier_id for of_agency, dossier_id in batch if of_agency == agency_id]

    def these(table: Any) -> tuple[Any, ...]:
        return table.c.agency_id == agency_id, table.c.dossier_id.between(ids[0], ids[-1])

    events = (
        select(
            journal.c.agency_id,
            journal.c.dossier_id,
            journal.c.seq,
            journal.c.at,
            journal.c.kind,
            _raw(connection, journal.c.body),
        )
        .where(*these(journal), journal.c.kind.in_(_WITH_ENTRIES))
        .order_by(journal.c.seq)
    )
    runs = select(
        step_run.c.agency_id,
        step_run.c.dossier_id,
        step_run.c.token,
        step_run.c.attempt,
        step_run.c.ended_at,
        _raw(connection, step_run.c.data),
    ).where(*these(step_run))
    for event in connection.execute(events):
        of = batch.get((event.agency_id, event.dossier_id))
        if of is not None:
            of.events.append(event)
    for run in connection.execute(runs):
        of = batch.get((run.agency_id, run.dossier_id))
        if of is not None:
            of.runs.append(run)


def _raw(connection: Connection, column: Column[Any]) -> Any:
    """The text as it lies in the table; SQLite keeps any bytes in any column."""
    if connection.dialect.name == "sqlite":
        return cast(column, LargeBinary).label(column.name)
    return type_coerce(column, NullType()).label(column.name)


def _bytes(raw: str | bytes | None) -> bytes:
    return raw.encode() if isinstance(raw, str) else raw or b""


def _hash_of(raw: str | bytes | None) -> str | None:
    return None if raw is None else hashlib.sha256(_bytes(raw)).hexdigest()


def _shown(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _object(raw: str | bytes) -> Mapping[str, Any]:
    """The JSON object in the text; an empty one where it is none."""
    try:
        read = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def _parted(data: bytes) -> tuple[bytes | None, list[tuple[str, bytes]]]:
    """The reception's entries, and what came with messages; None where the text is not as written.

    What is written is canonical: any other text of the same value was altered, too.
    """
    read = dict(_object(data))
    if _canonical(read) != data:
        return None, []
    messages = read.pop(MESSAGES, [])
    try:
        return _canonical(read), [(str(at), _canonical(said)) for at, said in messages]
    except (TypeError, ValueError):
        return None, []
