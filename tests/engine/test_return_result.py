"""Returning the result where the diagram ends with handling finished: 9 before 10."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.refusals import DossierClosed, NoSuchDossier, NotFinished, NotYours
from engine.dossiers.return_result import return_result
from tests.engine.drawing import CLERK, OFFICER, draw, end, gateway, start, step
from tests.engine.offices import datetime_of, stranger


@pytest.fixture
def work(sqlite_ward):
    diagram = draw(
        start(),
        *(step("A", lane=CLERK), step("B"), end(status="9")),
        flows=("S A", "A B", "B E"),
    )
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 8, 0)
    clerk = sqlite_ward.holder(*CLERK)
    second = complete_step(sqlite_ward.office, clerk, outcome.opened[0].step_run_id).opened[0]
    return sqlite_ward, outcome, second.step_run_id, clerk


def finish(work):
    ward, outcome, run, clerk = work
    complete_step(ward.office, ward.holder(*OFFICER), run)
    return ward, outcome, clerk


def test_finished_is_one_moment_and_returned_another(work):
    ward, outcome, clerk = finish(work)
    row = ward.file(outcome).row
    assert (row.state, row.national_status, row.returned_at) == ("finished", "9", None)
    assert (row.finished_at, row.result) == (datetime_of(2026, 3, 2, 8, 0), "early")
    ward.at(2026, 3, 20, 8, 0)
    returned = return_result(ward.office, clerk, outcome.dossier_id)
    assert (returned.state, returned.national_status) == ("returned", "10")
    row = ward.file(outcome).row
    assert row.returned_at == datetime_of(2026, 3, 20, 8, 0)
    assert (row.finished_at, row.result) == (datetime_of(2026, 3, 2, 8, 0), "early")


def test_no_result_before_handling_is_finished(work):
    ward, outcome, _, clerk = work
    with pytest.raises(NotFinished):
        return_result(ward.office, clerk, outcome.dossier_id)


def test_a_diagram_that_draws_the_return_does_it_by_its_step(sqlite_ward):
    diagram = draw(
        start(),
        *(step("A"), step("R", status="9", lane=CLERK), end()),
        flows=("S A", "A R", "R E"),
    )
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 8, 0)
    officer, clerk = sqlite_ward.holder(*OFFICER), sqlite_ward.holder(*CLERK)
    done = complete_step(sqlite_ward.office, officer, outcome.opened[0].step_run_id)
    assert (done.state, done.national_status) == ("finished", "9")
    with pytest.raises(NotFinished):
        return_result(sqlite_ward.office, clerk, outcome.dossier_id)
    last = complete_step(sqlite_ward.office, clerk, done.opened[0].step_run_id)
    assert (last.state, last.national_status) == ("returned", "10")


def test_handling_is_finished_only_when_no_branch_works_any_more(sqlite_ward):
    diagram = draw(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("R", status="9"), end(), end("E2")),
        flows=("S F", "F A", "F R", "A E", "R E2"),
    )
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 8, 0)
    assert (outcome.state, outcome.national_status) == ("open", "4")
    runs = {opened.element_id: opened.step_run_id for opened in outcome.opened}
    done = complete_step(sqlite_ward.office, sqlite_ward.holder(*OFFICER), runs["A"])
    assert (done.state, done.national_status) == ("finished", "9")


def test_the_receiving_unit_returns_it_once(work):
    ward, outcome, clerk = finish(work)
    with pytest.raises(NotYours):
        return_result(ward.office, ward.holder(*OFFICER), outcome.dossier_id)
    with pytest.raises(NoSuchDossier):
        return_result(ward.office, stranger(clerk), outcome.dossier_id)
    colleague = ward.holders(*CLERK)[1]
    first = return_result(ward.office, colleague, outcome.dossier_id, key="1")
    assert return_result(ward.office, colleague, outcome.dossier_id, key="1") == first
    with pytest.raises(DossierClosed):
        return_result(ward.office, clerk, outcome.dossier_id)
