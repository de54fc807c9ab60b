"""As many stand in the list as the number says, whatever the number is of."""

from datetime import date, datetime

import pytest

from analysis.behind import dossiers_behind, every_one
from analysis.comparison.ways import way_mark, ways
from analysis.counted.question import NOBODYS, Counted, Question
from analysis.counted.selecting import UnknownCount, selected
from analysis.period import Period
from analysis.queues.missing import missing_components
from analysis.queues.queue import queues
from analysis.queues.repeats import repeated_steps, sent_back
from analysis.queues.scope import Scope
from analysis.queues.step_times import step_times
from analysis.survival.observed import Picked, dossiers_watched, steps_watched
from tests.analysis.made_facts import DAY_WS, HOUR_WS, VN, made_facts, number

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
SCOPE = Scope.of(MARCH, procedure_code="P")
V1, V2 = number(901), number(902)


def us(day: int, hour: int = 9, month: int = 3) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=VN).timestamp()) * 1_000_000


def run(n: int, of: int, came: int, **more):
    """A run of Task_1 that came at nine, was taken up an hour later and ended the next day."""
    return {
        "step_run_id": number(n),
        "dossier_id": number(of),
        "version_id": V1,
        "enabled_us": us(came),
        "started_us": us(came, 10),
        "ended_us": us(came + 1),
        "waiting_ws": HOUR_WS,
        "handling_ws": 7 * HOUR_WS,
        "result": "on_time",
        "limit_ws": DAY_WS,
    } | more


OPEN = {"state": "open", "ended_us": None, "handling_ws": None, "result": None}


@pytest.fixture
def facts():
    dossiers = [
        {
            "dossier_id": number(n),
            "code": f"H-{n}",
            "version_id": V1 if n < 4 else V2,
            "received_us": us(n + 1),
            "finished_us": us(n + 10) if n < 5 else None,
            "state": "finished" if n < 5 else "open",
            "outcome": "withdrawn" if n == 4 else "approved",
            "work_ws": n * DAY_WS if n < 5 else None,
            "age_ws": None if n < 5 else 3 * DAY_WS,
            "supplements": 1 if n == 2 else 0,
        }
        for n in range(1, 7)
    ]
    runs = [
        run(11, 1, 2),
        run(12, 1, 4, element_id="Task_2", unit=None, position=None),
        run(13, 2, 3),
        run(14, 2, 5, state="sent_back"),
        run(15, 2, 6, attempt=2, sent_back_from="Task_2"),
        run(16, 3, 4),
        run(17, 3, 6, element_id="Task_2", unit=None, position=None),
        run(18, 4, 5, version_id=V2, result="late", late_ws=60),
        run(19, 5, 6, **OPEN, age_ws=DAY_WS),
        run(20, 6, 7, **OPEN, started_us=None, waiting_ws=None, age_ws=DAY_WS),
        run(21, 6, 7, state="cancelled", started_us=None, waiting_ws=None, handling_ws=None),
    ]
    asked = [
        {"dossier_id": number(2), "asked_us": us(2, month=4), "component": "DON", "name": "Đơn"}
    ]
    needed = [{"version_id": version, "component": "DON", "name": "Đơn"} for version in (V1, V2)]
    with made_facts(
        us(20),
        dossier_fact=dossiers,
        step_interval=runs,
        missing_component=asked,
        required_component=needed,
    ) as made:
        yield made


def listed(facts, counted: Counted, period: Period = MARCH, **more) -> int:
    chosen = selected(facts, Question(counted, period, "P", **more), dict)
    page = dossiers_behind(facts, chosen)
    assert page.total == len(page.rows) == len(every_one(facts, chosen, 1000))
    assert page.dossiers == len({row.dossier_id for row in page.rows})
    return page.total


def test_runs_of_each_step_and_unit(facts):
    for step in step_times(facts, SCOPE):
        place = {"element_id": step.element_id, "unit": step.unit or NOBODYS}
        assert listed(facts, Counted.STEP_ENDED, **place) == step.runs
        assert listed(facts, Counted.STEP_WAITED, **place) == step.waiting.n
        assert listed(facts, Counted.STEP_HANDLED, **place) == step.handling.n
        assert listed(facts, Counted.STEP_PAUSED, **place) == step.paused.n
    assert listed(facts, Counted.STEP_ENDED, unit=NOBODYS, position=NOBODYS) == 2


def test_who_waits_and_is_in_hand_at_the_end_of_each_day(facts):
    seen = 0
    for queue in queues(facts, SCOPE):
        place = {"element_id": queue.element_id, "unit": queue.unit or NOBODYS}
        for day in queue.days:
            at = {"day": date(2026, 3, 1 + day.day).isoformat()}
            assert listed(facts, Counted.STEP_IN_QUEUE, **place, **at) == day.waiting
            assert listed(facts, Counted.STEP_IN_HAND, **place, **at) == day.in_hand
            seen += day.waiting + day.in_hand
        assert listed(facts, Counted.STEP_IN_QUEUE, **place) == queue.days[-1].waiting
        arrived = listed(facts, Counted.STEP_ARRIVED, **place)
        assert arrived == sum(day.arrived for day in queue.days)
    assert seen > 10


