"""Rows of a fact in the order in which they are written: by part, and within it as `ORDER` says."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.facts.ids import halves
from analysis.lake.layout import MONTH, NOT_ENDED, ORDER

Piece = tuple[int, pa.Table]
"""A part, and rows of it."""

GROUP = 122_880
"""Rows that are written, and found by their range, together."""


def in_parts(rows: pa.Table, fact: str) -> Iterator[Piece]:
    """Rows in their order, some of one part at a time: what was written makes room for the next.

    fact: one that has a month, and whose order is one of ids.
    """
    months = rows[MONTH[fact]]
    least = (pc.min(months).as_py() or 0) - 1
    # So few different numbers that they are counted, not compared; 0: not ended.
    small = pc.subtract(months, pa.scalar(least, months.type)).fill_null(0).to_numpy()
    small = small.astype(np.int16)
    places = np.argsort(small, kind="stable")
    small = small[places]
    lie = _Lie(rows)
    for begin, end in _stretches(small):
        part = int(small[begin]) + least if small[begin] else NOT_ENDED
        of_part, within = lie.near(places[begin:end])
        ids = of_part.select(ORDER[fact].split(", ")).take(pa.array(within))
        order = _by_ids([half for column in ids.columns for half in halves(column)])
        for first in range(0, end - begin, GROUP):
            taken = within[order[first : first + GROUP]]
            yield part, of_part.take(pa.array(taken))


_NEAR = 4  # times as many rows as are wanted
_FEW = 10  # as many parts of all rows: copying those costs more than finding these


class _Lie:
    """How rows lie in a table, which comes in many pieces.

    Rows of one month are near to each other in an office's table, and are taken from there; many
    that are not are taken faster from a table in one piece.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows
        self._is_one = False

    def near(self, places: NDArray[Any]) -> tuple[pa.Table, NDArray[Any]]:
        """A table in which all of these rows are, and their places in it."""
        first, beyond = int(places.min()), int(places.max()) + 1
        if beyond - first <= _NEAR * len(places):
            return self._rows.slice(first, beyond - first), places - first
        if not self._is_one and len(places) * _FEW > self._rows.num_rows:
            self._rows, self._is_one = self._rows.combine_chunks(), True
        return self._rows, places


def by_part(batches: Iterable[pa.RecordBatch]) -> Iterator[Piece]:
    """Rows that are in order already, with the part of each in a column of that name."""
    for batch in batches:
        parts = batch["part"].to_numpy()
        for begin, end in _stretches(parts):
            yield int(parts[begin]), pa.Table.from_batches([batch.slice(begin, end - begin)])


def _stretches(parts: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """From where to where a part is the same."""
    bounds = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(parts)]
    return ((begin, end) for begin, end in pairwise(bounds) if begin < end)


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
