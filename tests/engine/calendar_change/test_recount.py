"""A clock counted again on a changed calendar: what was promised stands, the rest follows it."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import OutsideCalendar, Overrides, layer
from engine.calendar_change.recount import changed_span, recounted, recounted_data
from engine.legal_clock.ledger_clock import LedgerClock
from engine.working_calendar.office_hours import read_sessions
from engine.working_calendar.viet_nam import vietnam
from processes.procedure import DayCount, SupplementPolicy
from processes.time_limit import TimeLimit
from tests.engine.ledger_clocks import TAX, due, histories, paused, resumed, started, stopped
from tests.engine.working_calendars import VIET_NAM, at, off, shown, worked

STORM = layer(VIET_NAM, Overrides((), (off(date(2026, 3, 5)), off(date(2026, 3, 6)))))


@st.composite
def clocks(draw):
    """A clock with a history, that runs, stands, or was extended."""
    clock, moment = draw(histories())
    if draw(st.booleans()) and not clock.pauses:
        clock = started("3 ngày làm việc", cutoff=time(15))
    last = draw(st.sampled_from(["runs", "stands", "extended", "extended and stands"]))
    if last.startswith("extended"):
        clock = clock.extend(VIET_NAM, moment, TimeLimit.parse("30 ngày làm việc"))
    return clock.pause(VIET_NAM, moment, TAX) if last.endswith("stands") else clock


@st.composite
def others(draw):
    """The calendar with other hours on some days of the spring of 2026."""
    dates = st.dates(date(2026, 3, 1), date(2026, 4, 30))
    days = draw(st.lists(dates, max_size=12, unique=True))
    hours = st.sampled_from([None, "08:00-12:00", "15:00-19:00"])
    stated = ((day, draw(hours)) for day in days)
    exceptions = (
        off(day) if text is None else worked(day, sessions=read_sessions(text))
        for day, text in stated
    )
    return layer(VIET_NAM, Overrides((), tuple(exceptions)))


@given(clocks())
def test_on_its_own_calendar_a_clock_comes_out_as_it_is(clock):
    assert recounted(clock, VIET_NAM) == clock


@given(clocks(), others())
def test_a_stored_clock_is_counted_as_its_value_is(clock, other):
    """The short way for plain clocks is the long way."""
    again = recounted(clock, other)
    data, due_second = recounted_data(clock.to_data(), other)
    assert data == again.to_data()
    due_at = None if due_second is None else datetime.fromtimestamp(due_second, UTC)
    assert due_at == again.due_at(other)


@given(clocks(), others())
def test_what_was_promised_stands(clock, other):
    again = recounted(clock, other)
    assert again.original_due == clock.original_due
    assert again.extensions == clock.extensions
    assert [(p.since, p.until, p.kind, p.reason) for p in again.pauses] == [
        (p.since, p.until, p.kind, p.reason) for p in clock.pauses
    ]


@given(clocks(), others())
def test_counting_again_and_back_leaves_a_clock_as_it_was(clock, other):
    """Undoing a change of the calendar undoes what it did to the clocks."""
    assert recounted(recounted(clock, other), VIET_NAM) == clock


@given(clocks(), others(), others())
def test_it_does_not_matter_which_calendars_came_between(clock, one, other):
    assert recounted(recounted(clock, one), other) == recounted(clock, other)


@given(histories(), others())
def test_a_clock_that_ran_outside_of_the_changed_days_stands(history, other):
    clock, moment = history
    span = changed_span(VIET_NAM, other)
    begin, end = clock.started_at, max(clock.due_at(VIET_NAM), moment)
    if span is None or not span.touches(int(begin.timestamp()), int(end.timestamp())):
        assert recounted(clock, other) == clock
        assert clock.due_at(other) == clock.due_at(VIET_NAM)


@pytest.mark.parametrize(
    ("limit", "how", "expected"),
    [
        ("5 ngày làm việc", {}, "Wed 11/03/2026 09:00"),
        ("2 giờ", {}, "Mon 02/03/2026 11:00"),
        ("5 ngày làm việc", {"day_count": DayCount.CIVIL_DAYS}, "Wed 11/03/2026 17:00"),
        ("3 ngày", {}, "Mon 09/03/2026 17:00"),  # 5 March is off now: Civil Code art. 148.5
    ],
)
def test_two_days_of_storm_move_what_was_running(limit, how, expected):
    clock = recounted(started(limit, **how), STORM)
    assert shown(clock.due_at(STORM)) == expected


def test_a_pause_that_was_over_before_the_storm_stays_uncounted():
    clock = recounted(resumed(paused(since="03/03/2026 09:00"), "04/03/2026 09:00"), STORM)
    assert shown(clock.due_at(STORM)) == "Thu 12/03/2026 09:00"


def test_a_restart_after_a_supplement_is_counted_again_too():
    clock = resumed(paused(since="03/03/2026 09:00"), "04/03/2026 09:00", SupplementPolicy.RESET)
    assert shown(recounted(clock, STORM).due_at(STORM)) == "Fri 13/03/2026 09:00"


def test_a_storm_declared_afterwards_gives_back_the_time_it_took():
    """Paused on the Saturday: of the two days of storm nothing was used."""
    clock = recounted(paused(since="07/03/2026 09:00"), STORM)
    assert clock.consumed == (3 * 8 - 1) * 3600 - 1800
    assert shown(clock.pauses[-1].due_before) == "Wed 11/03/2026 09:00"


def test_a_date_promised_by_an_extension_stands_where_the_office_is_open():
    clock = started().extend(VIET_NAM, at("03/03/2026 10:00"), at("12/03/2026 15:00"))
    assert shown(recounted(clock, STORM).due_at(STORM)) == "Thu 12/03/2026 15:00"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (None, "Mon 16/03/2026 17:00"),  # the day is off: the close of the next working day
        ("07:30-11:30", "Thu 12/03/2026 11:30"),  # open in the morning only
        ("15:00-17:00", "Thu 12/03/2026 17:00"),  # it opens no sooner than was promised
    ],
)
def test_a_date_promised_for_closed_time_moves_as_little_as_it_can(hours, expected):
    clock = started().extend(VIET_NAM, at("03/03/2026 10:00"), at("12/03/2026 15:00"))
    days = (off(date(2026, 3, 12)), off(date(2026, 3, 13)))
    if hours is not None:
        days = (worked(date(2026, 3, 12), sessions=read_sessions(hours)),)
    changed = layer(VIET_NAM, Overrides((), days))
    assert shown(recounted(clock, changed).due_at(changed)) == expected


def test_what_was_judged_is_not_judged_again():
    clock = stopped()
    assert recounted(clock, STORM) is clock
    assert due(clock) == "Mon 09/03/2026 09:00"


def test_a_clock_that_the_calendar_does_not_reach_is_refused():
    short = layer(VIET_NAM, Overrides((), ()))
    clock = LedgerClock.start(short, at("20/12/2027 09:00"), TimeLimit.parse("5 ngày làm việc"))
    with pytest.raises(OutsideCalendar):
        recounted(clock, vietnam(2024, 2026))


def test_the_span_of_a_change_is_from_its_first_to_its_last_day():
    span = changed_span(VIET_NAM, STORM)
    assert span.first == at("05/03/2026 00:00").timestamp()
    assert span.beyond == at("07/03/2026 00:00").timestamp()
    assert changed_span(VIET_NAM, VIET_NAM) is None
    assert not span.touches(0, span.first)
    assert span.touches(span.beyond - 1, span.beyond)
    assert not span.touches(span.beyond, span.beyond + 1)
