"""A clock's account is true: what was used, what is left, who stopped it, what was promised."""

import json
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import OutsideCalendar, Overrides, layer
from engine.clock import TimeWithoutZone
from engine.clock_refusals import (
    AlreadyPaused,
    BeforeStart,
    ClockStopped,
    ClockWentBack,
    DueOutsideHours,
    ExtensionNotLater,
    NotPaused,
    OnlySupplementRestarts,
    PausedCannotExtend,
    SecondExtension,
    UnreadableClock,
)
from engine.ledger_clock import LedgerClock
from engine.pause import PAUSE_KINDS, Pause, PauseKind
from engine.punctuality import Punctuality
from processes.errors import Conflict, InvalidInput, Unmet
from processes.procedure import DayCount, SupplementPolicy
from processes.step import ClockKind
from processes.time_limit import TimeLimit
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at, off, refused, shown

CONTINUE, PAUSE, RESET = (
    SupplementPolicy.CONTINUE,
    SupplementPolicy.PAUSE,
    SupplementPolicy.RESET,
)
SUPPLEMENT, TAX = PauseKind.CITIZEN_SUPPLEMENT, PauseKind.TAX


def started(limit="5 ngày làm việc", when="02/03/2026 09:00", **how):
    return LedgerClock.start(VIET_NAM, at(when), TimeLimit.parse(limit), **how)


def paused(clock=None, since="04/03/2026 10:00", kind=SUPPLEMENT, **how):
    return (clock or started()).pause(VIET_NAM, at(since), kind, **how)


def resumed(clock=None, until="10/03/2026 14:00", policy=CONTINUE):
    return (clock or paused()).resume(VIET_NAM, at(until), policy)


def stopped(clock=None, when="06/03/2026 10:00"):
    return (clock or started()).stop(VIET_NAM, at(when))


def due(clock, calendar=VIET_NAM):
    return shown(clock.due_at(calendar))


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


# Extending


def test_an_extension_keeps_both_dates():
    clock = started().extend(
        VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 10:00"), reason="Phức tạp"
    )
    assert due(clock) == shown(clock.extended_due) == "Thu 12/03/2026 10:00"
    assert (
        shown(clock.original_due) == shown(clock.extensions[0].due_before) == "Mon 09/03/2026 09:00"
    )
    assert clock.extensions[0].reason == "Phức tạp"
    assert clock.remaining(VIET_NAM, at("11/03/2026 10:00")) == DAY
    assert started().extended_due is None


@pytest.mark.parametrize(
    ("limit", "by", "expected"),
    [
        ("5 ngày làm việc", "2 ngày làm việc", "Wed 11/03/2026 09:00"),
        ("5 ngày làm việc", "4 giờ", "Mon 09/03/2026 14:30"),
        ("30 ngày", "10 ngày", "Mon 13/04/2026 17:00"),  # 01/04 + 10 = Saturday 11/04
    ],
)
def test_an_extension_by_a_limit_counts_from_the_present_due_time(limit, by, expected):
    clock = started(limit).extend(VIET_NAM, at("06/03/2026 10:00"), TimeLimit.parse(by))
    assert due(clock) == shown(clock.extended_due) == expected


def test_a_second_extension_is_refused():
    """NĐ 61/2018 art. 19.9: a new date at most once."""
    clock = started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 10:00"))
    with refused(SecondExtension):
        clock.extend(VIET_NAM, at("11/03/2026 10:00"), at("20/03/2026 10:00"))
    assert issubclass(SecondExtension, Unmet)


def test_a_procedure_may_allow_more_extensions_or_none():
    clock = started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 10:00"), at_most=2)
    clock = clock.extend(VIET_NAM, at("11/03/2026 10:00"), at("20/03/2026 10:00"), at_most=2)
    assert due(clock) == "Fri 20/03/2026 10:00"
    with refused(SecondExtension):
        started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 10:00"), at_most=0)


