"""What an office states about its hours is whole, unambiguous and grounded, or it is refused."""

from datetime import date, time

import pytest
from hypothesis import given

from engine.calendar import DayException, ExceptionKind, Overrides, Session, WeekPattern
from engine.working_calendar.office_hours import (
    InvalidException,
    InvalidSession,
    SessionsOverlap,
    StatedTwice,
    UnreadableCalendar,
    by_day,
    read_sessions,
)
from tests.engine.working_calendars import off, patterns, refused, sessions, worked

MONDAY = date(2026, 3, 2)
SOME_DAY = date(2026, 8, 31)


def test_sessions_are_kept_in_order_however_they_are_stated():
    assert read_sessions("13:00-17:00", "07:30-11:30") == (
        Session(time(7, 30), time(11, 30)),
        Session(time(13), time(17)),
    )


@pytest.mark.parametrize(
    "text",
    ["22:00-06:00", "08:00-08:00", "17:00-13:00", "8:00-9:00", "07:30 - 11:30", "25:00-26:00", "", "07:30-11:30 "],
)  # fmt: skip
def test_a_session_opens_before_it_closes_on_one_day(text):
    with refused(InvalidSession):
        Session.parse(text)


def test_sessions_may_touch_but_not_overlap():
    assert len(read_sessions("07:30-11:30", "11:30-17:00")) == 2
    with refused(SessionsOverlap):
        read_sessions("07:30-11:30", "11:29-17:00")


@given(sessions())
def test_sessions_are_written_and_read_back(hours):
    assert read_sessions(*map(str, hours)) == hours


def test_seconds_of_a_session_are_kept():
    assert str(Session.parse("07:30:15-11:30")) == "07:30:15-11:30"
    assert Session.parse("07:30:15-11:30").seconds == 4 * 3600 - 15


def test_a_day_off_has_no_hours():
    with refused(InvalidException):
        DayException(SOME_DAY, ExceptionKind.OFF, "Nghỉ", "CV 1", read_sessions("08:00-09:00"))


@pytest.mark.parametrize("how", [{"name": " "}, {"basis": ""}])
def test_an_exceptional_day_has_a_name_and_a_legal_basis(how):
    with refused(InvalidException):
        off(SOME_DAY, **how)


@pytest.mark.parametrize(
    "how",
    [{"sessions": ()}, {"sessions": read_sessions("08:00-09:00"), "in_place_of": MONDAY}],
)
def test_a_make_up_day_states_its_hours_once(how):
    with refused(InvalidException):
        worked(SOME_DAY, **how)


def test_a_day_is_stated_once_in_a_layer():
    with refused(StatedTwice) as error:
        by_day([off(SOME_DAY), worked(SOME_DAY)])
    assert "31/08/2026" in error.value.message("vi")


@given(patterns(partial=True))
def test_a_week_is_written_and_read_back(pattern):
    assert WeekPattern.from_data(pattern.to_data()) == pattern


def test_weekdays_that_are_not_named_are_not_stated():
    saturday = WeekPattern.of(MONDAY, {5: read_sessions("07:30-11:30"), 6: ()})
    assert saturday.days == (None,) * 5 + (read_sessions("07:30-11:30"), ())


READABLE = {"day": "2026-08-22", "kind": "work", "name": "Làm bù", "basis": "CV", "in_place_of": "2026-08-31"}  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        {"day": "22/08/2026"},
        {"day": 20260822},
        {"kind": "holiday"},
        {"name": None},
        {"undecided": "no"},
        {"sessions": 5},
        {"in_place_of": "yesterday"},
    ],
)
def test_stored_exceptions_in_another_form_are_refused(broken):
    assert Overrides.from_data({"patterns": [], "exceptions": [READABLE]}).exceptions
    with refused(UnreadableCalendar):
        Overrides.from_data({"patterns": [], "exceptions": [READABLE | broken]})


@pytest.mark.parametrize(
    "data",
    [{}, {"patterns": []}, [], {"patterns": [{"valid_from": "2026-01-01", "monday": []}], "exceptions": []},
     {"patterns": [{"mon": []}], "exceptions": []}, {"patterns": 1, "exceptions": []}],
)  # fmt: skip
def test_stored_layers_in_another_form_are_refused(data):
    with refused(UnreadableCalendar):
        Overrides.from_data(data)


def test_a_day_of_countless_sessions_is_refused():
    many = [
        f"{hour:02}:{minute:02}-{hour:02}:{minute + 1:02}"
        for hour in range(8)
        for minute in (0, 30)
    ]
    with refused(UnreadableCalendar):
        read_sessions(*many)


def test_a_week_has_seven_days():
    with refused(UnreadableCalendar):
        WeekPattern(MONDAY, ((),) * 6)
