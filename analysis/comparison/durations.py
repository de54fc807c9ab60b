"""Do things take longer than they did? Two sides' durations, whatever their distribution.

Mann and Whitney's U (1947) with the normal approximation and the correction for ties; the shift of
Hodges and Lehmann (1963), the median of all differences b - a, with the interval that belongs to U.
Both are exact over counted values: durations are whole seconds, so millions of rows are a list of
values with their counts, nothing is sampled, and memory is bounded by the different values.
What is still open is left out here, and counted by the log-rank test beside it.
"""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr

from analysis.comparison.intervals import LEVEL, normal_quantile
from analysis.comparison.several_tests import adjusted
from analysis.comparison.side import USUAL, Gates, Side
from analysis.facts.facts import Facts
from analysis.survival.kaplan_meier import Whole
from analysis.survival.log_rank import log_rank
from analysis.survival.observed import (
    STEP_LASTED,
    Picked,
    Watched,
    dossiers_watched,
    steps_watched,
)


@dataclass(frozen=True, eq=False)
class Counted:
    """Values, rising and different, and how often each occurred."""

    values: Whole
    counts: Whole

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    def at_rank(self, rank: int) -> int:
        """The element of that number, from 1, of all in order."""
        place = np.searchsorted(np.cumsum(self.counts), rank)
        return int(self.values[place])


@dataclass(frozen=True, slots=True)
class DurationComparison:
    """b against a. n_a, n_b: finished; median_..: element ceil(n / 2), working seconds.

    shift_ws: by so much b takes longer (Hodges-Lehmann), between low_ws and high_ws. longer: the
    chance that one of b takes longer than one of a, half of equal ones (0.5: no difference). p: of
    Mann-Whitney; q: p after the correction for several tests. open_a, open_b, p_with_open: the
    log-rank test of those that began in the period, open ones too. differs: see `Gates`.
    """

    n_a: int
    n_b: int
    median_a: int | None
    median_b: int | None
    shift_ws: int | None
    low_ws: int | None
    high_ws: int | None
    longer: float | None
    p: float | None
    q: float | None
    open_a: int
    open_b: int
    p_with_open: float | None
    enough: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class StepComparison:
    """One step of a procedure, compared."""

    procedure_code: str
    element_id: str
    name: str
    durations: DurationComparison


def compare_dossiers(
    facts: Facts, a: Side, b: Side, *, gates: Gates = USUAL, level: float = LEVEL
) -> DurationComparison:
    """Working time against the limit, of dossiers finished in the period of each side."""
    counts = [_of_dossiers(facts, side.picked) for side in (a, b)]
    watched = [dossiers_watched(facts, side.picked) for side in (a, b)]
    return _judged(_compared(counts, watched, gates, level), gates)


def compare_steps(
    facts: Facts, a: Side, b: Side, *, gates: Gates = USUAL, level: float = LEVEL
) -> tuple[StepComparison, ...]:
    """Each step that both sides have, waiting and handling; p corrected over the steps, the
    largest shift that is called a difference first.
    """
    keys = [_steps_of(facts, side.picked) for side in (a, b)]
    found = []
    for key in sorted(set(keys[0]) & set(keys[1])):
        picked = [replace(side.picked, procedure_code=key[0], step=key[1]) for side in (a, b)]
        counts = [_of_steps(facts, each) for each in picked]
        watched = [steps_watched(facts, each) for each in picked]
        found.append((key, _compared(counts, watched, gates, level)))
    corrected = adjusted([each.p if each.enough else None for _, each in found])
    steps = [
        StepComparison(*key, keys[1][key], _judged(replace(each, q=q), gates))
        for (key, each), q in zip(found, corrected, strict=True)
    ]
    return tuple(
        sorted(
            steps,
            key=lambda step: (
                not step.durations.differs,
                -abs(step.durations.shift_ws or 0),
                step.procedure_code,
                step.element_id,
            ),
        )
    )


def mann_whitney(a: Counted, b: Counted) -> tuple[float, float | None]:
    """The chance that one of b is larger than one of a, and p (two-sided); None where all are
    equal.
    """
    n, m = a.n, b.n
    below = np.concatenate(([0], np.cumsum(a.counts)))
    smaller = below[np.searchsorted(a.values, b.values, side="left")]
    not_larger = below[np.searchsorted(a.values, b.values, side="right")]
    doubled = int((b.counts * (smaller + not_larger)).sum())  # twice U, so that ties stay whole
    longer = doubled / (2 * n * m)
    deviation = _deviation(a, b)
    if deviation <= 0:
        return longer, None
    z = (doubled / 2 - n * m / 2) / deviation
    return longer, float(2 * ndtr(-abs(z)))


