"""What the database itself costs: durable commits of comparable rows, one client, bare driver.

One commit is one conditional UPDATE (900 bytes), one INSERT with 2,000 bytes and one of 400.
"""

import random
import sqlite3
import time
from contextlib import closing
from typing import Any

import psycopg

from bench.databases import Databases, plain
from bench.procedure import TEXT_BYTES
from bench.spread import quantile

_STATE_BYTES, _EVENT_BYTES = 900, 400
_TABLES = (
    "CREATE TABLE raw_state (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, state {bytes})",
    "CREATE TABLE raw_step (id INTEGER PRIMARY KEY, data TEXT NOT NULL)",
    "CREATE TABLE raw_event (id INTEGER PRIMARY KEY, body {bytes} NOT NULL)",
)
_ACTS = (
    "UPDATE raw_state SET version = {p}, state = {p} WHERE id = 1 AND version = {p}",
    "INSERT INTO raw_step (id, data) VALUES ({p}, {p})",
    "INSERT INTO raw_event (id, body) VALUES ({p}, {p})",
)


def raw_commits(databases: Databases, number: int, chance: random.Random) -> dict[str, float]:
    """Median and p95 of a commit in ms, client CPU and database CPU of one in ms, and the rate."""
    url = databases.empty()
    try:
        with closing(_connect(url)) as connection:
            return _measure(connection, databases, number, chance)
    finally:
        databases.drop(url)


def _connect(url: str) -> Any:
    if not url.startswith("sqlite"):
        return psycopg.connect(plain(url))
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _measure(
    connection: Any, databases: Databases, number: int, chance: random.Random
) -> dict[str, float]:
    is_sqlite = isinstance(connection, sqlite3.Connection)
    begin = "BEGIN IMMEDIATE" if is_sqlite else None  # psycopg begins by itself
    for statement in _TABLES:
        connection.execute(statement.format(bytes="BLOB" if is_sqlite else "BYTEA"))
    connection.execute("INSERT INTO raw_state (id, version) VALUES (1, 0)")
    if not is_sqlite:
        connection.commit()
    update, step, event = (act.format(p="?" if is_sqlite else "%s") for act in _ACTS)
    rows = [
        (
            chance.randbytes(_STATE_BYTES),
            chance.randbytes(TEXT_BYTES // 2).hex(),
            chance.randbytes(_EVENT_BYTES),
        )
        for _ in range(number)
    ]
    server = databases.cpu()
    walls, before, client = [], server.reading(), time.process_time()
    for version, (state, text, body) in enumerate(rows):
        begun = time.perf_counter()
        if begin:
            connection.execute(begin)
        changed = connection.execute(update, (version + 1, state, version)).rowcount
        connection.execute(step, (version, text))
        connection.execute(event, (version, body))
        connection.commit()
        walls.append((time.perf_counter() - begun) * 1000)
        if changed != 1:
            raise AssertionError(f"commit {version} changed {changed} rows")
    client = time.process_time() - client
    after = server.reading()
    for name in ("raw_step", "raw_event"):
        found = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        if found != number:
            raise AssertionError(f"{name} holds {found} rows of {number}")
    return {
        "commit_p50_ms": quantile(walls, 0.5),
        "commit_p95_ms": quantile(walls, 0.95),
        "commits_per_second": number / sum(walls) * 1000,
        "client_cpu_ms": client / number * 1000,
        "database_cpu_ms": (after - before) / number * 1000,
    }
