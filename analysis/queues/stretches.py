"""Sums over stretches of time, of many persons at once, without a loop over rows.

A moment of a person is one number: the person's number times `SPAN` plus the reading of a clock, so
that all persons lie one after another on a single axis and no stretch reaches into the next.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from analysis.queues.open_hours import Ints

SPAN = 1 << 40
"""More seconds than any clock reads."""
_PAIRS = 4_000_000
NOTHING = -1


@dataclass(frozen=True, slots=True, eq=False)
class Ceiling:
    """Over each elementary stretch of the axis the highest mark of what covers it, or NOTHING."""

    edges: Ints
    mark: Ints

    @classmethod
    def over(cls, begin: Ints, end: Ints, mark: Ints) -> Self:
        """The ceiling of stretches [begin, end) with a mark each, 0 or higher.

        A sparse table: each stretch marks two blocks of a power of two, which then pass their
        marks down to their halves. n log n, and no loop over stretches.
        """
        real = begin < end
        begin, end, mark = begin[real], end[real], mark[real]
        edges = np.unique(np.concatenate((begin, end)))
        first, beyond = np.searchsorted(edges, begin), np.searchsorted(edges, end)
        cells = max(len(edges) - 1, 0)
        level = np.frexp(np.maximum(beyond - first, 1).astype(float))[1] - 1
        below = np.full(cells, NOTHING, dtype=np.int64)
        for k in range(int(level.max(initial=0)), -1, -1):
            own, size = level == k, 1 << k
            block = below  # what the level above has passed down
            np.maximum.at(block, first[own], mark[own])
            np.maximum.at(block, beyond[own] - size, mark[own])
            below = block if k == 0 else _halved(block, size // 2)
        return cls(edges, below)

    def above(self, begin: Ints, end: Ints, mark: Ints) -> tuple[Ints, Ints]:
        """Of each [begin, end), how much lies under a higher mark than its own, and how much not.

        What nothing covers is in neither.
        """
        higher, lower = (np.zeros(len(begin), dtype=np.int64) for _ in range(2))
        if not len(self.mark):
            return higher, lower
        first = np.clip(np.searchsorted(self.edges, begin, side="right") - 1, 0, len(self.mark))
        beyond = np.clip(np.searchsorted(self.edges, end, side="left"), first, len(self.mark))
        pairs = np.cumsum(beyond - first)
        cut = 0
        while cut < len(begin):
            done = pairs[cut - 1] if cut else 0
            upto = max(int(np.searchsorted(pairs, done + _PAIRS, side="right")), cut + 1)
            rows = slice(cut, upto)
            higher[rows], lower[rows] = self._summed(
                first[rows], beyond[rows], begin[rows], end[rows], mark[rows]
            )
            cut = upto
        return higher, lower

    def _summed(
        self, first: Ints, beyond: Ints, begin: Ints, end: Ints, mark: Ints
    ) -> tuple[Ints, Ints]:
        number = beyond - first
        row = np.repeat(np.arange(len(first)), number)
        cell = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number) + first[row]
        length = np.minimum(self.edges[cell + 1], end[row]) - np.maximum(
            self.edges[cell], begin[row]
        )
        length = np.maximum(length, 0)
        over = self.mark[cell] > mark[row]
        covered = self.mark[cell] != NOTHING
        sums = np.zeros((2, len(first)), dtype=np.int64)
        np.add.at(sums[0], row[over], length[over])
        rest = covered & ~over
        np.add.at(sums[1], row[rest], length[rest])
        return sums[0], sums[1]


def _halved(block: Ints, half: int) -> Ints:
    """Each block's mark passed to both of its halves."""
    passed = block.copy()
    np.maximum(passed[half:], block[: len(block) - half], out=passed[half:])
    return passed


def union_lengths(key: Ints, begin: Ints, end: Ints, keys: int) -> Ints:
    """How much of the axis the stretches of each key cover, counted once where they overlap."""
    order = np.lexsort((begin, key))
    base = key[order] * SPAN
    low, high = base + begin[order], base + end[order]
    reached = np.maximum.accumulate(np.concatenate(([-1], high)))[:-1]
    new = np.maximum(high - np.maximum(low, reached), 0)
    covered = np.zeros(keys, dtype=np.int64)
    np.add.at(covered, key[order], new)
    return covered
