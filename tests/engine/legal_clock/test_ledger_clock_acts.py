"""A clock is extended at most once, stopped with a verdict, and nothing happens to it in the past."""

import pytest

from engine.calendar import OutsideCalendar
from engine.clock import TimeWithoutZone
from engine.legal_clock.punctuality import Punctuality
from engine.legal_clock.refusals import (
    AlreadyPaused,
    BeforeStart,
    ClockStopped,
    ClockWentBack,
    DueOutsideHours,
    ExtensionNotLater,
    PausedCannotExtend,
    SecondExtension,
)
from processes.errors import Conflict, InvalidInput, Unmet
from processes.time_limit import TimeLimit
from tests.engine.ledger_clocks import RESET, TAX, due, paused, resumed, started, stopped
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at, refused, shown

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
