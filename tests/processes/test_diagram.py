"""The diagram as a graph: lanes, levels, timers, and the ways a token can walk."""

from decimal import Decimal

import pytest

from processes.diagram import EventKind, NodeKind, Repetition, at, leaving
from processes.document import parse
from processes.drawing import draw
from processes.time_limit import TimeLimit, Unit
from processes.timer import Timer, TimerKind
from tests.processes.drawn import definitions, flows, process, transfer

NESTED = process(
    '<b:laneSet><b:lane id="L" name="Phòng"><b:flowNodeRef>S</b:flowNodeRef><b:flowNodeRef>T</b:flowNodeRef>'
    '<b:childLaneSet><b:lane id="L1" name="Chuyên viên"><b:flowNodeRef> S </b:flowNodeRef></b:lane></b:childLaneSet>'
    "</b:lane></b:laneSet>"
    '<b:startEvent id="A"/><b:subProcess id="S"><b:startEvent id="B"/><b:userTask id="C"/><b:endEvent id="D"/>'
    f'{flows("B C", "C D")}</b:subProcess><b:task id="T"/><b:endEvent id="E"/>'
    '<b:boundaryEvent id="X" attachedToRef="S" cancelActivity="false"><b:timerEventDefinition><b:timeDuration>PT8H'
    '</b:timeDuration></b:timerEventDefinition></b:boundaryEvent><b:endEvent id="F"/>'
    f"{flows('A S', 'S T', 'T E', 'X F')}"
)


def diagram(data):
    return draw(parse(data))


def test_holds_nodes_flows_and_lanes_of_the_running_process():
    drawn = diagram(transfer())
    assert drawn.process_id == "Process_Transfer"
    assert len(drawn.nodes) == 9
    assert len(drawn.flows) == 8
    assert [lane.name for lane in drawn.lanes] == ["Bộ phận một cửa", "Chuyên viên", "Lãnh đạo"]
    gateway = drawn.node("Gateway_Result")
    assert (gateway.kind, gateway.default, gateway.lane) == (
        NodeKind.EXCLUSIVE,
        "Flow_5",
        "Lane_Officer",
    )
    assert [flow.id for flow in drawn.outgoing("Gateway_Result")] == ["Flow_4", "Flow_5"]
    assert drawn.outgoing("Gateway_Result")[0].condition == '= ket_qua = "dat"'
    assert [flow.source for flow in drawn.incoming("Task_Return")] == ["Task_Approve"]


def test_the_innermost_lane_holds_a_node_and_what_is_inside_of_it():
    drawn = diagram(NESTED)
    assert {n.id: n.lane for n in drawn.nodes if n.lane} == {
        "S": "L1", "B": "L1", "C": "L1", "D": "L1", "T": "L",
    }  # fmt: skip
    assert [(lane.id, lane.parent) for lane in drawn.lanes] == [("L", None), ("L1", "L")]


def test_a_boundary_event_knows_its_step_and_its_timer():
    drawn = diagram(NESTED)
    (event,) = drawn.attached("S")
    assert (event.id, event.attached_to, event.interrupting) == ("X", "S", False)
    assert event.events == (EventKind.TIMER,)
    assert event.timer == Timer(TimerKind.DURATION, "PT8H")
    assert drawn.attached("T") == ()


def test_a_token_walks_through_a_sub_process_and_out_by_its_boundary():
    graph = diagram(NESTED).graph
    assert graph.successors["S"] == ("B", "X")
    assert graph.successors["C"] == (leaving("C"),)
    assert graph.successors["D"] == (leaving("S"),)
    assert graph.successors[leaving("S")] == ("T",)
    assert {at(v) for v in graph.reachable(["A"])} == set("ASBCDTEXF")


def test_a_working_time_limit_is_nearer_to_the_office_than_the_tools_own_timer():
    event = (
        '<b:intermediateCatchEvent id="W"><b:extensionElements><qt:limit amount="1.5" unit="working_day"/>'
        "</b:extensionElements><b:timerEventDefinition><b:timeDuration>PT1H</b:timeDuration>"
        "</b:timerEventDefinition></b:intermediateCatchEvent>"
    )
    timer = diagram(process(event)).node("W").timer
    assert timer.limit == TimeLimit(Decimal("1.5"), Unit.WORKING_DAY)
    assert timer.kind is TimerKind.LIMIT


