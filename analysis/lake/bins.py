"""Durations counted in bins, and quantiles of any sum of them: within 2.5 % of the exact element.

A bin is a range of whole seconds. Its value lies no further than a fortieth of the duration from
any duration in it, and up to 39 s, with nought, each second has a bin of its own. Counts of the
same bins add up over months, units and offices, and what is added has the same bound: element
ceil(n q) lies in the bin in which the cumulated count reaches ceil(n q). The bound is one of whole
numbers and is met by every duration (tests/analysis/lake/test_bins.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.survival.kaplan_meier import Whole

FORTIETH = 40
"""A bin's value is at most this part of a duration away from it."""
_LONGEST = 2**53  # seconds; nothing takes 285 million years
_LOOKED_UP = 1 << 18  # seconds, nine working days: nearly everything is shorter
_WHOLE = 100


def _bins() -> tuple[Whole, Whole]:
    """The lowest duration of each bin, and its value."""
    lows, values = [], []
    low = 0
    while low <= _LONGEST:
        value = low * (FORTIETH + 1) // FORTIETH  # so far above the lowest
        lows.append(low)
        values.append(value)
        low = value * FORTIETH // (FORTIETH - 1) + 1  # the highest lies as far above the value
    return np.array(lows, dtype=np.int64), np.array(values, dtype=np.int64)


LOWS, VALUES = _bins()
_SHORT = (np.searchsorted(LOWS, np.arange(_LOOKED_UP), side="right") - 1).astype(np.int16)


def bins_of(durations: Whole) -> Whole:
    """The bin of each duration; what is below nought counts as nought."""
    found: Whole = _SHORT[np.clip(durations, 0, _LOOKED_UP - 1)].astype(np.int64)
    long = np.flatnonzero(durations >= _LOOKED_UP)
    if len(long):
        found[long] = np.searchsorted(LOWS, durations[long], side="right") - 1
    return found


@dataclass(frozen=True, eq=False)
class Bins:
    """Counts of groups. Entry i: `counts[i]` durations in bin `bins[i]`.

    starts: where the entries of each group begin, and the end of the last; within a group bins
    rise, and no group and no count is empty.
    """

    starts: Whole
    bins: Whole
    counts: Whole

    @classmethod
    def of(cls, dense: Whole) -> "Bins":
        """Out of counts, a row each group, a column each bin; in every row something is counted."""
        row, bins = np.nonzero(dense)
        starts = np.searchsorted(row, np.arange(len(dense) + 1))
        return cls(starts, bins, dense[row, bins])

    @classmethod
    def read(cls, table: pa.Table) -> "Bins":
        """Out of the columns `bins` and `counts`, a group each row."""
        columns: list[Any] = [table.column(name).combine_chunks() for name in ("bins", "counts")]
        sizes = columns[0].value_lengths().to_numpy(zero_copy_only=False)
        starts = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        bins, counts = (column.flatten().to_numpy(zero_copy_only=False) for column in columns)
        return cls(starts, bins, counts)

    def columns(self) -> "dict[str, pa.Array[Any]]":
        """`n`, `bins` and `counts`, a row each group."""
        starts = pa.array(self.starts, pa.int32())
        lists = {
            name: pa.ListArray.from_arrays(starts, pa.array(values, kind))
            for name, values, kind in (
                ("bins", self.bins, pa.int16()),
                ("counts", self.counts, pa.int32()),
            )
        }
        return {"n": pa.array(np.add.reduceat(self.counts, self.starts[:-1])), **lists}

    def added(self, to: Whole, groups: int) -> "Bins":
        """Every group added to the one that `to` says of it, from 0 to below `groups`."""
        if not len(self.bins):
            return self
        width = int(self.bins.max()) + 1
        keys = np.repeat(to * width, np.diff(self.starts)) + self.bins
        # Sums of whole numbers in floating point are exact up to 2**53.
        dense = np.bincount(keys, weights=self.counts, minlength=groups * width)
        return Bins.of(dense.astype(np.int64).reshape(groups, width))

    def quantiles(self, percents: Sequence[int]) -> tuple[Whole, list[Whole]]:
        """Each group's n, and of each percentage the value of the bin of element ceil(n q)."""
        upto = np.cumsum(self.counts, dtype=np.int64)
        before = np.concatenate(([0], upto))[self.starts]
        n, base = np.diff(before), before[:-1]
        places = (
            np.searchsorted(upto, base + (n * percent + _WHOLE - 1) // _WHOLE)
            for percent in percents
        )
        return n, [VALUES[self.bins[place]] for place in places]
