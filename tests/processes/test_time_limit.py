"""Limits are amounts and units that a decision can state; anything else is refused in a sentence."""

from decimal import Decimal

import pytest

from processes.time_limit import InvalidTimeLimit, TimeLimit, Unit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ngày làm việc",
        "-1 ngày làm việc",
        "−2 giờ làm việc",
        "10000 ngày",
        "1,125 ngày làm việc",
        "1e3 ngày",
        "NaN ngày",
        "hai ngày làm việc",
        "5 tuần",
        "5",
        "0,5 ngày",
        "1,5 tháng",
        "0,5 phút",
        "2 trong ngày",
        "5 ngày làm việc 2 giờ",
        "٣ ngày",
    ],
)
def test_what_is_no_limit_is_refused_in_a_sentence(text):
    with pytest.raises(InvalidTimeLimit) as refused:
        TimeLimit.parse(text)
    assert "không phải là thời hạn hợp lệ" in refused.value.message("vi")


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("-1", Unit.WORKING_DAY),
        ("-0.25", Unit.WORKING_HOUR),
        ("10000", Unit.DAY),
        ("0.5", Unit.DAY),
        ("0.5", Unit.MONTH),
        ("2", Unit.SAME_DAY),
        ("0", Unit.SAME_DAY),
    ],
)
def test_numbers_that_state_no_limit_are_refused(amount, unit):
    with pytest.raises(InvalidTimeLimit):
        TimeLimit(Decimal(amount), unit)


def test_calendar_time_has_no_working_seconds():
    with pytest.raises(InvalidTimeLimit):
        _ = TimeLimit.parse("30 ngày").working_seconds
