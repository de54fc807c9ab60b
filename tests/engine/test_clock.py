"""Time is given to those who need it, and does not run backwards behind their backs."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine import clock as clock_module
from engine.clock import ClockSetBack, SetClock, SystemClock, TimeWithoutZone
from tests.engine.working_calendars import refused

EIGHT = datetime(2026, 3, 3, 8, tzinfo=timezone(timedelta(hours=7)))


def test_a_set_clock_tells_the_same_moment_in_utc():
    now = SetClock(EIGHT).now()
    assert (now, now.tzinfo) == (EIGHT, UTC)


def test_a_set_clock_stands_until_it_is_advanced():
    clock = SetClock(EIGHT)
    assert clock.now() == clock.now()
    clock.advance(timedelta(minutes=90))
    assert clock.now() == EIGHT + timedelta(minutes=90)


def test_a_set_clock_goes_back_only_by_being_set():
    clock = SetClock(EIGHT)
    with refused(ClockSetBack):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == EIGHT
    clock.set(EIGHT - timedelta(days=1))
    assert clock.now() == EIGHT - timedelta(days=1)


@pytest.mark.parametrize("give", [SetClock, SetClock(EIGHT).set])
def test_a_time_without_a_zone_is_not_a_moment(give):
    with refused(TimeWithoutZone):
        give(EIGHT.replace(tzinfo=None))


def test_the_system_clock_stands_still_while_the_machine_is_put_back(monkeypatch):
    machine = iter([EIGHT, EIGHT - timedelta(minutes=5), EIGHT + timedelta(seconds=1)])

    class Machine(datetime):
        @classmethod
        def now(cls, tz=None):
            return next(machine).astimezone(tz)

    clock = SystemClock()
    monkeypatch.setattr(clock_module, "datetime", Machine)
    assert [clock.now() for _ in range(3)] == [EIGHT, EIGHT, EIGHT + timedelta(seconds=1)]


def test_the_system_clock_tells_an_aware_moment():
    assert SystemClock().now().tzinfo is UTC
