"""Early, on time, late: days are compared by date, hours with a tenth to spare."""

from datetime import UTC

import pytest

from engine.legal_clock.punctuality import Punctuality, PunctualityRule
from processes.time_limit import TimeLimit
from tests.engine.working_calendars import VIET_NAM, at

EARLY, ON_TIME, LATE = Punctuality


@pytest.mark.parametrize(
    ("limit", "due", "finished", "verdict"),
    [
        ("5 ngày làm việc", "09/03/2026 09:00", "06/03/2026 17:00", EARLY),
        ("5 ngày làm việc", "09/03/2026 09:00", "09/03/2026 07:30", ON_TIME),
        ("5 ngày làm việc", "09/03/2026 09:00", "09/03/2026 09:00", ON_TIME),
        ("5 ngày làm việc", "09/03/2026 09:00", "09/03/2026 09:01", LATE),
        ("30 ngày", "03/09/2026 17:00", "03/09/2026 17:05", LATE),  # office closed, due passed
        ("trong ngày", "04/05/2026 17:00", "29/04/2026 16:50", EARLY),
        ("trong ngày", "29/04/2026 17:00", "29/04/2026 16:50", ON_TIME),
        ("10 giờ", "04/03/2026 10:00", "04/03/2026 08:59", EARLY),  # over an hour to spare
        ("10 giờ", "04/03/2026 10:00", "04/03/2026 09:00", ON_TIME),
        ("10 giờ", "04/03/2026 10:00", "04/03/2026 10:01", LATE),
        ("10 giờ", "04/03/2026 08:00", "03/03/2026 16:29", EARLY),  # an hour, over the night
        ("10 giờ", "04/03/2026 08:00", "03/03/2026 16:30", ON_TIME),
        ("50 phút", "03/03/2026 10:00", "03/03/2026 09:54", EARLY),
        ("50 phút", "03/03/2026 10:00", "03/03/2026 09:55", ON_TIME),
    ],
)
def test_the_verdict_on_a_limit(limit, due, finished, verdict):
    found = PunctualityRule().judge(VIET_NAM, TimeLimit.parse(limit), at(due), at(finished))
    assert found is verdict


def test_dates_are_those_of_the_office_not_of_greenwich():
    """00:30 in Viet Nam is still the day before in UTC."""
    rule, limit = PunctualityRule(), TimeLimit.parse("1 ngày")
    due = at("09/03/2026 17:00").astimezone(UTC)
    assert rule.judge(VIET_NAM, limit, due, at("09/03/2026 00:30").astimezone(UTC)) is ON_TIME


def test_another_margin_is_another_rule_with_another_code():
    strict, usual = PunctualityRule(early_percent=50), PunctualityRule()
    case = VIET_NAM, TimeLimit.parse("10 giờ"), at("04/03/2026 10:00"), at("03/03/2026 15:30")
    assert (usual.judge(*case), strict.judge(*case)) == (EARLY, ON_TIME)
    assert usual.code == "date|10%"
    assert usual.code != strict.code
