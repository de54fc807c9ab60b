"""Due times are those of the law and of the measured vectors V1-V11, to the minute."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import OutsideCalendar, Overrides, WeekPattern, layer
from engine.legal_clock.due_time import (
    Terms,
    budget_by,
    due_by,
    due_time,
    effective_start,
    working_budget,
)
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from engine.working_calendar.office_hours import read_sessions
from processes.procedure import DayCount, SupplementPolicy
from processes.time_limit import TimeLimit, Unit
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at, refused, shown

CIVIL = DayCount.CIVIL_DAYS
THREE = time(15, 0)


def due(start, limit, calendar=VIET_NAM, **how):
    return shown(due_time(calendar, at(start), TimeLimit.parse(limit), **how))


def after_supplement(policy):
    """V9: 5 working days from 02/03 09:00; supplement asked 04/03 10:00, complete 10/03 14:00."""
    clock = LedgerClock.start(VIET_NAM, at("02/03/2026 09:00"), TimeLimit.parse("5 ngày làm việc"))
    assert shown(clock.due_at(VIET_NAM)) == "Mon 09/03/2026 09:00"
    paused = clock.pause(VIET_NAM, at("04/03/2026 10:00"), PauseKind.CITIZEN_SUPPLEMENT)
    assert paused.consumed == 17 * HOUR
    return shown(paused.resume(VIET_NAM, at("10/03/2026 14:00"), policy).due_at(VIET_NAM))


VECTORS = {
    "V1": (lambda: due("12/02/2026 15:10", "3 ngày làm việc"), "Tue 24/02/2026 15:10"),
    "V2": (
        lambda: due("12/02/2026 15:10", "3 ngày làm việc", cutoff=THREE),
        "Tue 24/02/2026 17:00",
    ),
    "V3": (lambda: due("21/08/2026 16:00", "1 ngày làm việc"), "Sat 22/08/2026 16:00"),
    "V4": (lambda: due("28/08/2026 14:00", "2 ngày làm việc"), "Fri 04/09/2026 14:00"),
    "V5": (lambda: due("03/03/2026 11:00", "0,25 ngày làm việc"), "Tue 03/03/2026 14:30"),
    "V6": (lambda: due("03/03/2026 12:15", "1 giờ làm việc"), "Tue 03/03/2026 14:00"),
    "V7": (lambda: due("07/03/2026 09:00", "1 giờ làm việc"), "Mon 09/03/2026 08:30"),
    "V8-before-15h": (lambda: due("29/04/2026 14:59", "trong ngày"), "Wed 29/04/2026 17:00"),
    "V8-after-15h": (lambda: due("29/04/2026 15:20", "trong ngày"), "Mon 04/05/2026 17:00"),
    "V9-reset": (lambda: after_supplement(SupplementPolicy.RESET), "Tue 17/03/2026 14:00"),
    "V9-pause": (lambda: after_supplement(SupplementPolicy.PAUSE), "Fri 13/03/2026 11:30"),
    "V9-continue": (lambda: after_supplement(SupplementPolicy.CONTINUE), "Fri 13/03/2026 11:30"),
    "V10": (lambda: due("01/08/2026 09:00", "30 ngày"), "Thu 03/09/2026 17:00"),
    "V11": (
        lambda: VIET_NAM.elapsed(at("12/02/2026 15:10"), at("12/03/2026 10:00")),
        116 * HOUR + 20 * 60,
    ),
}


@pytest.mark.parametrize(("found", "expected"), VECTORS.values(), ids=VECTORS)
def test_golden_vectors(found, expected):
    assert found() == expected


# Handed over late in the day (NĐ 61/2018 art. 18.2)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("03/03/2026 14:59", "Wed 04/03/2026 14:59"),
        ("03/03/2026 15:00", "Wed 04/03/2026 17:00"),
        ("03/03/2026 18:00", "Wed 04/03/2026 17:00"),
        ("07/03/2026 16:00", "Mon 09/03/2026 17:00"),  # Saturday: the next opening, no more
        ("06/03/2026 15:00", "Mon 09/03/2026 17:00"),
    ],
)
def test_what_is_handed_over_from_the_cutoff_on_counts_from_next_morning(start, expected):
    assert due(start, "1 ngày làm việc", cutoff=THREE) == expected


def test_without_a_cutoff_the_last_minutes_of_the_day_count():
    assert due("03/03/2026 16:59", "1 phút") == "Tue 03/03/2026 17:00"


# In the day (NĐ 23/2015 art. 7: "sau 15 giờ")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("03/03/2026 06:00", "Tue 03/03/2026 17:00"),
        ("03/03/2026 15:00", "Tue 03/03/2026 17:00"),  # exactly 15:00 is not after 15:00
        ("03/03/2026 15:01", "Wed 04/03/2026 17:00"),
        ("06/03/2026 15:01", "Mon 09/03/2026 17:00"),
        ("07/03/2026 08:00", "Mon 09/03/2026 17:00"),
        ("13/02/2026 16:00", "Mon 23/02/2026 17:00"),  # before Tết: never "+ 24 hours"
    ],
)
def test_a_result_of_the_day_is_due_at_its_close_or_of_the_next_working_day(start, expected):
    assert due(start, "trong ngày") == expected


def test_seconds_within_the_minute_of_15_00_are_not_after_it():
    """The slip states hours and minutes."""
    start = at("03/03/2026 15:00") + timedelta(seconds=59)
    found = due_time(VIET_NAM, start, TimeLimit.parse("trong ngày"))
    assert shown(found) == "Tue 03/03/2026 17:00"


def test_a_procedure_may_close_the_day_earlier():
    assert due("03/03/2026 10:31", "trong ngày", cutoff=time(10, 30)) == "Wed 04/03/2026 17:00"


def test_a_result_of_the_day_is_never_due_before_it_was_asked_for():
    """Saturday mornings only: received at 12:00, before 15:00 but after the office closed."""
    saturday = WeekPattern.of(date(2026, 1, 1), {5: read_sessions("07:30-11:30")})
    unit = layer(VIET_NAM, Overrides(patterns=(saturday,)))
    assert due("07/03/2026 10:00", "trong ngày", unit) == "Sat 07/03/2026 11:30"
    assert due("07/03/2026 12:00", "trong ngày", unit) == "Mon 09/03/2026 17:00"


# Calendar days and months (Civil Code 2015 art. 147-148)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("03/03/2026 08:00", "1 ngày", "Wed 04/03/2026 17:00"),  # first day not counted
        ("03/03/2026 23:59", "1 ngày", "Wed 04/03/2026 17:00"),
        ("06/03/2026 08:00", "1 ngày", "Mon 09/03/2026 17:00"),  # Saturday moves on
        ("10/02/2026 08:00", "6 ngày", "Mon 23/02/2026 17:00"),  # 16/02 is Tết
        ("21/08/2026 08:00", "1 ngày", "Sat 22/08/2026 17:00"),  # a make-up day is a working day
        ("15/01/2026 08:00", "1 tháng", "Mon 23/02/2026 17:00"),  # Sunday, then Tết
        ("31/03/2026 08:00", "1 tháng", "Mon 04/05/2026 17:00"),  # no 31/04; 30/04-03/05 off
        ("31/08/2026 08:00", "3 tháng", "Mon 30/11/2026 17:00"),
        ("29/02/2024 08:00", "12 tháng", "Fri 28/02/2025 17:00"),
        ("03/03/2026 08:00", "2 tháng", "Mon 04/05/2026 17:00"),
    ],
)
def test_calendar_days_and_months_end_at_the_close_of_a_working_day(start, limit, expected):
    assert due(start, limit) == expected
    assert due(start, limit, day_count=CIVIL) == expected  # calendar time has one way to count


def test_a_dossier_handed_over_after_the_cutoff_has_the_next_working_day_as_its_first():
    assert due("03/03/2026 15:00", "1 ngày", cutoff=THREE) == "Thu 05/03/2026 17:00"
    assert due("06/03/2026 15:00", "1 tháng", cutoff=THREE) == "Thu 09/04/2026 17:00"
    assert due("06/03/2026 14:59", "1 tháng", cutoff=THREE) == "Mon 06/04/2026 17:00"


# Working days as the Civil Code counts


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("03/03/2026 07:30", "1 ngày làm việc", "Wed 04/03/2026 17:00"),
        ("06/03/2026 16:59", "1 ngày làm việc", "Mon 09/03/2026 17:00"),
        ("07/03/2026 09:00", "1 ngày làm việc", "Mon 09/03/2026 17:00"),
        ("12/02/2026 15:10", "3 ngày làm việc", "Tue 24/02/2026 17:00"),
        ("21/08/2026 08:00", "2 ngày làm việc", "Mon 24/08/2026 17:00"),
        ("03/03/2026 08:00", "0,25 ngày làm việc", "Wed 04/03/2026 09:30"),
        ("03/03/2026 08:00", "1,5 ngày làm việc", "Thu 05/03/2026 11:30"),
        ("03/03/2026 11:00", "4 giờ", "Tue 03/03/2026 16:30"),  # hours are hours
        ("03/03/2026 15:00", "30 phút", "Tue 03/03/2026 15:30"),
    ],
)
def test_civil_working_days_end_at_the_close_of_the_last(start, limit, expected):
    assert due(start, limit, day_count=CIVIL) == expected


# Zero


@pytest.mark.parametrize("limit", ["0 ngày làm việc", "0 ngày", "0 tháng", "0 giờ"])
@pytest.mark.parametrize("day_count", DayCount)
def test_no_time_at_all_is_due_as_soon_as_the_office_is_open(limit, day_count):
    """Real steps say it: "trả kết quả: 0 ngày"."""
    assert due("03/03/2026 10:00", limit, day_count=day_count) == "Tue 03/03/2026 10:00"
    assert due("06/03/2026 17:00", limit, day_count=day_count) == "Mon 09/03/2026 07:30"
    assert working_budget(
        VIET_NAM, at("06/03/2026 17:00"), TimeLimit.parse(limit), day_count=day_count
    ) == 0  # fmt: skip


# Refused


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        ("31/12/2023 10:00", "1 ngày"),
        ("29/12/2023 10:00", "1 ngày làm việc"),
        ("20/12/2027 10:00", "30 ngày"),
        ("20/12/2027 10:00", "30 ngày làm việc"),
        ("20/12/2027 10:00", "1 tháng"),
        ("31/12/2027 16:00", "trong ngày"),
        ("03/03/2026 10:00", "9999 tháng"),
        ("03/03/2026 10:00", "9999 ngày"),
    ],
)
def test_a_limit_that_leaves_the_calendar_is_refused(start, limit):
    for day_count in DayCount:
        with refused(OutsideCalendar):
            due(start, limit, day_count=day_count)


# Budgets


@pytest.mark.parametrize(
    ("start", "limit", "how", "hours"),
    [
        ("12/02/2026 15:10", "3 ngày làm việc", {"cutoff": THREE}, 24),
        ("03/03/2026 08:00", "trong ngày", {}, 7.5),
        ("29/04/2026 15:30", "trong ngày", {}, 9.5),  # 1.5 h of 29/04 and 04/05
        ("29/04/2026 15:30", "trong ngày", {"cutoff": THREE}, 9.5),
        ("06/03/2026 08:00", "1 ngày", {}, 15.5),  # the rest of Friday, and Monday
        ("07/03/2026 08:00", "1 ngày làm việc", {"day_count": CIVIL}, 8),
        ("03/03/2026 15:00", "1 ngày", {"cutoff": THREE}, 16),  # 04/03 and 05/03
    ],
)
def test_the_budget_is_the_office_time_between_start_and_due(start, limit, how, hours):
    assert working_budget(VIET_NAM, at(start), TimeLimit.parse(limit), **how) == hours * HOUR


starts = st.integers(0, 540 * 86_400).map(lambda s: at("02/01/2025 00:00") + timedelta(seconds=s))
limits = st.one_of(
    st.integers(1, 160).map(lambda quarters: TimeLimit.parse(f"{quarters / 4} working days")),
    st.integers(1, 400).map(lambda minutes: TimeLimit.parse(f"{minutes} minutes")),
    st.integers(1, 90).map(lambda days: TimeLimit.parse(f"{days} days")),
    st.integers(1, 12).map(lambda months: TimeLimit.parse(f"{months} months")),
    st.just(TimeLimit.parse("trong ngày")),
)
terms = st.builds(Terms, limits, st.sampled_from(DayCount), st.sampled_from([None, THREE]))


@given(starts, terms)
def test_a_limit_is_due_in_office_hours_after_it_began(start, how):
    found = due_by(VIET_NAM, start, how)
    assert found > start
    assert VIET_NAM.open_at(found - timedelta(seconds=1))


@given(starts, terms)
def test_adding_the_budget_to_the_effective_start_gives_the_due_time(start, how):
    cutoff = None if how.limit.unit is Unit.SAME_DAY else how.cutoff
    opening = effective_start(VIET_NAM, start, cutoff)
    assert VIET_NAM.add(opening, budget_by(VIET_NAM, start, how)) == due_by(VIET_NAM, start, how)


def test_who_comes_on_a_day_off_is_not_due_before_who_came_too_late_the_day_before():
    quarter = Terms(TimeLimit.parse("0.25 working days"), DayCount.CIVIL_DAYS, THREE)
    friday, saturday = at("03/01/2025 15:00"), at("04/01/2025 00:00")
    assert due_by(VIET_NAM, friday, quarter) == due_by(VIET_NAM, saturday, quarter)


@given(starts, starts, terms)
def test_who_comes_later_is_never_due_earlier(one, other, how):
    earlier, later = sorted((one, other))
    assert due_by(VIET_NAM, earlier, how) <= due_by(VIET_NAM, later, how)


@given(starts, st.integers(0, 60), st.integers(0, 60), st.sampled_from(DayCount))
def test_more_working_days_are_never_due_earlier(start, quarters, more, day_count):
    """Also across whole days and fractions of them."""
    shorter, longer = (
        due_time(VIET_NAM, start, TimeLimit.parse(f"{n / 4} working days"), day_count=day_count)
        for n in (quarters, quarters + more)
    )
    assert shorter <= longer


@given(starts, st.integers(1, 40))
def test_whole_days_of_eight_hours_keep_the_time_of_day(start, number):
    """As one-stop software does: 5 days from Monday 09:00 is next Monday 09:00."""
    start = VIET_NAM.next_open(start)
    found = due_time(VIET_NAM, start, TimeLimit.parse(f"{number} working days"))
    opens = {time(7, 30): time(17), time(13): time(11, 30)}  # closing comes before opening
    assert found.time() == opens.get(start.time(), start.time())
    assert VIET_NAM.elapsed(start, found) == number * DAY
