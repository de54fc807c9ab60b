"""Time stamps of logs are read exactly or not at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.event_log.time_stamp import (
    VIET_NAM,
    DateOrder,
    UnknownTimeZone,
    read_instant,
    time_zone,
    write_instant,
)

READ = {
    "2025-07-01T08:30:00+07:00": "2025-07-01T01:30:00Z",
    "2025-07-01T08:30:00.123456+07:00": "2025-07-01T01:30:00.123456Z",
    "2025-07-01T01:30:00.1234569Z": "2025-07-01T01:30:00.123456Z",  # cut, never rounded up
    "2025-07-01 01:30:00 UTC": "2025-07-01T01:30:00Z",
    "2025-07-01 08:30:00 +0700": "2025-07-01T01:30:00Z",
    "2025/07/01 08:30": "2025-07-01T01:30:00Z",
    "2025-07-01 08:30:00": "2025-07-01T01:30:00Z",
    "20250701T083000": "2025-07-01T01:30:00Z",
    "01/07/2025 08:30": "2025-07-01T01:30:00Z",
    "1/7/2025 8:30:05": "2025-07-01T01:30:05Z",
    "1-7-2025 8h30": "2025-07-01T01:30:00Z",
    "01.07.2025, 08:30:00.5": "2025-07-01T01:30:00.500000Z",
    "01/07/2025 08:30:00 +09:00": "2025-06-30T23:30:00Z",
    "01/07/2025 01:30 PM": "2025-07-01T06:30:00Z",
    "01/07/2025 12:30 SA": "2025-06-30T17:30:00Z",  # SA = sáng, before noon
    "01/07/2025 12:30 CH": "2025-07-01T05:30:00Z",  # CH = chiều
    "2025-07-01": "2025-06-30T17:00:00Z",
    "20250701": "2025-06-30T17:00:00Z",
    "1/7/2025": "2025-06-30T17:00:00Z",
}
UNREADABLE = [
    "", "x", "hôm qua", "2025", "2025-13-01", "31/02/2025", "01/07/25", "1318333540", "1311121012345",
    "2025-07-01T25:00:00Z", "2025-07-01T23:59:60Z", "01/07/2025 13:30 PM", "01/07/2025 0:30 AM",
    "01/07/2025 08:30 +99:99", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "٢٠٢٥-07-01",
    "01/07/2025" * 5000, "2025-07-01T08:30:00Z\n<",
]  # fmt: skip


@pytest.mark.parametrize(("text", "utc"), READ.items())
def test_reads_what_systems_and_people_write(text, utc):
    assert write_instant(read_instant(text, VIET_NAM).us) == utc


@pytest.mark.parametrize("text", UNREADABLE)
def test_refuses_to_guess(text):
    assert read_instant(text, VIET_NAM) is None


def test_month_first_is_read_where_the_file_writes_it():
    instant = read_instant("07/13/2025", UTC, DateOrder.MONTH_FIRST)
    assert write_instant(instant.us) == "2025-07-13T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "zoned", "whole_day"),
    [
        ("2025-07-01", False, True),
        ("1/7/2025", False, True),
        ("2025-07-01T00:00:00", False, False),
        ("2025-07-01T00:00:00Z", True, False),
        ("1/7/2025 8:30", False, False),
    ],
)
def test_knows_what_the_text_leaves_open(text, zoned, whole_day):
    instant = read_instant(text, VIET_NAM)
    assert (instant.zoned, instant.whole_day) == (zoned, whole_day)


stamps = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29))  # noqa: DTZ001  zones follow
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(stamps, offsets)
def test_no_microsecond_is_lost_in_any_zone(stamp, zone):
    written = stamp.replace(tzinfo=zone).isoformat()
    read = read_instant(written, VIET_NAM).us
    assert datetime.fromisoformat(write_instant(read)) == stamp.replace(tzinfo=zone)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text):
    instant = read_instant(text, VIET_NAM)
    assert instant is None or read_instant(write_instant(instant.us), UTC).us == instant.us


@pytest.mark.parametrize("name", ["Nowhere/At_All", "", "../etc/passwd", "/etc/passwd", "Asia"])
def test_an_unknown_time_zone_is_refused(name):
    with pytest.raises(UnknownTimeZone):
        time_zone(name)


def test_time_zones_are_found_by_name():
    assert time_zone("UTC") is UTC
    assert time_zone("Asia/Ho_Chi_Minh") == VIET_NAM
