"""How many waited before each step, day by day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.period import Period
from analysis.queues.queue import queues
from analysis.queues.scope import Scope
from tests.analysis.made_facts import DAY_US, made_facts, number

WEEK = Scope.of(Period(date(2026, 3, 2), date(2026, 3, 8)))
HOUR_US = 3_600_000_000


def at(day: float) -> int:
    return WEEK.start_us + int(day * DAY_US)


def run(n: int, enabled: float, started: float | None = None, ended: float | None = None):
    return {
        "step_run_id": number(1000 + n),
        "enabled_us": at(enabled),
        "started_us": None if started is None else at(started),
        "ended_us": None if ended is None else at(ended),
        "state": "open" if ended is None else "completed",
    }


def queue_of(rows, read_at: float = 7.0):
    (found,) = queues(made_facts(at(read_at), step_interval=rows), WEEK)
    return found


def test_the_queue_at_the_end_of_each_day_is_who_came_less_who_was_taken():
    found = queue_of([run(1, 0.5, 1.5, 2.5), run(2, 0.5, 3.5, 4.5), run(3, 1.5)])
    assert [day.waiting for day in found.days] == [2, 2, 2, 1, 1, 1, 1]
    assert [day.in_hand for day in found.days] == [0, 1, 0, 1, 0, 0, 0]
    assert [day.arrived for day in found.days] == [2, 1, 0, 0, 0, 0, 0]
    assert [day.started for day in found.days] == [0, 1, 0, 1, 0, 0, 0]
    assert [day.ended for day in found.days] == [0, 0, 1, 0, 1, 0, 0]


def test_who_waited_before_the_period_still_waits_in_it():
    found = queue_of([run(1, -3), run(2, -3, -1, 2.5)])
    assert found.at_first == 1
    assert [day.waiting for day in found.days] == [1] * 7
    assert [day.in_hand for day in found.days] == [1, 1, 0, 0, 0, 0, 0]


def test_who_is_cancelled_unstarted_leaves_the_queue():
    found = queue_of([run(1, 0.5, None, 2.5)])
    assert [day.waiting for day in found.days] == [1, 1, 0, 0, 0, 0, 0]
    assert [day.in_hand for day in found.days] == [0] * 7


def test_days_that_have_not_come_are_not_drawn():
    assert len(queue_of([run(1, 0.5)], read_at=2.5).days) == 3


def test_a_steady_queue_obeys_little():
    rows = [run(n, n / 10, n / 10 + 0.2, n / 10 + 0.3) for n in range(-20, 69)]
    little = queue_of(rows).little
    assert little.mean_queue == pytest.approx(2.0, rel=0.02)
    assert not little.alarm


def test_a_queue_that_nobody_serves_alarms():
    assert queue_of([run(n, -n, None, None) for n in range(1, 9)] + [run(20, 1)]).little.alarm


def test_a_growing_queue_is_told():
    assert queue_of([run(n, n / 10) for n in range(50)]).grows
    assert not queue_of([run(1, -1), run(2, -1, 3, 4)]).grows


def test_each_unit_has_its_queue():
    rows = [run(1, 0.5) | {"unit": "U1"}, run(2, 0.5) | {"unit": None}]
    assert {each.unit for each in queues(made_facts(at(7), step_interval=rows), WEEK)} == {
        "U1",
        None,
    }


def test_a_period_that_has_not_begun_has_no_queue():
    assert queues(made_facts(at(-1), step_interval=[run(1, -2)]), WEEK) == ()


spans = st.tuples(st.integers(-48, 160), st.integers(0, 90), st.integers(0, 60))


@given(st.lists(spans, min_size=1, max_size=25))
def test_the_area_under_the_queue_is_the_waiting_within_the_period(found):
    rows = [run(n, e / 24, (e + w) / 24, (e + w + h) / 24) for n, (e, w, h) in enumerate(found)]
    expected = sum(
        max(0, min(row["started_us"], WEEK.end_us) - max(row["enabled_us"], WEEK.start_us))
        for row in rows
    )
    measured = queues(made_facts(at(7), step_interval=rows), WEEK)
    assert sum(day.queue_us for queue in measured for day in queue.days) == expected
