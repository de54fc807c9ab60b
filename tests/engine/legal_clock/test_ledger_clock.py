"""A clock's account is true: what was used, what is left, who stopped it, what was promised."""

from datetime import time, timedelta

import pytest

from engine.calendar import Overrides, layer
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PAUSE_KINDS, Pause, PauseKind
from engine.legal_clock.refusals import (
    AlreadyPaused,
    NotPaused,
    OnlySupplementRestarts,
)
from processes.procedure import DayCount
from processes.step import ClockKind
from processes.time_limit import TimeLimit
from tests.engine.ledger_clocks import (
    CONTINUE,
    PAUSE,
    RESET,
    SUPPLEMENT,
    TAX,
    due,
    paused,
    resumed,
    started,
)
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at, off, refused, shown

# Running


def test_a_clock_runs_from_reception_towards_its_due_time():
    clock = started()
    assert clock.budget == 5 * DAY
    assert due(clock) == shown(clock.original_due) == "Mon 09/03/2026 09:00"
    assert clock.consumed_at(VIET_NAM, at("04/03/2026 10:00")) == 17 * HOUR
    assert clock.remaining(VIET_NAM, at("04/03/2026 10:00")) == 23 * HOUR
    assert not clock.paused
    assert not clock.stopped


def test_what_arrives_after_the_cutoff_uses_no_time_before_next_morning():
    clock = started("3 ngày làm việc", "12/02/2026 15:10", cutoff=time(15))
    assert clock.consumed_at(VIET_NAM, at("12/02/2026 16:30")) == 0
    assert clock.remaining(VIET_NAM, at("12/02/2026 16:30")) == 3 * DAY
    assert clock.remaining(VIET_NAM, at("13/02/2026 08:30")) == 3 * DAY - HOUR


def test_what_is_left_of_days_handed_over_after_the_cutoff_is_what_next_morning_will_have():
    clock = started("1 ngày", "03/03/2026 15:00", cutoff=time(15))
    assert clock.remaining(VIET_NAM, at("03/03/2026 16:00")) == 2 * DAY


def test_a_clock_keeps_whole_seconds():
    begun = at("02/03/2026 09:00") + timedelta(microseconds=999_999)
    clock = LedgerClock.start(VIET_NAM, begun, TimeLimit.parse("5 ngày làm việc"))
    assert clock == started()
    assert clock.stop(VIET_NAM, begun).stopped_at == at("02/03/2026 09:00")


def test_a_clock_is_late_after_its_due_time_and_not_at_it():
    clock = started()
    assert not clock.is_late(VIET_NAM, at("09/03/2026 09:00"))
    assert clock.is_late(VIET_NAM, at("09/03/2026 09:01"))
    assert clock.remaining(VIET_NAM, at("10/03/2026 10:00")) == -9 * HOUR
    assert clock.late_working_seconds(VIET_NAM, at("10/03/2026 10:00")) == 9 * HOUR
    assert clock.late_working_seconds(VIET_NAM, at("09/03/2026 08:00")) == 0


def test_closed_time_after_the_due_time_is_late_by_no_working_time():
    clock = started("1 giờ", "06/03/2026 16:00")
    assert clock.is_late(VIET_NAM, at("06/03/2026 17:05"))
    assert clock.late_working_seconds(VIET_NAM, at("06/03/2026 17:05")) == 0


def test_a_question_about_the_past_is_answered_as_of_the_last_act():
    assert started().consumed_at(VIET_NAM, at("01/03/2026 09:00")) == 0
    assert resumed().remaining(VIET_NAM, at("03/03/2026 09:00")) == 23 * HOUR


