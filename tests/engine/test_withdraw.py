"""The applicant takes the dossier back, also while it stands."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.end_early import withdraw
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.dossiers.refusals import DossierClosed, NotYours, ReasonNeeded
from tests.engine.drawing import CHIEF, CLERK, OFFICER, component, draw, end, start, step
from tests.engine.offices import datetime_of

WHY = "Người nộp xin rút hồ sơ"


@pytest.fixture
def work(sqlite_ward):
    diagram = draw(
        start(),
        *(step("A", lane=CLERK), step("B"), end()),
        flows=("S A", "A B", "B E"),
        head=component("DON"),
    )
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 8, 0)
    clerk = sqlite_ward.holder(*CLERK)
    second = complete_step(sqlite_ward.office, clerk, outcome.opened[0].step_run_id).opened[0]
    return sqlite_ward, outcome, second.step_run_id, clerk


def test_a_withdrawn_dossier_is_closed_as_such(work):
    ward, outcome, _, clerk = work
    withdrawn = withdraw(ward.office, clerk, outcome.dossier_id, WHY)
    assert (withdrawn.state, withdrawn.outcome, withdrawn.national_status) == (
        "closed",
        "withdrawn",
        "7",
    )
    assert [run.state for run in ward.file(outcome).steps] == ["completed", "cancelled"]


def test_it_may_be_withdrawn_while_papers_are_awaited(work):
    ward, outcome, run, clerk = work
    officer = ward.holder(*OFFICER)
    request_supplement(ward.office, officer, run, SupplementRequest(("DON",), "Thiếu đơn đề nghị"))
    ward.at(2026, 3, 4, 8, 0)
    withdraw(ward.office, clerk, outcome.dossier_id, WHY)
    file = ward.file(outcome)
    assert file.row.finished_at == datetime_of(2026, 3, 4, 8, 0)
    assert file.row.result == "early"  # the citizen's time is not counted
    assert [pause.until for pause in file.pauses] == [datetime_of(2026, 3, 4, 8, 0)]
    assert file.steps[-1].paused_ws == 2 * 8 * 3600


def test_who_received_it_and_who_handles_it_may_record_that_nobody_else(work):
    ward, outcome, _, _ = work
    for other in (ward.holder(*CHIEF), ward.holders(*CLERK)[1]):
        with pytest.raises(NotYours):
            withdraw(ward.office, other, outcome.dossier_id, WHY)
    with pytest.raises(ReasonNeeded):
        withdraw(ward.office, ward.holder(*OFFICER), outcome.dossier_id, "")
    assert withdraw(ward.office, ward.holder(*OFFICER), outcome.dossier_id, WHY).state == "closed"


def test_what_has_ended_cannot_be_withdrawn(work):
    ward, outcome, run, clerk = work
    complete_step(ward.office, ward.holder(*OFFICER), run)
    with pytest.raises(DossierClosed):
        withdraw(ward.office, clerk, outcome.dossier_id, WHY)


def test_it_is_done_once_per_key(work):
    ward, outcome, _, clerk = work
    first = withdraw(ward.office, clerk, outcome.dossier_id, WHY, key="1")
    assert withdraw(ward.office, clerk, outcome.dossier_id, WHY, key="1") == first
