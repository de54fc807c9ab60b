"""Behind every number stand the dossiers it counts, each once."""

from datetime import date, datetime

import pytest

from analysis.behind import dossiers_behind
from analysis.counted.question import Counted, Question
from analysis.counted.selecting import selected
from analysis.period import Period
from analysis.queues.attribution import lateness_by_step
from analysis.queues.scope import Scope
from tests.analysis.made_facts import HOUR_WS, VN, made_facts, number

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def us(day: int, month: int = 3) -> int:
    return int(datetime(2026, month, day, 9, tzinfo=VN).timestamp()) * 1_000_000


def ended(n: int, result: str = "on_time", late: int = 0, **more):
    return {
        "dossier_id": number(n),
        "code": f"H-{n}",
        "received_us": us(1),
        "finished_us": us(10),
        "result": result,
        "late_ws": late,
        **more,
    }


@pytest.fixture
def facts():
    dossiers = [
        ended(1),
        ended(2, "late", 2 * HOUR_WS),
        ended(3, "late", 5 * HOUR_WS, procedure_code="Q"),
        ended(4, "late", HOUR_WS, finished_us=us(2, 4)),
        ended(5, finished_us=None, result=None, state="open", due_us=us(5)),
        ended(6, finished_us=None, result=None, state="paused", limit_ws=HOUR_WS),
    ]
    runs = [
        {
            "step_run_id": number(11),
            "dossier_id": number(1),
            "ended_us": us(8),
            "result": "late",
            "late_ws": 60,
        },
        {
            "step_run_id": number(12),
            "dossier_id": number(1),
            "ended_us": us(9),
            "result": "late",
            "late_ws": 40,
            "attempt": 2,
        },
        {"step_run_id": number(13), "dossier_id": number(2), "ended_us": us(9), "result": "early"},
        {
            "step_run_id": number(14),
            "dossier_id": number(5),
            "state": "open",
            "element_id": "Task_2",
        },
    ]
    missing = [{"dossier_id": number(2), "asked_us": us(4), "component": "DON", "name": "Đơn"}]
    with made_facts(
        us(20), dossier_fact=dossiers, step_interval=runs, missing_component=missing
    ) as made:
        yield made


def numbers(facts, counted: Counted, **more) -> list[int]:
    page = dossiers_behind(facts, selected(facts, Question(counted, MARCH, **more), dict))
    assert page.total == len(page.rows)
    return [row.dossier_id.int for row in page.rows]


def test_the_latest_stand_first_and_only_those_of_the_period(facts):
    assert numbers(facts, Counted.LATE) == [3, 2]
    assert numbers(facts, Counted.LATE, procedure_code="P") == [2]
    assert numbers(facts, Counted.FINISHED) == [3, 2, 1]


def test_what_is_open_is_counted_now_whatever_the_period(facts):
    assert numbers(facts, Counted.OPEN) == [5, 6]
    assert numbers(facts, Counted.OVERDUE) == [5]
    assert numbers(facts, Counted.PAUSED) == [6]


def test_a_dossier_whose_step_was_late_twice_stands_there_with_both_runs(facts):
    page = dossiers_behind(
        facts, selected(facts, Question(Counted.STEP_LATE, MARCH, element_id="Task_1"), dict)
    )
    assert [(row.dossier_id.int, row.attempt, row.late_ws) for row in page.rows] == [
        (1, 1, 60),
        (1, 2, 40),
    ]
    assert (page.total, page.dossiers, page.late_ws) == (2, 1, 100)
    assert numbers(facts, Counted.STEP_AGAIN) == [1]
    assert numbers(facts, Counted.REPEATED, element_id="Task_1") == [1]
    assert numbers(facts, Counted.PASSED, element_id="Task_1") == [2, 1]
    assert numbers(facts, Counted.STEP_OPEN, element_id="Task_2") == [5]


def test_behind_the_lateness_that_a_step_owes_stand_as_many_dossiers_as_it_counts():
    late = [ended(n, "late", HOUR_WS) for n in (1, 2, 3)]
    over = [
        {
            "step_run_id": number(20 + n),
            "dossier_id": number(n),
            "ended_us": us(9),
            "late_ws": late_ws,
            "element_id": element,
        }
        for n, element, late_ws in ((1, "Task_1", 60), (2, "Task_1", 30), (2, "Task_2", 30))
    ]
    facts = made_facts(at_us=us(31), dossier_fact=late, step_interval=over)
    owed = lateness_by_step(facts, Scope.of(MARCH)).owed
    assert {each.element_id: each.dossiers for each in owed} == {"Task_1": 2, "Task_2": 1, "": 1}
    for each in owed:
        counted = Counted.OWED if each.element_id else Counted.OWED_BETWEEN
        found = numbers(facts, counted, procedure_code="P", element_id=each.element_id)
        assert len(found) == each.dossiers


def test_early_on_time_and_late_runs_of_a_unit_have_lists_of_their_own(facts):
    assert numbers(facts, Counted.STEP_EARLY, unit="U") == [2]
    assert numbers(facts, Counted.STEP_ON_TIME, unit="U") == []
    assert numbers(facts, Counted.STEP_LATE, unit="U") == [1, 1]


def test_verdicts_count_what_was_judged_and_what_of_it_was_in_time(facts):
    assert numbers(facts, Counted.JUDGED) == [3, 2, 1]
    assert numbers(facts, Counted.IN_TIME) == [1]


def test_the_dossiers_that_lacked_a_component(facts):
    assert numbers(facts, Counted.SUPPLEMENTED, component="DON") == [2]
    assert numbers(facts, Counted.SUPPLEMENTED, component="ẢNH") == []


def test_pages_follow_each_other_without_a_gap_or_a_double(facts):
    every, seen, after = selected(facts, Question(Counted.FINISHED, MARCH), dict), [], ""
    for _ in range(3):
        page = dossiers_behind(facts, every, after=after, most=1)
        seen += [row.dossier_id.int for row in page.rows]
        after = page.after
    assert (seen, after) == ([3, 2, 1], "")


def test_a_page_that_begins_nowhere_is_the_first(facts):
    every = selected(facts, Question(Counted.FINISHED, MARCH), dict)
    nowhere = dossiers_behind(facts, every, after="'; drop table dossier_fact")
    assert nowhere == dossiers_behind(facts, every)
