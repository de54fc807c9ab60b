"""SQLite's lock in the hands of another process: who writes waits for it, and is told in the end."""

import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from engine.store import database as store
from engine.store.database import Database
from tests.engine.store.commands import found, names


@pytest.fixture
def sqlite(sqlite_url):
    opened = Database(sqlite_url)
    yield opened
    opened.close()


def test_a_command_waits_while_another_process_writes(sqlite):
    """And takes its turn as soon as the other lets go."""
    sqlite.write(found("A"))
    path = sqlite.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits = threading.Event()
        event.listen(sqlite._engine, "before_cursor_execute", lambda *_: waits.set())
        letting_go = threading.Thread(target=lambda: (waits.wait(30), other.execute("COMMIT")))
        letting_go.start()
        sqlite.write(found("B"))
        letting_go.join()
    assert names(sqlite) == ["A", "B"]


def test_a_lock_that_is_never_let_go_is_told(sqlite, monkeypatch):
    monkeypatch.setattr(store, "_PATIENCE", 3)
    monkeypatch.setattr(store, "_WAIT", "PRAGMA busy_timeout = 1")
    sqlite.write(found("A"))
    with closing(sqlite3.connect(sqlite.url.removeprefix("sqlite:///"), isolation_level=None)) as o:
        o.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            sqlite.write(found("B"))
        o.execute("ROLLBACK")
    sqlite.write(found("C"))
    assert names(sqlite) == ["A", "C"]
