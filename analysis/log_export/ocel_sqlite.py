"""Cases as OCEL 2.0 in an SQLite file, with the tables of the standard, entered in columns."""

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.event_log.time_stamp import write_instant
from analysis.log_export.column_text import instants, instants_or
from analysis.log_export.ocel import (
    BEGINNING,
    COMPONENT,
    DOSSIER,
    EVENT_ATTRIBUTES,
    OBJECT_TYPES,
    OFFICER,
    SUPPLEMENT,
    UNIT,
)
from analysis.log_export.pieces import COMPLETE, Piece

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
_DOSSIER_TEXTS = (
    *("agency_id", "procedure_code", "version_id", "case_code", "channel", "state", "outcome"),
    "result",
)
_DOSSIER_DATES = ("received_us", "due_us", "original_due_us", "ended_us")
_Row = tuple[Any, ...]


def write_ocel_sqlite(found: Iterable[Piece], file: Path) -> None:
    """A new SQLite file with the tables of the standard; the file must not exist yet.

    Where there is no room it is an OSError, as of any other file.
    """
    try:
        _write(found, file)
    except sqlite3.OperationalError as broken:
        raise OSError(errno.ENOSPC, str(broken)) from broken


def _write(found: Iterable[Piece], file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.executescript(_SETTINGS + _TABLES)
        tables = _Tables(database)
        for piece in found:
            tables.objects(DOSSIER, list(_dossiers(piece.cases)))
            for kind, column in ((UNIT, "unit"), (OFFICER, "person")):
                named = filter(None, piece.runs[column].unique().to_pylist())
                tables.objects(kind, [(f"{kind}:{name}",) for name in named])
            _enter_events(piece, tables)
            _enter_supplements(piece, tables)
        database.execute("create index event_object_of on event_object (ocel_object_id)")
    database.close()


class _Tables:
    """A table for each type, made when the type is first met."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._types: dict[tuple[str, str], str] = {}

    def events(self, type_: str, rows: list[_Row]) -> None:
        """What events of one type tell: id, moment, attributes."""
        self.enter(self._table("event", type_, EVENT_ATTRIBUTES, "ocel_time text"), rows)

    def objects(self, type_: str, rows: list[_Row]) -> None:
        """Objects of one type: id, attributes. The first that tells of one is heard."""
        extra = "ocel_time text, ocel_changed_field text"
        table = self._table("object", type_, OBJECT_TYPES[type_], extra)
        self.enter("object", [(row[0], type_) for row in rows], known="ignore")
        self.enter(table, [(row[0], BEGINNING, None, *row[1:]) for row in rows], known="ignore")

    def enter(self, table: str, rows: list[_Row], known: str = "abort") -> None:
        """known: what happens to a row that is there already."""
        if rows:
            places = ", ".join("?" * len(rows[0]))
            self._database.executemany(
                f"insert or {known} into {table} values ({places})",  # noqa: S608 - ours
                rows,
            )

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
            self.enter(f"{kind}_map_type", [(name, short)])
        return known


def _dossiers(cases: pa.Table) -> Iterator[_Row]:
    texts = (cases[name].to_pylist() for name in _DOSSIER_TEXTS)
    dates = (instants_or(cases[name], "", "").to_pylist() for name in _DOSSIER_DATES)
    for code, *values in zip(cases["code"].to_pylist(), *texts, *dates, strict=True):
        yield (f"{DOSSIER}:{code}", *(value or None for value in values))


def _enter_events(piece: Piece, tables: _Tables) -> None:
    """The events of runs, and to which objects they belong."""
    place = np.arange(len(piece.case)) - np.flatnonzero(piece.first)[piece.case] + 1
    codes = piece.cases["code"].take(piece.case).to_pylist()
    ids = [f"{code}/{number}" for code, number in zip(codes, place.tolist(), strict=True)]
    runs = piece.runs.take(piece.run)
    columns = [
        *(ids, instants(piece.at_us).to_pylist(), [piece.transitions[kind] for kind in piece.kind]),
        [str(number) for number in piece.number[piece.run].tolist()],
        *(runs[of].to_pylist() for of in ("person", "unit", "element_id", "attempt", "limit_ws")),
        pc.if_else(pa.array(piece.kind == COMPLETE), runs["result"], None).to_pylist(),
    ]
    activities = runs["activity"].to_pylist()
    tables.enter("event", list(zip(ids, activities, strict=True)))  # in the order of the case
    of_type: dict[str, list[_Row]] = {}
    for name, *row in zip(activities, *columns, strict=True):
        of_type.setdefault(name, []).append(tuple(row))
    for name, rows in of_type.items():
        tables.events(name, rows)
    belonging = [(id_, f"{DOSSIER}:{code}", DOSSIER) for id_, code in zip(ids, codes, strict=True)]
    for kind, column in ((UNIT, "unit"), (OFFICER, "person")):
        of_whom = zip(ids, runs[column].to_pylist(), strict=True)
        belonging += [(id_, f"{kind}:{name}", kind) for id_, name in of_whom if name]
    tables.enter("event_object", belonging)


def _enter_supplements(piece: Piece, tables: _Tables) -> None:
    """What was asked for: the components, and an event each time something was."""
    asked: dict[int, dict[int, list[_Row]]] = {}
    for row in piece.missing.to_pylist():
        component = row["component"], row["name"]
        asked.setdefault(row["n"], {}).setdefault(row["asked_us"], []).append(component)
    told = (piece.cases[of].to_pylist() for of in ("n", "code", "procedure_code"))
    for n, code, procedure in zip(*told, strict=True):
        for number, (at_us, components) in enumerate(asked.get(n, {}).items(), start=1):
            named = [(f"{COMPONENT}:{procedure}:{each}", name) for each, name in components]
            tables.objects(COMPONENT, named)
            happened = f"{code}/s{number}"
            nothing = [None] * len(EVENT_ATTRIBUTES)
            tables.enter("event", [(happened, SUPPLEMENT)])
            tables.events(SUPPLEMENT, [(happened, write_instant(at_us), *nothing)])
            belonging = [(happened, id_, "missing") for id_, _ in named]
            tables.enter("event_object", [(happened, f"{DOSSIER}:{code}", DOSSIER), *belonging])