# Pausing and resuming


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (RESET, "Tue 17/03/2026 14:00"),
        (PAUSE, "Fri 13/03/2026 11:30"),
        (CONTINUE, "Fri 13/03/2026 11:30"),
    ],
)
def test_a_supplement_moves_the_due_time_as_the_policy_says(policy, expected):
    """V9: NĐ 61/2018 art. 19.4 resets, QĐ 766 pauses, NĐ 155/2026 continues."""
    clock = paused()
    assert clock.paused
    assert due(clock) == "–"
    assert shown(clock.due_if_resumed(VIET_NAM, at("10/03/2026 14:00"), policy)) == expected
    after = resumed(clock, policy=policy)
    assert due(after) == expected
    assert shown(after.original_due) == "Mon 09/03/2026 09:00"
    assert after.pauses[-1].restarts is (policy is RESET)


def test_time_stands_still_during_a_pause():
    clock = paused()
    for moment in ("04/03/2026 10:00", "10/03/2026 14:00", "20/03/2026 14:00"):
        assert clock.consumed_at(VIET_NAM, at(moment)) == 17 * HOUR
        assert clock.remaining(VIET_NAM, at(moment)) == 23 * HOUR
        assert not clock.is_late(VIET_NAM, at(moment))


def test_a_reset_counts_from_zero_again():
    clock = resumed(policy=RESET)
    assert clock.consumed_at(VIET_NAM, at("10/03/2026 15:00")) == HOUR
    assert clock.remaining(VIET_NAM, at("10/03/2026 15:00")) == 5 * DAY - HOUR


def test_every_pause_keeps_its_ground_and_whose_time_it_was():
    grounds = {"charged_to": "thue", "legal_ground": "NĐ 151/2025", "reason": "Chuyển thông tin"}
    clock = resumed(paused(kind=TAX, **grounds))
    assert clock.pauses == (
        Pause(
            TAX,
            since=at("04/03/2026 10:00"),
            until=at("10/03/2026 14:00"),
            due_before=at("09/03/2026 09:00"),
            **grounds,
        ),
    )


def test_paused_working_time_adds_up_over_pauses():
    clock = resumed(paused(kind=TAX))  # Wed 04/03 10:00 - Tue 10/03 14:00
    assert (
        clock.paused_working_seconds(VIET_NAM, at("11/03/2026 17:00")) == (5.5 + 16 + 8 + 5) * HOUR
    )
    again = paused(clock, "11/03/2026 10:00", PauseKind.COUNCIL)
    assert again.paused_working_seconds(VIET_NAM, at("11/03/2026 11:00")) == 35.5 * HOUR


def test_a_pause_before_the_clock_began_to_count_uses_nothing_and_hastens_nothing():
    clock = started("1 ngày làm việc", "03/03/2026 15:10", cutoff=time(15))
    after = resumed(paused(clock, "03/03/2026 15:30", TAX), "03/03/2026 16:00")
    assert due(after) == due(clock) == "Wed 04/03/2026 17:00"


def test_a_clock_resumed_at_night_goes_on_next_morning():
    assert due(resumed(until="10/03/2026 20:00")) == "Fri 13/03/2026 16:00"


def test_a_clock_that_was_late_before_its_pause_is_as_late_after_it():
    clock = paused(since="09/03/2026 11:00", kind=TAX)
    assert clock.is_late(VIET_NAM, at("12/03/2026 08:00"))
    assert clock.late_working_seconds(VIET_NAM, at("12/03/2026 08:00")) == 2 * HOUR
    after = resumed(clock, "12/03/2026 14:00")
    assert due(after) == "Thu 12/03/2026 10:30"
    assert after.late_working_seconds(VIET_NAM, at("12/03/2026 15:00")) == 3 * HOUR


@pytest.mark.parametrize("kind", [k for k in PauseKind if k is not SUPPLEMENT])
def test_only_a_supplement_is_counted_again_from_zero(kind):
    with refused(OnlySupplementRestarts):
        resumed(paused(kind=kind), policy=RESET)


def test_a_pause_while_paused_is_refused():
    with refused(AlreadyPaused) as error:
        paused(paused(), "05/03/2026 10:00")
    assert "10:00:00 04/03/2026" in error.value.message("vi")