@pytest.mark.parametrize(
    ("when", "to"),
    [
        ("06/03/2026 10:00", "09/03/2026 09:00"),
        ("06/03/2026 10:00", "06/03/2026 16:00"),
        ("16/03/2026 10:00", "13/03/2026 10:00"),
    ],
)
def test_an_extension_gives_more_time(when, to):
    with refused(ExtensionNotLater):
        started().extend(VIET_NAM, at(when), at(to))


@pytest.mark.parametrize(
    "to", ["14/03/2026 10:00", "12/03/2026 12:00", "12/03/2026 18:00", "12/03/2026 07:30"]
)
def test_nobody_is_promised_a_time_when_the_office_is_closed(to):
    """At the very opening nothing can have been done since the last closing."""
    with refused(DueOutsideHours):
        started().extend(VIET_NAM, at("06/03/2026 10:00"), at(to))


def test_the_close_of_a_day_may_be_promised():
    clock = started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 17:00"))
    assert due(clock) == "Thu 12/03/2026 17:00"


def test_time_used_before_an_extension_stays_used():
    clock = resumed().extend(VIET_NAM, at("12/03/2026 10:00"), at("17/03/2026 10:00"))
    assert due(clock) == "Tue 17/03/2026 10:00"
    assert clock.consumed_at(VIET_NAM, at("12/03/2026 10:00")) == (17 + 13.5) * HOUR


def test_a_late_dossier_may_still_be_extended():
    clock = started().extend(VIET_NAM, at("10/03/2026 10:00"), at("12/03/2026 10:00"))
    assert clock.remaining(VIET_NAM, at("11/03/2026 10:00")) == DAY


def test_a_paused_clock_has_no_due_time_to_extend():
    with refused(PausedCannotExtend):
        paused().extend(VIET_NAM, at("05/03/2026 10:00"), at("20/03/2026 10:00"))


def test_after_an_extension_a_dated_limit_goes_on_in_working_time():
    clock = started("30 ngày").extend(VIET_NAM, at("05/03/2026 10:00"), at("10/04/2026 10:00"))
    assert due(clock) == "Fri 10/04/2026 10:00"
    after = resumed(paused(clock, "06/03/2026 10:00"), "09/03/2026 10:00")  # one working day
    assert due(after) == "Mon 13/04/2026 10:00"


def test_a_reset_after_an_extension_gives_the_limit_anew_and_keeps_the_extension_used():
    clock = started().extend(VIET_NAM, at("03/03/2026 10:00"), at("12/03/2026 10:00"))
    after = resumed(paused(clock), policy=RESET)
    assert due(after) == "Tue 17/03/2026 14:00"
    with refused(SecondExtension):
        after.extend(VIET_NAM, at("16/03/2026 10:00"), at("20/03/2026 10:00"))


# Stopping and judging


def test_a_stopped_clock_keeps_its_time():
    clock = stopped()
    assert clock.stopped
    assert due(clock) == "Mon 09/03/2026 09:00"
    assert clock.remaining(VIET_NAM, at("20/03/2026 10:00")) == 7 * HOUR
    assert clock.consumed_at(VIET_NAM, at("20/03/2026 10:00")) == 33 * HOUR
    assert not clock.is_late(VIET_NAM, at("20/03/2026 10:00"))


@pytest.mark.parametrize(
    ("when", "verdict"),
    [
        ("06/03/2026 16:59", Punctuality.EARLY),
        ("09/03/2026 09:00", Punctuality.ON_TIME),
        ("09/03/2026 09:01", Punctuality.LATE),
    ],
)
def test_the_verdict_is_that_of_the_stop(when, verdict):
    assert stopped(when=when).judge(VIET_NAM, at("20/03/2026 10:00")) is verdict
    assert started().judge(VIET_NAM, at(when)) is verdict


def test_an_extended_dossier_is_judged_by_its_new_date():
    clock = started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 10:00"))
    assert stopped(clock, "12/03/2026 09:00").judge(VIET_NAM, at("12/03/2026 09:00")) == "on_time"


