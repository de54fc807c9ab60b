"""What the facts of runs of steps cost out of raw rows: from memory to the files of the lake.

As the study counts a refresh, whose goal is 400 ns a row: raw runs lie in columns and become the
fact of 31 columns, with working time, in order, a Parquet file a month, hashed and on the disk.
What reading tables costs is told by `export_figures`; dossiers, a quarter as many, are left out
here as there. CPU of this process, all passes.
"""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.facts.facts import empty_facts
from analysis.facts.office import gather_few
from analysis.facts.source_sql import Scope, Source
from analysis.lake.ordering import in_parts
from analysis.lake.writing import Writer
from analysis.period import VIET_NAM
from bench.analysis.office_copies import MONTHS, copy
from bench.analysis.office_refresh import cpu_of
from engine.store.columns import to_microseconds
from engine.store.migrations import upgrade
from engine.store.snapshot import snapshot_of
from tests.analysis.office_day import moment, play
from tests.engine.offices import Ward, open_ward

_FACT = "step_interval"
SIZES = (25_000, 125_000)
"""Copies of the two dossiers of the played office, which have eight runs together."""


def measure(passes: int, sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Nanoseconds of CPU a run, for each number of copies."""
    return {f"{number * 8:,} runs": _measured(number, passes) for number in sizes}


def _measured(copies: int, passes: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="qt-facts-") as folder:
        url = f"sqlite:///{Path(folder) / 'office.db'}"
        upgrade(url)
        ward = open_ward(url)
        play(ward)
        ward.clock.set(moment(9, 8))
        copy(url, 0, copies)
        kept = _Kept(ward)
        each = [
            cpu_of(partial(_made, ward, kept, Path(folder) / f"lake{number}"))
            for number in range(passes)
        ]
        ward.office.database.close()
    rows = each[0][1]
    return {"runs": rows, "months": MONTHS, "ns_per_run": [cpu / rows * 1e9 for cpu, _ in each]}


class _Kept:
    """The answers of an office's database, in memory; of dossiers and their pauses none."""

    is_sqlite = True

    def __init__(self, ward: Ward) -> None:
        source, scope = Source(is_sqlite=True), Scope(ward.agency_id)
        few = (source.dossiers(scope), source.pauses(scope))
        asked = (source.step_runs(scope), source.calendars(scope), source.versions(scope), *few)
        with snapshot_of(ward.office.database) as snapshot:
            told = {sql: snapshot.table(sql) for sql in asked}
        self._told = {sql: each.slice(0, 1) if sql in few else each for sql, each in told.items()}

    def table(self, sql: str) -> pa.Table:
        """The answer as it was read; of one kept row, that which says the kinds."""
        return self._told[sql]


def _made(ward: Ward, kept: _Kept, lake: Path) -> int:
    """Make the fact and write it down; how many rows."""
    lake.mkdir()
    at = to_microseconds(ward.clock.now())
    with empty_facts(at, at, VIET_NAM, lake) as facts:
        found = gather_few(facts, kept, ward.office.database, Scope(ward.agency_id))
        writer = Writer(lake, ward.agency_id, (0, 1), lambda _: None)
        ordered = in_parts(found[_FACT], _FACT).to_batches()
        return sum(file.rows for file in writer.write_parts(ordered, _FACT, {}))
