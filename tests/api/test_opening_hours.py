"""Opening hours reach as far as what is asked of them: past holidays, and up to due times."""

from datetime import date, datetime

import pytest

from analysis.period import Period
from analysis.queues.data_quality import Habit, data_quality
from analysis.queues.scope import Scope
from api.measures import MEASURES, MeasureName
from api.opening_hours import hours_of
from engine.store.columns import to_microseconds
from tests.analysis.made_facts import VN, made_facts, number

JANUARY = Scope.of(Period(date(2026, 1, 1), date(2026, 1, 31)))


def at(month: int, day: int, hour: int, minute: int = 0) -> int:
    return to_microseconds(datetime(2026, month, day, hour, minute, tzinfo=VN))


def flags(desk, now, **tables):
    facts = made_facts(now, **tables)
    found = data_quality(facts, JANUARY, hours_of(desk.office, "H01", facts))
    return {flag.habit: (flag.rate.part, flag.rate.whole) for flag in found}


def of_office(**columns):
    return {"agency_id": "H01", "dossier_id": number(1), "received_us": at(1, 12, 8)} | columns


def test_on_the_last_working_day_of_a_month_it_is_known_to_be_the_last(desk):
    finished = of_office(finished_us=at(1, 30, 16))  # a Friday; the next working day is 2 February
    found = flags(desk, at(1, 30, 17), dossier_fact=[finished])
    assert found[Habit.MONTH_END_BULK] == (1, 1)


def test_a_supplement_asked_for_late_on_friday_is_not_in_the_last_hour_of_what_is_due_in_weeks(
    desk,
):
    asked = {"agency_id": "H01", "dossier_id": number(1), "since_us": at(1, 16, 16, 30)}
    due = of_office(original_due_us=at(2, 26, 17), state="paused")
    found = flags(desk, at(1, 16, 17), dossier_fact=[due], pause_fact=[asked])
    assert found[Habit.ASKED_LAST_HOUR] == (0, 1)


@pytest.mark.parametrize("name", list(MeasureName))
def test_an_office_without_a_dossier_is_measured_in_the_middle_of_the_new_years_holidays(
    desk, name
):
    with made_facts(at(2, 18, 9)) as facts:  # closed from 14 to 22 February
        list(MEASURES[name].rows(facts, JANUARY, hours_of(desk.office, "H01", facts)))
