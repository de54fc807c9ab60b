"""The office: what every act needs at hand, and what is kept in memory between acts."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from engine.calendar import Calendar
from engine.clock import Clock
from engine.documents.place import NO_DOCUMENTS, Documents
from engine.ids import Ids
from engine.runtime.instance import Instance
from engine.runtime.specification import Specification
from engine.signatures.trust import NO_TRUST, TrustFolder
from engine.store.database import Database, Transaction
from engine.store.tables import procedure_version
from engine.working_calendar.editions import Edition, edition, number_in_force
from processes.data_entry import Value
from processes.data_field import DataField
from processes.document import Document, bpmn, parse
from processes.drawing import draw
from processes.errors import NotFound, Unmet
from processes.limits import limits_after
from processes.procedure import Procedure
from processes.reader import read
from processes.step import StepSpec

_VERSIONS_KEPT = 500
_DOSSIERS_KEPT = 5_000
_LOCKS = 256
CALENDAR_KEPT = timedelta(minutes=1)
_EDITIONS_KEPT = 50  # some megabytes each
_WAITING = (
    *map(bpmn, ("intermediateCatchEvent", "boundaryEvent", "receiveTask")),
    f"{bpmn('subProcess')}/{bpmn('startEvent')}",
)

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class NoCalendar(Unmet):
    """The agency has no working calendar, so no limit can be armed."""

    code = "calendar.missing"
    vi = "Cơ quan chưa có lịch làm việc. Quản trị cần khai báo lịch trước khi tiếp nhận hồ sơ."
    en = "The agency has no working calendar. The administrator must enter one first."


@dataclass(frozen=True)
class Version:
    """A procedure version ready to run.

    waiting: elements that can wait for something to happen, by id, with their names as drawn.
    steps: what the diagram says of each step, by its element. limits_after: by case and step,
    working seconds that the diagram allows for what follows it.
    """

    version_id: UUID
    procedure_id: UUID
    number: int
    state: str
    procedure: Procedure
    specification: Specification
    fields: tuple[DataField, ...]
    waiting: Mapping[str, str]
    limits_after: Mapping[str, Mapping[str, int]] = field(default_factory=dict, repr=False)
    steps: Mapping[str, StepSpec] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        steps = {step.element_id: step for step in reversed(self.procedure.steps)}
        object.__setattr__(self, "steps", steps)


@dataclass(slots=True)
class Live:
    """A dossier in memory as of `version`; dropped after any failure, for memory must not lead.

    attempts: element id -> how often the step was opened; data: typed values of all entries.
    at: when the dossier was last acted on; no act is dated before it, whatever clocks say.
    present: the components in the dossier, code -> form -> number; None until somebody asks.
    """

    version: int
    instance: Instance
    data: MutableMapping[str, Value]
    attempts: dict[str, int]
    at: datetime
    present: dict[str, dict[str, int]] | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """An edition, and when it was last made sure that it is the one in force."""

    edition: Edition
    looked_at: datetime


class Shelf(Generic[Key, Kept]):
    """What was used most recently, at most `room` of it. Safe for threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: Key, kept: Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)

    def drop(self, key: Key) -> None:
        with self._lock:
            self._kept.pop(key, None)


@dataclass
class Office:
    """One running product: database, clock, chance, documents, and what is kept in memory."""

    database: Database
    clock: Clock
    ids: Ids
    versions: Shelf[tuple[str, UUID], Version] = field(
        default_factory=lambda: Shelf(_VERSIONS_KEPT)
    )
    live: Shelf[tuple[str, UUID], Live] = field(default_factory=lambda: Shelf(_DOSSIERS_KEPT))
    calendars: Shelf[str, InForce] = field(default_factory=lambda: Shelf(_VERSIONS_KEPT))
    editions: Shelf[tuple[str, int], Edition] = field(default_factory=lambda: Shelf(_EDITIONS_KEPT))
    outlooks: Shelf[tuple[str, UUID], Any] = field(default_factory=lambda: Shelf(_VERSIONS_KEPT))
    registers: Shelf[str, Any] = field(default_factory=lambda: Shelf(_VERSIONS_KEPT))
    documents: Documents = NO_DOCUMENTS
    trusted: TrustFolder = NO_TRUST
    randomness: Callable[[int], bytes] = secrets.token_bytes
    _locks: tuple[threading.RLock, ...] = field(
        default_factory=lambda: tuple(threading.RLock() for _ in range(_LOCKS))
    )

    def hold(self, transaction: Transaction, dossier_id: UUID) -> None:
        """Until the transaction is over, no other thread of this process acts on the dossier."""
        lock = self._locks[dossier_id.int % _LOCKS]
        lock.acquire()
        transaction.when_over(lock.release)

    def version(self, connection: Connection, agency_id: str, version_id: UUID) -> Version:
        """The procedure version, parsed once and kept."""
        return _kept_or(
            self.versions, (agency_id, version_id), lambda: _load(connection, agency_id, version_id)
        )

    def calendar(self, connection: Connection, agency_id: str) -> Calendar:
        """The agency's working calendar in force."""
        return self.edition(connection, agency_id).office

    def edition(self, connection: Connection, agency_id: str) -> Edition:
        """The edition of the agency's calendar in force: of those that have begun, the last.

        Another process may have put a new one in force: it is looked for again after a minute.
        """
        now = self.clock.now()
        kept = self.calendars.get(agency_id)
        if kept is None or not kept.looked_at <= now < kept.looked_at + CALENDAR_KEPT:
            number = number_in_force(connection, agency_id, now)
            if number is None:
                raise NoCalendar
            kept = InForce(self.edition_numbered(connection, agency_id, number), now)
            self.calendars.put(agency_id, kept)
        return kept.edition

    def edition_numbered(self, connection: Connection, agency_id: str, number: int) -> Edition:
        """The edition of that number; it never changes (NoCalendar)."""
        kept = self.editions.get((agency_id, number))
        if kept is None:
            kept = edition(connection, agency_id, number)
            if kept is None:
                raise NoCalendar
            self.editions.put((agency_id, number), kept)
        return kept


def _kept_or(shelf: Shelf[Key, Kept], key: Key, make: Callable[[], Kept]) -> Kept:
    kept = shelf.get(key)
    if kept is None:
        kept = make()
        shelf.put(key, kept)
    return kept


def _load(connection: Connection, agency_id: str, version_id: UUID) -> Version:
    row = connection.execute(
        select(procedure_version).where(
            procedure_version.c.agency_id == agency_id, procedure_version.c.version_id == version_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="procedure version")
    return prepare(row.diagram, version_id, row.procedure_id, row.number, row.state)


def prepare(
    diagram: bytes, version_id: UUID, procedure_id: UUID, number: int, state: str
) -> Version:
    """Make a diagram that was judged when it was published ready to run."""
    document = parse(diagram)
    procedure = read(document).procedure
    if procedure is None:
        raise NotFound(what="procedure")
    specification = Specification.parse(document.root, procedure.process_id)
    fields = (*procedure.fields, *(f for step in procedure.steps for f in step.fields))
    drawn = draw(document)
    return Version(
        version_id,
        procedure_id,
        number,
        state,
        procedure,
        specification,
        fields,
        _waiting(document),
        {} if drawn is None else limits_after(procedure, drawn),
    )


def _waiting(document: Document) -> dict[str, str]:
    return {
        element.get("id", ""): " ".join(element.get("name", "").split())
        for path in _WAITING
        for element in document.root.iterfind(f".//{path}")
    }
