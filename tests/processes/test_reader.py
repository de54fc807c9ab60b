"""What the diagram says of a procedure is read as it stands; what cannot be read is reported."""

from datetime import date, time
from decimal import Decimal

import pytest

from processes.component import Component, ComponentGroup, Copies, CopyForm, GroupRule, Requirement
from processes.data_field import DataField, FieldType, Option
from processes.document import parse
from processes.procedure import (
    Case,
    DayCount,
    LegalBasis,
    Outcome,
    ProcedureKind,
    Supplement,
    SupplementPolicy,
)
from processes.reader import read
from processes.reader.aliases import parse_alias
from processes.reader.positions import fold
from processes.step import Assignment, ClockKind, NationalStatus, OnTimeout, Signature
from processes.time_limit import InvalidTimeLimit, TimeLimit, Unit
from tests.processes.drawn import flows, process, transfer


def days(amount):
    return TimeLimit(Decimal(amount), Unit.WORKING_DAY)


def reading(data):
    return read(parse(data))


@pytest.fixture(scope="module")
def land():
    found = reading(transfer())
    assert found.findings == ()
    return found.procedure


def test_the_head_of_the_procedure(land):
    assert (land.process_id, land.code) == ("Process_Transfer", "1.013831")
    assert land.name == "Đăng ký biến động đất đai"
    assert (land.kind, land.field) == (ProcedureKind.PUBLIC, "Đất đai")
    assert land.levels == ("province", "commune")
    assert (land.decision_no, land.decision_date) == ("768/QĐ-TTPVHCC", date(2025, 10, 1))
    assert (land.effective_from, land.day_count) == (date(2025, 10, 1), DayCount.EXACT)
    assert land.extensions_at_most == 1
    assert land.supplement == Supplement(SupplementPolicy.RESET, 1, days(3))
    assert land.legal_basis == (LegalBasis("NĐ 151/2025/NĐ-CP", "Điều 18", "Phân định thẩm quyền"),)
    assert dict(land.parts)["agency"] == "Văn phòng đăng ký đất đai."


def test_the_cases_with_their_total_limits(land):
    assert land.cases == (
        Case("normal", "Thông thường", days(8)),
        Case("remote", "Vùng sâu, vùng xa", days(18), "NĐ 151/2025/NĐ-CP"),
    )


def test_the_components_and_their_groups(land):
    assert land.component("DON") == Component(
        "DON", "Đơn đăng ký biến động (Mẫu 18)", copies=(Copies(CopyForm.ORIGINAL, 1),)
    )
    assert land.component("DI_CHUC").group == "CHUYEN_QUYEN"
    proxy = land.component("UY_QUYEN")
    assert (proxy.requirement, proxy.when) == (Requirement.WHEN, "co_uy_quyen = true")
    assert land.component_groups == (
        ComponentGroup("CHUYEN_QUYEN", "Văn bản chuyển quyền", GroupRule.ONE_OF),
    )
    assert land.fields == (
        DataField("co_uy_quyen", "Nộp qua người được ủy quyền", FieldType.BOOLEAN, required=True),
    )


def test_the_steps_in_reading_order_with_who_does_them(land):
    desk = Assignment("mot_cua", "ttpvhcc", "Bộ phận một cửa")
    officer = Assignment("chuyen_vien", None, "Chuyên viên")
    assert [(s.order, s.element_id, s.assignment) for s in land.steps] == [
        (1, "Task_Receive", desk),
        (2, "Task_Appraise", officer),
        (3, "Task_Tax", officer),
        (4, "Task_Approve", Assignment("lanh_dao", None, "Lãnh đạo")),
        (5, "Task_Return", desk),
    ]


