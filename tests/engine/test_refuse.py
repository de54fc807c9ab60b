"""Refusing and stopping: with a reason, before the result is decided, and everything ends with it."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.end_early import discontinue, refuse
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.dossiers.refusals import (
    AlreadyEnded,
    DossierClosed,
    DossierPaused,
    NoSuchDossier,
    NotYours,
    ReasonNeeded,
)
from engine.dossiers.timeouts import let_time_pass
from engine.store.tables import timer as timer_table
from tests.engine.drawing import (
    CHIEF,
    CLERK,
    OFFICER,
    component,
    draw,
    end,
    gateway,
    start,
    step,
    timer,
)
from tests.engine.offices import datetime_of, stranger

WHY = "Không thuộc thẩm quyền giải quyết"


@pytest.fixture
def work(sqlite_ward):
    return begin(sqlite_ward)


def begin(ward):
    diagram = draw(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("B", lane=CHIEF, limit="1 working_day")),
        gateway("parallel", "J"),
        *(step("C", status="9"), end()),
        timer("W", limit="1 working_day", on="B", interrupting=False),
        end("E2"),
        flows=("S F", "F A", "F B", "A J", "B J", "J C", "C E", "W E2"),
        head=component("DON"),
    )
    outcome = ward.received(diagram, 2026, 3, 2, 8, 0)
    runs = {opened.element_id: opened.step_run_id for opened in outcome.opened}
    return ward, outcome, runs, ward.holder(*OFFICER)


def test_a_refused_dossier_is_closed_with_all_that_was_open_in_it(ward):
    _, outcome, runs, officer = begin(ward)
    ward.at(2026, 3, 2, 9, 0)
    refused = refuse(ward.office, officer, runs["A"], WHY)
    assert (refused.state, refused.outcome, refused.national_status) == ("closed", "refused", "3")
    file = ward.file(outcome)
    assert {(run.element_id, run.state) for run in file.steps} == {
        ("A", "cancelled"),
        ("B", "cancelled"),
    }
    assert file.row.finished_at == datetime_of(2026, 3, 2, 9, 0)
    assert (file.row.result, file.row.returned_at) == ("early", None)
    assert ward.stored(timer_table) == []
    assert ward.events(outcome)[-1] == "dossier.refused"
    ward.at(2026, 4, 2, 9, 0)
    assert let_time_pass(ward.office) == 0


def test_the_time_of_what_was_taken_away_is_measured_too(ward):
    _, outcome, runs, officer = begin(ward)
    ward.at(2026, 3, 2, 9, 0)
    refuse(ward.office, officer, runs["A"], WHY)
    for run in ward.file(outcome).steps:
        assert (run.waiting_ws, run.handling_ws, run.paused_ws) == (3600, 0, 0)
        assert run.ended_at == datetime_of(2026, 3, 2, 9, 0)


def test_a_refusal_needs_a_reason_and_the_right_person(work):
    ward, outcome, runs, officer = work
    with pytest.raises(ReasonNeeded):
        refuse(ward.office, officer, runs["A"], "ừ")
    with pytest.raises(NotYours):
        refuse(ward.office, ward.holder(*CLERK), runs["A"], WHY)
    assert ward.events(outcome) == ["dossier.received"]


def test_while_papers_are_awaited_nothing_is_refused_but_it_may_be_stopped(work):
    ward, outcome, runs, officer = work
    asked = SupplementRequest(("DON",), "Thiếu đơn đề nghị")
    request_supplement(ward.office, officer, runs["A"], asked)
    with pytest.raises(DossierPaused):
        refuse(ward.office, officer, runs["A"], WHY)
    ward.at(2026, 3, 3, 8, 0)
    stopped = discontinue(ward.office, officer, outcome.dossier_id, "Quá hạn bổ sung hồ sơ")
    assert (stopped.state, stopped.outcome, stopped.national_status) == (
        "closed",
        "discontinued",
        "8",
    )
    file = ward.file(outcome)
    (pause,) = file.pauses
    assert pause.until == datetime_of(2026, 3, 3, 8, 0)  # the pause has ended with the dossier
    for run in file.steps:
        assert (run.waiting_ws, run.paused_ws, run.paused_since) == (0, 8 * 3600, None)
    assert file.row.paused_ws == 8 * 3600


def test_once_handling_is_finished_nothing_is_refused_or_stopped(work):
    ward, outcome, runs, officer = work
    complete_step(ward.office, officer, runs["A"])
    last = complete_step(ward.office, ward.holder(*CHIEF), runs["B"]).opened[0].step_run_id
    with pytest.raises(DossierClosed):
        refuse(ward.office, officer, last, WHY)
    with pytest.raises(DossierClosed):
        discontinue(ward.office, officer, outcome.dossier_id, WHY)


def test_an_ended_dossier_is_not_ended_again(work):
    ward, outcome, runs, officer = work
    refuse(ward.office, officer, runs["A"], WHY)
    with pytest.raises(AlreadyEnded):
        refuse(ward.office, officer, runs["A"], WHY)
    with pytest.raises(DossierClosed):
        discontinue(ward.office, officer, outcome.dossier_id, WHY)


def test_only_who_handles_or_received_the_dossier_stops_it(work):
    ward, outcome, _, officer = work
    with pytest.raises(NotYours):
        discontinue(ward.office, ward.holder(*CLERK), outcome.dossier_id, WHY)
    with pytest.raises(NoSuchDossier):
        discontinue(ward.office, stranger(officer), outcome.dossier_id, WHY)
    with pytest.raises(ReasonNeeded):
        discontinue(ward.office, officer, outcome.dossier_id, "")
    assert discontinue(ward.office, ward.holder(*CHIEF), outcome.dossier_id, WHY).state == "closed"


def test_each_act_is_done_once_per_key(work):
    ward, outcome, runs, officer = work
    first = refuse(ward.office, officer, runs["A"], WHY, key="1")
    assert refuse(ward.office, officer, runs["A"], WHY, key="1") == first
    assert len(ward.events(outcome)) == 2
