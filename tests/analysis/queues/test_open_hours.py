"""Open hours over columns are the calendar's own."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.queues.open_hours import NoOpenHours, OpenHours
from analysis.queues.presence import Presence
from engine.working_calendar.viet_nam import vietnam
from tests.analysis.made_facts import DAY_WS, VN

CALENDAR = vietnam(2026, 2026)
START = int(datetime(2026, 2, 1, tzinfo=VN).timestamp()) * 1_000_000
END = int(datetime(2026, 11, 30, tzinfo=VN).timestamp()) * 1_000_000
HOURS = OpenHours.of(CALENDAR, START, END)


def us(day: int, hour: int, minute: int = 0, month: int = 3) -> int:
    return int(datetime(2026, month, day, hour, minute, tzinfo=VN).timestamp()) * 1_000_000


moments = st.integers(START, END)


@given(moments, moments)
def test_differences_are_those_of_the_calendar(first, second):
    a, b = HOURS.clock(np.array([first, second]))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    earlier, later = (epoch + timedelta(microseconds=each) for each in (first, second))
    assert b - a == CALENDAR.elapsed(earlier, later)


@given(moments)
def test_the_moment_of_a_reading_is_the_earliest_at_which_it_is_read(at):
    clock = HOURS.clock(np.array([at]))
    moment = HOURS.moment(clock)
    assert HOURS.clock(moment * 1_000_000) == clock
    assert moment <= at // 1_000_000 or clock == 0


def test_an_act_on_a_day_off_lies_on_no_working_day():
    friday, sunday, monday = HOURS.day_of(np.array([us(6, 19), us(8, 10), us(9, 7)]))
    assert sunday == -1
    assert monday == friday + 1


def test_without_a_calendar_for_the_time_there_are_no_hours():
    with pytest.raises(NoOpenHours):
        OpenHours.of(CALENDAR, us(1, 0) + 10**15, us(1, 0) + 10**15)


def test_who_acted_on_two_days_was_there_for_sixteen_hours():
    acted = np.array([us(2, 9), us(2, 10), us(4, 8), us(7, 9)])  # Monday, Wednesday, a Saturday
    presence = Presence.of(HOURS, 2, np.zeros(4, dtype=np.int64), acted)
    there, never = presence.seconds(np.array([0, 1]), us(2, 0), us(9, 0))
    assert (there, never) == (2 * DAY_WS, 0)
    assert presence.seconds(np.array([0]), us(3, 0), us(4, 0)) == 0