def test_everything_a_step_states(land):
    receive, appraise, tax, approve, _ = land.steps
    assert (receive.limit("normal"), receive.cutoff) == (days("0.5"), time(15))
    assert receive.requires == ("DON", "GCN", "HOP_DONG", "UY_QUYEN")
    assert receive.documentation == "Kiểm tra & tiếp nhận"
    assert (appraise.limit("normal"), appraise.limit("remote")) == (days("3.5"), days(10))
    assert appraise.produces == (("TO_TRINH", "Tờ trình"),)
    assert appraise.signature is Signature.PERSONAL
    assert appraise.fields == (
        DataField(
            "ket_qua",
            "Kết quả thẩm định",
            FieldType.CHOICE,
            required=True,
            options=(Option("dat", "Đạt"), Option("khong_dat", "Không đạt")),
        ),
    )
    assert (tax.clock, tax.status, tax.limits) == (ClockKind.CITIZEN, NationalStatus.FINANCIAL, {})
    assert approve.not_same_as == ("Task_Appraise",)
    assert approve.on_timeout is OnTimeout.ESCALATE


def test_the_outcomes_at_its_ends(land):
    assert land.outcomes == (
        Outcome("End_Granted", "granted", "Đã cấp giấy chứng nhận", NationalStatus.RETURNED, True),
        Outcome("End_Refused", "refused", "Không đủ điều kiện", NationalStatus.DISCONTINUED, False),
    )


def test_the_office_defaults_hold_where_the_diagram_is_silent():
    found = reading(process('<b:userTask id="T" name="Làm"/>')).procedure
    assert found.code == "P"  # reported as missing
    assert (found.kind, found.supplement, found.cases) == (ProcedureKind.PUBLIC, Supplement(), ())
    (step,) = found.steps
    assert (step.limits, step.clock, step.status) == ({}, ClockKind.RUNS, NationalStatus.PROCESSING)
    assert step.assignment is None


def test_reading_order_is_breadth_first_and_enters_sub_processes():
    body = (
        '<b:task id="Last"/><b:startEvent id="S"/><b:parallelGateway id="G"/><b:task id="B"/><b:task id="A"/>'
        '<b:subProcess id="Sub"><b:startEvent id="S2"/><b:task id="In"/><b:endEvent id="E2"/>'
        f"{flows('S2 In', 'In E2')}</b:subProcess>"
        '<b:boundaryEvent id="X" attachedToRef="A"><b:timerEventDefinition/></b:boundaryEvent><b:task id="Late"/>'
        '<b:task id="Loose"/>'
        + flows("S G", "G A", "G B", "A Sub", "B Sub", "Sub Last", "X Late", "Last A")
    )
    steps = reading(process(body)).procedure.steps
    assert [s.element_id for s in steps] == ["A", "B", "Late", "In", "Last", "Loose"]
    assert [s.order for s in steps] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("kind", ["task", "userTask", "manualTask", "sendTask", "receiveTask"])
def test_these_activities_are_steps_of_a_person(kind):
    assert len(reading(process(f'<b:{kind} id="T"/>')).procedure.steps) == 1


@pytest.mark.parametrize("kind", ["serviceTask", "scriptTask", "callActivity", "businessRuleTask"])
def test_these_are_not(kind):
    assert reading(process(f'<b:{kind} id="T"/>')).procedure.steps == ()


FOLDED = {
    "Chuyên viên": "chuyen_vien",
    "Bộ phận Một cửa (TTPVHCC)": "bo_phan_mot_cua_ttpvhcc",
    "Lãnh đạo Phòng Đất đai": "lanh_dao_phong_dat_dai",
    "  ": "",
    "—": "",
}


@pytest.mark.parametrize(("name", "code"), FOLDED.items())
def test_a_lane_without_an_assignment_is_its_name_as_a_position(name, code):
    assert fold(name) == code


def test_a_nameless_inner_lane_follows_the_lane_around_it():
    body = (
        '<b:laneSet><b:lane id="L" name="Phòng Tư pháp"><b:childLaneSet><b:lane id="M">'
        "<b:flowNodeRef>T</b:flowNodeRef></b:lane></b:childLaneSet></b:lane></b:laneSet>"
        '<b:userTask id="T"/>'
    )
    (step,) = reading(process(body)).procedure.steps
    assert step.assignment == Assignment("phong_tu_phap", None, "Phòng Tư pháp")


