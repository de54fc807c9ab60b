"""Runs of steps as facts, whole columns at a time: as the tables say them, typed as facts."""

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


def runs_in_codes(runs: pa.Table) -> pa.Table:
    """Runs of steps as the tables say them, each text in codes."""
    columns = {name: runs[name] for name in runs.column_names}
    texts = (name for name in columns if STEP_INTERVAL.get(name) == "VARCHAR")
    return pa.table({**columns, **{name: coded(runs[name]) for name in texts}})


def step_intervals(runs: pa.Table, versions: pa.Table) -> pa.Table:
    """The fact `step_interval` of runs, texts in codes.

    runs: in codes, with `c_aged`, the clock of an open step now, or when it stopped. versions: of
    which procedure each version of a procedure is, by agency.
    """
    version = coded(runs["version_id"])
    told: dict[str, Any] = {name: runs[_SAID.get(name, name)] for name in _carried(runs)}
    told |= {name: ids(runs[name]) for name in ("dossier_id", "step_run_id")}
    told["version_id"] = ids_in_codes(version)
    told["person_id"] = ids_in_codes(coded(runs["person_id"]))
    told |= {name: runs[name].cast(pa.int32()) for name in ("attempt", "month")}
    told |= of_version(told["agency_id"], version, versions, ("procedure_code",))
    told["age_ws"] = _ages(runs)
    return pa.table({name: told[name] for name in STEP_INTERVAL})


def _carried(runs: pa.Table) -> list[str]:
    there = set(runs.column_names)
    return [name for name in STEP_INTERVAL if _SAID.get(name, name) in there]


def _ages(runs: pa.Table) -> "pa.Array[Any]":
    """Working seconds that open steps are old, pauses apart; null of those that ended."""
    aged = runs["c_aged"]
    if aged.null_count == len(aged):
        return pa.nulls(len(aged), pa.int64())
    seconds = integers(aged, 0) - integers(runs["c_enabled"], 0) - integers(runs["paused_ws"], 0)
    found: pa.Array[Any] = pa.array(np.maximum(seconds, 0), mask=aged.is_null().to_numpy())
    return found
