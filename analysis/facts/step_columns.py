"""Runs of steps as facts, whole columns at a time: as the tables say them, typed as facts."""

from binascii import unhexlify
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.facts.clock_readings import integers
from analysis.facts.columns import STEP_INTERVAL

_SAID = {
    "enabled_us": "enabled_at", "started_us": "started_at", "ended_us": "ended_at",
    "due_us": "due_at",
}  # fmt: skip
_IDS = ("dossier_id", "step_run_id", "version_id", "person_id")
_BYTES = 16


def step_intervals(runs: pa.Table, versions: pa.Table) -> pa.Table:
    """The fact `step_interval` of runs as the tables say them.

    runs: with `c_aged`, the clock of an open step now, or when it stopped. versions: of which
    procedure each version of a procedure is, by agency.
    """
    told: dict[str, Any] = {name: runs[_SAID.get(name, name)] for name in _carried(runs)}
    told |= {name: _ids(runs[name]) for name in _IDS}
    told |= {name: runs[name].cast(pa.int32()) for name in ("attempt", "month")}
    told["procedure_code"] = _procedures(runs, told["version_id"], versions)
    told["age_ws"] = _ages(runs)
    return pa.table({name: told[name] for name in STEP_INTERVAL})


def _carried(runs: pa.Table) -> list[str]:
    there = set(runs.column_names)
    return [name for name in STEP_INTERVAL if _SAID.get(name, name) in there]


def _ages(runs: pa.Table) -> "pa.Array[Any]":
    """Working seconds that open steps are old, pauses apart; null of those that ended."""
    aged = runs["c_aged"]
    seconds = integers(aged, 0) - integers(runs["c_enabled"], 0) - integers(runs["paused_ws"], 0)
    found: pa.Array[Any] = pa.array(np.maximum(seconds, 0), mask=aged.is_null().to_numpy())
    return found


def _procedures(runs: pa.Table, version_ids: Any, versions: pa.Table) -> "pa.Array[Any]":
    """The procedure's code of each run."""
    named = (versions["agency_id"], _ids(versions["version_id"]).storage)
    pairs = zip(*(each.to_pylist() for each in named), strict=True)
    known = dict(zip(pairs, versions["procedure_code"].to_pylist(), strict=True))
    agencies, of_agency = _different(runs["agency_id"].combine_chunks())
    ids, of_version = _different(version_ids.storage)
    different, places = np.unique(of_agency * len(ids) + of_version, return_inverse=True)
    codes = [known[agencies[each // len(ids)], ids[each % len(ids)]] for each in different]
    found: Any = pa.array(codes, pa.string())
    return cast("pa.Array[Any]", found.take(places.reshape(-1)))


def _different(column: Any) -> tuple[list[Any], NDArray[np.int64]]:
    """The different values of a column, and of each row the place of its own."""
    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)


def _ids(column: "pa.ChunkedArray[Any]") -> Any:
    """Ids as the sixteen bytes that they are; SQLite spells them in hexadecimal digits."""
    array: Any = column.combine_chunks()
    if isinstance(column.type, pa.BaseExtensionType):  # PostgreSQL says what they are
        return array
    if array.null_count:
        encoded = array.dictionary_encode()
        return pa.ExtensionArray.from_storage(
            pa.uuid(), _bytes(encoded.dictionary).take(encoded.indices)
        )
    return pa.ExtensionArray.from_storage(pa.uuid(), _bytes(array))


def _bytes(spelt: Any) -> "pa.Array[Any]":
    _, offsets, letters = spelt.buffers()
    if not len(spelt):
        return pa.array([], pa.binary(_BYTES))
    bounds = np.frombuffer(offsets, np.int32)[spelt.offset : spelt.offset + len(spelt) + 1]
    read = unhexlify(memoryview(letters)[bounds[0] : bounds[-1]])
    assert len(read) == _BYTES * len(spelt), "an id has 32 digits"
    found: pa.Array[Any] = pa.Array.from_buffers(
        pa.binary(_BYTES), len(spelt), [None, pa.py_buffer(read)]
    )
    return found
