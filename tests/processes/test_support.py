"""Every construct of BPMN 2.0 runs, is only drawn, or is refused with a word of advice."""

import pytest

from processes.diagram import KIND_WORDS, EventKind, NodeKind
from processes.document import FLOW_NODES, parse
from processes.finding import Severity
from processes.support import CONSTRUCTS, RULES, Verdict, judge_support
from processes.support.table import EVENTS
from tests.processes.drawn import definitions, flows, process, transfer

CAUGHT = ("message", "signal", "timer", "conditional", "multiple")
THROWN = ("none", "message", "signal", "escalation", "compensate", "multiple")
RUNS = {
    *("task", "userTask", "manualTask", "sendTask", "receiveTask", "subProcess"),
    *("exclusiveGateway", "inclusiveGateway", "parallelGateway", "sequenceFlow", "lane"),
    *("sequenceFlow.condition", "eventBasedGateway", "subProcess.event", "activity.compensation"),
    *("adHocSubProcess", "transaction", "complexGateway", "activity.quantity"),
    *("activity.standardLoop", "activity.multiInstance", "activity.default"),
    *("activity.severalFlows", "event.severalFlows", "sequenceFlow.conditionAfterActivity"),
    *("subProcess.implicitStart", "subProcess.implicitEnd"),
    *("timer.timeDate", "timer.timeDuration", "timer.timeCycle", "timer.limit"),
    "event.eventDefinitionRef",
    *(f"startEvent.{kind}" for kind in ("none", *CAUGHT, "error", "escalation")),
    *(f"intermediateCatchEvent.{kind}" for kind in (*CAUGHT, "link")),
    *(f"boundaryEvent.{kind}" for kind in (*CAUGHT, "error", "escalation", "cancel", "compensate")),
    *(f"intermediateThrowEvent.{kind}" for kind in (*THROWN, "link")),
    *(f"endEvent.{kind}" for kind in (*THROWN, "error", "cancel", "terminate")),
}


def judged(data):
    return {f.rule.removeprefix("support.") for f in judge_support(parse(data))}


def test_exactly_these_constructs_run():
    assert {c.code for c in CONSTRUCTS.values() if c.verdict is Verdict.RUNS} == RUNS


def test_the_table_knows_every_node_and_every_event_in_every_position():
    assert {kind.value for kind in KIND_WORDS} == FLOW_NODES == {kind.value for kind in NodeKind}
    for node in EVENTS:
        for event in ("none", "multiple", *EventKind):
            assert f"{node}.{event}" in CONSTRUCTS


def test_whatever_is_refused_says_what_to_use_instead():
    for construct in CONSTRUCTS.values():
        if construct.verdict is Verdict.REFUSED:
            assert construct.advice is not None
            assert construct.advice.vi != construct.advice.en
            assert RULES[construct.code].severity is Severity.ERROR


def event(tag, definition="", attributes='id="X"', body=""):
    inner = (
        f"<b:{definition}EventDefinition>{body}</b:{definition}EventDefinition>"
        if definition
        else ""
    )
    return f"<b:{tag} {attributes}>{inner}</b:{tag}>"


def every_event():
    for node in EVENTS:
        yield f"{node}.none", event(node)
        for kind in EventKind:
            condition = "<b:condition>n = 1</b:condition>" if kind == "conditional" else ""
            yield f"{node}.{kind}", event(node, kind, body=condition)
        two = "<b:messageEventDefinition/><b:signalEventDefinition/>"
        yield f"{node}.multiple", f'<b:{node} id="X">{two}</b:{node}>'


def ad_hoc(inner="", attributes=""):
    return f'<b:adHocSubProcess id="X" {attributes}>{inner}</b:adHocSubProcess>'


def loop(inner="", attributes=""):
    return f'<b:task id="X"><b:standardLoopCharacteristics {attributes}>{inner}</b:standardLoopCharacteristics></b:task>'


def many(inner, attributes="", task=""):
    marker = "multiInstanceLoopCharacteristics"
    return f'<b:task id="X" {task}><b:{marker} {attributes}>{inner}</b:{marker}></b:task>'


