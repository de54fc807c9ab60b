"""A version whose limits the calendar does not reach is not put in force."""

import pytest

from engine.legal_clock.armable_limits import LimitCannotBeArmed
from tests.engine.drawing import draw, end, start, step

_CASE = '<qt:case code="normal" name="Thường"><qt:limit amount="{}" unit="{}"/></qt:case>'


def drawn(limit="1 working_day", case=("5", "working_day"), **stated):
    return draw(
        *(start(), step("A", limit=limit, **stated), end()),
        flows=("S A", "A E"),
        cases=_CASE.format(*case),
    )


@pytest.mark.parametrize(
    ("diagram", "named"),
    [
        (drawn(case=("60", "month")), "trường hợp “Thường”: thời hạn 60 tháng"),
        (drawn(case=("2000", "working_day")), "trường hợp “Thường”"),
        (drawn(case=("3000", "day")), "trường hợp “Thường”"),
    ],
)
def test_a_limit_beyond_the_calendar_is_refused_and_named(ward, diagram, named):
    with pytest.raises(LimitCannotBeArmed) as refused:
        ward.publish(diagram)
    said = refused.value.message("vi")
    assert named in said
    assert "kéo dài lịch" in said


def test_a_step_beyond_the_calendar_is_refused_and_named(sqlite_ward):
    """The tax office's time is not added up against the case's, so nothing else finds it."""
    with pytest.raises(LimitCannotBeArmed) as refused:
        sqlite_ward.publish(drawn("3000 day", clock="tax"))
    assert "bước “Bước A”" in refused.value.message("vi")


def test_what_the_calendar_reaches_is_put_in_force(ward):
    assert ward.publish(drawn("3 working_day"))


def test_in_the_last_days_of_the_calendar_nothing_new_is_promised(sqlite_ward):
    last = sqlite_ward.calendar.last_day
    sqlite_ward.at(last.year, last.month, last.day, 9, 0)
    with pytest.raises(LimitCannotBeArmed):
        sqlite_ward.publish(drawn())
