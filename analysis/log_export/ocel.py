"""Cases as OCEL 2.0, whose events belong to several objects: dossier, unit, officer, component.

What is asked of the applicant is an event of its own, so that one sees which component came back.
JSON is written as it comes; SQLite into a file. Standard: ocel-standard.org, version 2.0 (2023).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import orjson

from analysis.event_log.time_stamp import write_instant
from analysis.log_export.cases import LoggedCase, LoggedEvent

DOSSIER, UNIT, OFFICER, COMPONENT = "dossier", "unit", "officer", "component"
SUPPLEMENT = "Yêu cầu bổ sung"
"""The event in which components are asked for."""
_DOSSIER = {
    "agency": "string", "procedure": "string", "version": "string", "case": "string",
    "channel": "string", "state": "string", "outcome": "string", "result": "string",
    "received": "time", "deadline": "time", "enddate_planned": "time", "enddate": "time",
}  # fmt: skip
_EVENT = {
    "lifecycle:transition": "string", "concept:instance": "string", "org:resource": "string",
    "org:group": "string", "element": "string", "attempt": "integer", "limit_ws": "integer",
    "result": "string",
}  # fmt: skip
_OBJECTS = {DOSSIER: _DOSSIER, UNIT: {}, OFFICER: {}, COMPONENT: {"name": "string"}}
_IN_MEMORY, _PIECE = 8 << 20, 1 << 16
_BEGINNING = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class _Object:
    id: str
    type: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Happening:
    """objects: (id, qualifier)."""

    id: str
    type: str
    at_us: int
    values: dict[str, Any]
    objects: tuple[tuple[str, str], ...]


def ocel_json_chunks(cases: Iterable[LoggedCase]) -> Iterator[bytes]:
    """The document in pieces: events as they come, then the types and the other objects, which are
    known by then. Dossiers stand in another list: many are held back in a file meanwhile.
    """
    types: set[str] = set()
    others: dict[str, _Object] = {}
    yield b'{"events":['
    comma = b""
    with SpooledTemporaryFile(_IN_MEMORY) as held:
        for case in cases:
            parts = []
            for event in _happenings(case):
                types.add(event.type)
                parts.append(comma + orjson.dumps(_event_data(event)))
                comma = b","
            yield b"".join(parts)
            for each in _objects(case):
                if each.type == DOSSIER:
                    held.write((b"," if held.tell() else b"") + orjson.dumps(_object_data(each)))
                else:
                    others[each.id] = each
        held.seek(0)
        yield b'],"objects":['
        while piece := held.read(_PIECE):
            yield piece
    for each in sorted(others.values(), key=lambda each: (each.type, each.id)):
        yield b"," + orjson.dumps(_object_data(each))  # of a dossier, so it is never the first
    yield b'],"objectTypes":' + orjson.dumps(
        [{"name": name, "attributes": _declared(of)} for name, of in _OBJECTS.items()]
    )
    yield b',"eventTypes":' + orjson.dumps(
        [{"name": name, "attributes": _declared(_EVENT)} for name in sorted(types)]
    )
    yield b"}"


def write_ocel_sqlite(cases: Iterable[LoggedCase], file: Path) -> None:
    """A new SQLite file with the tables of the standard; the file must not exist yet."""
    with sqlite3.connect(file) as database:
        database.executescript(_TABLES)
        tables = _Tables(database)
        for case in cases:
            for each in _objects(case):
                tables.object(each)
            for event in _happenings(case):
                tables.event(event)
        database.execute("create index event_object_of on event_object (ocel_object_id)")
    database.close()


def _objects(case: LoggedCase) -> Iterator[_Object]:
    times = {
        "received": case.received_us, "deadline": case.due_us,
        "enddate_planned": case.original_due_us, "enddate": case.ended_us,
    }  # fmt: skip
    texts = {
        "agency": case.agency_id, "procedure": case.procedure_code, "version": case.version_id,
        "case": case.case_code, "channel": case.channel, "state": case.state,
        "outcome": case.outcome, "result": case.result,
    }  # fmt: skip
    values = {name: value for name, value in texts.items() if value}
    values |= {name: write_instant(us) for name, us in times.items() if us is not None}
    yield _Object(f"{DOSSIER}:{case.code}", DOSSIER, values)
    for unit in dict.fromkeys(e.unit for e in case.events if e.unit):
        yield _Object(f"{UNIT}:{unit}", UNIT, {})
    for person in dict.fromkeys(e.person for e in case.events if e.person):
        yield _Object(f"{OFFICER}:{person}", OFFICER, {})
    for _, code, name in case.missing:
        yield _Object(f"{COMPONENT}:{case.procedure_code}:{code}", COMPONENT, {"name": name})


def _happenings(case: LoggedCase) -> Iterator[_Happening]:
    dossier = (f"{DOSSIER}:{case.code}", DOSSIER)
    for number, event in enumerate(case.events, start=1):
        others = [(f"{UNIT}:{event.unit}", UNIT)] if event.unit else []
        others += [(f"{OFFICER}:{event.person}", OFFICER)] if event.person else []
        yield _Happening(
            f"{case.code}/{number}", event.activity, event.at_us, _values(event), (dossier, *others)
        )
    asked: dict[int, list[str]] = {}
    for at_us, code, _ in case.missing:
        asked.setdefault(at_us, []).append(code)
    for number, (at_us, codes) in enumerate(asked.items(), start=1):
        components = ((f"{COMPONENT}:{case.procedure_code}:{code}", "missing") for code in codes)
        happened = f"{case.code}/s{number}"
        yield _Happening(happened, SUPPLEMENT, at_us, {}, (dossier, *components))


def _values(event: LoggedEvent) -> dict[str, Any]:
    values = {
        "lifecycle:transition": event.transition,
        "concept:instance": str(event.run),
        "org:resource": event.person,
        "org:group": event.unit,
        "element": event.element_id,
        "attempt": event.attempt,
        "limit_ws": event.limit_ws,
        "result": event.result if event.transition == "complete" else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _event_data(event: _Happening) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "time": write_instant(event.at_us),
        "attributes": [{"name": name, "value": value} for name, value in event.values.items()],
        "relationships": [{"objectId": to, "qualifier": how} for to, how in event.objects],
    }


def _object_data(each: _Object) -> dict[str, Any]:
    values = each.values.items()
    return {
        "id": each.id,
        "type": each.type,
        "attributes": [{"name": n, "time": _BEGINNING, "value": value} for n, value in values],
        "relationships": [],
    }


def _declared(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


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
    """A table for each type, made when the type is first met."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._types: dict[tuple[str, str], str] = {}

    def event(self, event: _Happening) -> None:
        table = self._table("event", event.type, _EVENT, "ocel_time text")
        self._add("event", (event.id, event.type))
        self._add(table, (event.id, write_instant(event.at_us), *map(event.values.get, _EVENT)))
        for to, how in event.objects:
            self._add("event_object", (event.id, to, how))

    def object(self, each: _Object) -> None:
        of = _OBJECTS[each.type]
        extra = "ocel_time text, ocel_changed_field text"
        table = self._table("object", each.type, of, extra)
        known = "select 1 from object where ocel_id = ?"
        if self._database.execute(known, (each.id,)).fetchone() is None:
            self._add("object", (each.id, each.type))
            self._add(table, (each.id, _BEGINNING, None, *map(each.values.get, of)))

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
        places = ", ".join("?" * len(row))
        self._database.execute(f"insert into {table} values ({places})", row)  # noqa: S608 - ours
