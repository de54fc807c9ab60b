"""Time is said as officers say it, cut off so that nobody is promised what is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from engine.legal_clock.spoken_time import describe, spoken_left, spoken_pause, spoken_working_time
from processes.time_limit import TimeLimit
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at

MINUTE = 60


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (DAY + 3 * HOUR, "1 ngày 3 giờ làm việc", "1 working day 3 hours"),
        (2 * DAY, "2 ngày làm việc", "2 working days"),
        (DAY + 40 * MINUTE, "1 ngày làm việc", "1 working day"),
        (3 * HOUR + 20 * MINUTE, "3 giờ 20 phút làm việc", "3 working hours 20 minutes"),
        (HOUR, "1 giờ làm việc", "1 working hour"),
        (59 * MINUTE + 59, "59 phút làm việc", "59 working minutes"),
        (59, "chưa đến 1 phút làm việc", "less than a working minute"),
        (116 * HOUR + 20 * MINUTE, "14 ngày 4 giờ làm việc", "14 working days 4 hours"),
    ],
)
def test_working_time_is_said_in_days_of_eight_hours(seconds, vi, en):
    assert spoken_working_time(seconds, "vi") == vi
    assert spoken_working_time(seconds, "en") == en


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (DAY + 3 * HOUR, "Còn 1 ngày 3 giờ làm việc", "1 working day 3 hours left"),
        (-2 * DAY, "Trễ 2 ngày làm việc", "2 working days late"),
        (30, "Còn chưa đến 1 phút làm việc", "Less than a working minute left"),
        (-1, "Trễ chưa đến 1 phút làm việc", "Less than a working minute late"),
        (0, "Đến hạn", "Due now"),
    ],
)
def test_what_is_left_and_what_is_late(seconds, vi, en):
    assert spoken_left(seconds, "vi") == vi
    assert spoken_left(seconds, "en") == en


@given(st.integers(MINUTE, 100 * DAY))
def test_no_more_is_said_than_there_is(seconds):
    words = spoken_working_time(seconds, "vi").removesuffix(" làm việc").split()
    unit = {"ngày": DAY, "giờ": HOUR, "phút": MINUTE}
    said = sum(int(n) * unit[word] for n, word in zip(words[::2], words[1::2], strict=True))
    assert said <= seconds < said + (HOUR if seconds >= DAY else MINUTE)


def clock():
    return LedgerClock.start(VIET_NAM, at("02/03/2026 09:00"), TimeLimit.parse("5 ngày làm việc"))


def paused(kind=PauseKind.CITIZEN_SUPPLEMENT):
    return clock().pause(VIET_NAM, at("04/03/2026 10:00"), kind)


@pytest.mark.parametrize(
    ("until", "vi", "en"),
    [
        ("06/03/2026 08:00", "tạm dừng 2 ngày chờ bổ sung", "paused 2 days waiting for a supplement"),
        ("05/03/2026 08:00", "tạm dừng 1 ngày chờ bổ sung", "paused 1 day waiting for a supplement"),
        ("04/03/2026 16:00", "tạm dừng trong ngày chờ bổ sung", "paused today waiting for a supplement"),
    ],
)  # fmt: skip
def test_a_pause_is_said_in_calendar_days_with_what_it_waits_for(until, vi, en):
    pause = paused().pauses[0]
    assert spoken_pause(VIET_NAM, pause, at(until), "vi") == vi
    assert spoken_pause(VIET_NAM, pause, at(until), "en") == en


@pytest.mark.parametrize("kind", PauseKind)
def test_every_kind_of_pause_has_its_words(kind):
    pause = paused(kind).pauses[0]
    assert spoken_pause(VIET_NAM, pause, at("06/03/2026 08:00"), "vi").startswith("tạm dừng 2 ngày")
    assert spoken_pause(VIET_NAM, pause, at("06/03/2026 08:00"), "en").startswith("paused 2 days")


def test_a_pause_that_has_ended_is_as_long_as_it_was():
    ended = paused().resume(VIET_NAM, at("06/03/2026 08:00")).pauses[0]
    assert (
        spoken_pause(VIET_NAM, ended, at("20/03/2026 08:00"), "vi") == "tạm dừng 2 ngày chờ bổ sung"
    )


@pytest.mark.parametrize(
    ("state", "moment", "vi", "en"),
    [
        (clock, "04/03/2026 10:00", "Còn 2 ngày 7 giờ làm việc", "2 working days 7 hours left"),
        (clock, "10/03/2026 10:00", "Trễ 1 ngày 1 giờ làm việc", "1 working day 1 hour late"),
        (paused, "06/03/2026 08:00", "Tạm dừng 2 ngày chờ bổ sung", "Paused 2 days waiting for a supplement"),
        (lambda: clock().stop(VIET_NAM, at("06/03/2026 10:00")), "20/03/2026 10:00", "Trước hạn", "Early"),
        (lambda: clock().stop(VIET_NAM, at("09/03/2026 09:00")), "20/03/2026 10:00", "Đúng hạn", "On time"),
        (lambda: clock().stop(VIET_NAM, at("09/03/2026 10:00")), "20/03/2026 10:00", "Quá hạn", "Late"),
    ],
)  # fmt: skip
def test_a_clock_is_described_in_one_line(state, moment, vi, en):
    assert describe(state(), VIET_NAM, at(moment), "vi") == vi
    assert describe(state(), VIET_NAM, at(moment), "en") == en


def test_a_clock_late_by_closed_time_only_is_not_said_to_be_due_now():
    hour = LedgerClock.start(VIET_NAM, at("06/03/2026 16:00"), TimeLimit.parse("1 giờ"))
    assert describe(hour, VIET_NAM, at("06/03/2026 17:00"), "vi") == "Đến hạn"
    assert describe(hour, VIET_NAM, at("06/03/2026 17:05"), "vi") == "Quá hạn"
