"""Read OCEL 2.0 from an SQLite file, as a hostile one: only tables, read-only, sorted on disk."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.columns import Role, case_date
from analysis.event_log.invalid_log import LogDamaged, LogFormatUnknown, LogNoRoom, LogTooLarge
from analysis.event_log.log import EventLog
from analysis.event_log.ocel import OF_EVENT, Note, assembled, chosen_type, roles_of, told_of_type

MAGIC = b"SQLite format 3\0"
_MOST_STEPS, _COUNTED = 20_000_000_000, 10_000_000  # of SQLite's machine: some minutes
_NEEDED = {"event", "object", "event_object", "event_map_type", "object_map_type"}


def read_ocel_sqlite(text: BoundedText, zone: tzinfo, object_type: str | None = None) -> EventLog:
    """The log in the bytes of an SQLite file; they are put into a temporary file first."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "log.sqlite")
        _lay_down(text, file)
        try:
            with _opened(file) as database:
                return _read(database, text, zone, object_type)
        except sqlite3.OperationalError as broken:
            if "interrupted" not in str(broken):
                raise LogDamaged(name=text.log_name) from broken
            raise LogTooLarge(name=text.log_name, bound="steps", most=_MOST_STEPS) from broken
        except (sqlite3.Error, UnicodeDecodeError) as broken:
            raise LogDamaged(name=text.log_name) from broken
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _lay_down(text: BoundedText, file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        while piece := text.read():
            text.mark()
            rest = memoryview(piece)
            while rest:
                try:
                    rest = rest[os.write(descriptor, rest) :]
                except OSError as full:
                    raise LogNoRoom(name=text.log_name) from full
    finally:
        os.close(descriptor)


class _opened:  # noqa: N801 - reads as what it does
    """The file, for reading only; nothing in it is trusted or run."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> sqlite3.Connection:
        self._database.execute("pragma trusted_schema = off")
        self._database.execute("pragma cell_size_check = on")
        steps = iter(range(_MOST_STEPS // _COUNTED))
        self._database.set_progress_handler(lambda: next(steps, None) is None, _COUNTED)
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.close()


def _read(
    database: sqlite3.Connection, text: BoundedText, zone: tzinfo, object_type: str | None
) -> EventLog:
    kinds = {
        str(name).lower(): "virtual" if str(sql).lower().startswith("create virtual") else kind
        for name, kind, sql in database.execute("select name, type, sql from sqlite_master")
    }
    if not all(kinds.get(name) == "table" for name in _NEEDED):
        raise LogFormatUnknown(name=text.log_name)
    numbers = dict(
        database.execute(
            "select o.ocel_type, count(*) from event_object e"
            " join object o on o.ocel_id = e.ocel_object_id group by o.ocel_type"
        )
    )
    chosen = chosen_type(numbers, object_type, text.log_name)
    tables = {
        name: _columns(database, f"event_{short}")
        for name, short in database.execute("select ocel_type, ocel_type_map from event_map_type")
        if kinds.get(f"event_{short}".lower()) == "table"
    }
    shorts = dict(database.execute("select ocel_type, ocel_type_map from event_map_type"))
    union = " union all ".join(
        _selected(f"event_{shorts[name]}", columns) for name, columns in tables.items()
    )
    if not union:
        raise LogFormatUnknown(name=text.log_name)
    rows = database.execute(
        "select eo.ocel_object_id, e.ocel_type, x.* from"  # noqa: S608 - quoted
        # an event may be related to an object in several ways, and is still one event
        " (select distinct ocel_event_id, ocel_object_id from event_object) eo"
        " join (select ocel_id from object where ocel_type = ? group by ocel_id) o"
        " on o.ocel_id = eo.ocel_object_id join event e on e.ocel_id = eo.ocel_event_id"
        f" left join ({union}) x on x.id = e.ocel_id"
        " order by eo.ocel_object_id, e.rowid",
        (chosen,),
    )
    notes = _notes(database, chosen, asked=object_type is not None)
    return assembled(text, zone, _cases(rows), _Dates(database, chosen, kinds), notes)


def _notes(database: sqlite3.Connection, chosen: str, *, asked: bool) -> list[Note]:
    """What is to be said of the file as a whole."""

    def number(sql: str, *values: str) -> int:
        return int(database.execute(sql, values).fetchone()[0] or 0)

    mine = (
        "select ocel_event_id as e, count(distinct ocel_object_id) as n from event_object"
        " join object on ocel_id = ocel_object_id where ocel_type = ? group by ocel_event_id"
    )
    objects = number("select count(*) from object where ocel_type = ?", chosen)
    without = f"ocel_id not in (select e from ({mine}))"  # noqa: S608
    others = number(f"select count(*) from event where {without}", chosen)  # noqa: S608
    several = number(f"select count(*) from ({mine}) where n > 1", chosen)  # noqa: S608
    strange = "from event_object where ocel_object_id not in (select ocel_id from object)"
    repeated = sum(
        number(f"select count(*) - count(distinct ocel_id) from {table}")  # noqa: S608
        for table in ("event", "object")
    )
    lonely = (
        "select count(*) from object where ocel_type = ? and ocel_id not in"
        " (select ocel_object_id from event_object)"
    )
    return [
        *told_of_type(chosen, objects, others, several, asked=asked),
        ("log-case-without-events", "", number(lonely, chosen)),
        ("log-object-not-in-file", "", number(f"select count(*) {strange}")),
        ("log-identifier-repeated", "", repeated),
    ]


def _cases(rows: sqlite3.Cursor) -> Iterator[tuple[str, Iterator[Mapping[Role, str]]]]:
    for case, found in groupby(rows, key=itemgetter(0)):
        yield str(case), (_told(row) for row in found)


def _told(row: tuple[object, ...]) -> dict[Role, str]:
    _, activity, _, time, *values = row
    told = {
        role: str(value) for role, value in zip(OF_EVENT, values, strict=True) if value is not None
    }
    return told | {Role.ACTIVITY: str(activity), Role.TIME: "" if time is None else str(time)}


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"pragma table_info({_quoted(table)})")]


def _selected(table: str, columns: list[str]) -> str:
    """Id, time and what the attributes of one kind of events tell, in the order of `OF_EVENT`."""
    of = {role: name for name, role in roles_of(columns).items()}
    values = [_quoted(of[role]) if role in of else "null" for role in OF_EVENT]
    told = ", ".join(values)
    return f"select ocel_id as id, ocel_time, {told} from {_quoted(table)} group by ocel_id"  # noqa: S608


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class _Dates(Mapping[str, Mapping[Role, str]]):
    """The dates of cases, looked up when they are asked for."""

    def __init__(self, database: sqlite3.Connection, chosen: str, kinds: Mapping[str, str]) -> None:
        self._database = database
        query = "select ocel_type_map from object_map_type where ocel_type = ?"
        row = database.execute(query, (chosen,)).fetchone()
        self._table = "" if row is None else f"object_{row[0]}"
        plain = kinds.get(self._table.lower()) == "table"
        known = _columns(database, self._table) if plain else []
        self._of = {name: role for name in known if (role := case_date(name)) is not None}

    def __getitem__(self, case: str) -> Mapping[Role, str]:
        if not self._of:
            return {}
        columns = ", ".join(map(_quoted, self._of))
        rows = self._database.execute(
            f"select {columns} from {_quoted(self._table)} where ocel_id = ?",  # noqa: S608
            (case,),
        )
        found: dict[Role, str] = {}
        for row in rows:
            for role, value in zip(self._of.values(), row, strict=True):
                if value is not None:
                    found[role] = str(value)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