START = '<b:startEvent id="S"/>'
CHOSEN = {
    "the executable one": (
        f'<b:process id="A">{START}</b:process><b:process id="B" isExecutable=" true "/>',
        "B",
    ),
    "of several executable ones the one with a qt:procedure": (
        (
            f'<b:process id="A" isExecutable="true">{START}</b:process><b:process id="B" isExecutable="1">'
            "<b:extensionElements><qt:procedure/></b:extensionElements></b:process>"
        ),
        "B",
    ),
    "else the first with a start": (
        f'<b:process id="A"/><b:process id="B">{START}</b:process><b:process id="C">{START}</b:process>',
        "B",
    ),
    "else the first": ('<b:process id="A"/><b:process id="B"/>', "A"),
}


@pytest.mark.parametrize(("body", "chosen"), CHOSEN.values(), ids=CHOSEN.keys())
def test_the_process_that_runs(body, chosen):
    assert diagram(definitions(body)).process_id == chosen


def test_a_file_without_a_process_has_no_diagram():
    assert diagram(definitions("<b:message/>")) is None


def test_a_process_without_a_name_is_called_like_its_pool():
    pool = '<b:collaboration><b:participant id="X" name="Phòng Tư pháp" processRef="P"/></b:collaboration>'
    assert diagram(definitions(f'{pool}<b:process id="P"/>')).name == "Phòng Tư pháp"


def test_elements_are_called_as_the_designer_sees_them():
    drawn = diagram(process('<b:userTask id="T" name=" Thẩm&#10;định "/><b:userTask id="U"/>'))
    assert drawn.node("T").words == ("“Thẩm định”", "“Thẩm định”")
    assert drawn.node("U").words == ("bước của người dùng U", "user task U")


def test_of_two_elements_with_one_id_the_first_counts():
    drawn = diagram(process('<b:userTask id="T" name="A"/><b:userTask id="T" name="B"/><b:task/>'))
    assert [node.name for node in drawn.nodes] == ["A"]


def test_knows_what_events_refer_to_and_the_other_processes_of_the_file():
    drawn = diagram(
        definitions(
            '<b:message id="M" name="Công văn"/><b:error id="F" errorCode="E1"/>'
            '<b:timerEventDefinition id="W"><b:timeDuration>PT8H</b:timeDuration></b:timerEventDefinition>'
            '<b:collaboration id="C"><b:messageFlow id="F1" sourceRef="T" targetRef="x:K"/></b:collaboration>'
            '<b:process id="P" isExecutable="true"><b:startEvent id="S"><b:messageEventDefinition messageRef="M"/>'
            '</b:startEvent><b:endEvent id="E"><b:errorEventDefinition errorRef="F"/></b:endEvent>'
            '<b:receiveTask id="T" messageRef="M"/><b:callActivity id="A" calledElement="x:Q"/>'
            '<b:intermediateCatchEvent id="I"><b:eventDefinitionRef>W</b:eventDefinitionRef>'
            '</b:intermediateCatchEvent><b:userTask id="L"><b:standardLoopCharacteristics/></b:userTask></b:process>'
            '<b:process id="Q"><b:userTask id="K"/></b:process>'
        )
    )
    assert drawn.node("S").reference(EventKind.MESSAGE) == "Công văn"
    assert drawn.node("E").references == ("E1",)
    assert drawn.node("T").references == ("Công văn",)
    assert drawn.node("A").called == "Q"
    assert drawn.node("I").timer == Timer(TimerKind.DURATION, "PT8H")
    assert drawn.node("L").repetition is Repetition.LOOP
    assert [(other.process_id, len(other.nodes)) for other in drawn.others] == [("Q", 1)]
    assert [(flow.source, flow.target) for flow in drawn.messages] == [("T", "K")]
