"""Layers of a calendar: what each states, what is refused, and what they make together."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from engine.calendar import Calendar, NoWorkingTime, OutsideCalendar, Overrides, layer
from engine.working_calendar.file import read_layer, write_layer
from engine.working_calendar.layer import (
    DayRule,
    InvalidRule,
    Layer,
    LayersIncomplete,
    Level,
    RuleKind,
    WeekRule,
    calendars_of,
    compose,
    country_layer,
)
from engine.working_calendar.office_hours import (
    HoursMissing,
    InvalidException,
    InvalidSession,
    NoDateGiven,
    SessionsOverlap,
    StatedTwice,
    UnreadableCalendar,
    WeekPattern,
    read_sessions,
)
from engine.working_calendar.viet_nam import vietnam
from tests.engine.calendar_changes import closure, mornings, office_layer, unit_layer
from tests.engine.working_calendars import calendars, refused

SEED = vietnam(2025, 2027)
COUNTRY = country_layer(SEED, "Thông lệ", "Lịch mẫu")
HOURS = read_sessions("07:30-11:30", "13:00-17:00")


def day(month, number):
    return date(2026, month, number)


@given(calendars())
def test_a_calendar_made_a_layer_and_composed_is_the_calendar(calendar):
    layer_ = country_layer(calendar, "Quy chế")
    assert compose([layer_]) == calendar
    assert Layer.from_data(layer_.to_data()) == layer_
    assert read_layer(write_layer(layer_).encode()) == layer_


def test_the_seed_says_of_each_day_what_it_is_and_on_which_grounds():
    kinds = {rule.first: rule for rule in COUNTRY.days}
    assert kinds[day(1, 1)].kind is RuleKind.HOLIDAY
    assert kinds[day(4, 27)].kind is RuleKind.SUBSTITUTE  # Giỗ Tổ fell on a Sunday
    assert kinds[day(1, 2)].kind is RuleKind.SWAPPED
    assert (kinds[day(1, 10)].kind, kinds[day(1, 10)].in_place_of) == (
        RuleKind.MAKE_UP,
        day(1, 2),
    )
    assert all(rule.basis and rule.entered_by for rule in COUNTRY.days)
    undecided = {rule.first.year for rule in COUNTRY.days if rule.undecided}
    assert undecided == {2026, 2027}  # Culture Day from 2026 on; Tết and National Day of 2027


def test_city_office_and_unit_each_state_otherwise_than_the_layer_below():
    city = Layer(Level.CITY, days=(replace(closure((3, 5)), name="Ngày hội của tỉnh"),))
    office = office_layer(
        DayRule(day(3, 5), day(3, 5), RuleKind.HOURS, "Trực", "QĐ 1", sessions=HOURS[:1])
    )
    unit = unit_layer("van_phong", closure((3, 5)), weeks=(mornings(),))
    made = calendars_of((unit, office, city, COUNTRY))
    assert compose([COUNTRY, city]).sessions_on(day(3, 5)) == ()
    assert made[""].sessions_on(day(3, 5)) == HOURS[:1]
    assert made["van_phong"].sessions_on(day(3, 5)) == ()
    assert made["van_phong"].sessions_on(day(3, 4)) == HOURS[:1]
    assert made[""].sessions_on(day(3, 4)) == HOURS


def test_hours_of_a_layer_end_where_it_states_none_any_more():
    """Summer hours: from a date on, and until another."""
    over = WeekRule(WeekPattern(day(5, 1), (None,) * 7), "QĐ 5/QĐ-UBND")
    made = compose([COUNTRY, office_layer(weeks=(mornings(day(4, 1)), over))])
    assert made.sessions_on(day(3, 31)) == HOURS
    assert made.sessions_on(day(4, 1)) == HOURS[:1]
    assert made.sessions_on(day(5, 4)) == HOURS


def test_a_holiday_may_be_an_ordinary_day_for_one_office():
    on_duty = DayRule(day(4, 30), day(4, 30), RuleKind.HOURS, "Trực lễ", "QĐ 2")
    assert compose([COUNTRY, office_layer(on_duty)]).sessions_on(day(4, 30)) == HOURS


def test_some_days_are_one_rule():
    made = compose([COUNTRY, office_layer(closure((9, 7), (9, 9)))])
    assert [made.is_working_day(day(9, n)) for n in (7, 8, 9, 10)] == [False] * 3 + [True]
    assert made == layer(SEED, office_layer(closure((9, 7), (9, 9))).overrides())


# What is refused, each with a sentence


def test_a_day_stated_twice_in_one_layer_is_refused():
    with refused(StatedTwice):
        office_layer(closure((3, 5), (3, 9)), closure((3, 8)))
    with refused(StatedTwice):
        office_layer(weeks=(mornings(), mornings()))


def test_a_year_without_working_time_is_refused():
    none = WeekRule(WeekPattern(date(2026, 1, 1), ((),) * 7), "QĐ")
    with refused(NoWorkingTime):
        compose([replace(COUNTRY, days=()), office_layer(weeks=(none,))])


def test_weekdays_that_nobody_states_are_refused():
    hole = WeekRule(WeekPattern.of(date(2025, 1, 1), {0: HOURS}), "QĐ")
    with refused(HoursMissing):
        compose([replace(COUNTRY, weeks=(hole,), days=())])


def test_days_outside_of_the_calendar_are_refused():
    beyond = replace(closure((3, 5)), first=date(2028, 1, 5), last=date(2028, 1, 5))
    with refused(OutsideCalendar):
        compose([COUNTRY, office_layer(beyond)])


def test_sessions_that_overlap_are_refused():
    with refused(SessionsOverlap):
        read_sessions("07:30-11:30", "11:00-17:00")
    with refused(InvalidSession):
        read_sessions("17:00-07:30")


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": date(2026, 3, 4)},
        {"last": date(2027, 3, 6)},
        {"name": " "},
        {"basis": ""},
        {"name": "x" * 501},
        {"name": "Bão\x00"},
        {"sessions": HOURS},
        {"in_place_of": date(2026, 3, 7)},
        {"kind": RuleKind.MAKE_UP},
        {"kind": RuleKind.HOURS, "in_place_of": date(2026, 3, 7)},
    ],
    ids=[
        *("ends before it begins", "more than a year", "no name", "no grounds", "too long"),
        *("unprintable", "open and closed", "closed for a day", "make-up of nothing", "no make-up"),
    ],
)
def test_a_rule_that_contradicts_itself_or_gives_no_grounds_is_refused(wrong):
    with refused(InvalidRule):
        replace(closure((3, 5)), **wrong)


def test_a_make_up_day_may_not_have_both_sessions_and_a_day_it_replaces():
    with refused(InvalidException):
        DayRule(
            day(3, 7), day(3, 7), RuleKind.MAKE_UP, "Làm bù", "CV 1", HOURS, in_place_of=day(3, 6)
        )


def test_a_week_without_grounds_is_refused():
    with refused(InvalidRule):
        WeekRule(mornings().pattern, "")


@pytest.mark.parametrize(
    "layers",
    [
        (),
        (Layer(Level.OFFICE),),
        (COUNTRY, COUNTRY),
        (COUNTRY, Layer(Level.OFFICE), Layer(Level.OFFICE)),
        (COUNTRY, unit_layer("a"), unit_layer("a")),
    ],
    ids=["nothing", "no country", "two countries", "two offices", "a unit twice"],
)
def test_layers_that_make_no_calendar_are_refused(layers):
    with refused(LayersIncomplete):
        calendars_of(layers)


def test_only_a_unit_names_a_unit_and_only_the_country_a_span():
    for wrong in ({"level": Level.UNIT}, {"level": Level.OFFICE, "unit": "a"}):
        with refused(LayersIncomplete):
            Layer(**wrong)
    for wrong in ({"level": Level.COUNTRY}, {"level": Level.OFFICE, "span": COUNTRY.span}):
        with refused(LayersIncomplete):
            Layer(**wrong)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"level: office\nwhat: 1",
        b"level: nowhere",
        b"level: office\ndays: [{from: 2026-03-05, kind: party, name: a, basis: b}]",
        b"level: office\ndays: [{from: 2026-03-05, kind: closure, name: 7, basis: b}]",
        b"level: office\nweeks: [{valid_from: 2026-03-05, mon: 7, basis: b}]",
        b"level: country\nzone: Asia/Ho_Chi_Minh",
        b"\xff\xfe",
        b"a: &x [1]\nb: *x",
    ],
    ids=lambda text: text[:20].decode(errors="replace") or "empty",
)
def test_files_that_are_no_layer_are_refused_with_a_sentence(text):
    with refused(UnreadableCalendar):
        read_layer(text)


@pytest.mark.parametrize("day", ["2026-13-01", "2026-04-31", "03/2026"])
def test_a_day_that_is_none_is_named(day):
    with pytest.raises(NoDateGiven) as error:
        read_layer(
            f"level: office\ndays: [{{from: '{day}', kind: closure, name: a, basis: b}}]".encode()
        )
    assert f"“{day}” không phải là ngày" in error.value.message("vi")


def test_rules_that_were_there_keep_who_entered_them():
    before = office_layer(closure((3, 5), entered_by="Bà Hoa"))
    after = before.with_day(closure((3, 9))).signed("Ông Minh", before)
    assert [rule.entered_by for rule in after.days] == ["Bà Hoa", "Ông Minh"]
    assert after.without_day(day(3, 5)).days[0].first == day(3, 9)
    assert compose([COUNTRY, after]).version == compose([COUNTRY, after.signed("Ai", None)]).version


def test_a_calendar_laid_over_by_nothing_is_itself():
    assert compose([COUNTRY, Layer(Level.OFFICE)]) == SEED
    assert isinstance(layer(SEED, Overrides()), Calendar)
