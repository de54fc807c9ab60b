"""The drawing's rules: each with a diagram that breaks it, beside one that keeps them all."""

import pytest

from processes import lint as linting
from processes.check import check
from processes.finding import Severity
from tests.processes.drawn import broken, findings, flows, process, transfer

CHOICE = '<bpmn:conditionExpression>= ket_qua = "dat"</bpmn:conditionExpression>'
NEITHER = "<b:startEvent id='S'/><b:userTask id='T'/><b:endEvent id='E'/>"
ON_TIME = "<b:subProcess id='Z' triggeredByEvent='true'><b:startEvent id='z'><b:timerEventDefinition/></b:startEvent></b:subProcess>"


def gateway(kind="exclusive", conditions=("a", "not(a)"), attributes="", fields=""):
    """A choice between two ends, with a field `a` that the reception form asks for."""
    first, second = (
        f"<b:conditionExpression>{c}</b:conditionExpression>" if c else "" for c in conditions
    )
    head = fields or '<qt:field code="a" name="A" type="boolean" required="true"/>'
    return process(
        f'<b:extensionElements><qt:procedure code="1">{head}</qt:procedure></b:extensionElements>'
        f'<b:startEvent id="S"/><b:{kind}Gateway id="G" {attributes}/><b:endEvent id="E"/><b:endEvent id="F"/>'
        f'{flows("S G")}<b:sequenceFlow id="G_E" sourceRef="G" targetRef="E">{first}</b:sequenceFlow>'
        f'<b:sequenceFlow id="G_F" sourceRef="G" targetRef="F">{second}</b:sequenceFlow>'
    )


def opening(nodes, *pairs):
    """A process with a step T and what comes before it."""
    return process(NEITHER + nodes + flows(*pairs))


def repeated(condition, inside):
    """A sub-process done for each of a list, with a choice in it or behind it."""
    choice = (
        '<b:exclusiveGateway id="G" default="G_F"/><b:endEvent id="E"/><b:endEvent id="F"/>'
        f'<b:sequenceFlow id="G_E" sourceRef="G" targetRef="E"><b:conditionExpression>{condition}'
        "</b:conditionExpression></b:sequenceFlow>" + flows("G F")
    )
    marker = (
        "<b:multiInstanceLoopCharacteristics><b:loopDataInputRef>ten</b:loopDataInputRef>"
        '<b:inputDataItem id="I" name="nguoi"/></b:multiInstanceLoopCharacteristics>'
    )
    within = choice + flows("S1 G") if inside else '<b:endEvent id="E1"/>' + flows("S1 E1")
    behind = '<b:endEvent id="E2"/>' + flows("Sub E2") if inside else choice + flows("Sub G")
    return process(
        f'<b:startEvent id="S"/><b:subProcess id="Sub">{marker}<b:startEvent id="S1"/>{within}'
        f"</b:subProcess>{behind}" + flows("S Sub")
    )


def timer(body):
    return process(f'<b:intermediateCatchEvent id="X" name="Chờ">{body}</b:intermediateCatchEvent>')


def defined(body):
    return f"<b:timerEventDefinition>{body}</b:timerEventDefinition>"


