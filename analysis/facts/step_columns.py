"""Runs of steps as facts, whole columns at a time: as the tables say them, typed as facts."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.facts.clock_readings import integers
from analysis.facts.coded import coded
from analysis.facts.columns import STEP_INTERVAL
from analysis.facts.ids import ids, ids_in_codes
from analysis.facts.of_version import of_version

_SAID = {
    "enabled_us": "enabled_at", "started_us": "started_at", "ended_us": "ended_at",
    "due_us": "due_at",
}  # fmt: skip
_MADE_OF = {
    "agency_id": (),
    "procedure_code": ("version_id",),
    "age_ws": ("paused_since", "ended_at", "enabled_at", "unit", "paused_ws"),
}


def runs_in_codes(runs: pa.Table) -> pa.Table:
    """Runs of steps as the tables say them, each text in codes."""
    columns = {name: runs[name] for name in runs.column_names}
    texts = (name for name in columns if STEP_INTERVAL.get(name) == "VARCHAR")
    return pa.table({**columns, **{name: coded(runs[name]) for name in texts}})


def step_intervals(
    runs: pa.Table, versions: pa.Table, only: Iterable[str] = STEP_INTERVAL
) -> pa.Table:
    """The fact `step_interval` of runs, texts in codes.

    runs: their words in codes, with `c_opened` and `c_aged`, the clock of an open
    step when it was opened, and now or when it stopped.
    versions: of which procedure each version of a procedure is, by agency. only: these columns,
    and of the runs what they are made of (`read_for`).
    """
    return pa.table({name: _column(name, runs, versions) for name in only})


def read_for(only: Iterable[str]) -> set[str]:
    """Which columns of runs are read for these of the fact."""
    return {read for name in only for read in _MADE_OF.get(name, (_SAID.get(name, name),))}


def _column(name: str, runs: pa.Table, versions: pa.Table) -> Any:
    if name in ("dossier_id", "step_run_id"):
        return ids(runs[name])
    if name in ("version_id", "person_id"):
        return ids_in_codes(coded(runs[name]))
    if name in ("attempt", "month"):
        return runs[name].cast(pa.int32())
    if name == "procedure_code":
        version = coded(runs["version_id"])
        return of_version(coded(runs["agency_id"]), version, versions, (name,))[name]
    if name == "age_ws":
        return _ages(runs)
    told = runs[_SAID.get(name, name)]
    return coded(told) if STEP_INTERVAL[name] == "VARCHAR" else told


def _ages(runs: pa.Table) -> "pa.Array[Any]":
    """Working seconds that open steps are old, pauses apart; null of those that ended."""
    aged = runs["c_aged"]
    if aged.null_count == len(aged):
        return pa.nulls(len(aged), pa.int64())
    seconds = integers(aged, 0) - integers(runs["c_opened"], 0) - integers(runs["paused_ws"], 0)
    found: pa.Array[Any] = pa.array(np.maximum(seconds, 0), mask=aged.is_null().to_numpy())
    return found
