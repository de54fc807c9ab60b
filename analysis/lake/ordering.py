"""Rows of a fact in the order in which they are written: by part, and within it as `ORDER` says."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.facts.clock_readings import integers
from analysis.facts.ids import halves
from analysis.lake.layout import MONTH, NOT_ENDED, ORDER


def in_parts(rows: pa.Table, fact: str) -> pa.Table:
    """Rows in their order, with the part of each in a column of that name.

    fact: one that has a month, and whose order is one of ids.
    """
    parts = integers(rows[MONTH[fact]], NOT_ENDED)
    order = _by_ids([half for name in ORDER[fact].split(", ") for half in halves(rows[name])])
    least = parts[parts != NOT_ENDED].min(initial=parts.max(initial=NOT_ENDED))
    # So few different numbers that they are counted, not compared: the order of ids stays.
    small = np.where(parts == NOT_ENDED, 0, parts - least + 1).astype(np.int16)
    order = order[np.argsort(small[order], kind="stable")]
    return rows.combine_chunks().take(pa.array(order)).append_column("part", pa.array(parts[order]))


def _by_ids(keys: list[NDArray[np.uint64]]) -> NDArray[Any]:
    """The order of rows by keys, the first before all others; each id is two keys.

    The first halves of ids nearly always tell them apart; where they do not, all keys decide.
    """
    order = np.lexsort(keys[::2][::-1])
    return order if _rises([key[order] for key in keys]) else np.lexsort(keys[::-1])


def _rises(keys: list[NDArray[np.uint64]]) -> bool:
    """Whether no row is before the one before it."""
    same = np.ones(max(len(keys[0]) - 1, 0), np.bool_)
    for key in keys:
        if (same & (key[1:] < key[:-1])).any():
            return False
        same &= key[1:] == key[:-1]
    return True
