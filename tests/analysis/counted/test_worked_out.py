"""Behind seconds of waiting stand the runs that waited them; behind flags the dossiers they flag."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from analysis.behind import dossiers_behind
from analysis.counted.question import NOBODYS, Counted, Question
from analysis.counted.selecting import selected
from analysis.queues.causes import Cause, waiting_causes
from analysis.queues.data_quality import Habit, data_quality
from analysis.survival.late_risk import LIKELY, late_risks
from tests.analysis.made_facts import DAY_WS, HOUR_WS, VN, made_facts, number
from tests.analysis.queues.office_month import AN, BINH, HOURS, MARCH, at, run, us

minutes = st.integers(0, 20 * 24 * 60)
spans = st.tuples(minutes, st.integers(0, 4_000), st.integers(0, 600), st.integers(0, 5))


def behind(facts, counted: Counted, **more):
    question = Question(counted, MARCH.period, **more)
    return dossiers_behind(facts, selected(facts, question, lambda: HOURS), most=1000)


@given(st.lists(spans, min_size=1, max_size=15))
def test_the_runs_behind_a_cause_sum_to_its_seconds(found):
    base = int(at(2, 0).timestamp())
    runs = []
    for n, (enabled, waiting, handling, which) in enumerate(found):
        times = [enabled, enabled + waiting, enabled + waiting + handling]
        moments = [datetime.fromtimestamp(base + 60 * t, VN) for t in times]
        whose = {"person_id": (AN, BINH, None)[which % 3], "unit": ("U", None)[which % 2]}
        runs.append(run(n, *moments, **whose))
    dossiers = [{"dossier_id": number(n), "code": f"H-{n}"} for n in range(len(runs))]
    facts = made_facts(us(at(31, 17)), step_interval=runs, dossier_fact=dossiers)
    for each in waiting_causes(facts, MARCH, HOURS):
        place = {"element_id": each.element_id, "unit": each.unit or NOBODYS}
        for cause in Cause:
            page = behind(facts, Counted.STEP_CAUSE, cause=cause.value, **place)
            assert page.spent_ws == each.parts[cause]
            assert all(row.spent_ws for row in page.rows)


def test_the_flagged_dossiers_and_runs_are_as_many_as_the_flag_says():
    runs = [
        run(1, at(2, 8), at(2, 9), at(2, 9), dossier_id=number(1)),
        run(2, at(3, 8), at(3, 9), at(3, 11), dossier_id=number(2)),
    ]
    dossiers = [
        {"dossier_id": number(n), "code": f"H-{n}", "received_us": us(at(2, 6)), "finished_us": end}
        for n, end in ((1, us(at(31, 16))), (2, us(at(4, 9))))
    ]
    facts = made_facts(us(at(31, 17)), step_interval=runs, dossier_fact=dossiers)
    flags = {flag.habit: flag.rate.part for flag in data_quality(facts, MARCH, HOURS)}
    assert flags[Habit.BACK_DATED] == behind(facts, Counted.BACK_DATED).total == 2
    assert flags[Habit.WITHIN_SECONDS] == behind(facts, Counted.STEP_QUICK).total == 1
    assert flags[Habit.NO_HANDLING] == behind(facts, Counted.STEP_NO_HANDLING).total == 1
    assert flags[Habit.MONTH_END_BULK] == behind(facts, Counted.BULK_FINISHED).total
    assert flags[Habit.ASKED_LAST_HOUR] == behind(facts, Counted.ASKED_LAST_HOUR).total == 0


def promised(*numbers):
    """Dossiers that were to be done on the 9th at five."""
    return [
        {
            "dossier_id": number(n),
            "code": f"H-{n}",
            "received_us": us(at(2, 8)),
            "original_due_us": us(at(9, 17)),
        }
        for n in numbers
    ]


def test_supplements_of_the_last_hour_lead_to_their_dossiers():
    asked = [
        {"dossier_id": number(n), "since_us": us(moment)}
        for n, moment in ((1, at(9, 16)), (2, at(9, 9)))
    ]
    facts = made_facts(us(at(31, 17)), dossier_fact=promised(1, 2), pause_fact=asked)
    (row,) = behind(facts, Counted.ASKED_LAST_HOUR).rows
    assert row.dossier_id == number(1)


def test_two_supplements_of_one_dossier_in_its_last_hour_are_two_lines():
    moments = (at(3, 9), at(9, 16, 10), at(9, 16, 40))
    asked = [
        {"dossier_id": number(1), "since_us": us(moment), "until_us": end}
        for moment, end in zip(moments, (us(at(4, 9)), us(at(9, 16, 30)), None), strict=True)
    ]
    facts = made_facts(us(at(31, 17)), dossier_fact=promised(1), pause_fact=asked)
    flags = {flag.habit: flag.rate for flag in data_quality(facts, MARCH, HOURS)}
    assert (flags[Habit.ASKED_LAST_HOUR].part, flags[Habit.ASKED_LAST_HOUR].whole) == (2, 3)
    found = behind(facts, Counted.ASKED_LAST_HOUR)
    assert (found.total, found.dossiers, len({row.item for row in found.rows})) == (2, 1, 2)
    told = sorted((row.attempt, row.enabled_us, row.ended_us) for row in found.rows)
    assert told == [
        (2, us(at(9, 16, 10)), us(at(9, 16, 30))),
        (3, us(at(9, 16, 40)), None),
    ]
    assert behind(facts, Counted.ASKED).total == 3


def test_of_how_many_a_flag_speaks_is_listed_too():
    runs = [
        run(1, at(2, 8), at(2, 9), at(2, 9), dossier_id=number(1)),
        run(2, at(3, 8), at(3, 9), at(3, 11), dossier_id=number(2)),
        run(3, at(3, 8), at(3, 9), at(3, 11), dossier_id=number(2), state="sent_back"),
    ]
    unbegun = {"dossier_id": number(3), "code": "H-3", "received_us": us(at(2, 6))}
    asked = [{"dossier_id": number(2), "since_us": us(at(3, 9))}]
    dossiers = [each | {"finished_us": us(at(9, 9))} for each in promised(1, 2)]
    facts = made_facts(
        us(at(31, 17)), step_interval=runs, dossier_fact=[*dossiers, unbegun], pause_fact=asked
    )
    wholes = {flag.habit: flag.rate.whole for flag in data_quality(facts, MARCH, HOURS)}
    lists = {
        Habit.ASKED_LAST_HOUR: Counted.ASKED,
        Habit.BACK_DATED: Counted.BEGUN,
        Habit.MONTH_END_BULK: Counted.FINISHED,
        Habit.WITHIN_SECONDS: Counted.STEP_COMPLETED,
        Habit.NO_HANDLING: Counted.STEP_COMPLETED,
    }
    assert wholes == {habit: behind(facts, counted).total for habit, counted in lists.items()}
    assert min(wholes.values()) >= 1


def test_runs_that_are_likely_late_are_those_of_the_measure():
    past = [
        (n, {"received_us": us(at(2, 8)), "work_ws": 10 * DAY_WS, "limit_ws": 8 * DAY_WS})
        for n in range(1, 41)
    ]
    dossiers = [
        {"dossier_id": number(n), "code": f"H-{n}", "finished_us": us(at(16, 8)), **columns}
        for n, columns in past
    ]
    dossiers.append(
        {
            "dossier_id": number(50),
            "code": "H-50",
            "state": "open",
            "received_us": us(at(30, 8)),
            "limit_ws": 8 * DAY_WS,
            "age_ws": DAY_WS,
        }
    )
    clock = {"c_enabled": 0, "calendar_version": "1"}
    runs = [run(n, at(2, 8), at(2, 9), at(2, 11), **clock) for n, _ in past]
    lying = {"state": "open", "handling_ws": None, "age_ws": HOUR_WS, "ended_us": None}
    runs.append(run(50, at(31, 8), at(31, 9), at(31, 10), **clock | lying))
    facts = made_facts(us(at(31, 17)), step_interval=runs, dossier_fact=dossiers)
    likely = [r for r in late_risks(facts) if (r.share or 0) >= LIKELY]
    found = behind(facts, Counted.STEP_LIKELY_LATE).rows
    assert [str(row.item) for row in found] == [risk.step_run_id for risk in likely]