BROKEN = {
    "no-duplicate-ids": [
        (transfer(('id="Task_Tax"', 'id="Task_Approve"')), "Task_Approve"),
        (transfer(('id="Flow_8"', 'id="Start_1"')), "Start_1"),
    ],
    "no-duplicate-diagram-ids": [(transfer(('id="Plane_1"', 'id="Task_Tax"')), "Task_Tax")],
    "qt-id-missing": [
        (process('<b:task name="A"/>'), None),
        (process("<b:task id='A'/><b:sequenceFlow sourceRef='A' targetRef='A'/>"), None),
        (process("<b:laneSet><b:lane/></b:laneSet>"), None),
        (process("", 'name="A"'), None),
    ],
    "qt-id-invalid": [
        (process('<b:task id="a b"/>'), "a b"),
        (process('<b:task id="a&quot;]"/>'), 'a"]'),
        (process('<b:task id="../etc"/>'), "../etc"),
    ],
    "start-event-required": [
        (process("<b:userTask id='T'/><b:endEvent id='E'/>" + flows("T E")), "P"),
        (process("<b:subProcess id='Sub'><b:task id='T'/><b:endEvent id='E'/></b:subProcess>"), "Sub"),
    ],
    "end-event-required": [
        (process("<b:startEvent id='S'/><b:userTask id='T'/>" + flows("S T")), "P"),
        (process("<b:subProcess id='Sub'><b:startEvent id='S'/></b:subProcess>"), "Sub"),
    ],
    "single-blank-start-event": [
        (process("<b:startEvent id='A'/><b:startEvent id='B'/>"), "P"),
        (process("<b:subProcess id='Sub'><b:startEvent id='A'/><b:startEvent id='B'/></b:subProcess>"), "Sub"),
    ],
    "no-disconnected": [(transfer(("<bpmn:textAnnotation", '<bpmn:task id="X"/><bpmn:textAnnotation')), "X")],
    "no-implicit-start": [(process(NEITHER + flows("S E", "T E")), "T")],
    "no-implicit-end": [
        (process(NEITHER + flows("S T")), "T"),
        (process('<b:task id="T"/><b:boundaryEvent id="X" attachedToRef="T"/>'), "X"),
    ],
    "no-implicit-split": [
        (process(NEITHER + "<b:endEvent id='F'/>" + flows("S T", "T E", "T F")), "T"),
        (process(NEITHER + flows("S T", "S E", "T E")), "S"),
    ],
    "qt-flow-dangling": [
        (transfer(('targetRef="Task_Return"', 'targetRef="Task_Gone"')), "Flow_7"),
        (process("<b:task id='T'/><b:sequenceFlow id='X' sourceRef='T'/>"), "X"),
    ],
    "qt-flow-crosses": [
        (process("<b:task id='T'/><b:subProcess id='Sub'><b:task id='U'/></b:subProcess>" + flows("T U")), "T_U")
    ],
    "qt-flow-direction": [
        (process(NEITHER + flows("E T")), "E_T"),
        (process(NEITHER + flows("T S")), "T_S"),
        (process("<b:task id='T'/><b:boundaryEvent id='X' attachedToRef='T'/>" + flows("T X")), "T_X"),
    ],
    "no-duplicate-sequence-flows": [
        (process(NEITHER + flows("S T", "T E") + "<b:sequenceFlow id='X' sourceRef='T' targetRef='E'/>"), "T")
    ],
    "qt-boundary-host": [
        (process("<b:boundaryEvent id='X'/>"), "X"),
        (process("<b:startEvent id='S'/><b:boundaryEvent id='X' attachedToRef='S'/>"), "X"),
        (process("<b:subProcess id='Sub'><b:task id='T'/></b:subProcess><b:boundaryEvent id='X' attachedToRef='T'/>"), "X"),
    ],
    "qt-timer": [
        (timer(defined("")), "X"),
        (timer(defined("<b:timeDuration/>")), "X"),
        (timer(defined("<b:timeDuration>8 giờ</b:timeDuration>")), "X"),
        (timer(defined('<b:timeDuration>"PT1H"</b:timeDuration>')), "X"),
        (timer(defined("<b:timeDate>02/09/2026</b:timeDate>")), "X"),
        (timer('<b:extensionElements><qt:limit amount="x" unit="day"/></b:extensionElements>' + defined("")), "X"),
    ],
    "superfluous-gateway": [
        (process(NEITHER + "<b:exclusiveGateway id='G'/>" + flows("S G", "G T", "T E")), "G")
    ],
    "label-required": [
        (transfer(('name="Phê duyệt"', "")), "Task_Approve"),
        (timer(defined("")).replace(b'name="Ch\xe1\xbb\x9d"', b""), "X"),
    ],
    "qt-unreachable": [
        (process(NEITHER + "<b:task id='U'/><b:task id='V'/>" + flows("S T", "T E", "U V", "V E")), "V")
    ],
    "qt-no-way-out": [
        (process(NEITHER + ON_TIME + "<b:task id='U'/><b:task id='V'/>" + flows("S U", "U V", "V U")), "U"),
    ],
    "qt-runaway-loop": [
        (process("<b:startEvent id='S'/><b:exclusiveGateway id='G'/><b:exclusiveGateway id='H'/><b:endEvent id='E'/>"
                    + flows("S G", "G H", "H G", "H E")),
            "G"),
        (process("<b:exclusiveGateway id='G'/><b:subProcess id='Sub'><b:startEvent id='S'/><b:endEvent id='E'/>"
                    + flows("S E") + "</b:subProcess>" + flows("G Sub", "Sub G")),
            "G",
        ),
    ],
    "qt-opens-with-wait": [
        (opening('<b:intermediateCatchEvent id="W" name="Chờ"/>', "S W", "W T", "T E"), "W"),
        (opening('<b:exclusiveGateway id="G"/><b:eventBasedGateway id="W"/>', "S G", "G T", "G W", "T E"), "W"),
        (
            opening('<b:subProcess id="Sub"><b:startEvent id="S1"/><b:intermediateCatchEvent id="W"/><b:endEvent id="E1"/>'
                    + flows("S1 W", "W E1") + "</b:subProcess>", "S Sub", "Sub T", "T E"),
            "W",
        ),
    ],
    "qt-expression-invalid": [
        (gateway(conditions=("a >", "not(a)")), "G_E"),
        (gateway(conditions=("a", "1 +* 2")), "G_F"),
        (transfer(("co_uy_quyen = true", "co_uy_quyen ==")), "Process_Transfer"),
    ],
    "qt-expression-language": [
        (gateway(conditions=("${a == true}", "not(a)")), "G_E"),
        (gateway(conditions=("#{a}", "not(a)")), "G_E"),
        (transfer(("<bpmn:conditionExpression>", '<bpmn:conditionExpression language="javascript">')), "Flow_4"),
    ],
    "qt-name-unknown": [
        (gateway(conditions=("b", "not(a)")), "G_E"),
        (transfer(('when="co_uy_quyen', 'when="co_uy_qyen')), "Process_Transfer"),
    ],
    "qt-name-out-of-scope": [
        (repeated("loopCounter > 1", inside=False), "G_E"),
        (repeated("nguoi", inside=False), "G_E"),
    ],
    "qt-expressions-too-long": [(gateway(conditions=(" and ".join(["a"] * 9000), "not(a)")), "P")],
    "conditional-flows": [
        (gateway(conditions=("a", "")), "G_F"),
        (gateway("inclusive", ("a", "")), "G_F"),
        (transfer((CHOICE, "")), "Flow_4"),
        (transfer((' default="Flow_5"', "")), "Flow_5"),
    ],
    "qt-gateway-default": [
        (gateway(conditions=("a", "false")), "G"),
        (gateway(conditions=("a = true", "a = true")), "G"),
    ],
    "qt-default-unknown": [
        (transfer(('default="Flow_5"', 'default="Flow_6"')), "Gateway_Result"),
        (transfer(('default="Flow_5"', 'default="Nowhere"')), "Gateway_Result"),
    ],
    "qt-default-condition": [(gateway(attributes='default="G_F"'), "G_F")],
    "qt-condition-early": [
        (transfer(('type="choice" required="true"', 'type="choice"')), "Gateway_Result"),
        (transfer(('sourceRef="Start_1" targetRef="Task_Receive"', 'sourceRef="Start_1" targetRef="Gateway_Result"')), "Gateway_Result"),
    ],
    "qt-limit-missing": [
        (transfer(('<qt:limit amount="4" unit="working_day"/>', "")), "Task_Approve"),
        (transfer(('<qt:limit amount="3.5" unit="working_day"/>', "")), "Task_Appraise"),
    ],
    "qt-timeout-without-limit": [
        (transfer(('clock="citizen"/>', 'clock="citizen" onTimeout="deemed_consent"/>')), "Task_Tax")
    ],
    "qt-limit-case-unknown": [(transfer(('case="remote"', 'case="island"')), "Task_Appraise")],
    "qt-owner-missing": [
        (transfer(("<bpmn:flowNodeRef>Task_Approve</bpmn:flowNodeRef>", "")), "Task_Approve"),
        (transfer(('name="Lãnh đạo"', "")), "Task_Approve"),
    ],
    "qt-not-same-unknown": [
        (transfer(('notSameAs="Task_Appraise"', 'notSameAs="Task_Appraise Task_Gone"')), "Task_Approve"),
        (transfer(('notSameAs="Task_Appraise"', 'notSameAs="Gateway_Result"')), "Task_Approve"),
    ],
    "qt-not-same-self": [(transfer(('notSameAs="Task_Appraise"', 'notSameAs="Task_Approve"')), "Task_Approve")],
    "qt-signs-unknown": [(transfer(('notSameAs="Task_A', 'signs="NO" notSameAs="Task_A')), "Task_Approve")],
    "qt-signs-without-signature": [(transfer(('signature="agency"', 'signs="GCN"')), "Task_Approve")],
    "qt-outcome-missing": [(transfer(('<qt:end outcome="refused" status="8" favourable="false"/>', "")), "End_Refused")],
    "qt-steps-missing": [(process("<b:startEvent id='S'/><b:endEvent id='E'/>" + flows("S E")), "P")],
    "qt-component-duplicate": [(transfer(('code="GCN"', 'code="DON"')), "Process_Transfer")],
    "qt-component-unknown": [(transfer(('requires component="DON"', 'requires component="DON_1"')), "Task_Receive")],
    "qt-component-not-enforced": [
        (transfer(('required="required"', 'required="optional"')), "Task_Receive"),
        (transfer(('rule="one_of"', 'rule="note"')), "Task_Receive"),
    ],
    "qt-component-unasked": [
        (transfer(('<qt:requires component="GCN"/>', "")), "Process_Transfer"),
        (transfer(('<qt:requires component="UY_QUYEN"/>', "")), "Process_Transfer"),
    ],
    "qt-group-duplicate": [
        (transfer(("<qt:componentGroup ", '<qt:componentGroup code="CHUYEN_QUYEN"/><qt:componentGroup ')), "Process_Transfer")
    ],
    "qt-group-unknown": [(transfer(('componentGroup code="CHUYEN_QUYEN"', 'componentGroup code="X"')), "Process_Transfer")],
    "qt-group-small": [
        (transfer((' group="CHUYEN_QUYEN"', "")), "Process_Transfer"),
        (transfer(('rule="one_of"', 'rule="at_least" atLeast="3"')), "Process_Transfer"),
    ],
    "qt-when-missing": [(transfer((' when="co_uy_quyen = true"', "")), "Process_Transfer")],
    "qt-when-ignored": [(transfer(('required="when"', 'required="optional"')), "Process_Transfer")],
    "qt-field-duplicate": [
        (transfer(('<qt:field code="co_uy', '<qt:field code="co_uy_quyen" type="boolean"/><qt:field code="co_uy')), "Process_Transfer")
    ],
    "qt-field-type-differs": [(transfer(('code="ket_qua"', 'code="co_uy_quyen"')), "Task_Appraise")],
    "qt-field-code": [
        (transfer(('field code="co_uy_quyen"', 'field code="có ủy quyền"')), "Process_Transfer"),
        (transfer(('field code="co_uy_quyen"', 'field code="1a"')), "Process_Transfer"),
        (transfer(('field code="co_uy_quyen"', 'field code="then"')), "Process_Transfer"),
    ],
    "qt-options-missing": [
        (transfer(('<qt:option value="dat" name="Đạt"/>', ""), ('<qt:option value="khong_dat" name="Không đạt"/>', "")), "Task_Appraise")
    ],
    "qt-option-duplicate": [(transfer(('value="khong_dat"', 'value="dat"')), "Task_Appraise")],
    "qt-options-unused": [(transfer(('type="choice"', 'type="text"')), "Task_Appraise")],
    "qt-default-invalid": [
        (transfer(('type="choice"', 'type="choice" default="co"')), "Task_Appraise"),
        (transfer(('type="boolean"', 'type="boolean" default="có"')), "Process_Transfer"),
        (transfer(('type="boolean"', 'type="date" default="31/02/2026"')), "Process_Transfer"),
        (transfer(('type="boolean"', 'type="number" default="NaN"')), "Process_Transfer"),
    ],
    "qt-status-order": [
        (transfer(('status="9"', 'status="4"')), "End_Granted"),
        (transfer(('status="8"', 'status="10"')), "End_Refused"),
    ],
    "qt-status-received-late": [(transfer(('status="9"', 'status="2"')), "Task_Return")],
    "qt-status-not-received": [(transfer(('<qt:step status="2">', '<qt:step status="1">')), "Task_Appraise")],
    "qt-case-missing": [(process(""), "P")],
    "qt-case-duplicate": [(transfer(('code="remote"', 'code="normal"')), "Process_Transfer")],
    "qt-case-limit-missing": [(transfer(('<qt:limit amount="18" unit="working_day"/>', "")), "Process_Transfer")],
    "qt-part-missing": [
        (transfer(('kind="agency"', 'kind="fee"')), "Process_Transfer"),
        (transfer((">Trực tiếp hoặc trực tuyến.<", "> <")), "Process_Transfer"),
        (process(""), "P"),
    ],
    "qt-part-duplicate": [(transfer(('kind="agency"', 'kind="manner"')), "Process_Transfer")],
    "qt-result-missing": [(transfer(('favourable="true"', 'favourable="false"')), "Process_Transfer")],
    "qt-refusal-missing": [(transfer(('favourable="false"', 'favourable="true"')), "Process_Transfer")],
    "qt-outcome-status": [(transfer(('status="8"', 'status="4"')), "End_Refused")],
    "qt-status-reopened": [
        (transfer(('<qt:step status="4" signature="personal">', '<qt:step status="9" signature="personal">')), "Task_Tax")
    ],
    "qt-status-clock": [(transfer((' clock="citizen"', "")), "Task_Tax")],
    "qt-supplement-missing": [(transfer(('policy="reset" atMost="1"', 'policy="reset" atMost="0"')), "Process_Transfer")],
    "qt-supplement-often": [(transfer(('policy="reset" atMost="1"', 'policy="reset" atMost="2"')), "Process_Transfer")],
    "qt-component-asked-twice": [
        (transfer(('signature="personal">', 'signature="personal"><qt:requires component="DON"/>')), "Task_Appraise")
    ],
}  # fmt: skip
ROWS = [(rule, data, element) for rule, rows in BROKEN.items() for data, element in rows]
WARNINGS = {
    *("no-duplicate-diagram-ids", "no-duplicate-sequence-flows", "superfluous-gateway"),
    "no-implicit-split",
    *("label-required", "qt-gateway-default", "qt-default-condition", "qt-condition-early"),
    *("qt-outcome-missing", "qt-component-not-enforced", "qt-component-unasked"),
    *("qt-when-ignored", "qt-options-unused", "qt-status-order", "qt-status-received-late"),
    *("qt-status-not-received", "qt-part-missing", "qt-part-duplicate"),
    *("qt-result-missing", "qt-refusal-missing", "qt-outcome-status", "qt-status-reopened"),
    *(
        "qt-status-clock",
        "qt-supplement-missing",
        "qt-supplement-often",
        "qt-component-asked-twice",
    ),
}


