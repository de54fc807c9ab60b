"""What the facts of runs of steps cost out of raw rows: from memory to the files of the lake.

As the study counts a refresh, whose goal is 400 ns a row: raw runs lie in columns and become the
fact, with working time, in order, a Parquet file a month, hashed and on the disk; once all 31
columns, and once 15 of them, as many as in the study. What it costs to read tables into columns is
told by `export_figures` (memory); dossiers, a quarter as many, are left out here as there. CPU of
this process, all passes.
"""

import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.facts.columns import STEP_INTERVAL
from analysis.facts.in_pieces import Making, runs_in_pieces
from analysis.lake.ordering import in_parts
from analysis.lake.writing import Writer
from bench.analysis.export_figures import STUDY
from bench.analysis.office_copies import MONTHS, copy
from bench.analysis.office_refresh import cpu_of
from engine.store.columns import to_microseconds
from engine.store.migrations import upgrade
from engine.store.snapshot import snapshot_of
from tests.analysis.office_day import moment, play
from tests.engine.offices import Ward, open_ward

_FACT = "step_interval"
SIZES = (25_000, 125_000, 500_000)
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
        copy(url, 0, copies, tables=["step_run"])
        found: dict[str, list[float]] = {}
        for columns in (tuple(STEP_INTERVAL), STUDY):
            kept = _Kept.read(ward, columns)
            for number in range(passes):
                lake = Path(folder) / f"lake{number}-{len(columns)}"
                cpu, rows = cpu_of(partial(kept.made, lake))
                found.setdefault(f"{len(columns)} columns, ns_per_run", []).append(cpu / rows * 1e9)
        ward.office.database.close()
    return {"runs": rows, "months": MONTHS, **found}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an office's database says of runs of steps, in memory."""

    runs: pa.Table
    making: Making

    @classmethod
    def read(cls, ward: Ward, columns: tuple[str, ...]) -> "_Kept":
        at = to_microseconds(ward.clock.now())
        database = ward.office.database
        with snapshot_of(database) as snapshot:
            making = Making.known_of(snapshot, database, ward.agency_id, at, columns)
            (runs,) = runs_in_pieces(snapshot, ward.agency_id, columns, sys.maxsize)
        return cls(runs, making)

    def made(self, lake: Path) -> int:
        """Make the fact and write it down; how many rows."""
        lake.mkdir()
        facts = {_FACT: {name: STEP_INTERVAL[name] for name in self.making.only}}
        writer = Writer(lake, self.making.agency_id, (0, 1), lambda _: None, facts)
        ordered = in_parts(self.making.facts_of(self.runs), _FACT)
        rows = sum(file.rows for file in writer.write_parts(ordered, _FACT, {}))
        assert rows == self.runs.num_rows, "every run is written"
        return rows