ENOUGH = "<b:completionCondition>n = 1</b:completionCondition>"
THREE = "<b:loopCardinality>3</b:loopCardinality>"
JOIN = '<b:task id="A"/><b:complexGateway id="X">{}</b:complexGateway>' + flows("A X", "A X")
REPEATED = {
    "adHocSubProcess": ad_hoc(ENOUGH),
    "adHocSubProcess.condition": ad_hoc(),
    "adHocSubProcess.remaining": ad_hoc(ENOUGH, 'cancelRemainingInstances="false"'),
    "adHocSubProcess.sequential": ad_hoc(
        ENOUGH + '<b:subProcess id="Y"/>', 'ordering="Sequential"'
    ),
    "adHocSubProcess.events": ad_hoc(ENOUGH + '<b:endEvent id="Y"/>'),
    "complexGateway.activation": JOIN.format(""),
    "complexGateway.both": JOIN.format(
        "<b:activationCondition>activationCount = 2</b:activationCondition>"
    )
    + '<b:sequenceFlow id="Y" sourceRef="X" targetRef="A"><b:conditionExpression>n</b:conditionExpression></b:sequenceFlow>',
    "activity.standardLoop": loop("<b:loopCondition>n = 1</b:loopCondition>"),
    "activity.standardLoop.endless": loop(),
    "activity.multiInstance": many(THREE),
    "activity.multiInstance.unnumbered": many(""),
    "activity.multiInstance.output": many(THREE + "<b:loopDataOutputRef>d</b:loopDataOutputRef>"),
    "activity.multiInstance.events": many(THREE, 'behavior="None" noneBehaviorEventRef="s"'),
    "activity.repetition.expression": loop(attributes='loopMaximum="-1"'),
    "activity.repetition.compensation": many(THREE, task='isForCompensation="true"'),
    "activity.quantity.number": '<b:task id="X" startQuantity="0"/>',
    "activity.default": '<b:task id="X" default="d"/>',
    "activity.severalFlows": '<b:task id="A"/><b:task id="B"/>' + flows("A A", "A B"),
    "event.severalFlows": '<b:startEvent id="A"/><b:task id="B"/>' + flows("A B", "A B"),
    "subProcess.implicitStart": '<b:subProcess id="X"><b:task id="A"/></b:subProcess>',
    "subProcess.implicitEnd": '<b:subProcess id="X"><b:task id="A"/></b:subProcess>',
}
EXAMPLES = {
    **{kind: f'<b:{kind} id="X"/>' for kind in NodeKind if kind not in EVENTS},
    **dict(every_event()),
    **REPEATED,
    "activity.compensation": '<b:task id="X" isForCompensation="true"/>',
    "activity.quantity": '<b:task id="X" completionQuantity="2"/>',
    "receiveTask.instantiate": '<b:receiveTask id="X" instantiate="true"/>',
    "subProcess.event": '<b:subProcess id="X" triggeredByEvent="true"/>',
    "event.definitionMissing": '<b:endEvent id="X"><b:eventDefinitionRef>M</b:eventDefinitionRef></b:endEvent>',
    "event.condition": event(
        "boundaryEvent", "conditional", body="<b:condition>n ==</b:condition>"
    ),
    "event.unmixable": '<b:boundaryEvent id="X"><b:timerEventDefinition/><b:timerEventDefinition/></b:boundaryEvent>',
    "compensation.notAwaited": '<b:endEvent id="X"><b:compensateEventDefinition waitForCompletion="false"/></b:endEvent>',
    "eventBasedGateway.instantiate": '<b:eventBasedGateway id="X" instantiate="true"/>',
    "timer.timeCycle": event("boundaryEvent", "timer", body="<b:timeCycle>R3/PT1H</b:timeCycle>"),
    "timer.timeDate": event("boundaryEvent", "timer", body="<b:timeDate>2026-09-02</b:timeDate>"),
    "timer.timeDuration": event(
        "boundaryEvent", "timer", body="<b:timeDuration>PT1H</b:timeDuration>"
    ),
    "timer.limit": '<b:boundaryEvent id="X"><b:extensionElements><qt:limit amount="1" unit="day"/></b:extensionElements>'
    "<b:timerEventDefinition><b:timeCycle>R3/PT1H</b:timeCycle></b:timerEventDefinition></b:boundaryEvent>",
    "sequenceFlow": '<b:task id="A"/>' + flows("A A"),
    "sequenceFlow.condition": '<b:exclusiveGateway id="A"/><b:sequenceFlow id="X" sourceRef="A" targetRef="A">'
    "<b:conditionExpression>x</b:conditionExpression></b:sequenceFlow>",
    "sequenceFlow.conditionAfterActivity": '<b:task id="A"/><b:sequenceFlow id="X" sourceRef="A" targetRef="A">'
    "<b:conditionExpression>x</b:conditionExpression></b:sequenceFlow>",
    "sequenceFlow.conditionElsewhere": '<b:parallelGateway id="A"/><b:sequenceFlow id="X" sourceRef="A" targetRef="A">'
    "<b:conditionExpression>x</b:conditionExpression></b:sequenceFlow>",
    "lane": '<b:laneSet><b:lane id="X"/></b:laneSet>',
    "unknown": '<b:quantumTask id="X"/>',
    "property": '<b:task id="X"><b:property/></b:task>',
    "ioSpecification": '<b:task id="X"><b:ioSpecification/></b:task>',
    "dataInputAssociation": '<b:task id="X"><b:dataInputAssociation/></b:task>',
    "dataOutputAssociation": '<b:task id="X"><b:dataOutputAssociation/></b:task>',
    **{
        name: f'<b:{name} id="X"/>'
        for name in (
            *("textAnnotation", "association", "group", "dataObject", "dataObjectReference"),
            *("dataStoreReference", "documentation", "auditing", "monitoring", "categoryValueRef"),
            "extensionElements",
        )
    },
    **{
        name: f'<b:userTask id="X"><b:{name}/></b:userTask>'
        for name in ("resourceRole", "performer", "humanPerformer", "potentialOwner")
    },
}
FILES = {
    "event.eventDefinitionRef": definitions(
        '<b:signalEventDefinition id="M"/><b:process id="P" isExecutable="true"><b:endEvent id="X">'
        "<b:eventDefinitionRef>M</b:eventDefinitionRef></b:endEvent></b:process>"
    ),
    "process.second": definitions(
        '<b:process id="P" isExecutable="true"/><b:process id="Q" isExecutable="true"><b:task id="T"/></b:process>'
    ),
    "process.other": definitions(
        '<b:process id="P" isExecutable="true"/><b:process id="Q"><b:task id="T"/></b:process>'
    ),
    "choreography": definitions('<b:choreography id="C"/>'),
    "participant": transfer(),
    "messageFlow": transfer(),
}


