"""What is written reads back as the same procedure, drawn, and as any BPMN tool expects it."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from processes.component import Component, ComponentGroup, Copies, CopyForm, GroupRule, Requirement
from processes.data_field import DataField, FieldType, Option
from processes.diagram import NodeKind
from processes.document import BPMN, bpmn, parse
from processes.layout import has_drawing
from processes.procedure import (
    Case,
    DayCount,
    LegalBasis,
    Outcome,
    Procedure,
    ProcedureKind,
    Supplement,
    SupplementPolicy,
)
from processes.reader import read
from processes.step import Assignment, ClockKind, NationalStatus, OnTimeout, Signature, StepSpec
from processes.time_limit import TimeLimit, Unit
from processes.writing import Arrow, End, Gateway, InvalidPlan, Plan, Start, Wait, write
from tests.processes.tidiness import problems

ONE_STOP = Assignment("mot_cua", None, "Một cửa")
OFFICER = Assignment("chuyen_vien", "phong_qldt", "Chuyên viên Phòng Quản lý đô thị")


def days(amount: str) -> TimeLimit:
    return TimeLimit(Decimal(amount), Unit.WORKING_DAY)


PROCEDURE = Procedure(
    process_id="Process_1",
    code="1.013225",
    name="Cấp giấy phép xây dựng",
    kind=ProcedureKind.INTERNAL,
    field="Hoạt động xây dựng",
    levels=("province", "commune"),
    decision_no="768/QĐ-TTPVHCC",
    decision_date=date(2025, 10, 1),
    effective_from=date(2025, 10, 2),
    day_count=DayCount.CIVIL_DAYS,
    retention_years=20,
    complaint=True,
    supplement=Supplement(SupplementPolicy.PAUSE, 2, days("3")),
    extensions_at_most=0,
    cases=(
        Case("normal", "Thông thường", days("10")),
        Case("remote", "Vùng xa", days("20.5"), "NQ 66.7"),
    ),
    component_groups=(ComponentGroup("G1", "Giấy tờ đất", GroupRule.AT_LEAST, 2),),
    components=(
        Component("DON", "Đơn đề nghị", copies=(Copies(CopyForm.ORIGINAL, 2),)),
        Component(
            "UQ",
            "Giấy ủy quyền",
            Requirement.WHEN,
            when="co_uy_quyen = true",
            group="G1",
            present_only=True,
            reusable_source="csdl-dan-cu",
            legal_basis="NĐ 175",
        ),
    ),
    fields=(
        DataField("co_uy_quyen", "Có ủy quyền", FieldType.BOOLEAN, required=True, default="false"),
    ),
    steps=(
        StepSpec(
            "Task_receive",
            "Tiếp nhận",
            1,
            ONE_STOP,
            limits={"": days("0.5"), "remote": days("1")},
            cutoff=time(15, 0),
            status=NationalStatus.RECEIVED,
            requires=("DON", "UQ"),
        ),
        StepSpec(
            "Task_appraise",
            "Thẩm định",
            2,
            OFFICER,
            limits={"": days("7")},
            on_timeout=OnTimeout.DEEMED_CONSENT,
            clock=ClockKind.OTHER_UNIT,
            signature=Signature.PERSONAL,
            signs=("UQ", "TT"),
            produces=(("GP", "Dự thảo giấy phép"),),
            fields=(
                DataField(
                    "ket_qua",
                    "Kết quả",
                    FieldType.CHOICE,
                    options=(Option("dat", "Đạt"), Option("khong", "Không đạt")),
                ),
            ),
            not_same_as=("Task_receive",),
            legal_basis="Điều 104",
            documentation="Kiểm tra thực địa nếu cần.",
        ),
        StepSpec(
            "Task_return",
            "Trả kết quả",
            3,
            ONE_STOP,
            limits={"": days("0")},
            status=NationalStatus.FINISHED,
        ),
    ),
    outcomes=(
        Outcome("End_granted", "granted", "Đã cấp"),
        Outcome("End_refused", "refused", "Từ chối", NationalStatus.NOT_RECEIVED, favourable=False),
    ),
    legal_basis=(LegalBasis("Luật Xây dựng", "Điều 102", "Cấp phép"),),
    parts=(("sequence", "Theo sơ đồ"), ("fee", "75.000 đồng & lệ phí < 1%")),
)
NODES = (
    Start("Start_1", "Nộp hồ sơ"),
    Gateway("Gateway_1", NodeKind.EXCLUSIVE, "Đạt?", default="Flow_refused"),
    Wait("Timer_1", days("5"), "Quá 5 ngày", on="Task_appraise", interrupting=False),
    End("End_granted", "Đã cấp"),
    End("End_refused", "Từ chối"),
    End("End_reminded"),
)
ARROWS = (
    Arrow("Start_1", "Task_receive"),
    Arrow("Task_receive", "Task_appraise"),
    Arrow("Task_appraise", "Gateway_1"),
    Arrow("Gateway_1", "Task_return", "Đạt", when='ket_qua = "dat"'),
    Arrow("Gateway_1", "End_refused", "Không đạt", id="Flow_refused"),
    Arrow("Task_return", "End_granted"),
    Arrow("Timer_1", "End_reminded"),
)
PLAN = Plan(PROCEDURE, NODES, ARROWS, pool="UBND quận", documentation="Bản dùng thử.")


def root_of(plan: Plan) -> etree._Element:
    return parse(write(plan)).root


def test_a_procedure_with_everything_reads_back_as_it_was():
    reading = read(parse(write(PLAN)))
    assert reading.findings == ()
    assert reading.procedure == PROCEDURE


def test_the_diagram_reads_back_with_its_conditions_and_timers():
    diagram = read(parse(write(PLAN))).diagram
    conditions = {flow.id: flow.condition for flow in diagram.flows}
    assert conditions["Flow_Gateway_1_Task_return"] == 'ket_qua = "dat"'
    timer = diagram.by_id["Timer_1"]
    assert (timer.attached_to, timer.interrupting, timer.timer.limit) == (
        "Task_appraise",
        False,
        days("5"),
    )
    assert diagram.by_id["Gateway_1"].default == "Flow_refused"


def test_the_file_is_drawn_tidily():
    root = root_of(PLAN)
    assert has_drawing(root)
    assert problems(root) == []


def test_the_same_plan_gives_the_same_bytes():
    assert write(PLAN) == write(PLAN)


def test_the_file_looks_as_other_tools_write_it():
    text = write(PLAN).decode("utf-8")
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<bpmn:definitions")
    assert 'exporter="quytrinh"' in text
    assert "\n  <bpmn:process " in text
    for prefix in ("bpmn:", "bpmndi:", "dc:", "di:", "qt:"):
        assert f"<{prefix}" in text
    assert "Cấp giấy phép xây dựng" in text


def test_everyone_stands_in_the_lane_of_their_position():
    root = root_of(PLAN)
    lanes = {
        lane.get("name"): {member.text for member in lane.iter(bpmn("flowNodeRef"))}
        for lane in root.iter(bpmn("lane"))
    }
    assert {"Start_1", "Task_receive", "Task_return", "End_granted"} <= lanes["Một cửa"]
    assert {"Task_appraise", "Timer_1"} <= lanes["Chuyên viên Phòng Quản lý đô thị"]
    assert sum(map(len, lanes.values())) == len(PLAN.node_ids())


def test_a_node_can_be_put_into_another_lane():
    nodes = tuple(replace(n, lane=ONE_STOP) if n.id == "Gateway_1" else n for n in NODES)
    lane = next(
        lane
        for lane in root_of(replace(PLAN, nodes=nodes)).iter(bpmn("lane"))
        if "Gateway_1" in [member.text for member in lane.iter(bpmn("flowNodeRef"))]
    )
    assert lane.get("name") == "Một cửa"


def test_without_a_pool_there_is_no_collaboration():
    assert root_of(replace(PLAN, pool=None)).find(bpmn("collaboration")) is None


def test_flows_are_named_at_both_of_their_ends():
    root = root_of(PLAN)
    for flow in root.iter(bpmn("sequenceFlow")):
        for end, tag in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            node = root.xpath("//*[@id=$id]", id=flow.get(end))[0]
            assert flow.get("id") in [e.text for e in node.iterchildren(bpmn(tag))]


def test_elements_stand_in_the_order_of_the_bpmn_schema():
    """BPMN 2.0 (BPMN20.xsd): documentation, extensionElements, then incoming before outgoing."""
    order = ["documentation", "extensionElements", "incoming", "outgoing", "timerEventDefinition"]
    for node in root_of(PLAN).find(bpmn("process")):
        names = [etree.QName(child).localname for child in node]
        known = [order.index(name) for name in names if name in order]
        assert known == sorted(known)


def test_two_flows_between_the_same_steps_get_two_ids():
    plan = replace(PLAN, arrows=(*ARROWS, Arrow("Task_receive", "Task_appraise")))
    assert len(set(plan.arrow_ids())) == len(plan.arrows)


REFUSED = {
    "an arrow to nothing": {"arrows": (*ARROWS, Arrow("Task_receive", "Nowhere"))},
    "an id that is no name": {"nodes": (*NODES, End("2 kết thúc"))},
    "an id used twice": {"nodes": (*NODES, End("Task_receive"))},
    "a timer on what is no step": {"nodes": (*NODES, Wait("Timer_2", days("1"), on="Gateway_1"))},
    "a gateway that is a task": {"nodes": (*NODES, Gateway("Gateway_2", NodeKind.USER_TASK))},
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_would_not_be_a_diagram_is_refused(why):
    with pytest.raises(InvalidPlan):
        replace(PLAN, **REFUSED[why])


def test_letters_that_xml_cannot_hold_are_left_out():
    procedure = replace(PROCEDURE, name="Cấp\x00 phép\x1b", parts=(("fee", "1\x08 đồng"),))
    read_back = read(parse(write(replace(PLAN, procedure=procedure)))).procedure
    assert (read_back.name, read_back.parts) == ("Cấp phép", (("fee", "1 đồng"),))


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Z"]),
    min_size=1,
    max_size=20,
).map(lambda text: normalize("NFC", text))
limits = st.builds(
    TimeLimit, st.decimals(0, 999, places=2), st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR])
)


@given(
    name=words,
    code=words,
    limit=limits,
    text=words,
    status=st.sampled_from(NationalStatus),
    clock=st.sampled_from(ClockKind),
)
def test_any_words_and_limits_survive(name, code, limit, text, status, clock):
    step = StepSpec(
        "Task_1", name, 1, Assignment("x", None, text), {"": limit}, status=status, clock=clock
    )
    procedure = Procedure(
        "Process_1",
        code,
        name,
        cases=(Case("normal", text, limit),),
        steps=(step,),
        outcomes=(Outcome("End_1", code, text),),
        parts=(("manner", text),),
    )
    plan = Plan(
        procedure,
        (Start("Start_1"), End("End_1")),
        (Arrow("Start_1", "Task_1", text), Arrow("Task_1", "End_1")),
    )
    reading = read(parse(write(plan)))
    assert reading.findings == ()
    assert reading.procedure == procedure


def test_the_namespace_of_bpmn_is_the_standards():
    assert root_of(PLAN).tag == f"{{{BPMN}}}definitions"
