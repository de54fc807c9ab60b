"""Office time is counted to the second: lunch, nights, holidays and make-up days are no time."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.calendar import (
    Calendar,
    InvalidHorizon,
    NegativeWorkingTime,
    NotAWorkingDay,
    NoWorkingTime,
    OutsideCalendar,
    UnknownZone,
    WeekPattern,
)
from engine.clock import TimeWithoutZone
from engine.working_calendar.office_hours import (
    HoursMissing,
    InvalidSession,
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
    moments,
    off,
    refused,
    shown,
    worked,
)

STORM = date(2026, 8, 20)
WEEK = WeekPattern.monday_to_friday(FIRST, OFFICE_HOURS)
PLAIN = Calendar(ZONE, FIRST, LAST, (WEEK,))


def amount_within(calendar, moment, share):
    """A share of the working time that is left after a moment."""
    end = datetime.combine(calendar.last_day + timedelta(days=1), datetime.min.time(), calendar.tz)
    return int(calendar.elapsed(moment, end) * share)


shares = st.floats(0, 1)


# What is open


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("03/03/2026 07:29", False, "Tue 03/03/2026 07:30"),
        ("03/03/2026 07:30", True, "Tue 03/03/2026 07:30"),
        ("03/03/2026 11:30", False, "Tue 03/03/2026 13:00"),
        ("03/03/2026 12:15", False, "Tue 03/03/2026 13:00"),
        ("03/03/2026 16:59", True, "Tue 03/03/2026 16:59"),
        ("06/03/2026 17:00", False, "Mon 09/03/2026 07:30"),
        ("13/02/2026 18:00", False, "Mon 23/02/2026 07:30"),  # Tết
        ("21/08/2026 17:00", False, "Sat 22/08/2026 07:30"),  # make-up Saturday
    ],
)
def test_the_office_is_open_in_its_sessions_and_opens_next(moment, is_open, opens):
    assert VIET_NAM.open_at(at(moment)) is is_open
    assert shown(VIET_NAM.next_open(at(moment))) == opens


def test_a_day_begins_and_ends_with_its_sessions():
    tuesday = date(2026, 3, 3)
    assert shown(VIET_NAM.start_of_day(tuesday)) == "Tue 03/03/2026 07:30"
    assert shown(VIET_NAM.end_of_day(tuesday)) == "Tue 03/03/2026 17:00"


@pytest.mark.parametrize("ask", [VIET_NAM.start_of_day, VIET_NAM.end_of_day])
def test_a_day_off_has_no_beginning_and_no_end(ask):
    with refused(NotAWorkingDay) as error:
        ask(date(2026, 9, 2))
    assert "Quốc khánh" in error.value.message("vi")


def test_the_reason_of_a_closure_is_the_holiday_with_its_basis_or_the_weekly_rest():
    holiday = VIET_NAM.reason_closed(date(2026, 4, 27))
    assert (holiday.name, holiday.basis) == (
        "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)",
        "Bộ luật Lao động 2019, điều 111 khoản 3",
    )
    assert VIET_NAM.reason_closed(date(2026, 3, 7)).name == "Ngày nghỉ hằng tuần"
    assert VIET_NAM.reason_closed(date(2026, 8, 22)) is None


def test_working_days_are_found_and_counted():
    friday, saturday, monday = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)
    assert VIET_NAM.next_working_day(friday) == friday
    assert VIET_NAM.next_working_day(friday, including=False) == monday
    assert VIET_NAM.next_working_day(saturday) == monday
    assert VIET_NAM.working_day_after(friday, 6) == date(2026, 3, 16)
    assert VIET_NAM.working_days(friday, monday) == 2
    assert VIET_NAM.working_days(saturday, date(2026, 3, 8)) == 0
    assert VIET_NAM.working_days(monday, friday) == 0
    assert VIET_NAM.sessions_on(friday) == OFFICE_HOURS
    assert VIET_NAM.sessions_on(saturday) == ()


def test_open_segments_are_the_sessions_of_all_working_days():
    segments = list(PLAIN.open_segments())
    assert len(segments) == 2 * PLAIN.working_days(FIRST, LAST)
    assert segments[0] == (
        int(at("05/01/2026 07:30").timestamp()),
        int(at("05/01/2026 11:30").timestamp()),
    )
    assert all(before[1] <= after[0] for before, after in pairwise(segments))


# What is counted


def test_fractions_of_a_second_are_cut_off():
    moment = at("03/03/2026 08:00") + timedelta(microseconds=999_999)
    assert VIET_NAM.clock_at(moment) == VIET_NAM.clock_at(at("03/03/2026 08:00"))
    assert shown(VIET_NAM.add(moment, HOUR)) == "Tue 03/03/2026 09:00"


def test_the_same_moment_counts_the_same_in_every_zone():
    moment = at("03/03/2026 08:00")
    assert VIET_NAM.clock_at(moment) == VIET_NAM.clock_at(moment.astimezone(UTC))


def test_working_time_up_to_closing_ends_at_closing_not_at_the_next_opening():
    assert shown(VIET_NAM.add(at("03/03/2026 13:00"), 4 * HOUR)) == "Tue 03/03/2026 17:00"


def test_working_time_counted_back_begins_at_opening_not_at_the_last_closing():
    """One working day before Monday's close is Monday's opening, when the alarm can be seen."""
    assert shown(VIET_NAM.subtract(at("09/03/2026 17:00"), DAY)) == "Mon 09/03/2026 07:30"


@given(calendars(), moments(), shares)
def test_what_was_added_has_elapsed(calendar, start, share):
    amount = amount_within(calendar, start, share)
    assert calendar.elapsed(start, calendar.add(start, amount)) == amount


@given(calendars(), moments(), shares)
def test_added_time_ends_at_the_earliest_moment(calendar, start, share):
    amount = amount_within(calendar, start, share)
    assume(amount > 0)
    end = calendar.add(start, amount)
    assert calendar.elapsed(start, end - timedelta(seconds=1)) == amount - 1


@given(calendars(), moments(), shares)
def test_time_counted_back_starts_at_the_latest_moment(calendar, end, share):
    amount = int(calendar.clock_at(end) * share)
    start = calendar.subtract(end, amount)
    assert calendar.elapsed(start, end) == amount
    assume(amount > 0)
    assert calendar.elapsed(start + timedelta(seconds=1), end) == amount - 1


@given(calendars(), moments(), shares, shares)
def test_adding_twice_is_adding_the_sum(calendar, start, share, split):
    amount = amount_within(calendar, start, share)
    first = int(amount * split)
    assert calendar.add(calendar.add(start, first), amount - first) == calendar.add(start, amount)


@given(calendars(), moments(), moments())
def test_the_working_clock_never_runs_backwards_nor_faster_than_time(calendar, one, other):
    earlier, later = sorted((one, other))
    elapsed = calendar.elapsed(earlier, later)
    assert 0 <= elapsed <= (later - earlier).total_seconds()


@given(calendars(), moments(), moments(), moments())
def test_elapsed_time_adds_up(calendar, a, b, c):
    assert calendar.elapsed(a, c) == calendar.elapsed(a, b) + calendar.elapsed(b, c)


@given(calendars(), moments(), moments())
def test_elapsed_time_is_the_overlap_with_every_session(calendar, one, other):
    """The same by hand: day by day, session by session."""
    earlier, later = sorted((one, other))
    worked_seconds = 0
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        for session in calendar.sessions_on(day):
            opens = datetime.combine(day, session.opens, calendar.tz)
            closes = datetime.combine(day, session.closes, calendar.tz)
            overlap = min(later, closes) - max(earlier, opens)
            worked_seconds += max(0, int(overlap.total_seconds()))
    assert calendar.elapsed(earlier, later) == worked_seconds


@given(calendars(), moments(), shares)
def test_epoch_seconds_and_moments_count_alike(calendar, start, share):
    amount = amount_within(calendar, start, share)
    epoch = int(start.timestamp())
    assert calendar.clock_at_epoch(epoch) == calendar.clock_at(start)
    assert calendar.add_epoch(epoch, amount) == calendar.add(start, amount).timestamp()


@given(calendars(), days(), st.integers(1, 20))
def test_the_nth_working_day_has_n_working_days_up_to_it(calendar, day, number):
    assume(calendar.working_days(day, LAST) > number)
    reached = calendar.working_day_after(day, number)
    assert calendar.is_working_day(reached)
    assert calendar.working_days(day + timedelta(days=1), reached) == number


def test_sessions_that_touch_are_worked_through():
    through = WeekPattern.monday_to_friday(FIRST, read_sessions("07:30-11:30", "11:30-17:00"))
    calendar = Calendar(ZONE, FIRST, LAST, (through,))
    assert calendar.open_at(at("03/03/2026 11:30"))
    assert shown(calendar.add(at("03/03/2026 11:00"), HOUR)) == "Tue 03/03/2026 12:00"


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 2), (date(2026, 10, 25), 4), (date(2026, 3, 30), 3)],
)
def test_a_session_over_a_change_of_clocks_has_the_hours_that_pass(day, hours):
    """An office abroad: Berlin's clocks go forward on 29/03/2026 and back on 25/10/2026."""
    night = WeekPattern.of(date(2026, 1, 1), dict.fromkeys(range(7), read_sessions("01:00-04:00")))
    berlin = Calendar("Europe/Berlin", date(2026, 1, 1), date(2026, 12, 31), (night,))
    assert berlin.elapsed(berlin.start_of_day(day), berlin.end_of_day(day)) == hours * HOUR


