"""Runs that took far longer than the others, and what they have in common."""

from datetime import date

import pytest
from scipy import stats

from analysis.period import Period
from analysis.queues.outliers import outliers
from analysis.queues.scope import Scope
from tests.analysis.made_facts import DAY_US, HOUR_WS, made_facts, number

MARCH = Scope.of(Period(date(2026, 3, 1), date(2026, 3, 31)))
MONDAY = MARCH.start_us + DAY_US


def run(n: int, waiting_ws: int, **columns):
    usual = {"step_run_id": number(n), "dossier_id": number(n), "ended_us": MONDAY}
    times = {"enabled_us": MONDAY, "waiting_ws": waiting_ws, "handling_ws": HOUR_WS}
    return usual | times | columns


def usual_runs(n: int, **columns):
    return [run(i, HOUR_WS + (i % 7) * 60, **columns) for i in range(n)]


def test_a_run_a_hundred_times_longer_is_an_outlier():
    rows = [*usual_runs(100), run(500, 200 * HOUR_WS), run(501, 150 * HOUR_WS)]
    (found,) = outliers(made_facts(step_interval=rows), MARCH)
    assert (found.runs, found.outliers) == (102, 2)
    assert [each.step_run_id for each in found.longest] == [number(500), number(501)]
    assert found.longest[0].time_ws == 201 * HOUR_WS
    assert found.usual_ws < found.fence_ws < 200 * HOUR_WS


def test_times_that_only_spread_have_no_outliers():
    rows = [run(i, i * 60) for i in range(100)]
    assert outliers(made_facts(step_interval=rows), MARCH) == ()


def test_a_step_with_few_runs_has_no_usual_time():
    assert outliers(made_facts(step_interval=[*usual_runs(10), run(99, 10**7)]), MARCH) == ()


def test_what_the_outliers_have_in_common_is_named():
    slow = [run(500 + i, 100 * HOUR_WS, unit="U2") for i in range(10)]
    rows = [*usual_runs(100, unit="U1"), *usual_runs_of_u2(), *slow]
    (found,) = outliers(made_facts(step_interval=rows), MARCH)
    (named,) = found.stands_out
    assert (named.property, named.value, named.outliers, named.runs) == ("unit", "U2", 10, 15)
    assert named.lift == (10 / 10) / (15 / 115)
    assert named.p < 0.001


def usual_runs_of_u2():
    return [run(900 + i, HOUR_WS, unit="U2") for i in range(5)]


def test_the_weekday_on_which_slow_runs_began_is_named():
    slow = [run(500 + i, 100 * HOUR_WS, enabled_us=MONDAY + 4 * DAY_US) for i in range(10)]
    (found,) = outliers(made_facts(step_interval=[*usual_runs(100), *slow]), MARCH)
    assert ("weekday", "5") in [(each.property, each.value) for each in found.stands_out]


def test_what_one_run_has_by_chance_is_not_named():
    slow = [run(500 + i, 100 * HOUR_WS, unit="U1") for i in range(4)]
    alone = run(600, 100 * HOUR_WS, unit="U9")
    rows = [*usual_runs(400, unit="U1"), *slow, alone]
    (found,) = outliers(made_facts(step_interval=rows), MARCH)
    assert found.outliers == 5
    assert found.stands_out == ()


@pytest.mark.parametrize(("of_u2", "slow"), [(8, 2), (12, 3), (200, 40), (60, 9)])
def test_chance_is_judged_exactly_where_few_are_expected(of_u2, slow):
    """One property is tested: its corrected p is its p."""
    rows = [
        *(run(n, HOUR_WS, unit="U1") for n in range(300)),
        *(run(1_000 + n, HOUR_WS, unit="U2") for n in range(of_u2 - slow)),
        *(run(2_000 + n, 100 * HOUR_WS, unit="U2") for n in range(slow)),
    ]
    (found,) = outliers(made_facts(step_interval=rows), MARCH)
    (named,) = found.stands_out
    table = [[slow, of_u2 - slow], [0, 300]]
    if slow * of_u2 / (300 + of_u2) < 5:
        exact = stats.fisher_exact(table, alternative="greater").pvalue
        assert named.p == pytest.approx(2 * min(2 * exact, 1), rel=1e-9)  # U1 was tested too
    else:
        chi = stats.chi2_contingency(table, correction=False).pvalue
        assert named.p == pytest.approx(chi, rel=1e-9)
