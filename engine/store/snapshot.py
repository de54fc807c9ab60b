"""One consistent state of an office's database, read in columns: many questions, one moment.

PostgreSQL is asked through ADBC in one read-only transaction (repeatable read). An SQLite file is
asked by a program of its own (`sqlite_answers`), in one transaction; writers go on meanwhile.
Measured (docs/benchmarks.md: export) ADBC reads two to three times as many rows a CPU second
as the drivers that make a Python value of everything.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import IOBase
from pathlib import Path
from typing import IO, Protocol, cast

import adbc_driver_postgresql.dbapi as postgresql
import pyarrow as pa
from sqlalchemy.engine import make_url

from engine.store.database import Database

_ANSWERS = Path(__file__).with_name("sqlite_answers.py")
_PIPE = 1 << 20
"""Bytes that may be on their way: a whole piece of an answer, so that nobody is woken for less."""
_KEEPS_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 25), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
"""Heard by glibc (mallopt(3)): a piece goes into the memory of the one before. New memory, which
the kernel must clear, was a tenth of reading. 32 MB is the most that every glibc takes.
"""


class UnreadableTables(Exception):
    """The database did not answer a question of ours."""


class Snapshot(Protocol):
    """One state of a database. is_sqlite: which dialect it understands."""

    is_sqlite: bool

    def table(self, sql: str) -> pa.Table:
        """What a statement answers (UnreadableTables)."""

    def pieces(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The same, some thousand rows at a time: what was told need not be kept.

        Nothing else is asked meanwhile; who does not hear all of it asks nothing more.
        """


@contextmanager
def snapshot_of(database: Database) -> Iterator[Snapshot]:
    """The state of the database when the first question is asked."""
    url = make_url(database.url)
    if not database.is_sqlite:
        named = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with postgresql.connect(named) as connection, connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield _PostgreSQL(cursor)
        return
    # -P: its own folder has modules named like those of Python.
    command = [sys.executable, "-P", str(_ANSWERS), str(url.database)]
    with subprocess.Popen(  # noqa: S603 - ours
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **_KEEPS_MEMORY},
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        _widen(program.stdout)
        try:
            yield _SQLite(program.stdin, program.stdout)
        finally:
            with suppress(BrokenPipeError):  # it may have ended before the last question
                program.stdin.close()


def _widen(pipe: IO[bytes]) -> None:
    """Let more be on its way at once, where the system can and allows it."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - elsewhere there is none, or none that widens

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


class _PostgreSQL:
    is_sqlite = False

    def __init__(self, cursor: postgresql.Cursor) -> None:
        self._cursor = cursor

    def table(self, sql: str) -> pa.Table:
        try:
            self._cursor.execute(sql)
            answer: pa.Table = self._cursor.fetch_arrow_table()
        except postgresql.Error as error:
            raise UnreadableTables(str(error)) from error
        return answer

    def pieces(self, sql: str) -> Iterator[pa.RecordBatch]:
        try:
            self._cursor.execute(sql)
            yield from self._cursor.fetch_record_batch()
        except (postgresql.Error, pa.ArrowException, OSError) as error:
            raise UnreadableTables(str(error)) from error


class _SQLite:
    is_sqlite = True

    def __init__(self, asks: IO[bytes], answers: IO[bytes]) -> None:
        self._asks, self._answers = asks, answers

    def table(self, sql: str) -> pa.Table:
        with self._answer(sql) as stream:
            table = stream.read_all()
        if table.num_rows:
            return table
        kinds = pa.schema([(name, pa.null()) for name in table.column_names])
        return kinds.empty_table()  # of no rows SQLite says no kinds

    def pieces(self, sql: str) -> Iterator[pa.RecordBatch]:
        with self._answer(sql) as stream:
            yield from stream

    @contextmanager
    def _answer(self, sql: str) -> Iterator[pa.RecordBatchReader]:
        """The answer, of which everything must be read."""
        with suppress(BrokenPipeError):  # it has ended, and says nothing
            self._asks.write(json.dumps(sql).encode() + b"\n")
            self._asks.flush()
        said = self._answers.readline()
        if said != b"ok\n":
            raise UnreadableTables(
                said.decode(errors="replace") or "the program that reads SQLite has ended"
            )
        try:
            with pa.ipc.open_stream(cast("IOBase", self._answers)) as stream:
                yield stream
        except (pa.ArrowException, OSError) as error:
            raise UnreadableTables(str(error)) from error
        if self._answers.readline() != b"end\n":  # a stream may stop between two pieces
            raise UnreadableTables("the program that reads SQLite ended in an answer")