def shift(a: Counted, b: Counted, level: float = LEVEL) -> tuple[int, int, int]:
    """The median of all differences b - a and its interval, whole seconds.

    With an even number of differences the lower of the two in the middle.
    """
    pairs = a.n * b.n
    spread = normal_quantile(level) * _deviation(a, b)
    low = max(1, min(pairs, round(pairs / 2 - spread)))
    ranks = (pairs + 1) // 2, low, pairs + 1 - low
    middle, lowest, highest = (_difference(a, b, rank) for rank in ranks)
    return middle, lowest, highest


def _deviation(a: Counted, b: Counted) -> float:
    """The standard deviation of U, ties corrected for."""
    n, m = a.n, b.n
    total = n + m
    values = np.concatenate((a.values, b.values))
    _, place = np.unique(values, return_inverse=True)
    ties = np.bincount(place, weights=np.concatenate((a.counts, b.counts)).astype(np.float64))
    tied = float((ties**3 - ties).sum()) / (total * (total - 1)) if total > 1 else 0.0
    return sqrt(max(n * m / 12 * (total + 1 - tied), 0.0))


def _difference(a: Counted, b: Counted, rank: int) -> int:
    """The difference b - a of that rank among all, found by halving."""
    below = np.concatenate(([0], np.cumsum(a.counts)))
    total = int(below[-1])
    low = int(b.values[0] - a.values[-1])
    high = int(b.values[-1] - a.values[0])
    while low < high:
        middle = (low + high) // 2
        # b - a <= middle: for each b, those of a that are at least b - middle
        smaller = below[np.searchsorted(a.values, b.values - middle, side="left")]
        if int((b.counts * (total - smaller)).sum()) >= rank:
            high = middle
        else:
            low = middle + 1
    return low


def _compared(
    counts: list[Counted], watched: list[Watched], gates: Gates, level: float
) -> DurationComparison:
    (a, b), (of_a, of_b) = counts, watched
    tested = a.n > 0 and b.n > 0
    longer, p = mann_whitney(a, b) if tested else (None, None)
    middle, low, high = shift(a, b, level) if tested else (None, None, None)
    ranks = log_rank([(w.lasted, w.ended) for w in watched]) if of_a.n and of_b.n else None
    return DurationComparison(
        n_a=a.n,
        n_b=b.n,
        median_a=a.at_rank((a.n + 1) // 2) if a.n else None,
        median_b=b.at_rank((b.n + 1) // 2) if b.n else None,
        shift_ws=middle,
        low_ws=low,
        high_ws=high,
        longer=longer,
        p=p,
        q=p,
        open_a=int((~of_a.ended).sum()),
        open_b=int((~of_b.ended).sum()),
        p_with_open=None if ranks is None else ranks.p,
        enough=min(a.n, b.n) >= gates.n,
        differs=False,
    )


def _judged(found: DurationComparison, gates: Gates) -> DurationComparison:
    large = found.shift_ws is not None and abs(found.shift_ws) >= gates.shift_ws
    sure = found.q is not None and found.q < gates.p
    return replace(found, differs=found.enough and large and sure)


def _of_dossiers(facts: Facts, picked: Picked) -> Counted:
    condition, values = picked.condition("finished_us", "receiving_unit")
    return _counted(
        facts, "work_ws", "dossier_fact", f"{condition} and work_ws is not null", values
    )


def _of_steps(facts: Facts, picked: Picked) -> Counted:
    condition, values = picked.condition("ended_us", "unit")
    ended = f"{condition} and state in ('completed', 'sent_back')"
    return _counted(facts, STEP_LASTED, "step_interval", ended, values)


def _counted(
    facts: Facts, value: str, table: str, condition: str, values: dict[str, Any]
) -> Counted:
    rows = facts.arrow(
        f"select {value} as value, count(*) as n from {table} where {condition}"  # noqa: S608
        " group by 1 order by 1",
        **values,
    )
    told = (rows.column(name).to_numpy().astype(np.int64) for name in ("value", "n"))
    return Counted(*told)


def _steps_of(facts: Facts, picked: Picked) -> dict[tuple[str, str], str]:
    condition, values = picked.condition("ended_us", "unit")
    rows = facts.rows(
        "select procedure_code, element_id, max(name) as name from step_interval"  # noqa: S608
        f" where {condition} and state in ('completed', 'sent_back') group by 1, 2",
        **values,
    )
    return {(row["procedure_code"], row["element_id"]): row["name"] for row in rows}
