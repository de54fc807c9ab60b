"""Few cases are seen to be few: intervals of shares, differences and quantiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.comparison.intervals import newcombe, quantile_ranks, wilson


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_wilsons(counted):
    part, whole = counted
    theirs = stats.binomtest(part, whole).proportion_ci(method="wilson")
    ours = wilson(part, whole)
    assert (ours.low, ours.high) == (pytest.approx(theirs.low), pytest.approx(theirs.high))
    assert ours.low <= part / whole <= ours.high


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(counts, low, high):
    found = newcombe(*counts)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_without_cases_nothing_is_known():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)
    assert (newcombe(0, 0, 3, 4).low, newcombe(0, 0, 3, 4).high) == (-1, 1)


@given(st.integers(1, 400), st.sampled_from([0.5, 0.8, 0.95]))
def test_ranks_hold_the_quantile_as_often_as_they_say(n, share):
    ranks = quantile_ranks(n, share)
    low, high = ranks.low or 0, ranks.high or n + 1
    inside = stats.binom.cdf(high - 1, n, share) - stats.binom.cdf(low - 1, n, share)
    assert inside >= 0.95 - 1e-9
    assert low <= -(-n * share // 1) <= high
