"""How many rows of an office's database go out in a CPU second, as columns (Arrow) or as a file.

A row is a run of a step. What is counted:

    facts     all columns: 29 of the engine's in memory, the 31 of the fact in a file
    study     15 columns of them (6 texts, 9 numbers), as many as in the study that the goal of
              670,000 rows into a file comes from, which went out as integers mostly
    memory    read into memory, in columns: what a refresh begins with
    file      one Parquet file, as `quytrinh export-facts` writes it (`analysis.lake.exporting`)

    plain     the way of the study (`plain_export`), on SQLite, its start left out: the same 15
              columns as the table has them, and 15 columns of numbers

CPU is that of this process and, on SQLite, of the program that reads the file: started, asked,
ended. `start_s` is what an export of no rows takes; `rows_per_cpu_s_but_start` leaves it out. The
server's CPU on PostgreSQL is told beside. Lowest of several passes, all of them in turns.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pyarrow import parquet
from sqlalchemy.engine import make_url

from analysis.facts.columns import STEP_INTERVAL
from analysis.facts.source_sql import NOT_ENDED, Scope, Source
from analysis.facts.step_columns import read_for
from analysis.lake.exporting import export_fact
from bench.analysis.office_copies import copy
from bench.analysis.office_refresh import cpu_of
from bench.cpu import process_cpu
from bench.databases import Databases, postgresql_databases, sqlite_databases
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.store.snapshot import Snapshot, snapshot_of
from tests.analysis.office_day import play
from tests.engine.offices import open_ward

COPIES = (25_000, 125_000)
"""Of the two dossiers of the played office, which have eight runs together."""
STUDY = (
    *("dossier_id", "step_run_id", "element_id", "unit", "person_id", "state"),
    *("attempt", "enabled_us", "started_us", "ended_us"),
    *("waiting_ws", "handling_ws", "paused_ws", "limit_ws", "month"),
)
_PLAIN = Path(__file__).with_name("plain_export.py")
_PLAIN_STUDY = (
    *("dossier_id", "step_run_id", "element_id", "unit", "coalesce(completed_by, holder_id)"),
    *("state", "attempt", "enabled_at", "started_at", "ended_at"),
    *("waiting_ws", "handling_ws", "paused_ws", "limit_ws", "month"),
)
_PLAIN_NUMBERS = (
    *("attempt", "enabled_at", "started_at", "ended_at", "c_enabled", "c_started", "c_ended"),
    *("waiting_ws", "handling_ws", "paused_ws", "paused_us", "late_ws", "limit_ws"),
    *("month", "due_at"),
)


def measure(passes: int, copies: tuple[int, ...] = COPIES) -> dict[str, Any]:
    """Rows a CPU second, for both databases and each number of copies."""
    found: dict[str, Any] = {}
    for opened in (sqlite_databases, postgresql_databases):
        with opened() as databases:
            for number in copies:
                with _office(databases, number) as office:
                    found[f"{databases.name} {office.rows}"] = office.measured(passes)
    return found


@contextmanager
def _office(databases: Databases, copies: int) -> Iterator["_Office"]:
    url = databases.founded(upgrade)
    ward = open_ward(url)
    play(ward)
    rows = copy(url, 0, copies) + 8
    with tempfile.TemporaryDirectory() as folder:
        file, at = Path(folder) / "out.parquet", ward.office.clock.now()
        yield _Office(ward.office.database, ward.agency_id, rows, file, at)
    ward.office.database.close()
    databases.drop(url)


@dataclass(frozen=True, slots=True)
class _Spent:
    """CPU seconds of one export. server: of the database's server, where there is one."""

    own: float
    server: float
    values: int


@dataclass(frozen=True, slots=True)
class _Office:
    database: Database
    agency_id: str
    rows: int
    file: Path
    at: datetime

    def measured(self, passes: int) -> dict[str, Any]:
        everything = Scope(self.agency_id)
        nothing = Scope(self.agency_id, part=NOT_ENDED)
        ways: dict[str, Callable[[], _Spent]] = {
            "facts memory": lambda: self._in_memory(everything, tuple(STEP_INTERVAL)),
            "facts file": lambda: self._in_file(()),
            "study memory": lambda: self._in_memory(everything, STUDY),
            "study file": lambda: self._in_file(STUDY),
            "start": lambda: self._in_memory(nothing, tuple(STEP_INTERVAL)),
        }
        if self.database.is_sqlite:
            ways |= {
                "plain study file": lambda: self._plainly(_PLAIN_STUDY),
                "plain numbers file": lambda: self._plainly(_PLAIN_NUMBERS),
            }
        passed = [{name: way() for name, way in ways.items()} for _ in range(passes)]
        start = min(each["start"].own for each in passed)
        told = {
            name: self._told([each[name] for each in passed], 0.0 if "plain" in name else start)
            for name in ways
            if name != "start"
        }
        return {"start_s": start, **told}

    def _told(self, spent: list[_Spent], start: float) -> dict[str, Any]:
        best = min(spent, key=lambda each: each.own)
        assert best.values % self.rows == 0, "everything went out"
        return {
            "columns": best.values // self.rows,
            "rows_per_cpu_s": self.rows / best.own,
            "rows_per_cpu_s_of_the_worst_pass": self.rows / max(each.own for each in spent),
            "rows_per_cpu_s_but_start": self.rows / (best.own - start),
            "values_per_cpu_s": best.values / best.own,
            "server_ns_per_row": min(each.server for each in spent) / self.rows * 1e9,
        }

    def _in_memory(self, scope: Scope, columns: tuple[str, ...]) -> _Spent:
        server: list[float] = []

        def export() -> int:
            with snapshot_of(self.database) as snapshot, _serving(snapshot, server):
                source = Source(snapshot.is_sqlite)
                table = source.told(snapshot, source.step_runs(scope, read_for(columns)))
            return table.num_rows * table.num_columns

        own, values = cpu_of(export)
        return _Spent(own, sum(server), values)

    def _in_file(self, columns: tuple[str, ...]) -> _Spent:
        """The server's CPU is that of the same into memory, and not told."""

        def export() -> int:
            return export_fact(
                self.database, self.agency_id, "step_interval", self.file, self.at, columns
            )

        own, rows = cpu_of(export)
        return _Spent(own, 0.0, rows * len(columns or STEP_INTERVAL))

    def _plainly(self, columns: tuple[str, ...]) -> _Spent:
        path = str(make_url(self.database.url).database)
        command = [sys.executable, str(_PLAIN), path, ", ".join(columns), str(self.file)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        return _Spent(float(said), 0.0, parquet.read_metadata(self.file).num_rows * len(columns))


@contextmanager
def _serving(snapshot: Snapshot, spent: list[float]) -> Iterator[None]:
    """Notes the CPU seconds that the server's process for this connection takes meanwhile."""
    if snapshot.is_sqlite:
        yield
        return
    pid = snapshot.table("select pg_backend_pid() as pid")["pid"][0].as_py()
    begun = process_cpu(pid)
    yield
    snapshot.table("select 1")  # it has told everything
    spent.append(process_cpu(pid) - begun)
