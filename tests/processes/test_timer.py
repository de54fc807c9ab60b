"""Timers state a date or a duration in ISO 8601, and nothing else."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from processes.timer import Duration, InvalidTimer, Timer, TimerKind

HANOI = timezone(timedelta(hours=7))

DURATIONS = {
    "PT8H": Duration(0, timedelta(hours=8)),
    "PT30M": Duration(0, timedelta(minutes=30)),
    "PT1.5S": Duration(0, timedelta(seconds=1.5)),
    "P3D": Duration(0, timedelta(days=3)),
    " P1DT12H ": Duration(0, timedelta(hours=36)),
    "P2W": Duration(0, timedelta(days=14)),
    "P1M": Duration(1, timedelta()),
    "P1Y6M": Duration(18, timedelta()),
    "PT0S": Duration(0, timedelta()),
}
WRONG = ["", "P", "PT", "P1DT", "8H", "-P1D", "P-1D", "P1.5D", "R3/PT1H", "PT1H30", "P١D", "=PT1H"]


@pytest.mark.parametrize(("text", "duration"), DURATIONS.items())
def test_reads_durations(text, duration):
    assert Duration.parse(text) == duration


@pytest.mark.parametrize("text", WRONG)
def test_refuses_what_is_no_duration(text):
    with pytest.raises(InvalidTimer):
        Timer(TimerKind.DURATION, text).duration()


def test_a_month_after_31_january_is_the_end_of_february():
    assert Duration.parse("P1M").after(datetime(2026, 1, 31, 9, tzinfo=HANOI)) == datetime(
        2026, 2, 28, 9, tzinfo=HANOI
    )


def test_fourteen_months_and_a_day_after_november():
    moment = datetime(2026, 11, 30, 9, tzinfo=HANOI)
    assert Duration.parse("P1Y2M1D").after(moment) == datetime(2028, 1, 31, 9, tzinfo=HANOI)


DATES = {
    "2026-09-02T08:00:00+07:00": datetime(2026, 9, 2, 1, tzinfo=UTC),
    "2026-09-02T08:00:00Z": datetime(2026, 9, 2, 8, tzinfo=UTC),
    "2026-09-02T08:00:00": datetime(2026, 9, 2, 1, tzinfo=UTC),  # Viet Nam's time
    "2026-09-02": datetime(2026, 9, 1, 17, tzinfo=UTC),
}


@pytest.mark.parametrize(("text", "moment"), DATES.items())
def test_reads_dates_in_viet_nams_time(text, moment):
    assert Timer(TimerKind.DATE, text).date() == moment


@pytest.mark.parametrize("text", ["", "02/09/2026", "2026-13-01", "tomorrow", "${date}"])
def test_refuses_what_is_no_date(text):
    with pytest.raises(InvalidTimer):
        Timer(TimerKind.DATE, text).date()
