"""Which step follows which, how often, and how long the way from one to the next takes.

Over columns: a fraction of a microsecond an event, office hours included (`bench/event_log.py`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.event_log.arrays import NO_TIME, LogArrays
from analysis.quantile import Spread
from analysis.weekly_hours import WeeklyHours

Numbers = NDArray[np.int64]
_QUANTILES = (50, 80, 95)
_BITS = 63


@dataclass(frozen=True, slots=True)
class Arc:
    """One way from a step to the next in the same case.

    n: how often it was taken.
    elapsed: from the end of the one to the end of the next, on the wall clock; None without times.
    working: the same while the office was open; None where no office hours were given.
    """

    before: str
    after: str
    n: int
    elapsed: Spread | None
    working: Spread | None = None


def directly_follows(arrays: LogArrays, hours: WeeklyHours | None = None) -> tuple[Arc, ...]:
    """The arcs of all cases, the most frequent first, then by name; with `hours` also how long
    each took while the office was open.
    """
    same = arrays.case[1:] == arrays.case[:-1]
    pairs = (arrays.activity[:-1] * len(arrays.names) + arrays.activity[1:])[same]
    times, known = arrays.at_us, arrays.at_us != NO_TIME
    timed = (known[1:] & known[:-1])[same]
    elapsed = _spreads(pairs[timed], np.diff(times)[same][timed])
    working: dict[int, Spread] = {}
    if hours is not None and known.any():
        clock = hours.clocks(times if known.all() else np.where(known, times, times[known][:1]))
        working = _spreads(pairs[timed], np.diff(clock)[same][timed])
    numbers = np.bincount(pairs, minlength=1)
    arcs = [
        (int(numbers[pair]), *divmod(pair, len(arrays.names)), pair)
        for pair in np.flatnonzero(numbers).tolist()
    ]
    names = arrays.names
    arcs.sort(key=lambda arc: (-arc[0], names[arc[1]], names[arc[2]]))
    return tuple(
        Arc(names[one], names[next_], n, elapsed.get(pair), working.get(pair))
        for n, one, next_, pair in arcs
    )


def _spreads(pairs: Numbers, durations: Numbers) -> dict[int, Spread]:
    """The spread of the durations of each pair."""
    if not len(pairs):
        return {}
    pairs, ordered = _sorted(pairs, durations)
    starts = np.flatnonzero(np.diff(pairs, prepend=pairs[0] - 1))
    lengths = np.diff(starts, append=len(pairs))
    sums = np.add.reduceat(ordered, starts)
    columns = [lengths, sums, ordered[starts + lengths - 1]]
    interpolated = []
    for percent in _QUANTILES:
        columns.append(ordered[starts + (lengths * percent + 99) // 100 - 1])
        below, hundredths = np.divmod((lengths - 1) * percent, 100)
        low = ordered[starts + below]
        high = ordered[starts + np.minimum(below + 1, lengths - 1)]
        interpolated.append(((low + (high - low) * hundredths / 100) / 1e6).tolist())
    keys = pairs[starts].tolist()
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {
        key: Spread(
            n,
            total / n / 1e6,
            *(median, p80, p95),
            most / 1e6,
            total / 1e6,
            *(median_rank / 1e6, p80_rank / 1e6, p95_rank / 1e6),
        )
        for key, (n, total, most, median_rank, p80_rank, p95_rank), (median, p80, p95) in zip(
            keys, rows, zip(*interpolated, strict=True), strict=True
        )
    }


def _sorted(pairs: Numbers, durations: Numbers) -> tuple[Numbers, Numbers]:
    """By pair, then by duration; as one number where both have room in it, which is faster."""
    least = int(durations.min())
    bits = int(durations.max() - least).bit_length()
    if bits + int(pairs.max()).bit_length() <= _BITS:
        keys = np.sort((pairs << bits) | (durations - least))
        return keys >> bits, (keys & ((1 << bits) - 1)) + least
    order = np.lexsort((durations, pairs))
    return pairs[order], durations[order]
