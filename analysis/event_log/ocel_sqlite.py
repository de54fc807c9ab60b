"""Read OCEL 2.0 from an SQLite file, as a hostile one: only tables, read-only, sorted on disk."""

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
from analysis.event_log.invalid_log import LogBroken, LogFormatUnknown, LogTooLarge
from analysis.event_log.log import EventLog
from analysis.event_log.ocel import OF_EVENT, assembled, chosen_type, roles_of

MAGIC = b"SQLite format 3\0"
_MOST_STEPS, _COUNTED = 20_000_000_000, 10_000_000  # of SQLite's machine: some minutes
_NEEDED = {"event", "object", "event_object", "event_map_type", "object_map_type"}


def read_ocel_sqlite(text: BoundedText, zone: tzinfo, object_type: str | None = None) -> EventLog:
    """The log in the bytes of an SQLite file; they are put into a temporary file first."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "log.sqlite")
        with file.open("wb") as target:
            while piece := text.read():
                text.mark()
                target.write(piece)
        try:
            with _opened(file) as database:
                return _read(database, text, zone, object_type)
        except sqlite3.OperationalError as broken:
            if "interrupted" not in str(broken):
                raise LogBroken(name=text.log_name, line="?") from broken
            raise LogTooLarge(name=text.log_name, bound="steps", most=_MOST_STEPS) from broken
        except sqlite3.Error as broken:
            raise LogBroken(name=text.log_name, line="?") from broken
        finally:
            shutil.rmtree(folder, ignore_errors=True)


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
        name: "virtual" if str(sql).lower().startswith("create virtual") else kind
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
        if kinds.get(f"event_{short}") == "table"
    }
    shorts = dict(database.execute("select ocel_type, ocel_type_map from event_map_type"))
    union = " union all ".join(
        _selected(f"event_{shorts[name]}", columns) for name, columns in tables.items()
    )
    if not union:
        raise LogFormatUnknown(name=text.log_name)
    rows = database.execute(
        "select eo.ocel_object_id, e.ocel_type, x.* from event_object eo"  # noqa: S608 - quoted
        " join object o on o.ocel_id = eo.ocel_object_id join event e"
        " on e.ocel_id = eo.ocel_event_id"
        f" join ({union}) x on x.id = e.ocel_id where o.ocel_type = ?"
        " order by eo.ocel_object_id, e.rowid",
        (chosen,),
    )
    return assembled(text, zone, _cases(rows), _Dates(database, chosen, kinds))


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
    return f"select ocel_id as id, ocel_time, {', '.join(values)} from {_quoted(table)}"  # noqa: S608


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class _Dates(Mapping[str, Mapping[Role, str]]):
    """The dates of cases, looked up when they are asked for."""

    def __init__(self, database: sqlite3.Connection, chosen: str, kinds: Mapping[str, str]) -> None:
        self._database = database
        query = "select ocel_type_map from object_map_type where ocel_type = ?"
        row = database.execute(query, (chosen,)).fetchone()
        self._table = "" if row is None else f"object_{row[0]}"
        known = _columns(database, self._table) if kinds.get(self._table) == "table" else []
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
