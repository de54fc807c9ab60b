"""On the last working day the office owes the result, or an apology and a new date; once."""

from datetime import date

import pytest

from engine.calendar import Calendar
from engine.dossier_list import dossiers
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.extend import extend
from engine.dossiers.pauses import suspend
from engine.legal_clock.duty import ONE_DAY, Duty, duty, owed, owed_by
from engine.legal_clock.owing import owing
from engine.worklist import worklist
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at, shown

WHY = "Hồ sơ phức tạp, xin lỗi ông bà và hẹn lại"
FIVE_DAYS = 5 * DAY


def owed_at(when, due="09/03/2026 09:00", limit=FIVE_DAYS, may_extend=True):
    return duty(at(due), limit, VIET_NAM, at(when), may_extend=may_extend)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("06/03/2026 08:59", None),  # Friday, a minute more than a working day before Monday 9:00
        ("06/03/2026 09:00", Duty.RESULT_OR_APOLOGY),
        ("08/03/2026 12:00", Duty.RESULT_OR_APOLOGY),  # Sunday
        ("20/03/2026 09:00", Duty.RESULT_OR_APOLOGY),  # long late, and still nobody was told
    ],
)
def test_the_duty_begins_one_working_day_before_the_time_runs_out(when, found):
    assert owed_at(when) is found


def test_a_holiday_puts_the_last_day_before_it():
    """30/04 and 01/05/2026 are off: what is due Monday 04/05 at 9:00 is owed from Wednesday 9:00."""
    assert owed_at("29/04/2026 08:59", due="04/05/2026 09:00") is None
    assert owed_at("29/04/2026 09:00", due="04/05/2026 09:00") is Duty.RESULT_OR_APOLOGY


def test_after_an_appointment_was_given_anew_only_the_result_is_left():
    assert owed_at("06/03/2026 10:00", may_extend=False) is Duty.RESULT


@pytest.mark.parametrize("limit", [2 * HOUR, ONE_DAY])
def test_a_limit_without_a_day_before_is_owed_when_it_has_run_out(limit):
    assert owed_at("09/03/2026 09:00", limit=limit) is None
    assert owed_at("09/03/2026 09:01", limit=limit) is Duty.RESULT_OR_APOLOGY


def test_where_no_limit_runs_nothing_is_owed():
    assert duty(None, FIVE_DAYS, VIET_NAM, at("06/03/2026 10:00"), may_extend=True) is None
    assert (
        duty(at("09/03/2026 09:00"), None, VIET_NAM, at("09/03/2026 10:00"), may_extend=True)
        is None
    )


def test_in_the_last_hours_of_a_calendar_all_that_it_knows_is_owed():
    whole = VIET_NAM
    short = Calendar(whole.zone, whole.first_day, date(2026, 3, 6), whole.patterns, ())
    assert shown(owed_by(short, at("06/03/2026 16:00"))) == "Sat 07/03/2026 00:00"


def test_within_the_day_has_no_day_before_however_late_it_came():
    ten_hours = ONE_DAY + 2 * HOUR  # handed in at 15:00, due when the next day closes
    this = at("09/03/2026 17:00"), ten_hours, VIET_NAM
    assert duty(*this, at("09/03/2026 09:00"), may_extend=True, same_day=True) is None
    said = duty(*this, at("09/03/2026 17:01"), may_extend=True, same_day=True)
    assert said is Duty.RESULT_OR_APOLOGY


# On the office


def diagram():
    return draw(start(), *(step("A"), step("B", status="9"), end()), flows=("S A", "A B", "B E"))


def listed(ward):
    with ward.office.database.read() as connection:
        condition = owed(ward.calendar, ward.clock.now())
        return [row.code for row in dossiers(connection, ward.head, owing=condition)]


def test_the_list_and_the_dossier_say_the_same(ward):
    outcome = ward.received(diagram(), 2026, 3, 2, 9, 0)
    for when, found in (((2026, 3, 6, 8, 59), None), ((2026, 3, 6, 9, 0), "result_or_apology")):
        now = ward.at(*when)
        assert ward.file(outcome).duty(now) == found
        assert listed(ward) == ([outcome.code] if found else [])
    extend(ward.office, ward.head, outcome.dossier_id, datetime_of(2026, 3, 12, 10, 0), WHY)
    assert (ward.file(outcome).duty(now), listed(ward)) == (None, [])
    now = ward.at(2026, 3, 11, 10, 0)
    assert (ward.file(outcome).duty(now), listed(ward)) == ("result", [outcome.code])


def test_what_stands_or_is_handled_owes_nothing(ward):
    outcome = ward.received(diagram(), 2026, 3, 2, 9, 0)
    standing = ward.received(diagram().replace(b"T-01", b"T-02"), 2026, 3, 2, 9, 0)
    now = ward.at(2026, 3, 9, 8, 0)
    officer, run = ward.holder(*OFFICER), ward.run(outcome, "A").step_run_id
    other = ward.run(standing, "A").step_run_id
    suspend(ward.office, officer, other, "Bão số 3, trụ sở đóng cửa", "BLDS, Điều 156")
    assert listed(ward) == [outcome.code]
    complete_step(ward.office, officer, run, late=LateReason("complex", "Cần xác minh thêm"))
    assert (ward.file(outcome).duty(now), listed(ward)) == (None, [])


def test_within_the_day_is_owed_nowhere_before_the_day_is_over(ward):
    same_day = (
        '<qt:case code="thuong" name="Thường"><qt:limit amount="1" unit="same_day"/></qt:case>'
    )
    steps = step("A"), step("B", status="9"), end()
    drawn = draw(start(), *steps, flows=("S A", "A B", "B E"), cases=same_day)
    outcome = ward.received(drawn, 2026, 3, 6, 15, 30)  # Friday, after the cutoff
    officer = ward.holder(*OFFICER)
    for when, found in (((2026, 3, 9, 9, 0), None), ((2026, 3, 9, 17, 1), "result_or_apology")):
        now = ward.at(*when)
        assert ward.file(outcome).duty(now) == found
        assert listed(ward) == ([outcome.code] if found else [])
        with ward.office.database.read() as connection:
            rows = owing(ward.office, connection, ward.head, ward.calendar, now)
            (waiting,) = worklist(connection, officer)
        assert [row.owes for row in rows] == ([found] if found else [])
        assert waiting.dossier_same_day

    ward.at(2026, 3, 9, 16, 0)  # put off to Thursday: it has a day before now
    extend(ward.office, ward.head, outcome.dossier_id, datetime_of(2026, 3, 12, 10, 0), WHY)
    now = ward.at(2026, 3, 11, 10, 0)
    assert (ward.file(outcome).duty(now), listed(ward)) == ("result", [outcome.code])
