"""A proposed limit is the shortest in half-days that the wanted share keeps, with its confidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.survival.observed import Watched
from analysis.survival.proposed_limit import HALF_DAY_WS, propose_limit

HOUR = 3600


def watched(hours, *, still_open=()):
    lasted = np.array([*hours, *still_open]) * HOUR
    return Watched(lasted, np.arange(len(lasted)) < len(hours))


def test_nine_of_ten_were_done_within_a_day_and_a_half():
    found = propose_limit(watched([3] * 50 + [7] * 35 + [11] * 10 + [30] * 5), 0.90)
    assert found.limit_ws == 3 * HALF_DAY_WS  # 11 hours need 12
    assert [(met.limit_ws // HALF_DAY_WS, met.share) for met in found.around] == [
        (2, pytest.approx(0.85)),
        (3, pytest.approx(0.95)),
        (4, pytest.approx(0.95)),
    ]
    assert found.around[0].interval.low < 0.85 < found.around[0].interval.high


def test_open_ones_make_the_proposal_longer_and_less_sure():
    closed = [2] * 40 + [6] * 40 + [10] * 20
    plain = propose_limit(watched(closed), 0.8)
    lying = propose_limit(watched(closed, still_open=[9] * 30), 0.8)
    assert (plain.limit_ws, lying.limit_ws) == (2 * HALF_DAY_WS, 3 * HALF_DAY_WS)
    assert lying.most_ws is None or lying.most_ws > plain.most_ws


def test_so_few_do_not_say_how_long_nineteen_of_twenty_take():
    found = propose_limit(watched([1, 2, 3, 5, 8]), 0.95)
    assert found.limit_ws == 2 * HALF_DAY_WS
    assert found.most_ws is None


def test_where_most_are_still_open_nothing_is_proposed():
    found = propose_limit(watched([1, 2], still_open=[5] * 20), 0.9)
    assert (found.limit_ws, found.around) == (None, ())


@given(st.lists(st.integers(1, 100), min_size=1, max_size=60), st.sampled_from([0.5, 0.8, 0.95]))
def test_no_shorter_half_day_would_do(hours, wanted):
    found = propose_limit(watched(hours), wanted)
    lasted = np.array(hours) * HOUR
    assert (lasted <= found.limit_ws).mean() >= wanted - 1e-9
    if found.limit_ws > HALF_DAY_WS:
        assert (lasted <= found.limit_ws - HALF_DAY_WS).mean() < wanted
    assert found.least_ws is None or found.least_ws <= found.limit_ws
    assert found.most_ws is None or found.limit_ws <= found.most_ws


def test_the_bounds_hold_as_often_as_they_say():
    chance = np.random.default_rng(11)
    truth = HALF_DAY_WS * np.ceil(-20 * HOUR * np.log(0.1) / HALF_DAY_WS)  # 90 % of Exp(20 h)
    kept = 0
    for _ in range(300):
        hours = chance.exponential(20, 150)
        found = propose_limit(Watched((hours * HOUR).astype(np.int64), np.ones(150, bool)), 0.9)
        kept += found.least_ws <= truth <= found.most_ws
    assert kept >= 0.95 * 300
