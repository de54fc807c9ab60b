"""Rows of a fact in the order in which they are written: by part, and within it as `ORDER` says."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.facts.clock_readings import integers
from analysis.facts.ids import halves
from analysis.lake.layout import GROUP, MONTH, NOT_ENDED, ORDER

Piece = tuple[int, pa.RecordBatch]
"""Some rows of a part, and which part it is."""


def in_parts(rows: pa.Table, fact: str) -> Iterator[Piece]:
    """Rows in their order, a part after the other.

    fact: one that has a month, and whose order is one of ids. No more rows than are written
    together are laid side by side at a time.
    """
    rows = rows.combine_chunks()
    parts = integers(rows[MONTH[fact]], NOT_ENDED)
    order = _by_ids([half for name in ORDER[fact].split(", ") for half in halves(rows[name])])
    least = parts[parts != NOT_ENDED].min(initial=parts.max(initial=NOT_ENDED))
    # So few different numbers that they are counted, not compared: the order of ids stays.
    small = np.where(parts == NOT_ENDED, 0, parts - least + 1).astype(np.int16)
    order = order[np.argsort(small[order], kind="stable")]
    ends = np.cumsum(np.bincount(small)).tolist()
    for begin, end in pairwise([0, *ends]):
        for first in range(begin, end, GROUP):
            piece = rows.take(pa.array(order[first : min(first + GROUP, end)]))
            for batch in piece.to_batches():
                yield int(parts[order[first]]), batch


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
