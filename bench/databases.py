"""The databases that are measured, made to keep what they acknowledge, and what they store."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

import psycopg

from bench.cpu import DatabaseCpu, NoCpu
from tests.databases import SETTINGS, PostgreSQLServer, SQLiteFiles

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "128MB",  # PostgreSQL's own default
}
_MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")


class NotDurable(Exception):
    """The PostgreSQL server may lose what it acknowledged; its speed would mean nothing."""


class Databases(Protocol):
    """One kind of database: fresh empty ones, their size, their server's CPU."""

    name: str
    version: str

    def empty(self) -> str:
        """The URL of a new database without tables."""
        ...

    def founded(self, found: Callable[[str], None]) -> str:
        """The URL of a copy of a database that `found` was called with once."""
        ...

    def founded_anew(self, found: Callable[[str], None]) -> str:
        """The URL of a new database that `found` was called with."""
        ...

    def drop(self, url: str) -> None: ...

    def compact(self, url: str) -> None:
        """VACUUM, so that only what is kept counts."""
        ...

    def sizes(self, url: str) -> dict[str, int]:
        """Bytes by table, its indexes included; under "" those of the whole database."""
        ...

    def cpu(self) -> DatabaseCpu | NoCpu: ...


class SQLiteDatabases:
    """Files in a folder on the disk of the system's temporary files."""

    name = "SQLite"
    version = sqlite3.sqlite_version

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._files: SQLiteFiles | None = None

    def empty(self) -> str:
        return f"sqlite:///{self._new_folder() / 'bench.db'}"

    def founded(self, found: Callable[[str], None]) -> str:
        if self._files is None:
            self._files = SQLiteFiles(self._folder, found)
        return self._files.fresh(self._new_folder())

    def founded_anew(self, found: Callable[[str], None]) -> str:
        url = self.empty()
        found(url)
        return url

    def _new_folder(self) -> Path:
        self._made += 1
        folder = self._folder / str(self._made)
        folder.mkdir()
        return folder

    def drop(self, url: str) -> None:
        shutil.rmtree(_file(url).parent)

    def compact(self, url: str) -> None:
        with closing(sqlite3.connect(_file(url))) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sizes(self, url: str) -> dict[str, int]:
        with closing(sqlite3.connect(_file(url))) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            size = connection.execute("PRAGMA page_size").fetchone()[0]
            tables = connection.execute(
                "SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_master USING (name)"
                " GROUP BY tbl_name"
            ).fetchall()
        return {"": pages * size, **dict(tables)}

    def cpu(self) -> NoCpu:
        return NoCpu()


class PostgreSQLDatabases:
    """Databases of one server, started from the programs that the tests find, but durable."""

    name = "PostgreSQL"

    def __init__(self, server: PostgreSQLServer) -> None:
        self._server = server
        for setting in _MUST_BE_ON:
            if self._ask(server.url, f"SHOW {setting}")[0][0] != "on":
                raise NotDurable(setting)
        self.version = str(self._ask(server.url, "SHOW server_version")[0][0]).split()[0]

    def empty(self) -> str:
        return self._server.empty()

    def founded(self, found: Callable[[str], None]) -> str:
        return self._server.fresh(found)

    def founded_anew(self, found: Callable[[str], None]) -> str:
        url = self.empty()
        found(url)
        return url

    def drop(self, url: str) -> None:
        self._server.drop(url)

    def compact(self, url: str) -> None:
        with psycopg.connect(plain(url), autocommit=True) as connection:
            connection.execute("VACUUM FULL")

    def sizes(self, url: str) -> dict[str, int]:
        tables = self._ask(
            url, "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
        )
        whole = self._ask(url, "SELECT pg_database_size(current_database())")[0][0]
        return {"": whole, **dict(tables)}

    def cpu(self) -> DatabaseCpu | NoCpu:
        process = self._server.process
        assert process is not None, "the server was started here"
        return DatabaseCpu(process.pid)

    @staticmethod
    def _ask(url: str, question: str) -> list[Any]:
        with psycopg.connect(plain(url), autocommit=True) as connection:
            return connection.execute(question).fetchall()


@contextmanager
def sqlite_databases() -> Iterator[SQLiteDatabases]:
    with tempfile.TemporaryDirectory(prefix="qt-bench-") as folder:
        yield SQLiteDatabases(Path(folder))


@contextmanager
def postgresql_databases() -> Iterator[PostgreSQLDatabases]:
    """PostgreSQLUnavailable where there is no server; nothing is measured with fsync off."""
    # The tests' server does not write to the disk; everything else about it serves here too.
    # One that is only named would not do: its processes must be seen to count their CPU.
    with patch.dict(SETTINGS, DURABLE), patch.dict(os.environ):
        os.environ.pop("QUYTRINH_TEST_POSTGRESQL", None)
        server = PostgreSQLServer.start()
    try:
        yield PostgreSQLDatabases(server)
    finally:
        server.stop()


def plain(url: str) -> str:
    """The URL as psycopg itself reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
