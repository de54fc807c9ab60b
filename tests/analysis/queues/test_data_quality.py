"""Habits of entry that make figures look better than they are are told beside them."""

from datetime import date

from analysis.period import Period
from analysis.queues.data_quality import Habit, data_quality
from analysis.queues.open_hours import OpenHours
from analysis.queues.scope import Scope
from tests.analysis.made_facts import made_facts, number
from tests.analysis.queues.office_month import CALENDAR, MARCH, at, run, us

LATER = Scope.of(Period(date(2026, 3, 1), date(2026, 4, 30)))
HOURS = {"A": OpenHours.of(CALENDAR, LATER.start_us, LATER.end_us)}


def flags(scope=MARCH, **tables):
    found = data_quality(made_facts(us(at(31, 17)), **tables), scope, HOURS)
    return {flag.habit: flag for flag in found}


def share(flag):
    return flag.rate.part, flag.rate.whole


def dossier(n: int, **columns):
    usual = {"dossier_id": number(n), "received_us": us(at(2, 8)), "finished_us": us(at(4, 8))}
    return usual | {"original_due_us": us(at(9, 17))} | columns


def asked(n: int, moment):
    return {"dossier_id": number(n), "since_us": us(moment)}


def test_supplements_asked_for_in_the_last_working_hour_are_counted():
    found = flags(
        dossier_fact=[dossier(n) for n in range(4)],
        pause_fact=[
            asked(0, at(9, 16)),  # the last hour
            asked(1, at(9, 15, 59)),
            asked(2, at(9, 17, 1)),  # after it was due
            asked(3, at(3, 9)) | {"kind": "tax"},
        ],
    )
    assert share(found[Habit.ASKED_LAST_HOUR]) == (1, 3)


def test_the_last_hour_before_a_due_time_in_the_morning_may_lie_on_the_day_before():
    found = flags(
        dossier_fact=[dossier(0, original_due_us=us(at(9, 8)))],
        pause_fact=[asked(0, at(6, 16, 45))],
    )
    assert share(found[Habit.ASKED_LAST_HOUR]) == (1, 1)


def test_a_receipt_before_anything_was_recorded_is_back_dated():
    found = flags(
        dossier_fact=[dossier(1), dossier(2)],
        step_interval=[
            run(1, at(2, 8), at(2, 8), at(2, 9)),
            run(2, at(3, 8), at(3, 8), at(3, 9)),
        ],
    )
    assert share(found[Habit.BACK_DATED]) == (1, 2)


def test_dossiers_finished_in_bulk_on_the_last_working_day_are_told():
    bulk = [dossier(n, finished_us=us(at(31, 16))) for n in range(30)]
    even = [dossier(100 + n, finished_us=us(at(2 + n % 5, 10))) for n in range(30)]
    flag = flags(dossier_fact=[*bulk, *even])[Habit.MONTH_END_BULK]
    assert share(flag) == (30, 60)
    assert flag.tolerated == 3 / 22  # one of 22 working days of March
    assert flag.raised


def test_an_even_month_is_not_told():
    days = [day for day in range(2, 32) if CALENDAR.is_working_day(date(2026, 3, day))]
    even = [dossier(n, finished_us=us(at(day, 10))) for n, day in enumerate(days)]
    flag = flags(dossier_fact=even)[Habit.MONTH_END_BULK]
    assert share(flag) == (1, 22)
    assert not flag.raised


def test_runs_ended_within_seconds_or_without_handling_are_told():
    runs = [
        run(1, at(2, 8), at(2, 9), at(2, 9), ended_us=us(at(2, 9)) + 9_000_000),
        run(2, at(2, 8), at(2, 9), at(2, 10)),
        run(3, at(2, 8), at(2, 9), at(2, 10), handling_ws=None),
    ]
    found = flags(step_interval=runs)
    assert share(found[Habit.WITHIN_SECONDS]) == (1, 3)
    assert share(found[Habit.NO_HANDLING]) == (2, 3)


def test_one_in_ten_is_not_enough_to_tell():
    runs = [run(n, at(2, 8), at(2, 9), at(2, 9, n)) for n in range(10)]
    assert not flags(step_interval=runs)[Habit.WITHIN_SECONDS].raised


def test_without_records_there_is_nothing_to_tell():
    assert [flag.raised for flag in flags().values()] == [False] * 5


def test_one_unit_is_judged_by_its_own_dossiers():
    other = {"receiving_unit": "U2"}
    found = flags(
        Scope(MARCH.start_us, MARCH.end_us, unit="U2"),
        dossier_fact=[dossier(1), dossier(2, **other), dossier(3, **other)],
        pause_fact=[asked(1, at(9, 16)), asked(2, at(9, 16)), asked(3, at(3, 9))],
    )
    assert share(found[Habit.ASKED_LAST_HOUR]) == (1, 2)
    assert share(found[Habit.MONTH_END_BULK]) == (0, 2)


def test_a_due_time_beyond_the_hours_known_is_not_taken_for_their_end():
    short = {"A": OpenHours.of(CALENDAR, MARCH.start_us, us(at(6, 18)))}
    facts = made_facts(
        us(at(6, 17)),
        dossier_fact=[dossier(0, original_due_us=us(at(25, 17)))],
        pause_fact=[asked(0, at(6, 16, 30))],
    )
    assert share(data_quality(facts, MARCH, short)[0]) == (0, 1)


def test_days_that_are_still_to_come_do_not_make_the_last_of_the_month_rarer():
    year = Scope.of(Period(date(2026, 3, 1), date(2026, 12, 31)))
    hours = {"A": OpenHours.of(CALENDAR, year.start_us, year.end_us)}
    facts = made_facts(us(at(31, 17)), dossier_fact=[dossier(1, finished_us=us(at(31, 16)))])
    flags = {flag.habit: flag for flag in data_quality(facts, year, hours)}
    assert flags[Habit.MONTH_END_BULK].tolerated == 3 / 22
