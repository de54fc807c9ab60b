"""A workflow kept in one row, as the library's manual shows; by the bare driver, durably."""

import sqlite3
from typing import Any

import psycopg

from bench.databases import plain


class Row:
    """The table of workflows, one row each, on either database; beside it what was entered."""

    def __init__(self, url: str, *, of_bytes: bool = False) -> None:
        if url.startswith("sqlite"):
            self._connection: Any = sqlite3.connect(
                url.removeprefix("sqlite:///"), isolation_level=None
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._begin, mark, binary = "BEGIN IMMEDIATE", "?", "BLOB"
        else:
            self._connection = psycopg.connect(plain(url))
            self._begin, mark, binary = "", "%s", "BYTEA"
        kind = binary if of_bytes else "TEXT"
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS workflow (id INTEGER PRIMARY KEY,"
            f" version INTEGER NOT NULL DEFAULT 0, state {kind} NOT NULL)"
        )
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS entered (id INTEGER NOT NULL, step INTEGER NOT NULL,"
            " data TEXT NOT NULL, PRIMARY KEY (id, step))"
        )
        self._connection.commit()
        self._insert = f"INSERT INTO workflow (id, state) VALUES ({mark}, {mark})"
        self._update = f"UPDATE workflow SET state = {mark} WHERE id = {mark}"
        self._renew = (
            f"UPDATE workflow SET state = {mark}, version = version + 1"
            f" WHERE id = {mark} AND version = {mark}"
        )
        self._enter = f"INSERT INTO entered (id, step, data) VALUES ({mark}, {mark}, {mark})"
        self._entered = f"SELECT data FROM entered WHERE id = {mark}"
        self._select = f"SELECT state FROM workflow WHERE id = {mark}"

    def begin(self) -> None:
        if self._begin:
            self._connection.execute(self._begin)

    def add(self, number: int, state: str | bytes) -> None:
        self.begin()
        self._connection.execute(self._insert, (number, state))
        self._connection.commit()

    def read(self, number: int) -> Any:
        return self._connection.execute(self._select, (number,)).fetchone()[0]

    def write(self, number: int, state: str) -> None:
        if self._connection.execute(self._update, (state, number)).rowcount != 1:
            raise AssertionError(f"workflow {number} was not written")
        self._connection.commit()

    def renew(self, number: int, version: int, state: bytes, data: str) -> None:
        """Write the state that follows a version, and what was entered, in one transaction."""
        self.begin()
        if self._connection.execute(self._renew, (state, number, version)).rowcount != 1:
            raise AssertionError(f"workflow {number} is not at version {version}")
        self._connection.execute(self._enter, (number, version, data))
        self._connection.commit()

    def entered(self, number: int) -> list[str]:
        return [data for (data,) in self._connection.execute(self._entered, (number,)).fetchall()]

    def close(self) -> None:
        self._connection.close()
