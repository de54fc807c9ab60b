"""The floor under timers: bare rows of like size, written in like batches, one client.

Per timer a row is deleted, three are changed and two are entered; a hundred timers are a commit.
"""

import sqlite3
import time
from contextlib import closing
from typing import Any

import psycopg

from bench.databases import Databases, plain

_TOGETHER = 100
_TABLES = (
    "CREATE TABLE raw_timer (id INTEGER PRIMARY KEY, due BIGINT NOT NULL)",
    "CREATE INDEX raw_timer_due ON raw_timer (due)",
    "CREATE TABLE raw_dossier (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, data TEXT)",
    "CREATE TABLE raw_state (id INTEGER PRIMARY KEY, state {bytes} NOT NULL)",
    "CREATE TABLE raw_step (id INTEGER PRIMARY KEY, state TEXT NOT NULL, data TEXT NOT NULL)",
    "CREATE TABLE raw_event (id INTEGER PRIMARY KEY, body TEXT NOT NULL, hash {bytes} NOT NULL)",
)
_OLD, _CLOCK, _STEP, _EVENT = "x" * 300, "x" * 150, "x" * 350, "x" * 60
_STATE, _HASH = bytes(130), bytes(32)


def raw_batches(databases: Databases, number: int) -> dict[str, float]:
    """How many timers' worth of rows a second."""
    url = databases.empty()
    try:
        with closing(_connect(url)) as connection:
            return {"a_second": number / _seconds(connection, number)}
    finally:
        databases.drop(url)


def _connect(url: str) -> Any:
    if not url.startswith("sqlite"):
        return psycopg.connect(plain(url))
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _seconds(connection: Any, number: int) -> float:
    is_sqlite = isinstance(connection, sqlite3.Connection)
    mark = "?" if is_sqlite else "%s"
    cursor = connection.cursor()
    for statement in _TABLES:
        cursor.execute(statement.format(bytes="BLOB" if is_sqlite else "BYTEA"))

    def many(statement: str, rows: list[tuple[Any, ...]]) -> None:
        cursor.executemany(statement.replace("?", mark), rows)

    all_of = range(number)
    many("INSERT INTO raw_timer VALUES (?, ?)", [(i, i) for i in all_of])
    many("INSERT INTO raw_dossier VALUES (?, 1, ?)", [(i, _OLD) for i in all_of])
    many("INSERT INTO raw_state VALUES (?, ?)", [(i, _STATE) for i in all_of])
    many("INSERT INTO raw_step VALUES (?, 'open', ?)", [(i, _STEP) for i in all_of])
    connection.commit()
    begun = time.perf_counter()
    for first in range(0, number, _TOGETHER):
        these = range(first, min(first + _TOGETHER, number))
        many("DELETE FROM raw_timer WHERE id = ?", [(i,) for i in these])
        many("UPDATE raw_step SET state = 'cancelled' WHERE id = ?", [(i,) for i in these])
        many("INSERT INTO raw_step VALUES (?, 'open', ?)", [(number + i, _STEP) for i in these])
        many("INSERT INTO raw_event VALUES (?, ?, ?)", [(i, _EVENT, _HASH) for i in these])
        many(
            "UPDATE raw_dossier SET version = version + 1, data = ? WHERE id = ? AND version = 1",
            [(_CLOCK, i) for i in these],
        )
        many("UPDATE raw_state SET state = ? WHERE id = ?", [(_STATE, i) for i in these])
        connection.commit()
    return time.perf_counter() - begun