ALIASES = {
    "camunda": '<camunda:properties><camunda:property name="timeLimit" value="PT8H"/></camunda:properties>',
    "zeebe": '<zeebe:properties><zeebe:property name="qt.timeLimit" value="8 giờ làm việc"/></zeebe:properties>',
    "spiffworkflow": '<spiffworkflow:properties><spiffworkflow:property name="timeLimit" value="480 phút"/>'
    "</spiffworkflow:properties>",
}


@pytest.mark.parametrize(("tool", "stated"), ALIASES.items())
def test_other_tools_can_state_the_limit_of_a_step(tool, stated):
    data = process(f'<b:task id="T"><b:extensionElements>{stated}</b:extensionElements></b:task>')
    found = reading(data)
    assert found.procedure.steps[0].limit("normal").working_seconds == 8 * 3600
    (said,) = [f for f in found.findings if f.rule == "qt-alias"]
    assert (said.element, tool in said.vi) == ("T", True)


def test_our_own_limit_wins_over_another_tools():
    own = '<qt:step><qt:limit amount="2" unit="working_day"/></qt:step>'
    body = f'<b:task id="T"><b:extensionElements>{own}{ALIASES["camunda"]}</b:extensionElements></b:task>'
    assert reading(process(body)).procedure.steps[0].limits == {"": days(2)}


def test_another_tool_can_state_the_total_limit():
    body = f"<b:extensionElements>{ALIASES['camunda']}</b:extensionElements>"
    (case,) = reading(process(body)).procedure.cases
    assert (case.code, case.limit) == ("normal", TimeLimit(Decimal(8), Unit.WORKING_HOUR))


def test_hours_and_minutes_of_other_tools_are_working_time():
    assert parse_alias("PT1H30M") == TimeLimit(Decimal(90), Unit.MINUTE)
    assert parse_alias("1,5 ngày làm việc") == days("1.5")


@pytest.mark.parametrize("text", ["P2D", "P1M", "PT", "PT9999H59M", "R/PT8H", "8", "=limit", ""])
def test_what_does_not_say_whether_days_are_working_days_is_refused(text):
    with pytest.raises(InvalidTimeLimit):
        parse_alias(text)


STEP = '<b:laneSet><b:lane id="L" name="A"><b:flowNodeRef>T</b:flowNodeRef></b:lane></b:laneSet>'


def step(inner="", attributes="", extra=""):
    return process(
        f'{STEP}<b:userTask id="T" name="Thẩm định"><b:extensionElements><qt:step {attributes}>{inner}</qt:step>{extra}'
        "</b:extensionElements></b:userTask>"
    )


def head(inner="", attributes='code="1"'):
    return process(
        f"<b:extensionElements><qt:procedure {attributes}>{inner}</qt:procedure></b:extensionElements>"
    )


