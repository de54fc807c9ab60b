"""Units in order of their share on time, as far as the figures tell them apart.

No ranking where intervals overlap: units whose Wilson intervals meet, directly or through others
between them, share one place. How good and how bad a place may be is said beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.comparison.intervals import LEVEL, Interval, wilson
from analysis.rate import Rate


@dataclass(frozen=True, slots=True)
class Ranked:
    """place: from 1; those that cannot be told apart have the same. best, worst: between which
    places it is: after so many that are surely better, before so many that are surely worse. place
    is None where n is below the least number.
    """

    key: str
    rate: Rate
    interval: Interval
    place: int | None
    best: int | None
    worst: int | None


def ranked(
    rates: Iterable[tuple[str, Rate]], *, least: int = 30, level: float = LEVEL
) -> tuple[Ranked, ...]:
    """By falling share, then by key; those with fewer than `least` stand last, without a place."""
    rows = [(key, rate, wilson(rate.part, rate.whole, level)) for key, rate in rates]
    rows.sort(key=lambda row: (-row[1].part / max(row[1].whole, 1), row[0]))
    placed = [row for row in rows if row[1].whole >= least]
    places = _places([interval for _, _, interval in placed])
    found = [
        Ranked(key, rate, interval, places[at], *_between(interval, placed))
        for at, (key, rate, interval) in enumerate(placed)
    ]
    few = [Ranked(*row, None, None, None) for row in rows if row[1].whole < least]
    return (*found, *few)


def _places(intervals: list[Interval]) -> list[int]:
    """Groups of intervals that hang together; a group's place is that of its first."""
    order = sorted(range(len(intervals)), key=lambda at: -intervals[at].high)
    places = [0] * len(intervals)
    place, lowest = 0, 2.0
    for number, at in enumerate(order, start=1):
        if intervals[at].high < lowest:
            place = number
        lowest = min(lowest, intervals[at].low) if place != number else intervals[at].low
        places[at] = place
    return places


def _between(interval: Interval, rows: list[tuple[str, Rate, Interval]]) -> tuple[int, int]:
    better = sum(other.low > interval.high for _, _, other in rows)
    worse = sum(other.high < interval.low for _, _, other in rows)
    return 1 + better, len(rows) - worse
