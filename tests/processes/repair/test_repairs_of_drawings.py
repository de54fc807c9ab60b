"""What becomes of a drawing that does not run: each repair with the file before and after it."""

import pytest

from processes.check import Outcome, check
from tests.processes.drawn import process
from tests.processes.repair.sketch import AB, END, START, line, repaired, sketch


def test_a_process_that_is_not_marked_is_marked_executable():
    done = repaired(
        process(f'{START}<b:serviceTask id="A" name="A"/>{END}', 'id="P" name="Quy trình"')
    )
    assert done.element("P").get("isExecutable") == "true"
    assert done.of("process.executable").before == 'isExecutable="–"'


def test_work_of_machines_becomes_a_person_s_step_and_the_script_can_still_be_read():
    done = repaired(
        line('<b:scriptTask id="A" name="Tính phí"><b:script>phi = 5</b:script></b:scriptTask>')
    )
    assert done.kind_of("A") == "userTask"
    assert done.element("A").get("name") == "Tính phí"
    assert "phi = 5" in done.notes
    assert not done.all("script")


@pytest.mark.parametrize("tag", ["serviceTask", "businessRuleTask"])
def test_other_automatic_tasks_become_steps_too(tag):
    done = repaired(line(f'<b:{tag} id="A" name="Gửi" implementation="##x"/>'))
    assert (done.kind_of("A"), "task.person" in done.kinds) == ("userTask", True)


def test_a_call_of_what_the_file_does_not_hold_becomes_a_step():
    done = repaired(line('<b:callActivity id="A" name="Lưu trữ" calledElement="LuuTru"/>'))
    assert done.kind_of("A") == "userTask"
    assert "LuuTru" in done.notes


def test_a_missing_start_and_a_missing_end_are_added():
    done = repaired(sketch(AB + '<b:serviceTask id="X" name="X"/>', "A B", "B X"))
    assert {"A B", "B X", "Start_A A", "X End_X"} == done.ways
    assert (done.kind_of("Start_A"), done.kind_of("End_X")) == ("startEvent", "endEvent")


def test_a_loose_start_is_connected_with_what_nothing_leads_to():
    done = repaired(sketch(START + AB + END, "A B", "B E"))
    assert "S A" in done.ways
    assert done.of("start.connected").element == "S"


def test_two_entries_that_nothing_leads_to_begin_side_by_side():
    done = repaired(sketch(AB + END, "A E", "B E"))
    assert "start.parallel" in done.kinds
    (gateway,) = done.all("parallelGateway")
    assert {f"{gateway.get('id')} A", f"{gateway.get('id')} B"} <= done.ways


def test_several_plain_starts_are_a_choice_at_reception():
    done = repaired(
        sketch(START + '<b:startEvent id="S2"/>' + AB + END, "S A", "S2 B", "A E", "B E")
    )
    assert "start.choice" in done.kinds
    assert done.kind_of("S2") == "intermediateThrowEvent"
    assert len(done.all("startEvent")) == 1


@pytest.mark.parametrize("events", ["signal", "message", "message timer"])
def test_what_a_start_waited_for_is_not_sent_once_the_start_is_a_choice(events):
    waits = "".join(f"<b:{kind}EventDefinition/>" for kind in events.split())
    second = f'<b:startEvent id="S2" name="Tin báo">{waits}</b:startEvent>'
    done = repaired(sketch(START + second + AB + END, "S A", "S2 B", "A E", "B E"))
    assert done.kind_of("S2") == "intermediateThrowEvent"
    assert not any(done.all(f"{kind}EventDefinition") for kind in events.split())


def test_what_ends_with_a_useless_event_sub_process_is_said():
    by_event = '<b:subProcess id="X" triggeredByEvent="true"><b:userTask id="C"/></b:subProcess>'
    done = repaired(sketch(START + AB + END + by_event, "S A", "A B", "B E", "A X"))
    assert "A_X" in done.of("sub-process.event").before
    assert not done.has("A_X")


def test_an_arrow_to_nothing_is_taken_out_and_said():
    done = repaired(sketch(START + AB + END, "S A", "A B", "B E", "A NOWHERE"))
    assert not done.has("A_NOWHERE")
    assert done.of("flow.dangling").before == "A → NOWHERE"


def test_an_end_that_flows_leave_becomes_a_mark_on_the_way():
    done = repaired(sketch(START + AB + END + '<b:endEvent id="E2"/>', "S A", "A E", "E B", "B E2"))
    assert done.kind_of("E") == "intermediateThrowEvent"
    assert {"A E", "E B"} <= done.ways


