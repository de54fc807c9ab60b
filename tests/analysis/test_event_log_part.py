"""Of a log the cases that begin in a period, whole."""

from datetime import date

import pytest

from analysis.event_log.invalid_log import LogPartEmpty
from analysis.event_log.part import begun_in
from analysis.event_log.reading import read_log
from analysis.period import Period

LOG = (
    "case_id,activity,timestamp\n"
    "1,a,2025-06-30T16:59:59Z\n1,b,2025-07-05T00:00Z\n"  # the last second of June in Viet Nam
    "2,a,2025-06-30T17:00:00Z\n2,b,2026-01-01T00:00Z\n"
    "3,a,2025-07-31T16:59:59Z\n4,a,2025-07-31T17:00:00Z\n5,a,\n"
)


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(LOG)
    return read_log(file)


def test_cases_begin_on_days_of_viet_nam_and_stay_whole(log):
    found = begun_in(log, Period(date(2025, 7, 1), date(2025, 7, 31)))
    assert [(t.case_id, len(t.events)) for t in found.traces] == [("2", 2), ("3", 1)]


def test_neighbouring_periods_share_no_case_and_lose_none_that_has_a_time(log):
    periods = [Period(date(2025, m, 1), date(2025, m, 30)) for m in (6, 8)]
    parts = [begun_in(log, p) for p in (periods[0], Period(date(2025, 7, 1), date(2025, 7, 31)))]
    parts.append(begun_in(log, periods[1]))
    assert [t.case_id for part in parts for t in part.traces] == ["1", "2", "3", "4"]


def test_a_period_without_a_case_is_refused_with_its_days(log):
    with pytest.raises(LogPartEmpty) as empty:
        begun_in(log, Period(date(2024, 2, 1), date(2024, 2, 29)))
    assert "29/02/2024" in empty.value.message("vi")
