"""Propose a limit: the smallest whole half-day within which a stated share is done.

F = 1 - Kaplan-Meier, so that open ones count. How sure: where nothing is open, the ranks between
which the quantile lies (binomial, order statistics); where some are, the times at which the
interval of the curve crosses the share (Brookmeyer and Crowley 1982). Beside it stands what share
one half-day less or more would meet, for the choice is the office's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from analysis.comparison.intervals import LEVEL, Interval, quantile_ranks
from analysis.survival.kaplan_meier import SurvivalCurve
from analysis.survival.observed import Watched

HALF_DAY_WS = 4 * 3600
"""Half a working day of 8 hours, in working seconds."""


@dataclass(frozen=True, slots=True)
class Met:
    """A limit in working seconds, and the share that is done within it."""

    limit_ws: int
    share: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class ProposedLimit:
    """n: how many were watched, ended of them were over. wanted: the share asked for.

    limit_ws: the proposal; None where too few are over to say so much. least_ws, most_ws: the
    limits between which it lies at `level`, whole half-days too; None where so few tell no bound.
    around: the share met half a day less, at it, and half a day more.
    """

    n: int
    ended: int
    wanted: float
    level: float
    limit_ws: int | None
    least_ws: int | None
    most_ws: int | None
    around: tuple[Met, ...]


def propose_limit(
    watched: Watched, wanted: float, *, unit_ws: int = HALF_DAY_WS, level: float = LEVEL
) -> ProposedLimit:
    """The limit that `wanted` (0 to 1, without the ends) of all keep; in whole units."""
    curve = watched.curve()
    quantile = curve.quantile(wanted)
    low, high = _bounds(watched, curve, wanted, level)
    limit = None if quantile is None else _whole(quantile, unit_ws)
    around = () if limit is None else (limit - unit_ws, limit, limit + unit_ws)
    return ProposedLimit(
        n=curve.n,
        ended=curve.ended,
        wanted=wanted,
        level=level,
        limit_ws=limit,
        least_ws=None if low is None else _whole(low, unit_ws),
        most_ws=None if high is None else _whole(high, unit_ws),
        around=tuple(_met(curve, each, level) for each in around if each >= 0),
    )


def _whole(seconds: int, unit_ws: int) -> int:
    """At least one unit: a limit of nothing is none."""
    return max(1, ceil(seconds / unit_ws)) * unit_ws


def _met(curve: SurvivalCurve, limit_ws: int, level: float) -> Met:
    lasts = curve.interval(limit_ws, level)
    return Met(limit_ws, curve.met(limit_ws), Interval(1 - lasts.high, 1 - lasts.low))


def _bounds(
    watched: Watched, curve: SurvivalCurve, wanted: float, level: float
) -> tuple[int | None, int | None]:
    """The times between which the quantile lies."""
    if watched.ended.all():
        ranks, ordered = quantile_ranks(watched.n, wanted, level), np.sort(watched.lasted)
        low = None if ranks.low is None else int(ordered[ranks.low - 1])
        return low, None if ranks.high is None else int(ordered[ranks.high - 1])
    low = _first(curve, lambda interval: 1 - interval.low >= wanted, level)
    return low, _first(curve, lambda interval: 1 - interval.high >= wanted, level)


def _first(curve: SurvivalCurve, holds: Callable[[Interval], bool], level: float) -> int | None:
    """The first time whose interval is beyond the share; the bounds of F rise with time."""
    low, high = 0, len(curve.times)
    while low < high:
        middle = (low + high) // 2
        if holds(curve.interval(int(curve.times[middle]), level)):
            high = middle
        else:
            low = middle + 1
    return int(curve.times[low]) if low < len(curve.times) else None