def test_every_construct_of_the_table_has_an_example():
    assert EXAMPLES.keys() | FILES.keys() == CONSTRUCTS.keys()


@pytest.mark.parametrize("code", CONSTRUCTS)
def test_a_file_is_judged_as_the_table_says(code):
    data = FILES.get(code) or process(EXAMPLES[code])
    expected = {code} if CONSTRUCTS[code].advice is not None else set()
    assert judged(data) == expected


@pytest.mark.parametrize("code", [c for c in EXAMPLES if c in FLOW_NODES or "." in c])
def test_the_same_holds_inside_a_sub_process(code):
    expected = {code} if CONSTRUCTS[code].advice is not None else set()
    assert judged(process(f'<b:subProcess id="Outer">{EXAMPLES[code]}</b:subProcess>')) == expected


def test_the_sentence_names_the_element_as_the_designer_sees_it():
    data = process('<b:scriptTask id="T1" name="Tính phí"/><b:scriptTask id="T2"/>')
    named, nameless = judge_support(parse(data))
    assert (named.element, nameless.element) == ("T1", "T2")
    assert named.vi.startswith("“Tính phí” (tác vụ kịch bản): hệ thống không chạy được.")
    assert nameless.en.startswith("T2 (script task) does not run here.")
    assert "Đổi thành bước của người dùng" in named.vi


def test_which_of_two_unmarked_processes_runs_is_not_guessed():
    body = '<b:process id="P"><b:startEvent id="S"/></b:process><b:process id="Q"><b:task id="T"/></b:process>'
    assert judged(definitions(body)) == {"process.second"}


def test_what_other_tools_add_is_ignored_harmlessly():
    body = (
        '<b:userTask id="T" camunda:assignee="an"><b:extensionElements><camunda:formData/><zeebe:taskDefinition/>'
        '<x:any xmlns:x="urn:x"><b:scriptTask/></x:any></b:extensionElements></b:userTask>'
    )
    assert judged(process(body)) == set()
