"""Statements on many rows that are given to the database as one text.

A row at a time costs more than the row: its values are converted, its statement is entered and
left, and on SQLite each of them takes Python's lock again. One JSON text of all rows is read by
the database itself, while Python goes on with the next ones.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.store.prepared import Line

_ALL = 1_000_000_000
_TYPE = re.compile(r"::\w+")

HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class ManyRows:
    """A statement with `{rows}` where the rows are, as the table `r`.

    columns: of a row, by name; each with its type as PostgreSQL calls it. Further values are `?2`,
    `?3` ..., with a type (`?4::uuid`) where PostgreSQL must be told.
    """

    statement: str
    columns: Mapping[str, str]

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]], *values: Any) -> int:
        """How many rows were changed. Errors: as SQLAlchemy raises them."""
        given = orjson.dumps(rows).decode()
        text = self._text(connection.dialect.name)
        return int(Line(connection).run(text, [given, *values]).rowcount)

    def _text(self, dialect: str) -> str:
        if dialect == "sqlite":
            read = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in self.columns)
            # The limit has SQLite read the rows first, and look for each in the table.
            source = f"(SELECT {read} FROM json_each(?1) LIMIT {_ALL}) AS r"  # noqa: S608
            return _TYPE.sub("", self.statement).format(rows=source)
        kinds = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        source = f"json_to_recordset($1::json) AS r({kinds})"
        return self.statement.format(rows=source).replace("?", "$")


def id_text(raw: Any) -> str:
    """An id as the driver gave it, as a text that the database takes back."""
    return raw if type(raw) is str else str(raw)