def test_a_session_that_a_change_of_clocks_swallows_is_refused():
    night = WeekPattern.of(date(2026, 1, 1), dict.fromkeys(range(7), read_sessions("02:00-03:00")))
    with refused(InvalidSession) as error:
        Calendar("Europe/Berlin", date(2026, 1, 1), date(2026, 12, 31), (night,))
    assert "29/03/2026" in error.value.message("vi")


# What is refused


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.clock_at(at("31/12/2023 10:00")),
        lambda c: c.clock_at(at("01/01/2028 00:01")),
        lambda c: c.add(at("31/12/2027 10:00"), 100 * DAY),
        lambda c: c.subtract(at("02/01/2024 10:00"), 100 * DAY),
        lambda c: c.next_open(at("31/12/2027 18:00")),
        lambda c: c.open_at(at("01/01/2029 08:00")),
        lambda c: c.is_working_day(date(2028, 1, 3)),
        lambda c: c.reason_closed(date(2023, 12, 31)),
        lambda c: c.next_working_day(date(2027, 12, 31), including=False),
        lambda c: c.next_working_day(date.min),
        lambda c: c.working_day_after(date(2027, 12, 1), 500),
        lambda c: c.working_days(date(2023, 1, 1), date(2024, 1, 1)),
        lambda c: c.add_epoch(10**18, 1),
        lambda c: c.clock_at_epoch(-(10**18)),
    ],
)
def test_what_lies_outside_the_calendar_is_refused_not_guessed(ask):
    with refused(OutsideCalendar) as error:
        ask(VIET_NAM)
    assert "01/01/2024" in error.value.message("vi")
    assert "31/12/2027" in error.value.message("en")