def test_every_rule_has_a_diagram_that_breaks_it():
    assert BROKEN.keys() == {rule.code for rule in linting.RULES}


def test_warnings_do_not_keep_a_procedure_from_being_published():
    assert {rule.code for rule in linting.RULES if rule.severity is Severity.WARNING} == WARNINGS


def test_the_transfer_of_land_use_rights_keeps_every_rule():
    assert broken(transfer()) == {"qt-limits-slack"}


@pytest.mark.parametrize(("rule", "data", "element"), ROWS)
def test_the_broken_rule_is_found_at_its_element(rule, data, element):
    found = findings(data, rule)
    assert element in {f.element for f in found}
    for finding in found:
        assert finding.vi != finding.en
        assert "{" not in finding.vi.replace("#{", "").replace("${", "")


# --- What is right must not be called wrong.

COMPLETE = {
    "yes and no": gateway(conditions=("a = true", "= a = false")),
    "all options": gateway(
        conditions=('a = "x"', 'a = "y"'),
        fields='<qt:field code="a" type="choice" required="true"><qt:option value="x"/><qt:option value="y"/></qt:field>',
    ),
    "a default flow": gateway(conditions=("a", ""), attributes='default="G_F"'),
}
INCOMPLETE = {
    "one option is left": gateway(
        conditions=('a = "x"', 'a = "x"'),
        fields='<qt:field code="a" type="choice" required="true"><qt:option value="x"/><qt:option value="y"/></qt:field>',
    ),
    "the field may be left empty": gateway(
        conditions=("a = true", "a = false"), fields='<qt:field code="a" type="boolean"/>'
    ),
    "a text has more values": gateway(
        conditions=('a = "x"', 'a = "y"'), fields='<qt:field code="a" required="true"/>'
    ),
}


