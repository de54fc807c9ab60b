"""The machine's clock jumps: back, and nothing happens before what happened; on, and it is said."""

import pytest

from engine.calendar import OutsideCalendar
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.pauses import resume, suspend
from engine.dossiers.refusals import NotPaused
from engine.dossiers.timeouts import let_time_pass
from engine.journal import events_of
from engine.reminders.round import remind
from engine.store.reminder_tables import reminder
from tests.engine.calendar_changes import changed, closure, office_layer
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of


@pytest.fixture
def work(ward):
    diagram = draw(
        start(), step("A"), step("B", limit="2 working_day"), end(), flows=("S A", "A B", "B E")
    )
    return ward, ward.received(diagram, 2026, 3, 2, 10, 0), ward.holder(*OFFICER)


def moments(ward, outcome):
    with ward.office.database.read() as connection:
        return [event.at for event in events_of(connection, ward.agency_id, outcome.dossier_id)]


def test_set_back_an_act_happens_when_the_last_one_did(work):
    ward, outcome, officer = work
    ward.at(2026, 3, 1, 9, 0)  # a day before it was received
    complete_step(ward.office, officer, ward.run(outcome, "A").step_run_id)
    run = ward.run(outcome, "A")
    assert (run.waiting_ws, run.handling_ws, run.result) == (0, 0, "early")
    assert moments(ward, outcome) == [run.enabled_at] * 2


def test_set_back_while_it_stands_a_pause_takes_no_time_and_never_less(work):
    ward, outcome, officer = work
    run = ward.run(outcome, "A").step_run_id
    suspend(ward.office, officer, run, "Bão số 3, trụ sở đóng cửa", "BLDS, Điều 156")
    ward.at(2026, 2, 2, 9, 0)
    resume(ward.office, officer, outcome.dossier_id, "Trụ sở mở cửa lại")
    with pytest.raises(NotPaused):  # a pause is not ended twice
        resume(ward.office, officer, outcome.dossier_id, "Trụ sở mở cửa lại")
    (pause,) = ward.file(outcome).clock.pauses
    assert pause.since == pause.until
    assert ward.file(outcome).row.paused_ws == 0


def test_set_on_a_year_what_is_overdue_escalates_once(work):
    ward, outcome, officer = work
    ward.at(2027, 3, 2, 10, 0)
    assert (let_time_pass(ward.office), let_time_pass(ward.office)) == (1, 0)
    ward.at(2026, 3, 2, 11, 0)  # and put right again: the dossier stays where it has come to
    late = LateReason("other", "Đồng hồ máy chủ bị đặt sai")
    complete_step(ward.office, officer, ward.run(outcome, "A").step_run_id, late=late)
    assert moments(ward, outcome) == sorted(moments(ward, outcome))


def test_set_on_past_the_calendar_the_act_is_refused_and_nothing_changed(work):
    ward, outcome, officer = work
    ward.at(2031, 3, 2, 10, 0)
    late = LateReason("other", "Đồng hồ máy chủ bị đặt sai")
    with pytest.raises(OutsideCalendar) as refused:
        complete_step(ward.office, officer, ward.run(outcome, "A").step_run_id, late=late)
    assert "Lịch làm việc chỉ có từ" in refused.value.message("vi")
    assert ward.events(outcome) == ["dossier.received"]


def test_set_back_before_the_calendar_was_changed_a_dossier_stays_with_the_change(work):
    """The edition on the dossier counts, not the one that would be in force by the wrong clock."""
    ward, outcome, officer = work
    ward.at(2026, 3, 2, 11, 0)
    changed(ward, office_layer(closure((3, 3))))
    due = ward.file(outcome).row.due_at
    ward.at(2026, 2, 27, 9, 0)
    complete_step(ward.office, officer, ward.run(outcome, "A").step_run_id)
    assert ward.file(outcome).row.due_at == due
    assert ward.file(outcome).row.calendar_edition == 2
    assert ward.run(outcome, "B").due_at == datetime_of(2026, 3, 5, 11, 0)  # the 3rd is off
    assert moments(ward, outcome) == sorted(moments(ward, outcome))


def test_set_on_and_put_right_again_no_rung_is_told_twice(work):
    ward, outcome, officer = work
    run = ward.run(outcome, "A").step_run_id
    complete_step(ward.office, officer, run)
    for moment in ((2026, 3, 20, 9, 0), (2026, 3, 3, 9, 0), (2026, 3, 20, 9, 0)):
        ward.at(*moment)
        remind(ward.office)
    told = [row.rung for row in ward.stored(reminder)]
    assert sorted(told) == sorted(set(told))
    assert told
