"""What a package says of a dossier: the facts, the sealed entries, the journal, its proof."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, select

from engine.accounts import names
from engine.actor import Actor
from engine.archive.refusals import AlreadyDestroyed, NotFinished
from engine.documents.archival import ARCHIVAL
from engine.documents.reading import DocumentRecord, documents_of
from engine.dossiers.in_hand import CLOSED, RETURNED
from engine.dossiers.live_dossier import MESSAGES
from engine.dossiers.refusals import NoSuchDossier
from engine.dossiers.signature_demand import SIGNATURES
from engine.forms.issued import Issued, issued_of
from engine.journal import canonical
from engine.office import Office, Version
from engine.proofs.daily_root import Proof, proof_of
from engine.proofs.sealed_entries import APPLICANT_SEAL, DESTROYED, SEAL
from engine.store.tables import (
    dossier,
    dossier_component,
    journal,
    pause,
    procedure_version,
    step_run,
)
from processes.archival import NO_COPY, Archival, NoCopy
from processes.file_kind import FileKind

_LEFT_OUT = frozenset(
    {
        *("agency_id", "search", "head_hash", "clock", "rungs_for", "next_rung_at", "safe_at"),
        *("applicant", "applicant_contact", "data"),  # among the entries, as they were sealed
    }
)
MADE_AS = "PDF, made as PDF/A-2a by Typst"
_ENTRIES = ("step.completed", "step.deemed_consent")


@dataclass(frozen=True, slots=True)
class Contents:
    """One dossier as it is exported. events: rows of the journal."""

    row: Any
    version: Version
    diagram: bytes
    events: Sequence[Any]
    documents: tuple[DocumentRecord, ...]
    forms: tuple[Issued, ...]
    facts: Mapping[str, Any]
    proof: Proof | None
    zone: tzinfo


def contents(office: Office, connection: Connection, actor: Actor, dossier_id: UUID) -> Contents:
    """Everything but the bytes of documents. Errors: NoSuchDossier, NotFinished, destroyed."""
    row = connection.execute(select(dossier).where(*_this(dossier, actor, dossier_id))).first()
    if row is None:
        raise NoSuchDossier(dossier=dossier_id)
    if row.state not in (RETURNED, CLOSED):
        raise NotFinished(dossier=row.code)
    events = connection.execute(
        select(journal).where(*_this(journal, actor, dossier_id)).order_by(journal.c.seq)
    ).all()
    if any(event.kind == DESTROYED for event in events):
        raise AlreadyDestroyed(dossier=row.code)
    version = office.version(connection, actor.agency_id, row.version_id)
    runs = connection.execute(
        select(step_run)
        .where(*_this(step_run, actor, dossier_id))
        .order_by(step_run.c.enabled_at, step_run.c.token, step_run.c.attempt)
    ).all()
    zone = office.calendar(connection, actor.agency_id).tz
    facts = {
        "steps": [_plain(run) for run in runs],
        "pauses": _rows(connection, actor, dossier_id, pause, "since"),
        "components": _rows(connection, actor, dossier_id, dossier_component, "component", "form"),
        "entries": list(_entries(row, runs, events)),
        "people": _people(connection, actor, events, runs),
    }
    return Contents(
        row=row,
        version=version,
        diagram=_diagram(connection, actor, row.version_id),
        events=events,
        documents=documents_of(connection, actor.agency_id, dossier_id),
        forms=tuple(reversed(issued_of(connection, actor, dossier_id))),
        facts=facts,
        proof=_proof(connection, actor, dossier_id, events, zone, office.clock.now()),
        zone=zone,
    )


def journal_lines(found: Contents) -> Iterator[bytes]:
    """The very bytes that were sealed, an event a line."""
    for event in found.events:
        yield canonical(event.seq, event.at, event.actor_id, event.kind, event.body) + b"\n"


def dossier_data(
    found: Contents,
    paths: Mapping[int, str | None],
    copies: Mapping[int, str | NoCopy],
    forms: Sequence[str],
) -> bytes:
    """dossier.json. paths: number of a document -> where it lies in the package; copies: the same
    of what was made of it for keeping, or why nothing was.
    """
    procedure = found.version.procedure
    told = {
        "format": "quytrinh-package-1",
        "agency_id": found.row.agency_id,
        **_plain(found.row),
        "messages": found.row.data.get(MESSAGES, []),
        "procedure": {
            "code": procedure.code,
            "name": procedure.name,
            "kind": procedure.kind.value,
            "version": found.version.number,
            "decision_no": procedure.decision_no,
            "decision_date": _told(procedure.decision_date),
            "retention_years": procedure.retention_years,
        },
        **found.facts,
        "documents": [
            {
                **document_facts(each),
                "path": paths[each.number],
                "archival": archival_words(each),
                **_copy(copies[each.number]),
            }
            for each in found.documents
        ],
        "forms": [
            {
                "kind": each.kind.value,
                "number": each.number_text,
                "sha256": each.pdf_sha256.hex(),
                "size": each.pdf_size,
                "issued_at": _told(each.issued_at),
                "issued_by": str(each.issued_by),
                "path": path,
                "archival": MADE_AS,
            }
            for each, path in zip(found.forms, forms, strict=True)
        ],
    }
    return spelt(told)


def archival_words(record: DocumentRecord) -> str:
    """What the file is for who keeps it: what it declares, never that it is valid."""
    if record.kind is not FileKind.PDF:
        return f"{record.kind.value.upper()}, no PDF"
    told = record.findings.get(ARCHIVAL)
    return "PDF, not looked through for PDF/A" if told is None else _said(told)


def _copy(made: str | NoCopy) -> dict[str, Any]:
    if not isinstance(made, NoCopy):
        return {"archival_copy": made, "no_archival_copy": None}
    vi, en = NO_COPY[made]
    return {"archival_copy": None, "no_archival_copy": {"code": made.value, "vi": vi, "en": en}}


def _said(told: Mapping[str, Any]) -> str:
    found = Archival.from_data(told)
    return f"PDF, {found.words('en')}"


def document_facts(record: DocumentRecord) -> dict[str, Any]:
    """What is known of a document, less what was found in it."""
    return {
        "number": record.number,
        "edition": record.edition,
        "component": record.component,
        "name": record.name,
        "sha256": record.sha256,
        "size": record.size,
        "kind": record.kind.value,
        "pages": record.pages,
        "state": record.state,
        "added_at": _told(record.added_at),
        "added_by": str(record.added_by),
    }


def signatures_data(found: Contents) -> bytes:
    """signatures.json: what was found in each document when it came in."""
    told = {
        str(each.number): each.findings[SIGNATURES]
        for each in found.documents
        if SIGNATURES in each.findings
    }
    return spelt(told)


def proof_data(found: Contents) -> bytes:
    """journal-proof.json: the end of the chain, and the way to the root of a day."""
    proof = found.proof
    last = found.events[-1]
    day = None
    if proof is not None:
        day = {
            "day": proof.root.day.isoformat(),
            "line": proof.root.line(),
            "events": int.from_bytes(proof.leaf[16:24], "big"),
            "path": [[side, value.hex()] for side, value in proof.path],
        }
    return spelt({"head": last.hash.hex(), "events": last.seq, "day": day})


def spelt(value: Any) -> bytes:
    """JSON for people and programs, the same bytes each time."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