def test_a_dossier_closed_while_waiting_for_the_citizen_is_judged_by_when_it_was_asked():
    """QĐ 766 2.1: waiting for a supplement counts at the moment of the request."""
    clock = stopped(paused(), "30/04/2026 10:00")
    assert clock.stopped
    assert not clock.paused
    assert due(clock) == "–"
    assert clock.pauses[-1].until == at("30/04/2026 10:00")
    assert clock.judge(VIET_NAM, at("30/04/2026 10:00")) is Punctuality.EARLY
    late = stopped(paused(since="09/03/2026 10:00"), "30/04/2026 10:00")
    assert late.judge(VIET_NAM, at("30/04/2026 10:00")) is Punctuality.LATE


@pytest.mark.parametrize(
    "act",
    [
        lambda clock: clock.pause(VIET_NAM, at("09/03/2026 10:00"), TAX),
        lambda clock: clock.resume(VIET_NAM, at("09/03/2026 10:00")),
        lambda clock: clock.extend(VIET_NAM, at("09/03/2026 10:00"), at("20/03/2026 10:00")),
        lambda clock: clock.stop(VIET_NAM, at("09/03/2026 10:00")),
    ],
)
def test_nothing_changes_a_stopped_clock(act):
    with refused(ClockStopped):
        act(stopped())
    with refused(ClockStopped):
        act(stopped(paused()))


# Time runs forwards