REPORTED = {
    "a negative limit": (
        step('<qt:limit amount="-1" unit="working_day"/>'),
        "qt-limit-invalid",
        "T",
    ),
    "an unknown unit": (step('<qt:limit amount="1" unit="week"/>'), "qt-limit-invalid", "T"),
    "no unit": (step('<qt:limit amount="1"/>'), "qt-limit-invalid", "T"),
    "a decimal comma": (
        step('<qt:limit amount="1,5" unit="working_day"/>'),
        "qt-limit-invalid",
        "T",
    ),
    "half a day of the calendar": (
        step('<qt:limit amount="0.5" unit="day"/>'),
        "qt-limit-invalid",
        "T",
    ),
    "a limit without end": (step('<qt:limit amount="1e9" unit="day"/>'), "qt-limit-invalid", "T"),
    "two limits for one case": (
        step('<qt:limit amount="1" unit="working_day"/><qt:limit amount="2" unit="working_day"/>'),
        "qt-repeated",
        "T",
    ),
    "two steps": (step(extra="<qt:step/>"), "qt-repeated", "T"),
    "an unknown status": (step(attributes='status="11"'), "qt-value", "T"),
    "an unknown clock": (step(attributes='clock="stops"'), "qt-value", "T"),
    "an unknown timeout": (step(attributes='onTimeout="cancel"'), "qt-value", "T"),
    "an unknown signature": (step(attributes='signature="wet"'), "qt-value", "T"),
    "an impossible cutoff": (
        step('<qt:limit amount="1" unit="same_day" cutoff="25:00"/>'),
        "qt-value",
        "T",
    ),
    "two cutoffs": (
        step(
            '<qt:limit amount="1" unit="same_day" cutoff="15:00"/><qt:limit case="a" amount="1" unit="day" cutoff="16:00"/>'
        ),
        "qt-value",
        "T",
    ),
    "a component without a code": (step("<qt:requires/>"), "qt-value-missing", "T"),
    "a document without a code": (step('<qt:produces name="A"/>'), "qt-value-missing", "T"),
    "a field of no type": (step('<qt:field code="a" type="money"/>'), "qt-value", "T"),
    "a misspelt element": (step('<qt:limmit amount="1" unit="day"/>'), "qt-unknown-element", "T"),
    "a misspelt attribute": (
        step('<qt:limit amount="1" unit="day" cutof="15:00"/>'),
        "qt-unknown-attribute",
        "T",
    ),
    "a limit outside of its step": (
        step(extra='<qt:limit amount="1" unit="day"/>'),
        "qt-misplaced",
        "T",
    ),
    "a component outside of a procedure": (
        step(extra='<qt:component code="A"/>'),
        "qt-misplaced",
        "T",
    ),
    "an invented extension": (step(extra="<qt:reminder/>"), "qt-unknown-element", "T"),
    "an attribute on the task": (
        process('<b:task id="T" qt:limit="8"/>'),
        "qt-misplaced-attribute",
        "T",
    ),
    "a step on a gateway": (
        process(
            '<b:exclusiveGateway id="T"><b:extensionElements><qt:step/></b:extensionElements></b:exclusiveGateway>'
        ),
        "qt-misplaced",
        "T",
    ),
    "our element outside of extensionElements": (
        process('<b:task id="T"><qt:step/></b:task>'),
        "qt-misplaced",
        "T",
    ),
    "days of another tool": (
        process(
            '<b:task id="T"><b:extensionElements><camunda:properties><camunda:property name="timeLimit" value="P2D"/>'
            "</camunda:properties></b:extensionElements></b:task>"
        ),
        "qt-limit-invalid",
        "T",
    ),
    "no code": (head(attributes=""), "qt-code-missing", "P"),
    "no name": (process("", 'id="P"'), "qt-name-missing", "P"),
    "two heads": (
        process(
            "<b:extensionElements><qt:procedure code='1'/><qt:procedure code='2'/></b:extensionElements>"
        ),
        "qt-repeated",
        "P",
    ),
    "an unknown kind": (head(attributes='code="1" kind="secret"'), "qt-value", "P"),
    "an unknown level": (head(attributes='code="1" levels="district"'), "qt-value", "P"),
    "a date of another country": (
        head(attributes='code="1" decisionDate="01/10/2025"'),
        "qt-value",
        "P",
    ),
    "a case without a code": (head("<qt:case/>"), "qt-value-missing", "P"),
    "a case inside a limit": (
        head('<qt:case code="a"><qt:limit amount="1" unit="day" case="b"/></qt:case>'),
        "qt-unknown-attribute",
        "P",
    ),
    "a cutoff on the total": (
        head('<qt:case code="a"><qt:limit amount="1" unit="same_day" cutoff="15:00"/></qt:case>'),
        "qt-cutoff-misplaced",
        "P",
    ),
    "a negative number of supplements": (head('<qt:supplement atMost="-1"/>'), "qt-value", "P"),
    "endless extensions": (head('<qt:extension atMost="1000"/>'), "qt-value", "P"),
    "an unknown policy": (head('<qt:supplement policy="forget"/>'), "qt-value", "P"),
    "no copies at all": (
        head('<qt:component code="A"><qt:copies number="0"/></qt:component>'),
        "qt-value",
        "P",
    ),
    "an unknown form": (
        head('<qt:component code="A"><qt:copies form="scan"/></qt:component>'),
        "qt-value",
        "P",
    ),
    "an unknown requirement": (head('<qt:component code="A" required="maybe"/>'), "qt-value", "P"),
    "neither true nor false": (head('<qt:component code="A" presentOnly="yes"/>'), "qt-value", "P"),
    "an unknown group rule": (head('<qt:componentGroup code="G" rule="any"/>'), "qt-value", "P"),
    "a component without code": (head('<qt:component name="Đơn"/>'), "qt-value-missing", "P"),
    "a citation of nothing": (head('<qt:legalBasis article="Điều 8"/>'), "qt-value-missing", "P"),
    "an unknown part": (head('<qt:part kind="poem">…</qt:part>'), "qt-value", "P"),
    "an option without a value": (
        head('<qt:field code="a" type="choice"><qt:option name="A"/></qt:field>'),
        "qt-value-missing",
        "P",
    ),
    "an assignment without a position": (
        process(
            '<b:laneSet><b:lane id="L"><b:extensionElements><qt:assignment/></b:extensionElements></b:lane></b:laneSet>'
        ),
        "qt-position-missing",
        "L",
    ),
    "a step in two lanes": (
        process(
            '<b:laneSet><b:lane id="L" name="A"><b:flowNodeRef>T</b:flowNodeRef></b:lane><b:lane id="M" name="B">'
            '<b:flowNodeRef>T</b:flowNodeRef></b:lane></b:laneSet><b:task id="T"/>'
        ),
        "qt-lane-twice",
        "T",
    ),
    "an outcome inside a sub-process": (
        process(
            '<b:subProcess id="S"><b:endEvent id="E"><b:extensionElements><qt:end outcome="a"/></b:extensionElements>'
            "</b:endEvent></b:subProcess>"
        ),
        "qt-end-nested",
        "E",
    ),
    "an outcome without a word": (
        process(
            '<b:endEvent id="E"><b:extensionElements><qt:end name="A"/></b:extensionElements></b:endEvent>'
        ),
        "qt-value-missing",
        "E",
    ),
    "no process": (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        "qt-process-missing",
        None,
    ),
}


