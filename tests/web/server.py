"""The product under test: the sample ward after seven weeks of work, behind a real HTTP server.

The office is played once a session; each test gets a copy of its database, its own server on a free
port and a clock that it sets by hand.
"""

import json
import random
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from playwright.sync_api import Page
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.app import create_app
from api.demo.office_life import OfficeLife
from api.demo.plan import person, read_scenarios
from api.settings import Settings
from engine.accounts import actors
from engine.actor import Actor
from engine.clock import SetClock
from engine.documents.disk_store import DiskStore
from engine.documents.place import Documents
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.outcome import OpenedStep, Outcome
from engine.dossiers.receive import Contact, Reception, receive
from engine.dossiers.refusals import SameHands
from engine.ids import seeded_ids
from engine.office import Office
from engine.procedures import by_code, publish, upload
from engine.store.condition import agencies
from engine.store.database import Database
from tests.databases import SQLiteFiles
from tests.engine.offices import BPMN, VN, Ward, open_ward

PASSWORD = "mat-khau-thu"
DOSSIERS = 80
QUEUE = 14  # dossiers that wait at the desk's own steps this morning
SEED = 11
FIRST_DAY = datetime(2026, 2, 2, 8, 0, tzinfo=VN)
TODAY = datetime(2026, 3, 23, 9, 30, tzinfo=VN)  # a Monday
SCENARIOS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["scenarios"]
    for path in sorted((BPMN / "scenarios").glob("*.json"))
}
AT_ONCE = ("2.000884",)  # settled by quick entry while the citizen waits: nothing of it queues
FAMILIAR = ("1.001193", "2.000908", "1.000894", "1.013831")  # received at the one-stop desk


class _Uvicorn(uvicorn.Server):
    """Says when it takes requests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@dataclass
class Server:
    """A running product: where it is, its clock, and the office behind it."""

    database_url: str
    port: int
    clock: SetClock = field(default_factory=lambda: SetClock(TODAY))
    settings: Settings = field(default_factory=lambda: Settings(tick_seconds=0))

    def __post_init__(self) -> None:
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        folder = Path(self.database_url.removeprefix("sqlite:///")).parent / "documents"
        documents = Documents(DiskStore(folder))
        database = Database(self.database_url)
        self.office = Office(database, self.clock, seeded_ids(7), documents=documents)
        config = uvicorn.Config(
            create_app(self.office, self.settings),
            host="127.0.0.1",
            port=self.port,
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        self._server = _Uvicorn(config)
        self._listening = config.bind_socket()
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listening]}, daemon=True
        )
        self._thread.start()
        assert self._server.ready.wait(timeout=10), "the server does not start"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._listening.close()
        self.office.database.close()

    def at(self, *when: int) -> None:
        """Set the office's clock, e.g. `at(2026, 3, 24, 10)`."""
        self.clock.set(datetime(*when, tzinfo=VN))

    def publish(self, diagram: str) -> None:
        """Put a diagram in force, by the sample ward's designer."""
        designer = self._people()["vanphong1"]
        draft = upload(self.office, designer, diagram.encode(), "thu.bpmn")
        publish(self.office, designer, draft.version_id)

    def upload_draft(self, file: Path) -> None:
        """Have the designer upload a diagram and leave it a draft."""
        upload(self.office, self._people()["vanphong1"], file.read_bytes(), file.name)

    def version_path(self, code: str) -> str:
        """The address of a procedure's draft, or of its version in force."""
        with self.office.database.read() as connection:
            row = by_code(connection, self._people()["vanphong1"], code)
        return f"/procedures/versions/{row.draft_id or row.version_id}"

    def _people(self) -> dict[str, Actor]:
        with self.office.database.read() as connection:
            return actors(connection, agencies(self.office.database)[0], self.clock.now())

    def dossier(
        self, code: str, *, until: str = "", scenario: int = 0, without: str = "", at: int = 0
    ) -> str:
        """The address of a new dossier that waits at the step `until` (the first, if not named).

        without: a component left at home. at: so many days before now it was received.
        """
        now = self.clock.now()
        self.clock.set(now - timedelta(days=at))
        planned = SCENARIOS[code][scenario]
        people = sorted(self._people().values(), key=lambda actor: actor.name)
        with self.office.database.read() as connection:
            row = by_code(connection, people[0], code)
            version = self.office.version(connection, people[0].agency_id, row.version_id)
        procedure = version.procedure
        first = procedure.steps[0].assignment
        clerk = next(a for a in people if a.holds(first.position, first.unit))
        outcome = receive(
            self.office, clerk, reception(code, planned, "Nguyễn Văn Thử", without=without)
        )
        waiting = list(outcome.opened)
        for step in planned["steps"]:
            run = next((r for r in waiting if r.element_id == step["element"]), None)
            if run is None or not until or run.element_id == until:
                break
            waiting.remove(run)
            waiting += self._complete(people, run, step["data"]).opened
        self.clock.set(now)
        return f"{self.url}/dossiers/{outcome.dossier_id}"

    def received(self, code: str, login: str) -> str:
        """The address of a dossier that this officer received just now, with nothing brought."""
        clerk = self._people()[login]
        outcome = receive(self.office, clerk, Reception(code, "Nguyễn Văn Thử"))
        return f"{self.url}/dossiers/{outcome.dossier_id}"

    def _complete(self, people: list[Actor], run: OpenedStep, data: dict) -> Outcome:
        for actor in people:
            if actor.holds(run.position, run.unit):
                try:
                    return complete_step(self.office, actor, run.step_run_id, data)
                except SameHands:
                    continue
        pytest.fail(f"nobody may do {run.name}")


