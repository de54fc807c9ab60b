"""What a refresh of the lake costs a row, and how fast event logs go out, of a big SQLite office.

The dossiers of a played office are copied with other ids and months until there are enough; a row
is a run of a step (`step_interval`), and all other facts are written in the same time. CPU is that
of this process and of the program that reads SQLite. Each figure is the least of several passes.

    facts       from memory to the files of the lake: what a refresh does beside reading
    first       the first refresh: everything is read and written
    nothing new a refresh when nothing has happened
    new         a refresh after a day on which some dossiers were received and worked through
    events      rows of event logs, from facts in memory, as XES, CSV and OCEL 2.0 (JSON)
"""

import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.facts.office import office_facts
from analysis.lake import refresh as refreshing
from analysis.lake.refresh import refresh
from analysis.log_export.csv_table import csv_chunks
from analysis.log_export.ocel_json import ocel_json_chunks
from analysis.log_export.pieces import Piece, pieces
from analysis.log_export.pseudonyms import Pseudonyms
from analysis.log_export.xes import xes_chunks
from bench.analysis.office_copies import MONTHS, copy
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.store.snapshot import Snapshot, snapshot_of
from tests.analysis.office_day import moment, play
from tests.engine.offices import Ward, open_ward

_FORMS: Mapping[str, Callable[[Iterator[Piece]], Iterator[bytes]]] = {
    "xes": xes_chunks,
    "csv": csv_chunks,
    "ocel_json": ocel_json_chunks,
}
_NEW = 500
"""Copies of every dossier that one day brings."""


def measure(copies: int, passes: int) -> dict[str, Any]:
    """Nanoseconds a row of refreshes, and rows that go out in a CPU second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "office.db"
        url = f"sqlite:///{path}"
        upgrade(url)
        ward = open_ward(url)
        play(ward)
        ward.clock.set(moment(9, 8))
        rows = copy(url, 0, copies) + 8
        office = _Office(ward, path, Path(folder))
        found = [office.refreshed(number) for number in range(passes)]
        events = office.events(passes)
        new = [office.new_day(copies + number * _NEW) for number in range(passes)]
        ward.office.database.close()
    return {
        "step_runs": rows,
        "months": MONTHS,
        "first_refresh_ns_per_step_run": [each.first / rows * 1e9 for each in found],
        "facts_ns_per_step_run": [(each.first - each.read) / rows * 1e9 for each in found],
        "nothing_new_s": [each.again for each in found],
        "nothing_new_ns_per_step_run": [each.again / rows * 1e9 for each in found],
        "new_day_ns_per_new_step_run": [cpu / runs * 1e9 for cpu, runs in new],
        "new_day_step_runs": new[0][1],
        "event_rows_per_cpu_s": events,
    }


@dataclass(frozen=True, slots=True)
class _Refreshed:
    """CPU seconds. read: of `first`, what the tables took to be read."""

    first: float
    read: float
    again: float


@dataclass(frozen=True, slots=True)
class _Office:
    ward: Ward
    path: Path
    folder: Path

    @property
    def _database(self) -> Database:
        return self.ward.office.database

    def events(self, passes: int) -> dict[str, list[float]]:
        """Rows that each format of event logs writes in a CPU second."""
        key = Pseudonyms(b"of a bench")
        now = self.ward.clock.now()
        with office_facts(self._database, self.ward.agency_id, now) as facts:
            rows = sum(len(piece.case) for piece in pieces(facts, key))

            def write(form: Callable[[Iterator[Piece]], Iterator[bytes]]) -> int:
                return sum(map(len, form(pieces(facts, key))))

            return {
                name: [rows / cpu_of(partial(write, form))[0] for _ in range(passes)]
                for name, form in _FORMS.items()
            }

    def refreshed(self, number: int) -> _Refreshed:
        """A first refresh into a folder of its own, and at once another one."""
        with sqlite3.connect(self.path) as connection:
            connection.execute("delete from lake_file")
            connection.execute("delete from lake_mark")
        connection.close()
        lake = self.folder / f"lake{number}"
        with _reading() as read:
            first, done = cpu_of(lambda: self._refresh(lake))
        assert done.dossiers is None, "everything is read"
        again, done = cpu_of(lambda: self._refresh(lake))
        assert (done.dossiers, done.written) == (0, ()), "nothing is new"
        return _Refreshed(first, read.seconds, again)

    def new_day(self, since: int) -> tuple[float, int]:
        """Seconds of a refresh of the latest lake after new dossiers came, and their runs."""
        lake = max(self.folder.glob("lake*"), key=lambda each: each.stat().st_mtime)
        runs = copy(self._database.url, since, _NEW, months=0)
        seconds, done = cpu_of(lambda: self._refresh(lake))
        assert done.dossiers == runs // 4, "the new dossiers are read"
        return seconds, runs

    def _refresh(self, lake: Path) -> refreshing.Refreshed:
        return refresh(self._database, self.ward.agency_id, lake, self.ward.clock.now())


class _Reading:
    """Counts the CPU seconds that tables take to be read."""

    def __init__(self) -> None:
        self.seconds = 0.0


@contextmanager
def _reading() -> Iterator[_Reading]:
    """While this lasts, what a refresh spends on reading tables is counted."""
    counted = _Reading()

    class Counting:
        def __init__(self, inner: Snapshot) -> None:
            self.is_sqlite = inner.is_sqlite
            self._inner = inner

        def table(self, sql: str) -> pa.Table:
            begun = time.process_time()
            answer = self._inner.table(sql)
            counted.seconds += time.process_time() - begun
            return answer

        def pieces(self, sql: str) -> Iterator[pa.RecordBatch]:
            return iter(self.table(sql).to_batches())

    @contextmanager
    def watched(database: Database) -> Iterator[Snapshot]:
        ended = _children()
        with snapshot_of(database) as snapshot:
            yield Counting(snapshot)
        counted.seconds += _children() - ended

    refreshing.snapshot_of = watched  # type: ignore[attr-defined]
    try:
        yield counted
    finally:
        refreshing.snapshot_of = snapshot_of  # type: ignore[attr-defined]


def _children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def cpu_of(ask: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process and of those it has waited for."""
    begun = time.process_time() + _children()
    answer = ask()
    return time.process_time() + _children() - begun, answer