def test_who_went_each_way(facts):
    found = ways(facts, Picked(procedure_code="P", from_us=SCOPE.start_us, to_us=SCOPE.end_us))
    assert len(found) == 3
    for way in found:
        assert listed(facts, Counted.WENT, way=way_mark(way.steps)) == way.n
    old = ways(facts, Picked(procedure_code="P", version_id=str(V2)))
    assert [
        listed(facts, Counted.WENT, way=way_mark(w.steps), version_id=str(V2)) for w in old
    ] == [w.n for w in old]


def test_of_one_version_only_its_dossiers_and_runs(facts):
    assert listed(facts, Counted.RECEIVED, version_id=str(V2)) == 3
    assert listed(facts, Counted.TIMED, version_id=str(V2)) == 1
    assert listed(facts, Counted.STEP_ENDED, version_id=str(V2)) == 1
    assert listed(facts, Counted.RECEIVED, version_id="none of ours") == 0


def test_who_was_watched_and_is_done_after_so_long(facts):
    watched = dossiers_watched(facts, Picked(procedure_code="P"))
    curve = watched.curve()
    assert listed(facts, Counted.WATCHED) == curve.n == 6
    assert listed(facts, Counted.WATCHED_UNDONE) == curve.n - curve.ended == 3
    assert listed(facts, Counted.WATCHED_DONE) == curve.ended
    assert listed(facts, Counted.WATCHED_DONE, within_ws=2 * DAY_WS) == 2
    assert listed(facts, Counted.WATCHED_LONGER, within_ws=3 * DAY_WS) == 1
    begun = steps_watched(facts, Picked(procedure_code="P", step="Task_1"))
    assert listed(facts, Counted.STEP_WATCHED, element_id="Task_1") == begun.n


def test_who_did_a_step_again_and_who_was_sent_there(facts):
    (again,) = repeated_steps(facts, SCOPE)
    assert listed(facts, Counted.REPEATED, element_id="Task_1") == again.repeated.part == 1
    assert listed(facts, Counted.PASSED, element_id="Task_1") == again.repeated.whole == 4
    (sent,) = sent_back(facts, SCOPE)
    back = {"element_id": sent.sent_to, "sent_from": sent.sent_from}
    assert listed(facts, Counted.STEP_SENT_HERE, **back) == sent.times == 1


def test_a_component_that_was_asked_for_after_the_period_is_lacked_all_the_same(facts):
    (lacked,) = missing_components(facts, SCOPE)
    assert listed(facts, Counted.LACKED, component="DON") == lacked.returned.part == 1
    assert listed(facts, Counted.NEEDING, component="DON") == lacked.returned.whole == 6
    assert listed(facts, Counted.SUPPLEMENTED, component="DON") == 0
    assert listed(facts, Counted.RETURNED) == 1


def test_verdicts_of_runs_sum_to_those_judged(facts):
    parts = [
        listed(facts, each)
        for each in (Counted.STEP_EARLY, Counted.STEP_ON_TIME, Counted.STEP_LATE)
    ]
    assert sum(parts) == listed(facts, Counted.STEP_JUDGED) == 8
    assert listed(facts, Counted.STEP_IN_TIME) == 7


def test_nothing_is_counted_in_another_period_or_procedure(facts):
    for counted in (Counted.STEP_ENDED, Counted.RECEIVED, Counted.WATCHED, Counted.STEP_ARRIVED):
        assert listed(facts, counted, FEBRUARY) == 0
    chosen = selected(facts, Question(Counted.STEP_ENDED, MARCH, "Q"), dict)
    assert dossiers_behind(facts, chosen).total == 0


@pytest.mark.parametrize(
    ("counted", "asked"),
    [
        (Counted.STEP_IN_QUEUE, {"day": "yesterday"}),
        (Counted.STEP_IN_QUEUE, {"day": "9999-12-31"}),
        (Counted.STEP_IN_HAND, {"day": "0001-01-01"}),
        (Counted.STEP_CAUSE, {"cause": "laziness"}),
        (Counted.STEP_CAUSE, {}),
    ],
)
def test_a_day_or_cause_that_there_is_not_is_refused(facts, counted, asked):
    with pytest.raises(UnknownCount):
        selected(facts, Question(counted, MARCH, **asked), dict)


def test_pages_of_runs_follow_each_other_without_a_gap_or_a_double(facts):
    for counted in (Counted.STEP_ENDED, Counted.STEP_HANDLED):
        every, seen, after = selected(facts, Question(counted, MARCH), dict), [], ""
        for _ in range(20):
            page = dossiers_behind(facts, every, after=after, most=3)
            seen += [row.item.int for row in page.rows]
            after = page.after
            if not after:
                break
        assert len(seen) == len(set(seen)) == page.total == 8
