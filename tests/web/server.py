"""The product under test: the sample ward after seven weeks of work, behind a real HTTP server.

The office is played once a session; each test gets a copy of its database, its own server on a free
port and a clock that it sets by hand.
"""

import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page
from sqlalchemy import select

from api.app import create_app
from api.demo.office_life import OfficeLife
from api.demo.plan import read_scenarios
from api.settings import Settings
from engine.clock import SetClock
from engine.ids import seeded_ids
from engine.office import Office
from engine.store.database import Database
from engine.store.tables import dossier, step_run
from tests.databases import SQLiteFiles
from tests.engine.offices import BPMN, VN, open_ward

PASSWORD = "mat-khau-thu"
DOSSIERS = 100
SEED = 11
FIRST_DAY = datetime(2026, 2, 2, 8, 0, tzinfo=VN)
TODAY = datetime(2026, 3, 23, 9, 30, tzinfo=VN)  # a Monday


@dataclass
class Server:
    """A running product: where it is, its clock, and the office behind it."""

    url: str
    database_url: str
    clock: SetClock
    settings: Settings

    def __post_init__(self) -> None:
        self._port = int(self.url.rpartition(":")[2])
        self.start()

    def start(self) -> None:
        self.office = Office(Database(self.database_url), self.clock, seeded_ids(7))
        app = create_app(self.office, self.settings)
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=self._port,
            log_level="error",
            access_log=False,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._listening = config.bind_socket()
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listening]}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._listening.close()
        self.office.database.close()

    def at(self, *when: int) -> None:
        """Set the office's clock."""
        self.clock.set(datetime(*when, tzinfo=VN))

    def dossier_waiting_at(self, step: str, code: str = "", state: str = "open") -> str:
        """The address of an open dossier that waits at a step of that name."""
        query = (
            select(dossier.c.dossier_id)
            .join(step_run, step_run.c.dossier_id == dossier.c.dossier_id)
            .where(step_run.c.state == "open", step_run.c.name == step, dossier.c.state == state)
            .order_by(dossier.c.received_at)
        )
        if code:
            query = query.where(dossier.c.code == code)
        with self.office.database.read() as connection:
            found = connection.execute(query).scalars().first()
        assert found is not None, f"nothing waits at {step!r}"
        return f"{self.url}/dossiers/{found}"


@pytest.fixture(scope="session")
def played_office(sqlite_files: SQLiteFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample ward, its procedures in force, and seven weeks of work."""
    folder = tmp_path_factory.mktemp("played")
    ward = open_ward(sqlite_files.fresh(folder))
    ward.clock.set(FIRST_DAY)
    records = {
        path.name: ward.publish(path.read_bytes(), path.name)
        for path in sorted((BPMN / "procedures").glob("*.bpmn"))
    }
    with ward.office.database.read() as connection:
        versions = {
            name: ward.office.version(connection, ward.agency_id, record.version_id)
            for name, record in records.items()
        }
    by_code = {version.procedure.code: version for version in versions.values()}
    codes = {name: version.procedure.code for name, version in versions.items()}
    scenarios = read_scenarios(BPMN / "scenarios", codes)
    life = OfficeLife(
        ward.office, ward.clock, ward.actors, ward.calendar, scenarios, by_code, SEED
    )
    for _ in life.play(DOSSIERS, FIRST_DAY, TODAY):
        pass
    ward.office.database.close()
    path = folder / "quytrinh.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_server(played_office: Path, folder: Path) -> Iterator[Server]:
    copy = folder / "office.db"
    shutil.copyfile(played_office, copy)
    server = Server(
        url=f"http://127.0.0.1:{_free_port()}",
        database_url=f"sqlite:///{copy}",
        clock=SetClock(TODAY + timedelta(minutes=1)),
        settings=Settings(tick_seconds=0),
    )
    yield server
    server.stop()


@pytest.fixture
def server(played_office: Path, tmp_path: Path) -> Iterator[Server]:
    """The product on a copy of the played office, for one test."""
    yield from run_server(played_office, tmp_path)


@pytest.fixture(scope="module")
def shared_server(
    played_office: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The product for all tests of a module that only look."""
    yield from run_server(played_office, tmp_path_factory.mktemp("shared"))


def log_in(page: Page, server: Server, login: str, path: str = "/") -> None:
    """Log in by the form, as a person does, and open a page."""
    page.goto(f"{server.url}/login?next={path}")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
