"""An office for tests: the sample ward of `bpmn/`, a clock set by hand, ids from a seed."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Table, select

from engine.accounts import actors, found_office
from engine.actor import Actor
from engine.calendar import Calendar
from engine.clock import SetClock
from engine.dossier_file import DossierFile, StepRun, dossier_file, history
from engine.dossiers.outcome import Outcome
from engine.dossiers.receive import Reception, receive
from engine.ids import seeded_ids
from engine.office import Office
from engine.procedure_version import VersionRecord
from engine.procedures import publish, upload
from engine.store.database import Database
from engine.working_calendar.kept import keep_calendar
from engine.working_calendar.viet_nam import vietnam

ROOT = Path(__file__).parents[2]
BPMN = ROOT / "bpmn"
VN = ZoneInfo("Asia/Ho_Chi_Minh")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
START = datetime(2026, 3, 2, 8, 0, tzinfo=VN)  # a Monday in office hours


def datetime_of(*when: int) -> datetime:
    """A time of the office, e.g. `datetime_of(2026, 3, 4, 10, 0)`."""
    return datetime(*when, tzinfo=VN)


@dataclass
class Ward:
    """The sample ward with everything a test needs at hand."""

    office: Office
    clock: SetClock
    actors: dict[str, Actor]

    @property
    def agency_id(self) -> str:
        return next(iter(self.actors.values())).agency_id

    @property
    def calendar(self) -> Calendar:
        with self.office.database.read() as connection:
            return self.office.calendar(connection, self.agency_id)

    def holder(self, position: str | None, unit: str | None) -> Actor:
        """An officer who holds the position."""
        return next(
            a for a in sorted(self.actors.values(), key=lambda a: a.name) if a.holds(position, unit)
        )

    def holders(self, position: str | None, unit: str | None) -> list[Actor]:
        return [
            a for a in sorted(self.actors.values(), key=lambda a: a.name) if a.holds(position, unit)
        ]

    @property
    def designer(self) -> Actor:
        return next(a for a in self.actors.values() if "designer" in a.roles)

    @property
    def head(self) -> Actor:
        return next(a for a in self.actors.values() if "head" in a.roles)

    def publish(self, data: bytes, name: str = "test.bpmn") -> VersionRecord:
        draft = upload(self.office, self.designer, data, name)
        return publish(self.office, self.designer, draft.version_id)

    def received(self, diagram: bytes, *when: int, **stated) -> Outcome:
        """Publish a diagram and receive a dossier of it, by whoever may; stated: of Reception."""
        record = self.publish(diagram)
        if when:
            self.at(*when)
        with self.office.database.read() as connection:
            procedure = self.office.version(connection, self.agency_id, record.version_id).procedure
        first = procedure.steps[0].assignment
        reception = Reception(procedure.code, "Lê Thị Hoa", **stated)
        return receive(self.office, self.holder(first.position, first.unit), reception)

    def file(self, outcome: Outcome) -> DossierFile:
        with self.office.database.read() as connection:
            return dossier_file(self.office, connection, self.designer, outcome.dossier_id)

    def events(self, outcome: Outcome) -> list[str]:
        """The kinds of the dossier's events, in order."""
        with self.office.database.read() as connection:
            return [e.kind for e in history(connection, self.designer, outcome.dossier_id)]

    def run(self, outcome: Outcome, element: str) -> StepRun:
        """The newest run of a step."""
        return [run for run in self.file(outcome).steps if run.element_id == element][-1]

    def stored(self, table: Table, **columns) -> list:
        """The rows of a table with these values."""
        query = select(table).where(*(table.c[name] == value for name, value in columns.items()))
        with self.office.database.read() as connection:
            return list(connection.execute(query))

    def forget(self) -> None:
        """Let memory go, as after a restart."""
        documents = self.office.documents
        self.office = Office(self.office.database, self.clock, self.office.ids, documents=documents)

    def at(self, *when: int) -> datetime:
        """Set the clock to a time of the office, e.g. `at(2026, 3, 4, 10)`."""
        moment = datetime(*when, tzinfo=VN)  # type: ignore[misc, arg-type]
        self.clock.set(moment)
        return moment


def stranger(actor: Actor) -> Actor:
    """The same person, of another agency."""
    return replace(actor, agency_id="000.00.99.H29")


def open_ward(url: str) -> Ward:
    """Found the sample ward in an empty, migrated database."""
    database = Database(url)
    clock = SetClock(START)
    ids = seeded_ids(1)
    office = Office(database, clock, ids)
    stated = json.loads((BPMN / "office.json").read_text(encoding="utf-8"))
    passwords = {officer["login"]: "mat-khau-thu" for officer in stated["officers"]}
    calendar = _calendar()

    def found(transaction):
        found_office(transaction, stated, passwords, LONG_AGO, ids, _hashed_once)
        keep_calendar(transaction, stated["agency"]["code"], calendar, LONG_AGO, "test")

    database.write(found)
    with database.read() as connection:
        people = actors(connection, stated["agency"]["code"], clock.now())
    return Ward(office, clock, people)


@cache
def _hashed_once(password: str) -> str:
    """Argon2 is slow on purpose: forty officers share a password that is hashed the cheap way."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(password)


_CALENDARS: dict[str, Calendar] = {}


def _calendar() -> Calendar:
    if "vn" not in _CALENDARS:
        _CALENDARS["vn"] = vietnam(2024, 2028)
    return _CALENDARS["vn"]


__all__ = ["BPMN", "ROOT", "START", "VN", "Ward", "date", "open_ward", "stranger"]