ACTS = {
    "pause": lambda clock, moment: clock.pause(VIET_NAM, moment, TAX),
    "resume": lambda clock, moment: clock.resume(VIET_NAM, moment),
    "extend": lambda clock, moment: clock.extend(VIET_NAM, moment, at("20/03/2026 10:00")),
    "stop": lambda clock, moment: clock.stop(VIET_NAM, moment),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_nothing_happens_before_the_clock_was_started(act):
    with refused(BeforeStart):
        act(started(), at("02/03/2026 08:59"))


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize(
    ("clock", "last"),
    [
        (paused(), "04/03/2026 09:59"),
        (resumed(), "10/03/2026 13:59"),
        (started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 10:00")), "06/03/2026 09:59"),
        (stopped(), "06/03/2026 09:59"),
    ],
    ids=["paused", "resumed", "extended", "stopped"],
)  # fmt: skip
def test_nothing_happens_before_what_was_last_recorded(act, clock, last):
    with refused(ClockWentBack):
        act(clock, at(last))


def test_two_acts_in_the_same_second_are_in_order():
    clock = resumed(paused(), "04/03/2026 10:00")
    assert due(clock) == due(started())
    assert clock.as_of == at("04/03/2026 10:00")


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_time_without_a_zone_is_refused(act):
    with refused(TimeWithoutZone):
        act(started(), at("04/03/2026 10:00").replace(tzinfo=None))


def test_a_stop_the_calendar_does_not_know_is_refused():
    with refused(OutsideCalendar):
        stopped(when="02/01/2028 10:00")


def test_errors_are_of_the_house_families():
    assert issubclass(AlreadyPaused, Conflict)
    assert issubclass(ClockWentBack, InvalidInput)


# Another calendar


def test_on_a_changed_calendar_the_due_time_moves_and_what_was_promised_stands():
    storm = layer(VIET_NAM, Overrides(exceptions=(off(at("05/03/2026 08:00").date()),)))
    clock = started()
    assert due(clock, storm) == "Tue 10/03/2026 09:00"
    assert shown(clock.original_due) == "Mon 09/03/2026 09:00"
    dated = started("3 ngày", "02/03/2026 09:00")
    assert (due(dated), due(dated, storm)) == ("Thu 05/03/2026 17:00", "Fri 06/03/2026 17:00")


# Laws


words = st.sampled_from(["", "thue", "Chờ “thông báo”\nvà nộp tiền"])


@st.composite
def histories(draw):
    """A clock with up to four pauses, hours apart, on any kind of limit."""
    limit = draw(st.sampled_from(["5 ngày làm việc", "12 giờ", "20 ngày", "1 tháng", "trong ngày"]))
    clock = started(limit, day_count=draw(st.sampled_from(DayCount)))
    moment = at("02/03/2026 09:00")
    for _ in range(draw(st.integers(0, 4))):
        moment += timedelta(minutes=draw(st.integers(0, 3000)))
        clock = clock.pause(
            VIET_NAM, moment, draw(st.sampled_from([SUPPLEMENT, TAX])), charged_to=draw(st.none() | words),
            legal_ground="NĐ 61", reason=draw(words),
        )  # fmt: skip
        moment += timedelta(minutes=draw(st.integers(0, 9000)))
        reset = clock.pauses[-1].kind is SUPPLEMENT and draw(st.booleans())
        clock = clock.resume(VIET_NAM, moment, RESET if reset else CONTINUE)
    return clock, moment + timedelta(minutes=draw(st.integers(0, 9000)))


@given(histories(), st.sampled_from(["run", "pause", "extend", "stop"]))
def test_a_clock_is_written_and_read_back(history, last):
    clock, moment = history
    if last == "pause":
        clock = clock.pause(VIET_NAM, moment, TAX)
    elif last == "extend":
        clock = clock.extend(VIET_NAM, moment, TimeLimit.parse("30 ngày làm việc"))
    elif last == "stop":
        clock = clock.stop(VIET_NAM, moment)
    assert LedgerClock.from_data(json.loads(json.dumps(clock.to_data()))) == clock


@given(histories())
def test_working_time_used_and_left_is_the_budget(history):
    clock, moment = history
    if not clock.dated:
        used = clock.consumed_at(VIET_NAM, moment)
        assert used + clock.remaining(VIET_NAM, moment) == clock.budget


@given(histories())
def test_what_is_left_at_any_time_ends_at_the_due_time(history):
    clock, moment = history
    left = clock.remaining(VIET_NAM, moment)
    if left > 0:
        begin = max(moment, clock.running_since)
        assert VIET_NAM.add(begin, left) == clock.due_at(VIET_NAM)
    else:
        assert clock.late_working_seconds(VIET_NAM, moment) == -left


@given(histories(), st.integers(0, 9000))
def test_pausing_gives_exactly_the_time_it_took(history, minutes):
    """For working time: due moves by the working time of the pause."""
    clock, moment = history
    if clock.dated:
        return
    until = moment + timedelta(minutes=minutes)
    after = clock.pause(VIET_NAM, moment, TAX).resume(VIET_NAM, until)
    begin = max(moment, clock.running_since)
    stood = max(0, VIET_NAM.elapsed(begin, until))
    moved = VIET_NAM.elapsed(clock.due_at(VIET_NAM), after.due_at(VIET_NAM))
    assert moved == stood


def test_a_plain_clock_is_stored_in_few_words():
    assert len(json.dumps(started().to_data())) < 150


@pytest.mark.parametrize(
    "broken",
    [
        {"limit": ["5"]},
        {"limit": ["five", "working_day"]},
        {"limit": ["5", "week"]},
        {"started": None},
        {"due": "2026-03-09"},
        {"budget": "much"},
        {"count": "lunar"},
        {"cutoff": "3 pm"},
        {"pauses": [["tax", 1]]},
        {"pauses": [["lunch", 1, 2, 3, None, "", "", 0]]},
        {"extensions": [[1, 2]]},
        {"running": 10**20},
    ],
)
def test_stored_clocks_in_another_form_are_refused(broken):
    with refused(UnreadableClock):
        LedgerClock.from_data(started().to_data() | broken)


@pytest.mark.parametrize("data", [{}, [], None, "clock"])
def test_what_is_no_clock_is_refused(data):
    with refused(UnreadableClock):
        LedgerClock.from_data(data)
