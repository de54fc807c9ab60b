"""Why runs waited: each second has one cause, and none is lost."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.queues.causes import Cause, waiting_causes
from analysis.queues.open_hours import NoOpenHours
from tests.analysis.made_facts import VN, made_facts, number
from tests.analysis.queues.office_month import AN, BINH, HOUR, HOURS, MARCH, at, run, us


def causes(runs, element: str = "Task_1", pauses=()):
    facts = made_facts(us(at(31, 17)), step_interval=runs, pause_fact=pauses)
    found = {each.element_id: each for each in waiting_causes(facts, MARCH, HOURS)}
    return {cause: ws for cause, ws in found[element].parts.items() if ws}


def other(n: int, enabled, started, ended, **columns):
    return run(n, enabled, started, ended, element_id="Other", **columns)


def test_an_hour_in_which_the_officer_was_free_is_extraneous():
    assert causes([run(1, at(2, 8), at(2, 9), at(2, 10))]) == {Cause.EXTRANEOUS: HOUR}


def test_while_the_officer_works_on_what_came_earlier_it_is_contention():
    runs = [
        other(1, at(2, 7, 30), at(2, 7, 30), at(2, 8, 40)),
        run(2, at(2, 8), at(2, 9), at(2, 10)),
    ]
    assert causes(runs) == {Cause.CONTENTION: 40 * 60, Cause.EXTRANEOUS: 20 * 60}


def test_while_the_officer_works_on_what_came_later_it_is_prioritisation():
    runs = [
        other(1, at(2, 8, 10), at(2, 8, 10), at(2, 8, 40)),
        run(2, at(2, 8), at(2, 9), at(2, 10)),
    ]
    assert causes(runs) == {Cause.PRIORITISATION: 30 * 60, Cause.EXTRANEOUS: 30 * 60}


def test_a_later_one_among_earlier_ones_is_prioritisation():
    runs = [
        other(1, at(2, 7, 30), at(2, 7, 30), at(2, 9)),
        other(2, at(2, 8, 10), at(2, 8, 20), at(2, 8, 40)),
        run(3, at(2, 8), at(2, 9), at(2, 10)),
    ]
    assert causes(runs) == {Cause.PRIORITISATION: 20 * 60, Cause.CONTENTION: 40 * 60}


def test_what_colleagues_do_is_no_cause():
    runs = [
        other(1, at(2, 8, 10), at(2, 8, 10), at(2, 8, 40), person_id=BINH),
        run(2, at(2, 8), at(2, 9), at(2, 10)),
    ]
    assert causes(runs) == {Cause.EXTRANEOUS: HOUR}


def test_days_on_which_the_officer_did_nothing_are_unavailability():
    # Enabled Monday 16:00, nothing done on Tuesday, taken Wednesday 08:30.
    runs = [other(1, at(2, 9), at(2, 9), at(2, 10)), run(2, at(2, 16), at(4, 8, 30), at(4, 9))]
    assert causes(runs) == {Cause.UNAVAILABILITY: 8 * HOUR, Cause.EXTRANEOUS: 2 * HOUR}


def test_what_waits_for_the_rest_of_its_batch_is_batching():
    runs = [
        run(1, at(2, 8), at(2, 10), at(2, 10, 5)),
        run(2, at(2, 9), at(2, 10, 5), at(2, 10, 10)),
        run(3, at(2, 9, 30), at(2, 10, 10), at(2, 10, 15)),
    ]
    found = causes(runs)
    assert found[Cause.BATCHING] == 90 * 60 + 30 * 60
    assert found[Cause.CONTENTION] == 5 * 60 + 10 * 60


def test_two_are_no_batch():
    runs = [
        run(1, at(2, 8), at(2, 10), at(2, 10, 5)),
        run(2, at(2, 9), at(2, 10, 5), at(2, 10, 10)),
    ]
    assert Cause.BATCHING not in causes(runs)


def test_a_queue_that_is_worked_off_as_it_comes_is_no_batch():
    runs = [run(n, at(2, 8, n), at(2, 8, n + 1), at(2, 8, n + 2)) for n in range(0, 20, 2)]
    assert Cause.BATCHING not in causes(runs)


def test_a_paused_run_does_not_keep_its_officer_busy():
    supplement = {
        "dossier_id": number(1),
        "kind": "supplement",
        "since_us": us(at(2, 8, 10)),
        "until_us": us(at(2, 9, 30)),
    }
    elsewhere = {  # the tax office's time: the dossier's clock stands, the step's does not
        "dossier_id": number(1),
        "kind": "tax",
        "since_us": us(at(2, 7, 30)),
        "until_us": us(at(2, 8, 10)),
    }
    runs = [
        other(1, at(2, 7, 30), at(2, 7, 30), at(2, 10), paused_us=4_800_000_000),
        run(2, at(2, 8), at(2, 9), at(2, 10)),
    ]
    assert causes(runs, pauses=[supplement, elsewhere]) == {
        Cause.CONTENTION: 10 * 60,
        Cause.EXTRANEOUS: 50 * 60,
    }


def test_the_pause_of_the_run_itself_is_no_waiting():
    runs = [run(1, at(2, 8), at(2, 10), at(2, 11), waiting_ws=HOUR)]
    assert causes(runs) == {Cause.EXTRANEOUS: HOUR}


def test_what_nobody_held_waits_for_something_else():
    assert causes([run(1, at(2, 8), at(2, 9), at(2, 9), person_id=None)]) == {
        Cause.EXTRANEOUS: HOUR
    }


def test_the_impact_of_a_cause_is_the_efficiency_without_it():
    runs = [
        other(1, at(2, 7, 30), at(2, 7, 30), at(2, 8, 30)),
        run(2, at(2, 8), at(2, 9), at(2, 10)),
    ]
    facts = made_facts(us(at(31, 17)), step_interval=runs)
    found = next(w for w in waiting_causes(facts, MARCH, HOURS) if w.element_id == "Task_1")
    assert (found.efficiency.part, found.efficiency.whole) == (HOUR, 2 * HOUR)
    without = found.efficiency_without(Cause.CONTENTION)
    assert (without.part, without.whole) == (HOUR, HOUR + HOUR // 2)


def test_an_office_without_hours_is_refused():
    facts = made_facts(us(at(31, 17)), step_interval=[run(1, at(2, 8), at(2, 9), at(2, 10))])
    with pytest.raises(NoOpenHours):
        waiting_causes(facts, MARCH, {})


minutes = st.integers(0, 20 * 24 * 60)
spans = st.tuples(minutes, st.integers(0, 4_000), st.integers(0, 600), st.integers(0, 1))


@given(st.lists(spans, min_size=1, max_size=15))
def test_the_causes_sum_to_the_waiting_to_the_second(found):
    base = int(at(2, 0).timestamp())
    runs = []
    for n, (enabled, waiting, handling, person) in enumerate(found):
        times = [enabled, enabled + waiting, enabled + waiting + handling]
        moments = [datetime.fromtimestamp(base + 60 * t, VN) for t in times]
        runs.append(run(n, *moments, person_id=(AN, BINH)[person]))
    facts = made_facts(us(at(31, 17)), step_interval=runs)
    for each in waiting_causes(facts, MARCH, HOURS):
        assert sum(each.parts.values()) == each.waiting_ws
        assert all(ws >= 0 for ws in each.parts.values())
