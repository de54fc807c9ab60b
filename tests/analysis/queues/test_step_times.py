"""How long steps wait and are handled, by procedure, step and unit."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from analysis.period import Period
from analysis.quantile import nearest_rank
from analysis.queues.scope import Scope
from analysis.queues.step_times import step_times
from tests.analysis.made_facts import DAY_US, made_facts, number

MARCH = Scope.of(Period(date(2026, 3, 1), date(2026, 3, 31)))
IN_MARCH = MARCH.start_us + 3 * DAY_US


def run(n: int, **columns):
    usual = {"waiting_ws": 60, "handling_ws": 30, "ended_us": IN_MARCH, "month": 202603}
    return {"step_run_id": number(n), "dossier_id": number(n)} | usual | columns


def test_percentiles_are_times_that_occurred():
    rows = [run(i, waiting_ws=i * 100, handling_ws=i) for i in range(1, 101)]
    (found,) = step_times(made_facts(step_interval=rows), MARCH)
    assert [(p.percent, p.value) for p in found.waiting.percentiles] == [
        (50, 5_000),
        (80, 8_000),
        (95, 9_500),
    ]
    assert found.handling.at(95).value == 95
    assert (found.runs, found.waiting.n, found.waiting.sum_ws) == (100, 100, 505_000)


def test_the_median_of_a_hundred_lies_between_their_fortieth_and_sixty_first():
    rows = [run(i, waiting_ws=i) for i in range(1, 101)]
    (found,) = step_times(made_facts(step_interval=rows), MARCH)
    median = found.waiting.at(50)
    assert (median.low, median.high) == (40, 61)


def test_three_runs_bound_no_percentile_from_above():
    rows = [run(i, waiting_ws=i) for i in range(1, 4)]
    (found,) = step_times(made_facts(step_interval=rows), MARCH)
    assert [p.high for p in found.waiting.percentiles] == [None, None, None]


def test_each_unit_and_month_stands_for_itself():
    rows = [
        run(1, unit="U1", month=202603),
        run(2, unit="U2", month=202603, waiting_ws=500),
        run(3, unit=None, month=202603),
    ]
    found = step_times(made_facts(step_interval=rows), MARCH, by_month=True)
    assert [(each.unit, each.month, each.runs) for each in found] == [
        ("U2", 202603, 1),
        (None, 202603, 1),
        ("U1", 202603, 1),
    ]


def test_what_nobody_ended_in_the_period_is_not_counted():
    rows = [
        run(1),
        run(2, state="cancelled"),
        run(3, state="open", ended_us=None),
        run(4, ended_us=MARCH.end_us),
    ]
    (found,) = step_times(made_facts(step_interval=rows), MARCH)
    assert found.runs == 1


def test_a_run_without_handling_time_counts_only_where_time_is_known():
    rows = [run(1), run(2, handling_ws=None)]
    (found,) = step_times(made_facts(step_interval=rows), MARCH)
    assert (found.waiting.n, found.handling.n) == (2, 1)


def test_an_office_in_which_nothing_ended_has_no_times():
    assert step_times(made_facts(), MARCH) == ()


def test_one_unit_can_be_looked_at_alone():
    rows = [run(1, unit="U1"), run(2, unit="U2")]
    scope = Scope(MARCH.start_us, MARCH.end_us, unit="U2")
    (found,) = step_times(made_facts(step_interval=rows), scope)
    assert (found.unit, found.runs) == ("U2", 1)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 50)), min_size=1, max_size=60))
def test_percentiles_are_those_of_the_sorted_list(runs):
    rows = [run(n, element_id=e, waiting_ws=w) for n, (e, w) in enumerate(runs)]
    for each in step_times(made_facts(step_interval=rows), MARCH):
        own = sorted(w for e, w in runs if e == each.element_id)
        for p in each.waiting.percentiles:
            assert p.value == nearest_rank(own, p.percent)
