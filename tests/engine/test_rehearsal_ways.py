"""Every way is taken once; what is not drawn to the end runs as far as it can, or repaired."""

import pytest

from engine.rehearsal import Rehearsal, Script
from engine.working_calendar.viet_nam import vietnam
from tests.engine.drawing import draw, end, field, gateway, start, step, sub, timer
from tests.engine.offices import BPMN, START
from tests.processes.drawn import process

CALENDAR = vietnam(2026, 2030)
PROCEDURES = sorted((BPMN / "procedures").glob("*.bpmn"))


def rehearsal(data):
    return Rehearsal(data, CALENDAR, START)


@pytest.mark.parametrize("path", PROCEDURES, ids=lambda path: path.stem[:8])
def test_every_way_of_a_real_procedure_is_taken(path):
    stage = rehearsal(path.read_bytes())
    runs = list(stage.every_path(1, {}))
    found = stage.coverage(runs)
    assert {run.outcome for run in runs} == {"completed"}
    assert (found.missed_elements, found.missed_flows) == ((), ())
    assert len(runs) <= 10


def test_a_loop_is_gone_through_and_left():
    loop = draw(
        start(),
        step("A", field("again", "boolean")),
        gateway("exclusive", "G", default="E"),
        end(),
        flows=("S A", "A G", "G A: again", "G E"),
    )
    runs = list(rehearsal(loop).every_path(1, {}))
    assert {run.outcome for run in runs} == {"completed"}
    assert max(len([p for p in run.trace if p.id == "A"]) for run in runs) == 2


def test_conditions_nobody_can_meet_are_no_hindrance_to_every_way():
    strange = draw(
        start(),
        step("A"),
        gateway("exclusive", "G"),
        end(),
        end("F"),
        flows=("S A", "A G", "G E: unheard_of = 1", "G F: ${x &&}"),
    )
    runs = list(rehearsal(strange).every_path(1, {}))
    assert {run.ended for run in runs} == {("E",), ("F",)}


def test_a_timer_on_a_step_is_a_way():
    late = draw(
        start(),
        sub("P", start("PS"), step("A"), end("PE", None), flows=("PS A", "A PE")),
        timer("T", after="PT5M", on="P"),
        end(),
        end("Late"),
        flows=("S P", "P E", "T Late"),
    )
    stage = rehearsal(late)
    runs = list(stage.every_path(1, {}))
    assert {run.ended for run in runs} == {("E",), ("Late",)}
    assert stage.coverage(runs).missed_elements == ()


def test_what_no_way_leads_to_is_told():
    lonely = draw(
        start(), step("A"), end(), step("B"), end("F"), flows=("S A", "A E", "B F", "F B")
    )
    stage = rehearsal(
        lonely.replace(b'sourceRef="F" targetRef="B"', b'sourceRef="B" targetRef="F"')
    )
    found = stage.coverage(list(stage.every_path(1, {})))
    assert found.missed_elements == ("B", "F")
    assert found.elements == 5
    assert set(found.missed_flows) == {"B_F", "F_B"}


def test_limits_owners_and_codes_that_are_missing_do_not_stop_a_rehearsal():
    bare = draw(start(), step("A", limit=None), end(), flows=("S A", "A E"), cases="", code="")
    run = rehearsal(bare).run(Script())
    assert (run.outcome, run.repaired) == ("completed", ())


def test_a_deadlock_is_shown_as_stuck_with_what_waits():
    stuck = draw(
        start(),
        gateway("exclusive", "G", default="A"),
        step("A"),
        step("B"),
        gateway("parallel", "J"),
        end(),
        flows=("S G", "G A", "G B: false", "A J", "B J", "J E"),
    )
    run = rehearsal(stuck).run(Script())
    assert run.outcome == "stuck"
    assert "Không đi tiếp được" in run.error


FOREIGN = draw(
    start(),
    step("A"),
    gateway("exclusive", "G"),
    end(),
    end("F"),
    flows=("S A", "A G", 'G E: ${x == "a"}', 'G F: ${x != "a"}'),
)


@pytest.mark.parametrize(("x", "at"), [("a", "E"), ("b", "F")])
def test_a_foreign_diagram_runs_repaired_and_says_so(x, at):
    stage = rehearsal(FOREIGN)
    for script in (Script({"x": x}), Script(answers={"A": {"x": x}})):
        run = stage.run(script)
        assert (run.outcome, run.ended) == ("completed", (at,))
        assert run.repaired
        assert {each["id"] for each in run.to_data("f")["repaired"]}


def test_a_repaired_diagram_runs_even_if_nobody_answers_what_the_repair_asks():
    assert rehearsal(FOREIGN).run(Script()).outcome == "completed"


def test_the_trace_is_of_activities_and_events_and_the_data_are_plain():
    decided = draw(
        start(),
        step("A", field("n", "number"), field("d", "date")),
        gateway("exclusive", "G", default="E"),
        end(),
        end("F"),
        flows=("S A", "A G", "G F: n > 1", "G E"),
    )
    run = rehearsal(decided).run(Script(answers={"A": {"n": 2, "d": "2026-03-02", "more": [1.5]}}))
    assert [p.kind for p in run.trace] == ["startEvent", "userTask", "endEvent"]
    assert run.data == {"n": 2, "d": "2026-03-02", "more": [1.5]}
    assert run.elements == {"S", "A", "G", "F"}
    assert run.flows == {"S_A", "A_G", "G_F"}


