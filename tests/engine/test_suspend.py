"""A suspension stands on a legal ground; when it is gone, the rest of the limit runs on."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.pauses import receive_supplement, resume, suspend
from engine.dossiers.refusals import (
    AwaitsNoSupplement,
    DossierClosed,
    DossierPaused,
    NotPaused,
    NotYours,
    ReasonNeeded,
)
from tests.engine.drawing import CLERK, OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of

WHY, GROUND = "Bão số 3, trụ sở đóng cửa", "Bộ luật Dân sự, Điều 156"


@pytest.fixture
def work(sqlite_ward):
    diagram = draw(
        start(),
        *(step("A", limit="2 working_day"), step("B", status="9"), end()),
        flows=("S A", "A B", "B E"),
        head='<qt:supplement policy="reset" atMost="1"/>',
    )
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 9, 0)
    return sqlite_ward, outcome, outcome.opened[0].step_run_id, sqlite_ward.holder(*OFFICER)


def test_a_suspended_dossier_stands_and_then_uses_the_rest_of_its_limit(work):
    ward, outcome, run, officer = work
    ward.at(2026, 3, 3, 9, 0)
    suspended = suspend(ward.office, officer, run, WHY, GROUND)
    assert (suspended.state, suspended.due_at, suspended.national_status) == ("paused", None, "4")
    ward.at(2026, 3, 10, 9, 0)
    resumed = resume(ward.office, officer, outcome.dossier_id, "Đã mở cửa trở lại")
    assert (resumed.state, resumed.due_at) == ("open", datetime_of(2026, 3, 16, 9, 0))
    assert ward.run(outcome, "A").due_at == datetime_of(2026, 3, 11, 9, 0)
    (pause,) = ward.file(outcome).pauses
    assert (pause.kind, pause.reason, pause.legal_basis) == ("force_majeure", WHY, GROUND)
    assert pause.paused_ws == 5 * 8 * 3600
    assert ward.file(outcome).row.supplements == 0
    assert ward.events(outcome)[1:] == ["dossier.suspended", "dossier.resumed"]


def test_a_dossier_may_be_suspended_again(work):
    ward, outcome, run, officer = work
    for day in (3, 5):
        ward.at(2026, 3, day, 9, 0)
        suspend(ward.office, officer, run, WHY, GROUND)
        ward.at(2026, 3, day + 1, 9, 0)
        resume(ward.office, officer, outcome.dossier_id, "Đã mở cửa trở lại")
    assert ward.file(outcome).row.paused_ws == 2 * 8 * 3600
    assert ward.run(outcome, "A").paused_ws == 2 * 8 * 3600


def test_a_suspension_needs_a_reason_a_ground_and_the_right_person(work):
    ward, outcome, run, officer = work
    for reason, ground in (("", GROUND), (WHY, "")):
        with pytest.raises(ReasonNeeded):
            suspend(ward.office, officer, run, reason, ground)
    with pytest.raises(NotYours):
        suspend(ward.office, ward.holder(*CLERK), run, WHY, GROUND)
    suspend(ward.office, officer, run, WHY, GROUND)
    with pytest.raises(DossierPaused):
        suspend(ward.office, officer, run, WHY, GROUND)
    with pytest.raises(ReasonNeeded):
        resume(ward.office, officer, outcome.dossier_id, "")
    with pytest.raises(NotYours):
        resume(ward.office, ward.holder(*CLERK), outcome.dossier_id, "Đã mở cửa trở lại")


def test_only_what_stands_can_go_on(work):
    ward, outcome, _, officer = work
    with pytest.raises(NotPaused):
        resume(ward.office, officer, outcome.dossier_id, "Đã mở cửa trở lại")


def test_a_suspension_does_not_end_by_papers(work):
    """A supplement would count the limit from zero, which only a supplement may."""
    ward, outcome, run, officer = work
    suspend(ward.office, officer, run, WHY, GROUND)
    with pytest.raises(AwaitsNoSupplement):
        receive_supplement(ward.office, officer, outcome.dossier_id, ())


def test_after_handling_nothing_is_suspended(work):
    ward, _, run, officer = work
    last = complete_step(ward.office, officer, run).opened[0].step_run_id
    with pytest.raises(DossierClosed):
        suspend(ward.office, officer, last, WHY, GROUND)


def test_each_act_is_done_once_per_key(work):
    ward, outcome, run, officer = work
    one = suspend(ward.office, officer, run, WHY, GROUND, key="1")
    two = resume(ward.office, officer, outcome.dossier_id, "Đã mở cửa trở lại", key="2")
    assert suspend(ward.office, officer, run, WHY, GROUND, key="1") == one
    assert resume(ward.office, officer, outcome.dossier_id, "Đã mở cửa trở lại", key="2") == two
    assert len(ward.events(outcome)) == 3