def test_the_last_midnight_still_belongs_to_the_calendar():
    assert PLAIN.clock_at(at("01/04/2026 00:00")) == PLAIN.working_days(FIRST, LAST) * DAY


@pytest.mark.parametrize("count", [VIET_NAM.add, VIET_NAM.subtract])
def test_working_time_is_not_negative(count):
    with refused(NegativeWorkingTime):
        count(at("03/03/2026 08:00"), -1)


def test_the_working_days_after_a_day_are_counted_from_the_first():
    with refused(NegativeWorkingTime):
        VIET_NAM.working_day_after(date(2026, 3, 3), 0)


@pytest.mark.parametrize("count", [VIET_NAM.clock_at, VIET_NAM.next_open, VIET_NAM.local])
def test_a_time_without_a_zone_is_refused(count):
    with refused(TimeWithoutZone):
        count(at("03/03/2026 08:00").replace(tzinfo=None))


@pytest.mark.parametrize("zone", ["Asia/Saigon2", "../../etc/passwd", "Asia", "", None])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(UnknownZone, match="Asia/Ho_Chi_Minh"):
        Calendar(zone, FIRST, LAST, (WEEK,))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (LAST, FIRST),
        (date(1969, 12, 31), LAST),
        (date(2000, 1, 1), date(2120, 1, 1)),
        (date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_horizon_no_office_has_is_refused(first, last):
    with refused(InvalidHorizon):
        Calendar(ZONE, first, last, (WEEK,))


def test_days_before_the_first_pattern_have_no_hours():
    with refused(HoursMissing) as error:
        Calendar(ZONE, FIRST - timedelta(days=1), LAST, (WEEK,))
    assert "04/01/2026" in error.value.message("vi")


def test_a_weekday_nobody_stated_is_a_hole():
    with refused(HoursMissing) as error:
        Calendar(ZONE, FIRST, LAST, (WeekPattern.of(FIRST, {0: OFFICE_HOURS}),))
    assert "thứ Ba" in error.value.message("vi")


def test_a_make_up_day_needs_hours():
    with refused(HoursMissing):
        Calendar(ZONE, FIRST, LAST, (WEEK,), (worked(date(2026, 1, 10)),))


def test_two_patterns_from_the_same_day_are_refused():
    with refused(StatedTwice):
        Calendar(ZONE, FIRST, LAST, (WEEK, WeekPattern(FIRST, ((),) * 7)))


def test_two_exceptions_on_the_same_day_are_refused():
    with refused(StatedTwice):
        Calendar(ZONE, FIRST, LAST, (WEEK,), (off(FIRST), worked(FIRST)))


def test_an_exception_outside_the_calendar_is_refused():
    with refused(OutsideCalendar):
        Calendar(ZONE, FIRST, LAST, (WEEK,), (off(date(2027, 1, 1)),))


def test_a_year_without_working_time_is_refused():
    closed = WeekPattern(date(2027, 1, 1), ((),) * 7)
    with refused(NoWorkingTime) as error:
        Calendar(ZONE, FIRST, date(2027, 6, 30), (WEEK, closed))
    assert "2027" in error.value.message("vi")


def test_countless_statements_are_refused():
    many = tuple(off(FIRST) for _ in range(20_001))
    with refused(UnreadableCalendar):
        Calendar(ZONE, FIRST, LAST, (WEEK,), many)