def test_a_pause_ended_twice_is_refused():
    with refused(NotPaused):
        resumed(resumed(), "11/03/2026 14:00")


def test_steps_that_wait_for_others_have_their_kind_of_pause():
    assert set(PAUSE_KINDS) == set(ClockKind) - {ClockKind.RUNS}


# Limits that end with a day


@pytest.mark.parametrize(
    ("limit", "how", "expected"),
    [
        ("30 ngày", {}, "Tue 07/04/2026 17:00"),  # 01/04 and 6 days
        ("1 tháng", {}, "Wed 08/04/2026 17:00"),  # 02/04 and 6 days
        ("5 ngày làm việc", {"day_count": DayCount.CIVIL_DAYS}, "Fri 13/03/2026 17:00"),
        ("1,5 ngày làm việc", {"day_count": DayCount.CIVIL_DAYS}, "Tue 10/03/2026 11:30"),
    ],
)
def test_a_pause_puts_off_a_dated_limit_by_the_days_it_lasted(limit, how, expected):
    """Paused Wed 04/03, resumed Tue 10/03: six calendar days, four working days."""
    clock = started(limit, **how)
    assert due(resumed(paused(clock))) == expected


def test_a_dated_limit_put_off_to_a_day_off_moves_on_from_there():
    clock = started("30 ngày", "01/08/2026 09:00")  # 31/08, a day off: Thu 03/09
    after = resumed(paused(clock, "10/08/2026 09:00"), "12/08/2026 09:00")
    assert due(after) == "Thu 03/09/2026 17:00"  # 02/09 moves to 03/09 as well
    assert (
        due(resumed(paused(after, "13/08/2026 09:00"), "15/08/2026 09:00"))
        == "Fri 04/09/2026 17:00"
    )


def test_two_pauses_on_the_same_day_put_off_nothing():
    clock = resumed(paused(started("30 ngày"), "04/03/2026 10:00"), "04/03/2026 14:00")
    assert due(clock) == due(started("30 ngày"))


def test_a_reset_forgets_how_far_a_dated_limit_was_put_off():
    clock = resumed(paused(started("30 ngày")), policy=CONTINUE)
    again = resumed(paused(clock, "11/03/2026 10:00"), "12/03/2026 10:00", RESET)
    assert due(again) == due(started("30 ngày", "12/03/2026 10:00"))


def test_what_is_left_of_a_dated_limit_is_the_office_time_until_due():
    clock = started("1 ngày", "06/03/2026 08:00")  # due Mon 09/03 17:00
    assert clock.remaining(VIET_NAM, at("06/03/2026 16:00")) == 9 * HOUR
    assert paused(clock, "06/03/2026 16:00").remaining(VIET_NAM, at("12/03/2026 08:00")) == 9 * HOUR
    assert clock.remaining(VIET_NAM, at("10/03/2026 08:30")) == -HOUR


def test_a_result_of_the_day_is_due_the_day_it_is_resumed_by_the_same_rule():
    clock = paused(started("trong ngày", "03/03/2026 10:00"), "03/03/2026 11:00")
    assert due(resumed(clock, "05/03/2026 14:59")) == "Thu 05/03/2026 17:00"
    assert due(resumed(clock, "05/03/2026 15:20")) == "Fri 06/03/2026 17:00"


# Another calendar


def test_on_a_changed_calendar_the_due_time_moves_and_what_was_promised_stands():
    storm = layer(VIET_NAM, Overrides(exceptions=(off(at("05/03/2026 08:00").date()),)))
    clock = started()
    assert due(clock, storm) == "Tue 10/03/2026 09:00"
    assert shown(clock.original_due) == "Mon 09/03/2026 09:00"
    dated = started("3 ngày", "02/03/2026 09:00")
    assert (due(dated), due(dated, storm)) == ("Thu 05/03/2026 17:00", "Fri 06/03/2026 17:00")