@pytest.mark.parametrize("data", COMPLETE.values(), ids=COMPLETE.keys())
def test_a_choice_that_surely_goes_somewhere_needs_no_warning(data):
    assert not findings(data, "qt-gateway-default")
    assert not findings(data, "conditional-flows")


@pytest.mark.parametrize("data", INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_a_choice_that_may_go_nowhere_is_pointed_out(data):
    assert findings(data, "qt-gateway-default")


def test_an_unknown_name_is_shown_with_the_known_ones():
    (finding,) = findings(transfer(("ket_qua = ", "ket_quả = ")), "qt-name-unknown")
    assert finding.element == "Flow_4"
    assert "“ket_quả”" in finding.vi
    assert "co_uy_quyen, ket_qua" in finding.vi


def test_a_condition_of_another_engine_is_answered_with_the_feel_for_it():
    (finding,) = findings(
        gateway(conditions=("${a == 'x' &amp;&amp; b}", "not(a)")), "qt-expression-language"
    )
    assert finding.vi.endswith('a = "x" and b')


@pytest.mark.parametrize("language", ["feel", "http://www.omg.org/spec/FEEL/20140401", ""])
def test_feel_may_be_named_as_the_language(language):
    data = transfer(
        ("<bpmn:conditionExpression>", f'<bpmn:conditionExpression language="{language}">')
    )
    assert broken(data) == {"qt-limits-slack"}


def test_a_field_with_a_default_always_has_a_value():
    data = transfer(('type="choice" required="true"', 'type="choice" default="dat"'))
    assert not findings(data, "qt-condition-early")


def test_a_field_entered_on_one_branch_only_may_be_missing_after_the_join():
    field = '<b:extensionElements><qt:step><qt:field code="a" type="boolean" required="true"/></qt:step></b:extensionElements>'
    body = (
        '<b:startEvent id="S"/><b:{kind}Gateway id="F"/><b:userTask id="T">' + field + "</b:userTask>"
        '<b:userTask id="U"/><b:{kind}Gateway id="J"/><b:exclusiveGateway id="G" default="G_D"/>'
        '<b:endEvent id="E"/><b:endEvent id="D"/>' + flows("S F", "F T", "F U", "T J", "U J", "J G", "G D")
        + '<b:sequenceFlow id="G_E" sourceRef="G" targetRef="E"><b:conditionExpression>a</b:conditionExpression></b:sequenceFlow>'
    )  # fmt: skip
    assert findings(process(body.replace("{kind}", "exclusive")), "qt-condition-early")


def test_rework_through_a_persons_step_is_no_runaway():
    body = (
        "<b:startEvent id='S'/><b:userTask id='T'/><b:exclusiveGateway id='G'/><b:endEvent id='E'/>"
    )
    assert not findings(process(body + flows("S T", "T G", "G T", "G E")), "qt-runaway-loop")


def test_waiting_for_time_is_no_runaway():
    wait = '<b:intermediateCatchEvent id="W"><b:timerEventDefinition><b:timeDuration>PT1H</b:timeDuration></b:timerEventDefinition></b:intermediateCatchEvent>'
    body = f"<b:startEvent id='S'/>{wait}<b:exclusiveGateway id='G'/><b:endEvent id='E'/>"
    assert not findings(process(body + flows("S W", "W G", "G W", "G E")), "qt-runaway-loop")


def test_internal_work_states_neither_parts_nor_national_statuses():
    """NĐ 63/2010 and the national exchange are about administrative procedures."""
    data = transfer(
        ('kind="public"', 'kind="internal"'),
        ('<qt:part kind="sequence">', '<qt:part kind="fee">'),
        ('status="9"', 'status="4"'),
    )
    assert not broken(data) & {"qt-part-missing", "qt-status-order"}


def test_a_dossier_may_be_received_again_after_a_supplement():
    data = transfer(
        ('<qt:step status="6" clock="citizen"/>', '<qt:step status="5" clock="citizen"/>'),
        ('signature="agency" notSameAs', 'signature="agency" legalBasis="2" notSameAs'),
        ('<qt:step status="4" signature="agency"', '<qt:step status="2" signature="agency"'),
    )
    assert not findings(data, "qt-status-received-late")


def test_ids_that_the_engine_library_reserves_are_fine():
    """SpiffWorkflow loses steps named Start or End; the engine gives them other names."""
    data = transfer(("Task_Approve", "End"), ("Start_1", "Start"), ("Task_Return", "Root"))
    assert broken(data) == {"qt-limits-slack"}


def test_ids_inside_other_tools_extensions_are_their_own():
    data = transfer(
        ("<camunda:property name='other'", "<camunda:property id=\"Task_Tax\" name='other'")
    )
    assert not findings(data, "no-duplicate-ids")


def test_findings_keep_their_order_from_run_to_run():
    data = transfer(('unit="working_day"', 'unit="week"'), ("ket_qua = ", "b + c + d = "))
    assert [check(data).findings for _ in range(3)] == [check(data).findings] * 3


# --- What a dossier may end in, and what may be asked for.


def test_components_of_two_branches_are_asked_for_once_each():
    """Whoever goes one way is not asked on the other."""
    step = '<b:userTask id="{0}" name="{0}"><b:extensionElements><qt:step><qt:requires component="DON"/></qt:step></b:extensionElements></b:userTask>'
    head = '<b:extensionElements><qt:procedure code="1"><qt:component code="DON" name="Đơn"/></qt:procedure></b:extensionElements>'
    way = ("S G", "G A", "G B", "A E", "B E")
    data = process(
        head
        + "<b:startEvent id='S'/><b:exclusiveGateway id='G'/>"
        + step.format("A")
        + step.format("B")
        + "<b:endEvent id='E'/>"
        + flows(*way)
    )
    assert not findings(data, "qt-component-asked-twice")
    one_after_the_other = data.replace(
        b'sourceRef="A" targetRef="E"', b'sourceRef="A" targetRef="B"'
    )
    assert findings(one_after_the_other, "qt-component-asked-twice")


def test_the_result_is_a_part_that_an_end_or_a_text_states():
    """NĐ 63/2010/NĐ-CP, art. 8."""
    bare = transfer(
        (
            '<qt:end outcome="granted" name="Đã cấp giấy chứng nhận" status="10" favourable="true"/>',
            "",
        ),
        ('<qt:end outcome="refused" status="8" favourable="false"/>', ""),
    )
    assert any("kết quả" in finding.vi for finding in findings(bare, "qt-part-missing"))
    stated = bare.replace(
        b'kind="agency"', 'kind="agency">Sở</qt:part><qt:part kind="result"'.encode()
    )
    assert not findings(stated, "qt-part-missing")


def test_internal_work_may_end_as_it_likes():
    """The national statuses and the one supplement are for public procedures."""
    data = transfer(
        ('kind="public"', 'kind="internal"'),
        ('favourable="false"', 'favourable="true"'),
        ('atMost="1"', 'atMost="3"'),
    )
    assert not {"qt-refusal-missing", "qt-supplement-often"} & broken(data)


def test_a_loop_that_waits_for_a_message_does_not_run_away():
    loop = "<b:startEvent id='S'/><b:exclusiveGateway id='G'/><b:intermediateCatchEvent id='M' name='Chờ'><b:messageEventDefinition/></b:intermediateCatchEvent><b:exclusiveGateway id='H'/><b:endEvent id='E'/>"
    way = flows("S G", "G M", "M H", "H G", "H E")
    assert not findings(process(loop + way), "qt-runaway-loop")
