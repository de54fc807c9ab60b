"""What a citizen is shown of a dossier: where it stands and what is missing, and nobody's name.

Steps have the names under which the office draws them. Who works on it, what others brought, what
was entered: nothing of that is here. What was typed by officers is masked as logs are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, select

from engine.actor import CITIZEN
from engine.calendar import Calendar
from engine.documents.reading import DocumentRecord, documents_of
from engine.dossiers.documents import CURRENT, OFFERED, QUARANTINED, REPLACED
from engine.dossiers.in_hand import OPEN, PAUSED
from engine.dossiers.refusals import NoSuchDossier
from engine.legal_clock.pause import PauseKind
from engine.office import Office, Version
from engine.store.tables import agency, dossier, journal, pause, step_run
from processes.file_kind import FileKind
from processes.masking import masked_name, masked_text

REMOVED = "removed"
WAITING = (OFFERED, QUARANTINED)
"""States of a file that the clerk has yet to look at."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that the citizen sent. state: offered | quarantined | current | removed.

    reason: why it was not taken, where it was removed.
    """

    component: str
    name: str
    size: int
    at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A component that is asked for: what files it takes, and what was sent of it."""

    code: str
    name: str
    accepts: tuple[FileKind, ...]
    files: tuple[SentFile, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """The supplement request that is open. choices: so many of those codes are enough."""

    since: datetime
    reason: str
    legal_basis: str
    components: tuple[AskedFor, ...]
    choices: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def waiting(self) -> int:
        """How many files wait for the clerk."""
        return sum(each.state in WAITING for part in self.components for each in part.files)


@dataclass(frozen=True)
class CitizenView:
    """A dossier as its applicant sees it; times in UTC, `local` has the office's.

    steps: names of the open steps. due_at: None while the clock stands or no limit is stated.
    outcome: its name as drawn, "" while there is none.
    """

    agency: str
    code: str
    procedure: str
    applicant: str
    received_at: datetime
    state: str
    national_status: str
    steps: tuple[str, ...]
    original_due_at: datetime | None
    due_at: datetime | None
    extended: bool
    late: bool
    finished_at: datetime | None
    returned_at: datetime | None
    outcome: str
    missing: Missing | None
    calendar: Calendar

    def local(self, at: datetime) -> datetime:
        return self.calendar.local(at)


def view_of(
    office: Office, connection: Connection, agency_id: str, dossier_id: UUID
) -> CitizenView:
    """The dossier for its applicant (NoSuchDossier)."""
    row = connection.execute(
        select(dossier, agency.c.name.label("agency_name"))
        .join(agency, agency.c.agency_id == dossier.c.agency_id)
        .where(dossier.c.agency_id == agency_id, dossier.c.dossier_id == dossier_id)
    ).one_or_none()
    if row is None:
        raise NoSuchDossier(dossier="")
    version = office.version(connection, agency_id, row.version_id)
    now = office.clock.now()
    over = row.finished_at is None and row.due_at is not None and row.due_at < now
    return CitizenView(
        agency=row.agency_name,
        code=row.code,
        procedure=version.procedure.name,
        applicant=masked_name(row.applicant),
        received_at=row.received_at,
        state=row.state,
        national_status=row.national_status,
        steps=_open_steps(connection, agency_id, dossier_id),
        original_due_at=row.original_due_at,
        due_at=row.due_at,
        extended=row.extensions > 0,
        late=over or row.result == "late",
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        outcome=_outcome(version, row.outcome),
        missing=_missing(connection, version, row) if row.state == PAUSED else None,
        calendar=office.edition_numbered(connection, agency_id, row.calendar_edition).office,
    )


def _open_steps(connection: Connection, agency_id: str, dossier_id: UUID) -> tuple[str, ...]:
    """Names of the open steps, each once."""
    rows = connection.execute(
        select(step_run.c.name)
        .where(
            step_run.c.agency_id == agency_id,
            step_run.c.dossier_id == dossier_id,
            step_run.c.state == OPEN,
        )
        .order_by(step_run.c.enabled_at, step_run.c.token)
    ).scalars()
    return tuple(dict.fromkeys(rows))


def _outcome(version: Version, outcome: str | None) -> str:
    drawn = next((each for each in version.procedure.outcomes if each.code == outcome), None)
    return drawn.name if drawn else outcome or ""


def open_request(connection: Connection, agency_id: str, dossier_id: UUID) -> Any:
    """The row of the supplement request that is waited for, None where there is none."""
    return connection.execute(
        select(pause).where(
            pause.c.agency_id == agency_id,
            pause.c.dossier_id == dossier_id,
            pause.c.kind == PauseKind.CITIZEN_SUPPLEMENT.value,
            pause.c.until.is_(None),
        )
    ).one_or_none()


def _missing(connection: Connection, version: Version, row: Any) -> Missing | None:
    request = open_request(connection, row.agency_id, row.dossier_id)
    if request is None:
        return None
    events = _events(connection, row, request.since)
    files = _files(connection, row, request.since, events)
    asked: list[AskedFor] = []
    for code, name in request.components:
        component = version.procedure.component(code)
        accepts = component.file_kinds if component else ()
        own = tuple(each for each in files if each.component == code)
        asked.append(AskedFor(code, name, accepts, own))
    return Missing(
        since=request.since,
        reason=masked_text(request.reason),
        legal_basis=request.legal_basis,
        components=tuple(asked),
        choices=_choices(events),
    )


_Told = tuple[str, Mapping[str, Any]]
"""A kind of event, and what it says."""


def _events(connection: Connection, row: Any, since: datetime) -> tuple[_Told, ...]:
    """What happened to requests and documents since then."""
    kinds = ("supplement.requested", "document.offered", "document.removed")
    found = connection.execute(
        select(journal.c.kind, journal.c.body)
        .where(
            journal.c.agency_id == row.agency_id,
            journal.c.dossier_id == row.dossier_id,
            journal.c.at >= since,
            journal.c.kind.in_(kinds),
        )
        .order_by(journal.c.seq)
    )
    return tuple((each.kind, orjson.loads(each.body)) for each in found)


def _choices(events: Sequence[_Told]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    asked = [body for kind, body in events if kind == "supplement.requested"]
    stated = asked[-1].get("choices", ()) if asked else ()
    return tuple((number, tuple(codes)) for number, codes in stated)


def _files(
    connection: Connection, row: Any, since: datetime, events: Sequence[_Told]
) -> list[SentFile]:
    """What the citizen sent for the request, in the order it came; what was not taken last."""
    there = documents_of(connection, row.agency_id, row.dossier_id)
    own = [each for each in there if each.added_by == CITIZEN and each.added_at >= since]
    files = [_sent(each) for each in own if each.state != REPLACED]
    offered = {body["number"] for kind, body in events if kind == "document.offered"}
    for kind, body in events:
        if kind == "document.removed" and body["number"] in offered:
            said = masked_text(body["reason"])
            stated = (body["component"], masked_text(body["name"]), body["size"], since)
            files.append(SentFile(*stated, REMOVED, said))
    return files


def _sent(record: DocumentRecord) -> SentFile:
    known = record.state if record.state in WAITING else CURRENT
    name = masked_text(record.name)
    return SentFile(record.component, name, record.size, record.added_at, known)