@pytest.mark.parametrize(("data", "rule", "element"), REPORTED.values(), ids=REPORTED.keys())
def test_what_cannot_be_read_is_a_finding_and_never_an_exception(data, rule, element):
    found = [f for f in reading(data).findings if f.rule == rule]
    assert [f.element for f in found] == [element]
    assert "{" not in found[0].vi + found[0].en


def test_a_value_that_cannot_be_read_leaves_the_default():
    found = reading(
        step('<qt:limit amount="x" unit="day"/>', 'status="x" clock="x"')
    ).procedure.steps[0]
    assert (found.limits, found.status, found.clock) == (
        {},
        NationalStatus.PROCESSING,
        ClockKind.RUNS,
    )


def test_a_condition_makes_a_component_conditional_unless_it_says_otherwise():
    plain = reading(head('<qt:component code="A" when="x"/>')).procedure.component("A")
    said = reading(
        head('<qt:component code="A" when="x" required="optional"/>')
    ).procedure.component("A")
    assert (plain.requirement, said.requirement) == (Requirement.WHEN, Requirement.OPTIONAL)


def test_codes_typed_with_separate_accents_are_the_same_codes():
    apart = "kê\u0301t_qua\u0309"  # NFD
    found = reading(head(f'<qt:field code="{apart}" type="text"/>')).procedure
    assert found.fields[0].code == "kết_quả"


def test_lanes_that_contain_their_own_id_end():
    body = (
        '<b:laneSet><b:lane id="L" name="A"><b:flowNodeRef>T</b:flowNodeRef><b:childLaneSet><b:lane id="L" name="B">'
        "<b:flowNodeRef>T</b:flowNodeRef></b:lane></b:childLaneSet></b:lane>"
        '<b:lane id="M" name="C"><b:flowNodeRef>T</b:flowNodeRef></b:lane></b:laneSet><b:task id="T"/>'
    )
    assert "qt-lane-twice" in {f.rule for f in reading(process(body)).findings}
