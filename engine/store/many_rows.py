"""Statements on many rows that are given to the database as one text.

A row at a time costs more than the row where others run beside: on SQLite each of them takes
Python's lock again, on PostgreSQL each is a message. One JSON text of all rows is read by the
database itself, while Python goes on with the next ones. Who has a SQLite process for himself
gives the rows one by one all the same: nobody else takes the lock, and no JSON need be read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.store.prepared import Line, explain

_ALL = 1_000_000_000
_TYPE = re.compile(r"::\w+")
_OF_ROW = re.compile(r"\br\.(\w+)")
_FURTHER = re.compile(r"\?(\d+)")

HASH_BYTES = 32


@dataclass(frozen=True)
class ManyRows:
    """A statement with `{rows}` where the rows are, as the table `r`.

    columns: of a row, by name; each with its type as PostgreSQL calls it. Further values are `?2`,
    `?3` ..., with a type (`?4::uuid`) where PostgreSQL must be told. `{hash}`: of the hashes that
    are given as `?2`, one after the other, that of the row's `place`.
    """

    statement: str
    columns: Mapping[str, str]

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]], *values: Any) -> int:
        """How many rows were changed. Errors: as SQLAlchemy raises them."""
        given = orjson.dumps(rows).decode()
        text = self._text(connection.dialect.name)
        return int(Line(connection).run(text, [given, *values]).rowcount)

    def run_each(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]], *values: Any
    ) -> int:
        """`run`, row by row, on SQLite."""
        line, text, of = Line(connection), self._of_one, itemgetter(*self.columns)
        given = [
            of(row) + own for row, own in zip(rows, self._further(len(rows), values), strict=True)
        ]
        line.tell(text, given, many=True)
        try:
            return int(line.driver.executemany(text, given).rowcount)
        except connection.dialect.loaded_dbapi.Error as error:
            explain(connection, error, text, given)

    def _further(self, rows: int, values: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if "{hash}" not in self.statement:
            return repeat(values, rows)
        hashes, *rest = values
        return ((hashes[at : at + HASH_BYTES], *rest) for at in range(0, len(hashes), HASH_BYTES))

    @cached_property
    def _of_one(self) -> str:
        """The statement on one row, whose values come before the further ones."""
        places = {name: place for place, name in enumerate(self.columns, 1)}
        text = _TYPE.sub("", self.statement).replace(" FROM {rows}", "").format(hash="?2")
        text = _FURTHER.sub(lambda found: f"?{len(places) + int(found[1]) - 1}", text)
        return _OF_ROW.sub(lambda found: f"?{places[found[1]]}", text)

    def _text(self, dialect: str) -> str:
        own = f"substr(?2, 1 + {HASH_BYTES} * r.place, {HASH_BYTES})"
        if dialect == "sqlite":
            read = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in self.columns)
            # The limit has SQLite read the rows first, and look for each in the table.
            source = f"(SELECT {read} FROM json_each(?1) LIMIT {_ALL}) AS r"  # noqa: S608
            return _TYPE.sub("", self.statement).format(rows=source, hash=own)
        kinds = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        source = f"json_to_recordset($1::json) AS r({kinds})"
        return self.statement.format(rows=source, hash=own).replace("?", "$")