def test_a_flow_across_the_border_of_a_sub_process_is_lifted_to_it():
    inner = '<b:subProcess id="A" name="A"><b:userTask id="I" name="I"/></b:subProcess>'
    done = repaired(
        sketch(START + inner + '<b:userTask id="B" name="B"/>' + END, "S A", "I B", "B E")
    )
    assert "A B" in done.ways
    assert done.of("flow.lifted").before == "“I” → “B”"


def test_a_loop_without_exit_gets_one_and_a_person_says_when():
    done = repaired(sketch(START + AB + END, "S A", "A B", "B A"))
    assert "loop.exit" in done.kinds
    assert "gateway.choice" in done.kinds


def test_a_loop_on_which_nobody_acts_gets_a_person():
    gateways = '<b:exclusiveGateway id="A" default="A_E"/>'
    done = repaired(
        sketch(START + gateways + '<b:userTask id="B" name="B"/>' + END, "S B", "B A", "A A", "A E")
    )
    assert "loop.person" in done.kinds


def test_an_empty_sub_process_becomes_one_step():
    done = repaired(line('<b:subProcess id="A" name="Thẩm định"/>'))
    assert done.kind_of("A") == "userTask"


def test_a_loop_marker_that_never_ends_is_drawn_with_a_gateway():
    marked = '<b:userTask id="A" name="Gọi"><b:standardLoopCharacteristics/></b:userTask>'
    done = repaired(line(marked))
    assert not done.all("standardLoopCharacteristics")
    assert {"A Again_A", "Again_A A", "Again_A E"} <= done.ways


def test_a_loop_condition_of_another_engine_is_translated_and_the_marker_stays():
    marked = (
        '<b:userTask id="A" name="Gọi"><b:standardLoopCharacteristics><b:loopCondition>${!xong}'
        "</b:loopCondition></b:standardLoopCharacteristics></b:userTask>"
    )
    done = repaired(line(marked))
    (condition,) = done.all("loopCondition")
    assert condition.text == "xong = false"


def test_instances_without_a_number_are_taken_in_turn():
    marked = '<b:userTask id="A" name="Hỏi"><b:multiInstanceLoopCharacteristics/></b:userTask>'
    done = repaired(line(marked))
    assert "activity.instances" in done.kinds
    assert "Again_A A" in done.ways


def test_a_boundary_event_on_nothing_becomes_a_mark():
    event = '<b:boundaryEvent id="X" attachedToRef="Z"><b:errorEventDefinition/></b:boundaryEvent>'
    done = repaired(sketch(START + AB + event + END, "S A", "A B", "B E", "X B"))
    assert done.kind_of("X") == "intermediateThrowEvent"


def test_a_boundary_event_that_does_not_run_becomes_the_step_s_result():
    event = '<b:boundaryEvent id="X" name="Hủy" attachedToRef="A"/>'
    done = repaired(sketch(START + AB + event + END, "S A", "A B", "B E", "X E"))
    assert not done.has("X")
    assert {"A After_A", "After_A B", "After_A E"} <= done.ways
    assert "“Hủy”" in done.of("boundary.choice").after


def test_missing_and_repeated_ids_are_given_and_told_apart():
    done = repaired(
        sketch(START + '<b:userTask name="Không mã"/>' + '<b:userTask id="A" name="1"/><b:userTask id="A" name="2"/>' + END, "S A", "A E")
    )  # fmt: skip
    assert {"id.missing", "id.duplicate"} <= set(done.kinds)
    assert done.element("A").get("name") == "1"
    assert done.element("A_2").get("name") == "2"


def test_an_id_with_odd_signs_is_rewritten_wherever_it_is_mentioned():
    done = repaired(
        line('<b:userTask id="A" name="A"/><b:userTask id="Ký;duyệt" name="B"/>', "Ký;duyệt")
    )
    assert "A Ký_duyệt" in done.ways
    assert "Ký_duyệt E" in done.ways


def test_a_default_flow_that_leaves_another_node_is_forgotten():
    done = repaired(line('<b:userTask id="A" name="A" default="nothing"/>'))
    assert done.element("A").get("default") is None
    assert done.of("reference.default").before == 'default="nothing"'


def test_a_file_without_a_drawing_is_drawn_whole():
    done = repaired(line('<b:serviceTask id="A" name="A"/>'))
    shapes = done.root.xpath("//*[local-name()='BPMNShape']/@bpmnElement")
    assert {"S", "A", "E"} <= set(shapes)


def test_what_nobody_draws_in_the_standard_is_refused_and_not_guessed():
    assert check(b"<x/>").outcome is Outcome.REFUSED
    assert check(process("")).outcome is Outcome.REFUSED