def reception(code: str, planned: dict, applicant: str, without: str = "") -> Reception:
    return Reception(
        procedure=code,
        applicant=applicant,
        case=planned["case"],
        contact=Contact(identity_number="000123456789", phone="0901234567"),
        data=planned["reception"],
        components=tuple(
            Brought(component, form, number)
            for component, forms in planned["components"].items()
            for form, number in forms.items()
            if component != without
        ),
    )


@pytest.fixture(scope="session")
def played_office(sqlite_files: SQLiteFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample ward, its procedures in force, and seven weeks of work."""
    folder = tmp_path_factory.mktemp("played")
    ward = open_ward(sqlite_files.fresh(folder))
    ward.clock.set(FIRST_DAY)
    _play(ward)
    _queue_at_the_desk(ward)
    ward.office.database.close()
    return _settled(folder / "quytrinh.db")


def _play(ward: Ward) -> None:
    records = {
        path.name: ward.publish(path.read_bytes(), path.name)
        for path in sorted((BPMN / "procedures").glob("*.bpmn"))
    }
    with ward.office.database.read() as connection:
        versions = {
            name: ward.office.version(connection, ward.agency_id, record.version_id)
            for name, record in records.items()
        }
    codes = {
        name: version.procedure.code
        for name, version in versions.items()
        if version.procedure.code not in AT_ONCE
    }
    life = OfficeLife(
        ward.office,
        ward.clock,
        ward.actors,
        ward.calendar,
        read_scenarios(BPMN / "scenarios", codes),
        {version.procedure.code: version for version in versions.values()},
        SEED,
    )
    for _ in life.play(DOSSIERS, FIRST_DAY, TODAY):
        pass


def _queue_at_the_desk(ward: Ward) -> None:
    """What came since Friday noon and waits: some of it late, some due today."""
    chance = random.Random(SEED)
    clerk = ward.actors["motcua2"]
    begin = ward.calendar.clock_at(datetime(2026, 3, 20, 13, 30, tzinfo=VN))
    room = ward.calendar.clock_at(TODAY) - begin
    for number in range(QUEUE):
        at = ward.calendar.add(datetime(2026, 3, 20, 13, 30, tzinfo=VN), room * number // QUEUE)
        ward.clock.set(at)
        code = FAMILIAR[number % len(FAMILIAR)]
        planned = SCENARIOS[code][0]
        receive(ward.office, clerk, reception(code, planned, person(chance)))
    ward.clock.set(TODAY)


def _settled(path: Path) -> Path:
    """The database as one file, with passwords that are quick to check."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE account SET password_hash = ?", (quick.hash(PASSWORD),))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve_copy(played_office: Path, folder: Path) -> Iterator[Server]:
    copy = folder / "office.db"
    shutil.copyfile(played_office, copy)
    server = Server(f"sqlite:///{copy}", _free_port())
    yield server
    server.stop()


@pytest.fixture
def server(played_office: Path, tmp_path: Path) -> Iterator[Server]:
    """The product on a copy of the played office, for one test."""
    yield from _serve_copy(played_office, tmp_path)


@pytest.fixture(scope="module")
def shared_server(
    played_office: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The product for all tests of a module that only look."""
    yield from _serve_copy(played_office, tmp_path_factory.mktemp("shared"))


def log_in(page: Page, server: Server, login: str, path: str = "/") -> Page:
    """Log in by the form, as a person does, and open a page."""
    page.goto(f"{server.url}/login?next={quote(path, safe='/')}")
    page.locator("#field-login").fill(login)
    page.locator("#field-password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def in_english(page: Page, server: Server) -> Page:
    page.context.add_cookies([{"name": "language", "value": "en", "url": server.url}])
    return page
