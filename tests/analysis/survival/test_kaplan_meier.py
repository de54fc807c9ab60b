"""How long things take counts those that are not over yet; figures as another library's."""

import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.comparison.intervals import wilson
from analysis.survival.kaplan_meier import kaplan_meier
from analysis.survival.log_rank import log_rank

watched = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=2, max_size=60)


def arrays(rows):
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows], dtype=bool)


def censored(lasted, ended):
    return stats.CensoredData(uncensored=lasted[ended], right=lasted[~ended])


def test_remission_of_leukaemia_as_in_the_textbooks():
    # 6-MP arm of Freireich et al. 1963, the standard example: S(6) = 0.857, S(23) = 0.448
    lasted = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    curve = kaplan_meier(np.array(lasted), np.array(ended, dtype=bool))
    assert (curve.n, curve.ended, curve.last) == (21, 9, 35)
    assert [round(curve.at(t), 3) for t in (0, 6, 10, 23)] == [1.0, 0.857, 0.753, 0.448]
    assert round(curve.variance(10) ** 0.5, 4) == 0.0963  # Greenwood
    assert curve.quantile(0.5) == 23
    assert curve.quantile(0.9) is None  # nobody knows: most are still in remission


@given(watched.filter(lambda rows: any(ended for _, ended in rows)))
def test_curve_and_interval_are_those_of_scipy(rows):
    lasted, ended = arrays(rows)
    curve = kaplan_meier(lasted, ended)
    theirs = stats.ecdf(censored(lasted, ended)).sf
    assert curve.survival == pytest.approx(theirs.evaluate(curve.times), abs=1e-12)
    with warnings.catch_warnings(action="ignore"):  # it warns where an interval has no meaning
        bounds = theirs.confidence_interval(method="log-log")
    for t in curve.times[(curve.survival > 1e-9) & (curve.survival < 1)]:
        ours = curve.interval(int(t))
        assert ours.low == pytest.approx(float(bounds.low.evaluate(t)), abs=1e-9)
        assert ours.high == pytest.approx(float(bounds.high.evaluate(t)), abs=1e-9)


@given(watched)
def test_with_nobody_open_it_is_the_plain_share(rows):
    lasted, _ = arrays(rows)
    curve = kaplan_meier(lasted, np.ones(len(lasted), dtype=bool))
    for t in range(41):
        assert curve.met(t) == pytest.approx((lasted <= t).mean(), abs=1e-12)


def test_who_was_first_seen_late_is_not_counted_before():
    # at time 2 only the first two were watched, one of them ended; at 6 the third was too
    lasted, ended = np.array([2, 6, 6]), np.array([True, True, False])
    curve = kaplan_meier(lasted, ended, entered=np.array([0, 0, 5]))
    assert curve.at_risk.tolist() == [2, 2]
    assert curve.at(2) == 0.5
    assert curve.at(6) == 0.25


def test_leaving_open_ones_out_would_flatter():
    chance = np.random.default_rng(5)
    lasts, since = chance.exponential(10, 4000).astype(int), chance.integers(0, 10, 4000)
    ended = lasts <= since
    lasted = np.minimum(lasts, since)
    truth = (lasts <= 7).mean()
    assert (lasted[ended] <= 7).mean() > truth + 0.3
    assert kaplan_meier(lasted, ended).met(7) == pytest.approx(truth, abs=0.03)


@given(watched, watched)
def test_log_rank_is_that_of_scipy(one, two):
    a, b = arrays(one), arrays(two)
    ours = log_rank([a, b])
    assert sum(ours.observed) == pytest.approx(sum(ours.expected))
    if ours.p is None:
        return  # nothing ended while both were watched
    theirs = stats.logrank(censored(*a), censored(*b))
    assert ours.chi_square == pytest.approx(theirs.statistic**2, abs=1e-9)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-9)


def test_log_rank_of_three_groups_finds_the_slow_one():
    chance = np.random.default_rng(1)
    groups = [
        (chance.exponential(mean, 200).astype(int), np.ones(200, dtype=bool))
        for mean in (20, 20, 40)
    ]
    found = log_rank(groups)
    assert found.p < 1e-6
    assert found.observed[2] < found.expected[2]


def test_where_all_are_over_or_none_is_the_interval_still_says_of_how_many():
    lasted = np.arange(1, 501)
    curve = kaplan_meier(lasted, np.ones(500, dtype=bool))
    done = curve.interval(500)
    assert done.low == 0.0
    assert wilson(0, 500).high / 2 < done.high < 0.02
    assert curve.interval(10_000) == done == curve.interval(500)
    none_yet = curve.interval(0)
    assert (none_yet.low, none_yet.high) == (wilson(500, 500).low, 1.0)


def test_bounds_only_fall_with_time():
    lasted = np.array([5, 5, 7, 9, 9, 12, 30, 30])
    curve = kaplan_meier(lasted, np.array([1, 0, 1, 1, 1, 0, 1, 1], dtype=bool))
    found = [curve.interval(t) for t in range(40)]
    assert all(a.high >= b.high for a, b in pairwise(found))


def test_of_those_that_all_ended_at_once_and_of_none_there_is_an_interval():
    at_once = kaplan_meier(np.full(30, 60), np.ones(30, dtype=bool))
    assert (at_once.interval(60).low, at_once.interval(60).high) == (0.0, wilson(0, 30).high)
    nobody = kaplan_meier(np.array([], dtype=np.int64), np.array([], dtype=bool))
    assert (nobody.interval(60).low, nobody.interval(60).high) == (0.0, 1.0)