def _proof(
    connection: Connection,
    actor: Actor,
    dossier_id: UUID,
    events: Sequence[Any],
    zone: tzinfo,
    now: datetime,
) -> Proof | None:
    """By the root of the latest day with an event of the dossier that is over."""
    days = {event.at.astimezone(zone).date() for event in events}
    over = [day for day in days if now >= _next_midnight(day, zone)]
    if not over:
        return None
    return proof_of(connection, actor.agency_id, max(over), zone, dossier_id)


def _next_midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def _entries(row: Any, runs: Sequence[Any], events: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """What was entered, as the texts whose hashes the journal holds."""
    by_run = {(run.token, run.attempt): run for run in runs}
    for event in events:
        body = orjson.loads(event.body)
        if event.kind == "dossier.received":
            applicant = [row.applicant, row.applicant_contact]
            yield _entry(event, "applicant", applicant, body.get(APPLICANT_SEAL))
            received = {key: value for key, value in row.data.items() if key != MESSAGES}
            if received:
                yield _entry(event, "data", received, body.get(SEAL))
        elif event.kind in _ENTRIES:
            run = by_run.get((body.get("token"), body.get("attempt")))
            if run is not None and run.data:
                yield _entry(event, "data", run.data, body.get(SEAL))


def _entry(event: Any, what: str, value: Any, seal: str | None) -> dict[str, Any]:
    """sealed: False for events from before there were seals."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return {"event": event.seq, "what": what, "text": text, "sealed": seal is not None}


def _people(
    connection: Connection, actor: Actor, events: Sequence[Any], runs: Sequence[Any]
) -> dict[str, str]:
    """The names of the officers who appear, by their ids."""
    known = names(connection, actor.agency_id)
    here = {event.actor_id for event in events}
    here |= {run.holder_id for run in runs} | {run.completed_by for run in runs}
    return {str(each): known[each] for each in sorted(here & known.keys())}


def _diagram(connection: Connection, actor: Actor, version_id: UUID) -> bytes:
    return bytes(
        connection.execute(
            select(procedure_version.c.diagram).where(
                procedure_version.c.agency_id == actor.agency_id,
                procedure_version.c.version_id == version_id,
            )
        ).scalar_one()
    )


def _rows(
    connection: Connection, actor: Actor, dossier_id: UUID, table: Any, *order: str
) -> list[dict[str, Any]]:
    query = select(table).where(*_this(table, actor, dossier_id))
    rows = connection.execute(query.order_by(*(table.c[name] for name in order)))
    return [_plain(row) for row in rows]


def _plain(row: Any) -> dict[str, Any]:
    named = zip(row._fields, row, strict=True)
    return {f"{key}": _told(value) for key, value in named if key not in _LEFT_OUT}


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value


def _this(table: Any, actor: Actor, dossier_id: UUID) -> tuple[Any, ...]:
    return (table.c.agency_id == actor.agency_id, table.c.dossier_id == dossier_id)
