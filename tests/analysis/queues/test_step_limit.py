"""Another limit for a step: who would have been late, people working as they did."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.queues.step_limit import step_limit
from analysis.rate import Rate
from tests.analysis.made_facts import DAY_US, HOUR_WS, made_facts, number

PERIOD = Period(date(2026, 3, 1), date(2026, 3, 31))
MARCH = Scope.of(PERIOD, procedure_code="P", element_id="Task_1")
MONDAY = MARCH.start_us + DAY_US


def run(n, hours, limit=8, **columns):
    late = 0 if limit is None else max(0, hours - limit)
    return {
        "step_run_id": number(n),
        "dossier_id": number(n),
        "procedure_code": "P",
        "element_id": "Task_1",
        "ended_us": MONDAY,
        "waiting_ws": HOUR_WS,
        "handling_ws": (hours - 1) * HOUR_WS,
        "limit_ws": None if limit is None else limit * HOUR_WS,
        "late_ws": late * HOUR_WS,
    } | columns


def test_a_shorter_limit_makes_more_runs_late_and_tells_what_keeping_it_would_bring():
    """Four runs of 2, 4, 6 and 10 hours under a day; under 4 hours two are late, by 2 and 6."""
    facts = made_facts(step_interval=[run(1, 2), run(2, 4), run(3, 6), run(4, 10)])
    found = step_limit(facts, MARCH, 4 * HOUR_WS)
    assert (found.late_before, found.late_after) == (Rate(1, 4), Rate(2, 4))
    assert found.over_ws == 8 * HOUR_WS
    assert found.interval.low < 0.5 < found.interval.high


def test_a_longer_limit_forgives():
    facts = made_facts(step_interval=[run(1, 9), run(2, 12)])
    found = step_limit(facts, MARCH, 10 * HOUR_WS)
    assert (found.late_before, found.late_after) == (Rate(2, 2), Rate(1, 2))


def test_runs_without_a_limit_are_judged_by_the_new_one_alone():
    facts = made_facts(step_interval=[run(1, 9, limit=None), run(2, 2)])
    found = step_limit(facts, MARCH, HOUR_WS)
    assert (found.late_before, found.late_after) == (Rate(0, 1), Rate(2, 2))


def test_what_is_open_or_of_another_step_or_month_is_not_counted():
    others = [
        run(1, 9, state="open", ended_us=None),
        run(2, 9, element_id="Task_2"),
        run(3, 9, ended_us=MARCH.end_us),
    ]
    found = step_limit(made_facts(step_interval=others), MARCH, HOUR_WS)
    assert (found.runs, found.late_after, found.over_ws) == (0, Rate(0, 0), 0)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(1, 40))
def test_the_own_limit_gives_the_verdicts_that_were_given(hours, limit):
    rows = [run(n, each, limit) for n, each in enumerate(hours)]
    found = step_limit(made_facts(step_interval=rows), MARCH, limit * HOUR_WS)
    assert found.late_after == found.late_before
    assert found.over_ws == sum(row["late_ws"] for row in rows)
