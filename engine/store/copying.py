"""Rows carried from one database to another, and a digest that both must agree on.

A row's canonical form is the JSON list of its values as they are stored, in the order of the
columns: moments as microseconds, documents as the very text, bytes in hexadecimal. A table's
digest is the sum, modulo 2^256, of the SHA-256 of its rows: the same in whatever order they are
read, and another as soon as one byte of one row is another.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from sqlalchemy import (
    Connection,
    Table,
    TableClause,
    column,
    create_engine,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator, TypeEngine

_BATCH = 2000  # rows read, written and told of at a time
_MODULUS = 1 << 256

DRIVER_ERRORS = (psycopg.Error, sqlite3.Error)
"""What the drivers raise by themselves, where rows are given to them directly."""

Told = Callable[[int], None]
"""Hears how many rows of a table have been carried or read so far."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: number of rows, and their digest (64 hexadecimal digits)."""

    rows: int
    sha256: str


class _Sum:
    """Gathers the digest of a table row by row."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            canonical = orjson.dumps(tuple(row), default=bytes.hex)
            self._sum += int.from_bytes(hashlib.sha256(canonical).digest(), "big")
        self.rows += len(rows)

    def contents(self) -> Contents:
        return Contents(self.rows, f"{self._sum % _MODULUS:064x}")


def contents(connection: Connection, of: Table, told: Told) -> Contents:
    """Read a whole table; what it holds."""
    found = _Sum()
    for rows in _batches(connection, of):
        found.add(rows)
        told(found.rows)
    return found.contents()


def carry(source: Connection, target: Connection, of: Table, told: Told) -> Contents:
    """Copy a whole table; what was read of it."""
    found = _Sum()
    with _writing(target, of) as write:
        for rows in _batches(source, of):
            write(rows)
            found.add(rows)
            told(found.rows)
    return found.contents()


def count(connection: Connection, of: Table) -> int:
    """The number of rows."""
    return int(connection.execute(select(func.count()).select_from(of)).scalar_one())


def know_sizes(url: str) -> None:
    """Have PostgreSQL look at what it holds now: it plans its statements by that.

    VACUUM also enters the rows in the index of the journal's days.
    """
    engine = create_engine(url, poolclass=NullPool)
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM (ANALYZE)"))
    finally:
        engine.dispose()


def _as_stored(of: Table) -> TableClause:
    """The table without what the product makes of its values: texts and numbers as they lie."""
    return table(of.name, *(column(each.name, _kind(each.type)) for each in of.columns))


def _kind(of: TypeEngine[Any]) -> TypeEngine[Any]:
    return of.impl_instance if isinstance(of, TypeDecorator) else of


def _batches(connection: Connection, of: Table) -> Iterator[Sequence[Sequence[Any]]]:
    query = select(_as_stored(of)).execution_options(yield_per=_BATCH)
    yield from connection.execute(query).partitions()


class _writing:  # noqa: N801 - reads as what it is used for
    """Writes batches of rows in the quickest way of the database."""

    def __init__(self, connection: Connection, of: Table) -> None:
        self._connection, self._table = connection, _as_stored(of)
        self._copy: Any = None

    def __enter__(self) -> Callable[[Sequence[Sequence[Any]]], None]:
        if self._connection.dialect.name != "postgresql":
            return self._insert
        quote = self._connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(each.name) for each in self._table.columns)
        driver: Any = self._connection.connection.driver_connection
        self._cursor = driver.cursor()
        self._copy = self._cursor.copy(f"COPY {quote(self._table.name)} ({names}) FROM STDIN")
        self._into = self._copy.__enter__()
        return self._send

    def _insert(self, rows: Sequence[Sequence[Any]]) -> None:
        names = [each.name for each in self._table.columns]
        values = [dict(zip(names, row, strict=True)) for row in rows]
        self._connection.execute(insert(self._table), values)

    def _send(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            self._into.write_row(row)

    def __exit__(self, *error: object) -> None:
        if self._copy is not None:
            self._copy.__exit__(*error)
            self._cursor.close()
