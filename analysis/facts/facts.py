"""The fact tables of one reading, wherever they come from, ready to be asked in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from analysis.facts.columns import FACTS, Columns

_MEMORY = "2GB"  # of what is read from files; more than that is laid aside on the disk


@dataclass(frozen=True, slots=True)
class Facts:
    """Tables named as in `FACTS`, in an embedded database of this reading alone.

    at_us: until when open dossiers are counted (now, as the reader was told). fresh_us: the moment
    up to which the source knew everything. zone: in which months and days are meant.
    A measure is a function of these and of what it was asked; it changes nothing here.
    """

    connection: duckdb.DuckDBPyConnection
    at_us: int
    fresh_us: int
    zone: ZoneInfo

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """What a statement answers, a dictionary a row; `$name` stands for a value."""
        answer = self.connection.execute(sql, values)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def arrow(self, sql: str, **values: Any) -> pa.Table:
        """What a statement answers, in columns."""
        table: pa.Table | None = self.connection.sql(sql, params=values).to_arrow_table()
        assert table is not None, "a statement that asks has an answer"
        return table

    def for_reader(self) -> "Facts":
        """The same facts over a connection of one's own: a connection serves one thread."""
        return Facts(self.connection.cursor(), self.at_us, self.fresh_us, self.zone)

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def facts_of(tables: Mapping[str, pa.Table], at_us: int, fresh_us: int, zone: ZoneInfo) -> Facts:
    """Facts out of columns in memory; a table that is not given is empty."""
    facts = empty_facts(at_us, fresh_us, zone)
    for name, given in tables.items():
        columns = FACTS[name]
        facts.connection.register(f"given_{name}", given)
        picked = ", ".join(f"cast({key} as {kind})" for key, kind in columns.items())
        facts.connection.execute(f"insert into {name} select {picked} from given_{name}")  # noqa: S608  # names of ours
        facts.connection.unregister(f"given_{name}")
    return facts


def empty_facts(at_us: int, fresh_us: int, zone: ZoneInfo, folder: Path | None = None) -> Facts:
    """Tables without a row, to be filled; nothing outside of memory and a folder can be reached."""
    connection = connected(folder)
    for name, columns in FACTS.items():
        connection.execute(f"create table {name} ({_declared(columns)})")
    return Facts(connection, at_us, fresh_us, zone)


def connected(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An embedded database in memory that reaches nothing but, maybe, the files of a folder."""
    connection = duckdb.connect(":memory:")
    if folder is not None:
        connection.execute(f"set memory_limit = '{_MEMORY}'")
        connection.execute("set temp_directory = $aside", {"aside": str(folder / ".aside")})
        connection.execute("set allowed_directories = $folders", {"folders": [str(folder)]})
    connection.execute("set enable_external_access = false")
    return connection


def _declared(columns: Columns) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())
