"""Since when is it different? Windows of dossiers, each against the one before it.

Dossiers in the order in which they were finished; a window slides over them by quarters of its
length. Durations by Kolmogorov and Smirnov's test, ways through the diagram by chi-square (rare
ways together). Three windows in a row below p are called a change (after Bose, van der Aalst,
Zliobaite and Pechenizkiy 2014); it is dated at the boundary of the first of them.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

import numpy as np
from scipy.special import chdtrc, kolmogorov

from analysis.comparison.ways import ways_sql
from analysis.facts.facts import Facts
from analysis.survival.kaplan_meier import Whole
from analysis.survival.observed import EVERYTHING, Picked

WINDOW = 200
IN_A_ROW = 3
P = 0.01
_QUARTERS = 4
Kind = Literal["durations", "ways"]
_RARE = 5  # expected at least, of each way, in each window


@dataclass(frozen=True, slots=True)
class Change:
    """what: durations or ways. at_us: when the first dossier of the new window was finished.

    p: the smallest of the windows of this change. before, after: medians of working seconds in the
    two windows at the boundary.
    """

    what: Kind
    at_us: int
    p: float
    before_ws: int
    after_ws: int


@dataclass(frozen=True, slots=True)
class Drift:
    """n: dossiers looked at; windows: pairs compared. No windows: too few dossiers to say."""

    n: int
    windows: int
    changes: tuple[Change, ...]


def drift(
    facts: Facts, picked: Picked = EVERYTHING, *, window: int = WINDOW, p: float = P
) -> Drift:
    """Changes of what was finished, in order; picked: of one procedure at best."""
    condition, values = picked.condition("finished_us", "receiving_unit")
    table = facts.arrow(
        f"""
        with ways as ({ways_sql(facts)})
        select d.finished_us, d.work_ws, dense_rank() over (order by w.way) as way
        from (select * from dossier_fact where work_ws is not null and {condition}) d
        join ways w on w.dossier_id = d.dossier_id
        order by d.finished_us, d.dossier_id
        """,  # noqa: S608 - columns of ours
        **values,
    )
    columns = (table.column(name).to_numpy() for name in ("finished_us", "work_ws", "way"))
    finished, lasted, ways = (column.astype(np.int64) for column in columns)
    step = max(window // _QUARTERS, 1)
    borders = list(range(window, len(lasted) - window + 1, step))
    by_time = [_smirnov(lasted[at - window : at], lasted[at : at + window]) for at in borders]
    by_way = [_chi_square(ways[at - window : at], ways[at : at + window]) for at in borders]
    kinds: tuple[tuple[Kind, list[float]], ...] = (("durations", by_time), ("ways", by_way))
    found = [
        Change(kind, int(finished[borders[at]]), least, *_medians(lasted, borders[at], window))
        for kind, p_values in kinds
        for at, least in _runs(p_values, p)
    ]
    found.sort(key=lambda change: (change.at_us, change.what))
    return Drift(len(lasted), len(borders), tuple(found))


def _runs(p_values: list[float], p: float) -> list[tuple[int, float]]:
    """The first of each run of windows below p that is long enough, and its smallest p."""
    found, start = [], None
    for at, value in enumerate([*p_values, 1.0]):
        if value < p:
            start = at if start is None else start
        elif start is not None:
            if at - start >= IN_A_ROW:
                worst = start + int(np.argmin(p_values[start:at]))
                found.append((worst, p_values[worst]))
            start = None
    return found


def _smirnov(a: Whole, b: Whole) -> float:
    """The p of the largest distance of the two distributions, asymptotic."""
    both = np.concatenate((a, b))
    of_a = np.searchsorted(np.sort(a), both, side="right") / len(a)
    of_b = np.searchsorted(np.sort(b), both, side="right") / len(b)
    distance = float(np.abs(of_a - of_b).max())
    return float(kolmogorov(distance * sqrt(len(a) * len(b) / (len(a) + len(b)))))


def _chi_square(a: Whole, b: Whole) -> float:
    """The p of the ways of both windows; ways too rare for the test are counted together."""
    most = int(max(a.max(), b.max())) + 1
    counts = np.array([np.bincount(each, minlength=most) for each in (a, b)]).astype(np.float64)
    rare = counts.sum(axis=0) / 2 < _RARE
    table = np.concatenate((counts[:, ~rare], counts[:, rare].sum(axis=1, keepdims=True)), axis=1)
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:  # noqa: PLR2004
        return 1.0
    expected = table.sum(axis=0) / 2
    return float(chdtrc(table.shape[1] - 1, (((table - expected) ** 2) / expected).sum()))


def _medians(lasted: Any, at: int, window: int) -> tuple[int, int]:
    middle = (window + 1) // 2 - 1
    before, after = np.sort(lasted[at - window : at]), np.sort(lasted[at : at + window])
    return int(before[middle]), int(after[middle])
