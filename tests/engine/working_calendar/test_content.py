"""Calendars are laid over each other, written and read back; other content is another version."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.calendar import (
    Calendar,
    Overrides,
    UnknownZone,
    WeekPattern,
    first_change,
    layer,
)
from engine.working_calendar.office_hours import (
    StatedTwice,
    UnreadableCalendar,
    read_sessions,
)
from engine.working_calendar.viet_nam import OFFICE_HOURS, ZONE
from tests.engine.working_calendars import (
    DAY,
    FIRST,
    HOUR,
    LAST,
    VIET_NAM,
    at,
    calendars,
    days,
    exception_lists,
    off,
    patterns,
    refused,
    shown,
    worked,
)

STORM = date(2026, 8, 20)
WEEK = WeekPattern.monday_to_friday(FIRST, OFFICE_HOURS)
PLAIN = Calendar(ZONE, FIRST, LAST, (WEEK,))


# Layers: country, city, office, unit


@given(calendars())
def test_an_empty_layer_changes_nothing(calendar):
    layered = layer(calendar, Overrides())
    assert layered == calendar
    assert layered.to_data() == calendar.to_data()


def test_a_city_closes_for_a_storm():
    city = layer(VIET_NAM, Overrides(exceptions=(off(STORM),)))
    assert shown(city.add(at("19/08/2026 16:00"), DAY)) == "Fri 21/08/2026 16:00"
    assert city.reason_closed(STORM).basis == "Công điện 01"
    assert first_change(VIET_NAM, city) == STORM


def test_an_office_closes_early_by_stating_the_hours_that_remain():
    early = worked(STORM, sessions=read_sessions("07:30-11:30"))
    office = layer(VIET_NAM, Overrides(exceptions=(early,)))
    assert shown(office.end_of_day(STORM)) == "Thu 20/08/2026 11:30"


def test_a_unit_works_on_a_day_its_city_is_closed():
    city = layer(VIET_NAM, Overrides(exceptions=(off(STORM),)))
    unit = layer(city, Overrides(exceptions=(worked(STORM),)))
    assert unit.sessions_on(STORM) == OFFICE_HOURS
    assert first_change(VIET_NAM, unit) is None


def test_a_unit_that_receives_on_saturday_mornings_keeps_the_other_days_of_its_office():
    saturday = WeekPattern.of(date(2026, 3, 2), {5: read_sessions("07:30-11:30")})
    unit = layer(VIET_NAM, Overrides(patterns=(saturday,)))
    assert not unit.is_working_day(date(2026, 2, 28))
    assert shown(unit.add(at("06/03/2026 16:00"), 2 * HOUR)) == "Sat 07/03/2026 08:30"
    assert unit.sessions_on(date(2026, 3, 9)) == OFFICE_HOURS
    assert unit.reason_closed(date(2026, 4, 26)).name == "Ngày Giỗ Tổ Hùng Vương"


def test_a_holiday_on_a_saturday_closes_the_unit_that_works_on_saturdays():
    """01/05/2027 is a Saturday: the country states it although nobody works then."""
    saturday = WeekPattern.of(date(2026, 1, 1), {5: read_sessions("07:30-11:30")})
    unit = layer(VIET_NAM, Overrides(patterns=(saturday,)))
    assert unit.is_working_day(date(2027, 5, 8))
    assert not unit.is_working_day(date(2027, 5, 1))


def test_a_make_up_day_is_worked_in_the_hours_of_the_unit():
    winter = WeekPattern.monday_to_friday(
        date(2026, 1, 1), read_sessions("08:00-12:00", "13:30-17:30")
    )
    unit = layer(VIET_NAM, Overrides(patterns=(winter,)))
    assert shown(unit.start_of_day(date(2026, 8, 22))) == "Sat 22/08/2026 08:00"


def test_hours_change_on_the_day_the_new_pattern_begins():
    summer = WeekPattern.monday_to_friday(
        date(2026, 4, 15), read_sessions("07:00-11:00", "13:30-17:30")
    )
    office = layer(VIET_NAM, Overrides(patterns=(summer,)))
    assert shown(office.start_of_day(date(2026, 4, 14))) == "Tue 14/04/2026 07:30"
    assert shown(office.start_of_day(date(2026, 4, 15))) == "Wed 15/04/2026 07:00"
    assert first_change(VIET_NAM, office) == date(2026, 4, 15)


@given(calendars(), patterns(partial=True, first=date(2026, 2, 2)), exception_lists())
def test_a_layer_rules_where_it_states_and_the_base_elsewhere(base, pattern, own):
    layered = layer(base, Overrides((pattern,), own))
    stated = {exception.day for exception in own} | {exception.day for exception in base.exceptions}
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        if day in stated:
            continue
        mine = pattern.days[day.weekday()] if day >= date(2026, 2, 2) else None
        assert layered.sessions_on(day) == (base.sessions_on(day) if mine is None else mine)


def test_layers_may_restate_a_day_but_not_twice_themselves():
    with refused(StatedTwice):
        layer(VIET_NAM, Overrides(exceptions=(off(STORM), worked(STORM))))


# Content and version


@given(calendars())
def test_a_calendar_is_written_and_read_back(calendar):
    written = json.loads(json.dumps(calendar.to_data()))
    read = Calendar.from_data(written)
    assert (read, read.version, read.to_data()) == (calendar, calendar.version, calendar.to_data())
    assert (read.patterns, read.exceptions) == (calendar.patterns, calendar.exceptions)
    assert list(read.open_segments()) == list(calendar.open_segments())


@given(calendars(), calendars())
def test_versions_differ_exactly_when_the_content_differs(one, other):
    assert (one.version == other.version) is (one.to_data() == other.to_data())
    assert (one == other) is (one.version == other.version)


@given(calendars(), st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(calendar, random):
    stated = random.sample(calendar.exceptions, len(calendar.exceptions))
    weeks = random.sample(calendar.patterns, len(calendar.patterns))
    again = Calendar(ZONE, FIRST, LAST, tuple(weeks), tuple(stated))
    assert again == calendar
    assert hash(again) == hash(calendar)


@given(calendars(), days())
def test_one_closure_more_is_another_version(calendar, day):
    assume(calendar.reason_closed(day) is None)
    assert layer(calendar, Overrides(exceptions=(off(day),))).version != calendar.version


def test_a_corrected_basis_is_another_version_of_the_same_hours():
    one = layer(VIET_NAM, Overrides(exceptions=(off(STORM, basis="Công điện 01"),)))
    other = layer(VIET_NAM, Overrides(exceptions=(off(STORM, basis="Công điện 01/CĐ-UBND"),)))
    assert one.version != other.version
    assert first_change(one, other) is None


def test_patterns_without_effect_are_not_content():
    older = WeekPattern(date(2020, 1, 1), ((),) * 7)
    again = WeekPattern(date(2026, 2, 2), WEEK.days)
    beyond = WeekPattern(date(2030, 1, 1), ((),) * 7)
    assert Calendar(ZONE, FIRST, LAST, (beyond, again, older, WEEK)) == PLAIN


def test_hours_that_began_before_the_calendar_are_those_of_its_first_day():
    assert Calendar(ZONE, FIRST, LAST, (WeekPattern(date(2020, 1, 1), WEEK.days),)) == PLAIN
    saturday = WeekPattern.of(date(2020, 1, 1), {5: read_sessions("07:30-11:30")})
    unit = layer(PLAIN, Overrides(patterns=(saturday,)))
    assert unit.is_working_day(date(2026, 1, 10))
    assert unit.is_working_day(FIRST)


def test_a_calendar_is_no_other_thing():
    assert PLAIN.version != PLAIN


@pytest.mark.parametrize(
    "broken",
    [{"zone": "Asia/Nowhere"}, {"first_day": "05/01/2026"}, {"last_day": None}, {"patterns": None}],
)
def test_stored_calendars_in_another_form_are_refused(broken):
    data = PLAIN.to_data() | broken
    with pytest.raises((UnreadableCalendar, UnknownZone)):
        Calendar.from_data(data)


@pytest.mark.parametrize("missing", ["zone", "first_day", "last_day", "patterns", "exceptions"])
def test_stored_calendars_with_parts_missing_are_refused(missing):
    data = {name: part for name, part in PLAIN.to_data().items() if name != missing}
    with refused(UnreadableCalendar):
        Calendar.from_data(data)
