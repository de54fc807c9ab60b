"""The seed of Viet Nam's calendar has the days of the notices, and says what is not decided."""

from datetime import date, timedelta

import holidays
import pytest

from engine.calendar import ExceptionKind
from engine.working_calendar.office_hours import read_sessions
from engine.working_calendar.viet_nam import OFFICE_HOURS, YearNotSeeded, vietnam
from tests.engine.working_calendars import refused

SEED = vietnam(2018, 2028)
STATED = {exception.day: exception for exception in SEED.exceptions}
NEW_YEAR_SWAP = date(2026, 1, 2), date(2026, 1, 10)


def weekdays_off(calendar, year):
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    return [f"{d:%d/%m}" for d in days if d.weekday() < 5 and not calendar.is_working_day(d)]


@pytest.mark.parametrize(
    ("year", "days"),
    [(2023, 249), (2024, 251), (2025, 250), (2026, 249), (2027, 249)],
)
def test_working_days_of_the_year(year, days):
    """Measured table; in 2026 the swap of 02/01 adds a Saturday for the Friday it takes."""
    assert SEED.working_days(date(year, 1, 1), date(year, 12, 31)) == days


def test_days_off_of_2026():
    tet = [f"{day}/02" for day in range(16, 21)]
    spring = ["01/01", "02/01", *tet, "27/04", "30/04", "01/05"]
    assert weekdays_off(SEED, 2026) == [*spring, "31/08", "01/09", "02/09", "24/11"]


def test_days_off_of_2024():
    tet = [f"{day:02}/02" for day in (8, 9, 12, 13, 14)]
    spring = ["01/01", *tet, "18/04", "29/04", "30/04", "01/05"]
    assert weekdays_off(SEED, 2024) == [*spring, "02/09", "03/09"]


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (date(2018, 12, 31), date(2019, 1, 5)),
        (date(2019, 4, 29), date(2019, 5, 4)),
        (date(2024, 4, 29), date(2024, 5, 4)),
        (date(2025, 5, 2), date(2025, 4, 26)),
        NEW_YEAR_SWAP,
        (date(2026, 8, 31), date(2026, 8, 22)),
    ],
)
def test_a_swapped_day_is_off_and_its_saturday_is_worked(off, worked):
    assert not SEED.is_working_day(off)
    assert SEED.sessions_on(worked) == OFFICE_HOURS
    assert STATED[worked].in_place_of == off
    assert STATED[worked].basis == STATED[off].basis


def test_a_saturday_is_worked_for_a_day_of_the_year_before():
    only_2019 = vietnam(2019, 2019)
    assert only_2019.is_working_day(date(2019, 1, 5))
    assert STATED[date(2019, 1, 5)].name == "Làm bù cho ngày 31/12/2018"


def test_every_make_up_saturday_of_the_package_is_in_the_seed():
    known = holidays.country_holidays("VN", years=range(2018, 2029), language="vi")
    saturdays = {day for day in known.weekend_workdays if day.year >= 2018}
    worked = {day for day, e in STATED.items() if e.kind is ExceptionKind.WORK}
    assert saturdays == worked - {NEW_YEAR_SWAP[1]}


def test_the_new_year_swap_of_2026_is_cited_and_marked_to_be_checked():
    for day in NEW_YEAR_SWAP:
        assert STATED[day].basis == "Văn bản 12729/VPCP-KGVX ngày 25/12/2025"
        assert "đối chiếu" in STATED[day].note


def test_every_exception_has_its_basis():
    assert STATED[date(2024, 2, 9)].basis.endswith("Thông báo 5015/TB-LĐTBXH ngày 22/11/2023")
    assert STATED[date(2020, 4, 30)].basis == "Bộ luật Lao động 2012, điều 115 khoản 1"
    assert STATED[date(2019, 4, 15)].basis == "Bộ luật Lao động 2012, điều 115 khoản 3"
    assert STATED[date(2026, 4, 27)].basis == "Bộ luật Lao động 2019, điều 111 khoản 3"


def test_what_nobody_has_decided_yet_is_said():
    """Tết and the day beside National Day are announced each year; 24/11 awaits its law."""
    undecided = [f"{e.day:%d/%m/%Y}" for e in SEED.undecided_days if e.day.year in (2026, 2027)]
    tet = [f"{day:02}/02/2027" for day in range(4, 11)]
    assert undecided == ["24/11/2026", *tet, "03/09/2027", "24/11/2027"]
    assert SEED.undecided_years == (2026, 2027, 2028)
    assert vietnam(2018, 2025).undecided_years == ()
    assert STATED[date(2027, 2, 4)].name == "29 Tết (dự kiến)"
    assert not STATED[date(2027, 9, 2)].undecided


def test_another_office_keeps_its_own_hours():
    hours = read_sessions("08:00-12:00", "13:30-17:30")
    calendar = vietnam(2026, 2026, hours)
    assert calendar.sessions_on(date(2026, 8, 22)) == hours


@pytest.mark.parametrize(("first", "last"), [(2017, 2026), (2026, 2025), (2026, 2101)])
def test_years_without_a_seed_are_refused(first, last):
    with refused(YearNotSeeded):
        vietnam(first, last)


def test_the_seed_is_the_same_whatever_other_years_are_asked_for():
    alone = vietnam(2026, 2026)
    assert alone.exceptions == tuple(e for e in SEED.exceptions if e.day.year == 2026)
