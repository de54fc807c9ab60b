"""Whatever happens to a clock, its account adds up, and it is read back as it was written."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.refusals import (
    UnreadableClock,
)
from processes.time_limit import TimeLimit
from tests.engine.ledger_clocks import (
    TAX,
    histories,
    started,
)
from tests.engine.working_calendars import VIET_NAM, refused


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
