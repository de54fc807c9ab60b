"""Did the share on time change, or only what came in?

The plain difference has Newcombe's interval. Beside it stands the difference over procedures
(Mantel and Haenszel 1959, risk difference; variance of Sato 1989): within each procedure the two
sides are compared, and the procedures weighed by how many both sides had, so that an office that
got the easier dossiers does not look better. p: Cochran, Mantel and Haenszel's test, without
continuity correction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import chdtrc

from analysis.comparison.intervals import LEVEL, Interval, newcombe, normal_quantile, wilson
from analysis.comparison.side import USUAL, Gates, Side
from analysis.facts.facts import Facts
from analysis.rate import Rate


@dataclass(frozen=True, slots=True)
class Stratum:
    """Of one procedure: how many were on time of how many, on each side."""

    key: str
    on_time_a: int
    n_a: int
    on_time_b: int
    n_b: int


@dataclass(frozen=True, slots=True)
class OnTimeComparison:
    """b against a; dossiers finished in the period of each side that have a verdict.

    difference: share of b minus share of a. alike: the same within procedures, case mix apart, None
    where no procedure has both sides; interval_alike with it. shared_n: dossiers of procedures that
    both sides have. enough: so many of each side of these, for `alike` is judged. differs: whether
    it is called a difference (`Gates`).
    """

    a: Rate
    b: Rate
    a_interval: Interval
    b_interval: Interval
    difference: float | None
    interval: Interval
    alike: float | None
    alike_interval: Interval | None
    odds_ratio: float | None
    p: float | None
    shared_n: int
    enough: bool
    differs: bool


def compare_on_time(
    facts: Facts, a: Side, b: Side, *, gates: Gates = USUAL, level: float = LEVEL
) -> OnTimeComparison:
    """Compare two sides by the legal verdict of what they finished."""
    return compared(strata(facts, a, b), gates=gates, level=level)


def strata(facts: Facts, a: Side, b: Side) -> tuple[Stratum, ...]:
    """The counts of both sides, by procedure."""
    of_a, of_b = _counts(facts, a), _counts(facts, b)
    nothing = (0, 0)
    return tuple(
        Stratum(key, *of_a.get(key, nothing), *of_b.get(key, nothing))
        for key in sorted({*of_a, *of_b})
    )


def compared(
    strata: Sequence[Stratum], *, gates: Gates = USUAL, level: float = LEVEL
) -> OnTimeComparison:
    """The comparison out of counts."""
    x, n = sum(s.on_time_a for s in strata), sum(s.n_a for s in strata)
    y, m = sum(s.on_time_b for s in strata), sum(s.n_b for s in strata)
    both = [s for s in strata if s.n_a and s.n_b]
    alike, interval = _risk_difference(both, level)
    odds, p = _test(both)
    judged = (sum(s.n_a for s in both), sum(s.n_b for s in both))
    enough = min(judged) >= gates.n
    return OnTimeComparison(
        a=Rate(x, n),
        b=Rate(y, m),
        a_interval=wilson(x, n, level),
        b_interval=wilson(y, m, level),
        difference=y / m - x / n if n and m else None,
        interval=newcombe(y, m, x, n, level),
        alike=alike,
        alike_interval=interval,
        odds_ratio=odds,
        p=p,
        shared_n=sum(s.n_a + s.n_b for s in both),
        enough=enough,
        differs=enough
        and alike is not None
        and p is not None
        and abs(alike) >= gates.share
        and p < gates.p,
    )


def _counts(facts: Facts, side: Side) -> dict[str, tuple[int, int]]:
    condition, values = side.picked.condition("finished_us", "receiving_unit")
    rows = facts.rows(
        f"""
        select procedure_code, sum(case when result <> 'late' then 1 else 0 end) as on_time,
          count(*) as n
        from dossier_fact where result is not null and {condition}
        group by procedure_code
        """,  # noqa: S608 - columns of ours
        **values,
    )
    return {row["procedure_code"]: (int(row["on_time"]), int(row["n"])) for row in rows}


def _columns(strata: Sequence[Stratum]) -> tuple[Any, Any, Any, Any]:
    """Of b and of a: on time, and how many."""
    table = np.array(
        [(s.on_time_b, s.n_b, s.on_time_a, s.n_a) for s in strata], dtype=np.float64
    ).reshape(-1, 4)
    return tuple(table.T)  # type: ignore[return-value]


def _risk_difference(
    strata: Sequence[Stratum], level: float
) -> tuple[float | None, Interval | None]:
    if not strata:
        return None, None
    x, n, y, m = _columns(strata)
    total = n + m
    weight = (n * m / total).sum()
    difference = float(((x * m - y * n) / total).sum() / weight)
    p = ((n**2 * y - m**2 * x + n * m * (m - n) / 2) / total**2).sum()
    q = ((x * (m - y) + y * (n - x)) / (2 * total)).sum()
    half = normal_quantile(level) * sqrt(max(float(difference * p + q), 0.0)) / float(weight)
    return difference, Interval(max(difference - half, -1.0), min(difference + half, 1.0))


def _test(strata: Sequence[Stratum]) -> tuple[float | None, float | None]:
    """The common odds ratio of b against a, and p; None where no stratum has both outcomes."""
    x, n, y, m = _columns(strata)
    total, on_time = n + m, x + y
    told = total > 1
    x, n, y, m, total, on_time = (each[told] for each in (x, n, y, m, total, on_time))
    variance = float((n * m * on_time * (total - on_time) / (total**2 * (total - 1))).sum())
    if variance <= 0:
        return None, None
    apart = float((x - n * on_time / total).sum())
    below = float(((n - x) * y / total).sum())
    odds = float((x * (m - y) / total).sum()) / below if below > 0 else None
    return odds, float(chdtrc(1, apart * apart / variance))
