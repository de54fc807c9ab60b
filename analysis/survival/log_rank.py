"""Log-rank: whether groups last equally long, with those that are not over yet counted too.

At each end d_j of n_j at risk, group g expects d_j n_gj / n_j of them (Mantel 1966); the sum of
observed minus expected, weighed by its hypergeometric covariance, is chi-square with one degree of
freedom less than there are groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from analysis.survival.kaplan_meier import Flags, Real, Whole


@dataclass(frozen=True, slots=True)
class LogRank:
    """p: how often chance alone would part the groups as much. None where nothing can be said.

    observed, expected: ends in each group, and how many there would be if all lasted alike; a group
    with more than expected is faster.
    """

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float | None
    p: float | None


def log_rank(groups: Sequence[tuple[Whole, Flags]]) -> LogRank:
    """Compare groups of (until when each was watched, whether it was over then)."""
    times = np.unique(np.concatenate([lasted[ended] for lasted, ended in groups]))
    ends = np.array([_at(np.sort(lasted[ended]), times) for lasted, ended in groups])
    risk = np.array(
        [len(lasted) - np.searchsorted(np.sort(lasted), times) for lasted, _ in groups]
    ).astype(np.float64)
    all_ends, all_risk = ends.sum(axis=0), risk.sum(axis=0)
    share = risk / np.maximum(all_risk, 1)
    expected = (share * all_ends).sum(axis=1)
    observed = ends.sum(axis=1)
    chi_square = _statistic(observed - expected, _covariance(share, all_ends, all_risk))
    p = None if chi_square is None else float(chdtrc(len(groups) - 1, chi_square))
    return LogRank(tuple(map(int, observed)), tuple(map(float, expected)), chi_square, p)


def _at(ordered: Whole, times: Whole) -> Real:
    """How many of the ordered values equal each time."""
    right = np.searchsorted(ordered, times, side="right")
    return (right - np.searchsorted(ordered, times, side="left")).astype(np.float64)


def _covariance(share: Real, ends: Real, risk: Real) -> Real:
    weight = ends * (risk - ends) / np.maximum(risk - 1, 1)
    own = np.diag((share * weight).sum(axis=1))
    return np.asarray(own - (share * weight) @ share.T)


def _statistic(apart: Real, covariance: Real) -> float | None:
    """The last group is left out: what it has too much the others have too little."""
    inner = covariance[:-1, :-1]
    if len(apart) < 2 or np.linalg.matrix_rank(inner) < len(inner):  # noqa: PLR2004
        return None
    return float(apart[:-1] @ np.linalg.solve(inner, apart[:-1]))
