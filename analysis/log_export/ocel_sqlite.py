"""Cases as OCEL 2.0 in an SQLite file, with the tables of the standard."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.event_log.time_stamp import write_instant
from analysis.log_export.cases import LoggedCase
from analysis.log_export.ocel import (
    BEGINNING,
    DOSSIER,
    EVENT_ATTRIBUTES,
    OBJECT_TYPES,
    OcelEvent,
    OcelObject,
    events_of,
    objects_of,
)


def write_ocel_sqlite(cases: Iterable[LoggedCase], file: Path) -> None:
    """A new SQLite file with the tables of the standard; the file must not exist yet."""
    with sqlite3.connect(file) as database:
        database.executescript(_SETTINGS + _TABLES)
        tables = _Tables(database)
        for case in cases:
            for each in objects_of(case):
                tables.object(each)
            for event in events_of(case):
                tables.event(event)
        tables.enter()
        database.execute("create index event_object_of on event_object (ocel_object_id)")
    database.close()


_AT_ONCE = 5_000
"""Rows that wait for one table until all are entered."""
_SETTINGS = """
pragma journal_mode = off;
pragma synchronous = off;
"""
"""A file that breaks off is thrown away whole."""
_TABLES = """
create table event_map_type (ocel_type text primary key, ocel_type_map text not null);
create table object_map_type (ocel_type text primary key, ocel_type_map text not null);
create table event (ocel_id text primary key, ocel_type text not null);
create table object (ocel_id text primary key, ocel_type text not null);
create table event_object (ocel_event_id text not null, ocel_object_id text not null,
    ocel_qualifier text not null, primary key (ocel_event_id, ocel_object_id, ocel_qualifier));
create table object_object (ocel_source_id text not null, ocel_target_id text not null,
    ocel_qualifier text not null, primary key (ocel_source_id, ocel_target_id, ocel_qualifier));
"""


class _Tables:
    """A table for each type, made when the type is first met. Rows are entered many at a time."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._types: dict[tuple[str, str], str] = {}
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}
        self._shared: set[str] = set()

    def event(self, event: OcelEvent) -> None:
        table = self._table("event", event.type, EVENT_ATTRIBUTES, "ocel_time text")
        self._add("event", (event.id, event.type))
        self._add(
            table, (event.id, write_instant(event.at_us), *map(event.values.get, EVENT_ATTRIBUTES))
        )
        for to, how in event.objects:
            self._add("event_object", (event.id, to, how))

    def object(self, each: OcelObject) -> None:
        """An object that is there already is that of the first that told of it."""
        if each.id in self._shared:
            return
        if each.type != DOSSIER:  # units, officers and components are few, and told of often
            self._shared.add(each.id)
        of = OBJECT_TYPES[each.type]
        extra = "ocel_time text, ocel_changed_field text"
        table = self._table("object", each.type, of, extra)
        self._add("object", (each.id, each.type))
        self._add(table, (each.id, BEGINNING, None, *map(each.values.get, of)))

    def enter(self) -> None:
        """Enter all rows that wait."""
        for table, rows in self._waiting.items():
            if rows:
                places = ", ".join("?" * len(rows[0]))
                self._database.executemany(
                    f"insert or {self._when_there(table)} into {table} values ({places})",  # noqa: S608 - ours
                    rows,
                )
                rows.clear()

    @staticmethod
    def _when_there(table: str) -> str:
        return "ignore" if table.startswith("object") else "abort"

    def _table(self, kind: str, name: str, of: dict[str, str], extra: str) -> str:
        known = self._types.get((kind, name))
        if known is None:
            short = f"t{len(self._types)}"  # names of steps are no names of tables
            known = self._types[kind, name] = f"{kind}_{short}"
            columns = "".join(
                f', "{column}" {"integer" if each == "integer" else "text"}'
                for column, each in of.items()
            )
            self._database.execute(
                f"create table {known} (ocel_id text primary key, {extra}{columns})"
            )
            self._add(f"{kind}_map_type", (name, short))
        return known

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        rows = self._waiting.setdefault(table, [])
        rows.append(row)
        if len(rows) >= _AT_ONCE:
            self.enter()