def test_ways_that_can_be_taken_at_once_are_taken_one_by_one_and_all_together():
    some = draw(
        start(),
        gateway("inclusive", "G"),
        step("A"),
        step("B"),
        gateway("inclusive", "J"),
        end(),
        flows=("S G", "G A: true", "G B: false", "A J", "B J", "J E"),
    )
    runs = list(rehearsal(some).every_path(1, {}))
    steps = [tuple(p.id for p in run.trace if p.kind == "userTask") for run in runs]
    assert steps == [("A",), ("B",), ("A", "B")]
    assert {run.outcome for run in runs} == {"completed"}


def test_a_repaired_loop_is_left_though_nobody_answers():
    run = rehearsal(FOREIGN.replace(b'targetRef="E"', b'targetRef="A"')).run(Script())
    assert [each.id for each in run.trace] == ["S", "A", "A", "F"]


@pytest.mark.parametrize("back", ["unheard_of = 1", "unheard_of &lt; 50"], ids=["same", "less"])
def test_a_loop_that_an_unknown_number_closes_is_left_at_another_number(back):
    flows = (
        '<b:sequenceFlow id="f0" sourceRef="S" targetRef="A"/>'
        '<b:sequenceFlow id="f1" sourceRef="A" targetRef="G"/>'
        '<b:sequenceFlow id="f2" sourceRef="G" targetRef="A"><b:conditionExpression>'
        f"{back}</b:conditionExpression></b:sequenceFlow>"
        '<b:sequenceFlow id="f3" sourceRef="G" targetRef="E"/>'
    )
    body = (
        '<b:startEvent id="S"/><b:serviceTask id="A" name="A"/>'
        '<b:exclusiveGateway id="G" default="f3"/><b:endEvent id="E"/>'
    )
    run = rehearsal(process(body + flows)).run(Script())
    assert run.outcome == "completed"
    assert [each.id for each in run.trace].count("A") > 1


ROUNDS = {
    "loop": "<b:standardLoopCharacteristics><b:loopCondition>unheard_of</b:loopCondition>"
    "</b:standardLoopCharacteristics>",
    "each": '<b:multiInstanceLoopCharacteristics isSequential="true">'
    "<b:loopDataInputRef>unheard_of</b:loopDataInputRef></b:multiInstanceLoopCharacteristics>",
    "number": "<b:multiInstanceLoopCharacteristics><b:loopCardinality>unheard_of</b:loopCardinality>"
    "</b:multiInstanceLoopCharacteristics>",
    "enough": "<b:multiInstanceLoopCharacteristics><b:loopCardinality>2</b:loopCardinality>"
    "<b:completionCondition>unheard_of</b:completionCondition></b:multiInstanceLoopCharacteristics>",
}


@pytest.mark.parametrize("marker", ROUNDS.values(), ids=ROUNDS)
def test_what_is_repeated_by_data_nobody_is_asked_for_is_done_twice(marker):
    drawn = draw(start(), step("A", marker=marker), end(), flows=("S A", "A E"))
    stage = rehearsal(drawn)
    for run in (*stage.every_path(1, {}), *stage.random_runs(2, 1, {})):
        assert run.outcome == "completed", run.error
        assert [passed.id for passed in run.trace] == ["S", "A", "A", "E"]


def test_rounds_that_a_form_asks_for_are_as_many_as_the_form_says():
    marker = "<b:multiInstanceLoopCharacteristics><b:loopCardinality>times</b:loopCardinality>"
    again = step("B", marker=f"{marker}</b:multiInstanceLoopCharacteristics>")
    asked = step("A", field("times", "number"))
    drawn = draw(start(), asked, again, end(), flows=("S A", "A B", "B E"))
    run = rehearsal(drawn).run(Script(answers={"A": {"times": 3}}))
    assert [passed.id for passed in run.trace] == ["S", "A", "B", "B", "B", "E"]


def test_every_exit_of_a_complex_gateway_is_taken():
    drawn = draw(
        start(),
        gateway("complex", "G", default="F"),
        end(),
        end("F"),
        flows=("S G", "G E: unheard_of", "G F"),
    )
    stage = rehearsal(drawn)
    runs = list(stage.every_path(1, {}))
    assert {run.outcome for run in runs} == {"completed"}
    assert stage.coverage(runs).missed_flows == ()


def test_each_of_several_start_events_begins_a_run():
    drawn = draw(
        start(),
        start("S2"),
        step("A"),
        step("B"),
        end(),
        flows=("S A", "S2 B", "A E", "B E"),
    )
    runs = list(rehearsal(drawn).every_path(1, {}))
    ways = {tuple(passed.id for passed in run.trace) for run in runs}
    assert ways == {("S", "A", "E"), ("S2", "B", "E")}
