"""A procedure is rehearsed dry: given answers, chance, timers that cost nothing."""

import json

import pytest

from engine.rehearsal import Rehearsal, Script
from engine.working_calendar.viet_nam import vietnam
from tests.engine.offices import BPMN, START

SCENARIOS = sorted((BPMN / "scenarios").glob("*.json"))
CALENDAR = vietnam(2026, 2030)


def rehearsal(name):
    return Rehearsal((BPMN / "procedures" / name).read_bytes(), CALENDAR, START)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_scenarios_beside_a_procedure_pass_every_element_of_it(path):
    stated = json.loads(path.read_text(encoding="utf-8"))
    stage = rehearsal(stated["procedure"])
    passed = set()
    for scenario in stated["scenarios"]:
        answers = {}
        for step in scenario["steps"]:
            answers.setdefault(step["element"], []).append(step["data"])
        run = stage.run(Script(scenario["reception"], answers))
        assert run.outcome == "completed", (scenario["name"], run.error)
        passed |= run.elements
    assert passed == stage.elements


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_whatever_people_choose_a_real_procedure_comes_to_an_end(path):
    name = json.loads(path.read_text(encoding="utf-8"))["procedure"]
    outcomes = {run.outcome for run in rehearsal(name).random_runs(20, seed=7, data={})}
    assert outcomes == {"completed"}


def test_the_same_seed_rehearses_the_same_runs():
    first = list(rehearsal("VB-DI-phat-hanh-van-ban-di.bpmn").random_runs(5, 3, {}))
    assert first == list(rehearsal("VB-DI-phat-hanh-van-ban-di.bpmn").random_runs(5, 3, {}))
    assert first != list(rehearsal("VB-DI-phat-hanh-van-ban-di.bpmn").random_runs(5, 4, {}))


def test_a_missing_answer_fails_with_a_sentence_that_names_the_field():
    run = rehearsal("2.000908-cap-ban-sao-tu-so-goc.bpmn").run(Script())
    assert run.outcome == "failed"
    assert "Chưa nhập" in run.error


def test_what_cannot_run_is_refused_with_the_reason():
    run = Rehearsal(b"<html/>", CALENDAR, START).run(Script())
    assert (run.outcome, run.trace) == ("refused", ())
    assert run.error
