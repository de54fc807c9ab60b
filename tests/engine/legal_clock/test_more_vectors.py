"""Due times worked out by hand: office hours 7:30-11:30 and 13:00-17:00, Viet Nam 2026."""

from datetime import time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.calendar import Overrides, layer
from engine.legal_clock.due_time import due_time
from processes.procedure import DayCount
from processes.time_limit import TimeLimit
from tests.engine.working_calendars import VIET_NAM, at, off, shown

CIVIL = {"day_count": DayCount.CIVIL_DAYS}
THREE = {"cutoff": time(15, 0)}

VECTORS = {
    "half an hour over noon": ("03/03/2026 11:15", "30 phút", {}, "Tue 03/03/2026 13:15"),
    "an hour over a weekend": ("06/03/2026 16:30", "1 giờ làm việc", {}, "Mon 09/03/2026 08:00"),
    "an hour from closing time": ("02/03/2026 17:00", "1 giờ làm việc", {}, "Tue 03/03/2026 08:30"),
    "a day from opening time": ("02/03/2026 07:30", "1 ngày làm việc", {}, "Mon 02/03/2026 17:00"),
    "a day from before it": ("02/03/2026 05:00", "1 ngày làm việc", {}, "Mon 02/03/2026 17:00"),
    "half a day": ("03/03/2026 09:00", "0,5 ngày làm việc", {}, "Tue 03/03/2026 14:30"),
    "three quarters": ("03/03/2026 14:00", "0,75 ngày làm việc", {}, "Wed 04/03/2026 10:30"),
    "over a substitute day": ("24/04/2026 09:00", "2 ngày làm việc", {}, "Wed 29/04/2026 09:00"),
    "over 30/04 and 01/05": ("29/04/2026 09:00", "1 ngày làm việc", {}, "Mon 04/05/2026 09:00"),
    "45 days, three of them off": (
        "02/03/2026 09:00",
        "45 ngày làm việc",
        {},
        "Thu 07/05/2026 09:00",
    ),
    "at 15:00, by hand-over": ("03/03/2026 15:00", "1 giờ làm việc", THREE, "Wed 04/03/2026 08:30"),
    "before it": ("03/03/2026 14:59", "1 giờ làm việc", THREE, "Tue 03/03/2026 15:59"),
    "the same day at 15:00": ("03/03/2026 15:00", "trong ngày", {}, "Tue 03/03/2026 17:00"),
    "the same day at 15:01": ("03/03/2026 15:01", "trong ngày", {}, "Wed 04/03/2026 17:00"),
    "a calendar day before Saturday": ("06/03/2026 09:00", "1 ngày", {}, "Mon 09/03/2026 17:00"),
    "five calendar days": ("02/03/2026 09:00", "5 ngày", {}, "Mon 09/03/2026 17:00"),
    "a month from the 31st": ("31/01/2026 09:00", "1 tháng", {}, "Mon 02/03/2026 17:00"),
    "civil days": ("02/03/2026 09:00", "3 ngày làm việc", CIVIL, "Thu 05/03/2026 17:00"),
    "civil days from a day off": (
        "07/03/2026 09:00",
        "1 ngày làm việc",
        CIVIL,
        "Mon 09/03/2026 17:00",
    ),
}


@pytest.mark.parametrize(("start", "limit", "how", "expected"), VECTORS.values(), ids=VECTORS)
def test_vectors_worked_out_by_hand(start, limit, how, expected):
    assert shown(due_time(VIET_NAM, at(start), TimeLimit.parse(limit), **how)) == expected


minutes = st.integers(0, 200 * 24 * 60)
limits = st.sampled_from(
    ["90 phút", "3 giờ làm việc", "0,25 ngày làm việc", "7 ngày làm việc", "15 ngày", "trong ngày"]
)


def drawn(minute):
    return at("05/01/2026 00:00") + timedelta(minutes=minute)


@given(minutes, st.integers(1, 40 * 8 * 3600))
def test_what_was_added_is_measured_again(minute, seconds):
    start = drawn(minute)
    assert VIET_NAM.elapsed(start, VIET_NAM.add(start, seconds)) == seconds


@given(minutes, minutes, limits)
def test_who_comes_later_is_due_no_earlier(one, other, limit):
    first, second = sorted((drawn(one), drawn(other)))
    wanted = TimeLimit.parse(limit)
    assert due_time(VIET_NAM, first, wanted) <= due_time(VIET_NAM, second, wanted)


@given(minutes, limits, st.integers(-60, 60))
def test_versions_that_agree_over_the_limit_agree_on_its_end(minute, limit, days):
    """A closure outside of the days from arrival to due moves nothing."""
    start, wanted = drawn(minute), TimeLimit.parse(limit)
    due = due_time(VIET_NAM, start, wanted)
    closed = (start + timedelta(days=days)).date()
    assume(not start.date() <= closed <= VIET_NAM.local(due).date())
    assume(VIET_NAM.is_working_day(closed))
    changed = layer(VIET_NAM, Overrides(exceptions=(off(closed),)))
    assert due_time(changed, start, wanted) == due


@given(minutes, limits, st.integers(0, 60))
def test_a_day_off_more_brings_nothing_forward(minute, limit, days):
    start, wanted = drawn(minute), TimeLimit.parse(limit)
    closed = (start + timedelta(days=days)).date()
    assume(VIET_NAM.is_working_day(closed))
    changed = layer(VIET_NAM, Overrides(exceptions=(off(closed),)))
    assert due_time(changed, start, wanted) >= due_time(VIET_NAM, start, wanted)
