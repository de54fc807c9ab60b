"""Drawings of any shape: nodes of every kind, flows between any of them, whatever they say."""

from hypothesis import strategies as st

from tests.processes.drawn import process

KINDS = (
    *("userTask", "task", "serviceTask", "scriptTask", "receiveTask", "callActivity"),
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
    *("exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway"),
    *("eventBasedGateway", "boundaryEvent", "subProcess", "adHocSubProcess", "transaction"),
)
DEFINITIONS = (
    *("", "", "<b:timerEventDefinition/>", '<b:messageEventDefinition messageRef="M"/>'),
    *("<b:signalEventDefinition/>", '<b:linkEventDefinition name="l"/>'),
    *("<b:errorEventDefinition/>", "<b:escalationEventDefinition/>"),
    *("<b:compensateEventDefinition/>", "<b:terminateEventDefinition/>"),
    "<b:timerEventDefinition><b:timeDuration>PT5S</b:timeDuration></b:timerEventDefinition>",
    "<b:timerEventDefinition><b:timeCycle>R3/PT1H</b:timeCycle></b:timerEventDefinition>",
    "<b:eventDefinitionRef>shared</b:eventDefinitionRef>",
)  # fmt: skip
MARKERS = (
    *("", "", "<b:standardLoopCharacteristics/>", "<b:multiInstanceLoopCharacteristics/>"),
    (
        "<b:standardLoopCharacteristics><b:loopCondition>${x &lt; 3}</b:loopCondition>"
        "</b:standardLoopCharacteristics>"
    ),
)
ATTRIBUTES = (
    *("", "", ' isForCompensation="true"', ' triggeredByEvent="true"', ' cancelActivity="false"'),
    *(' startQuantity="2"', ' instantiate="true"', ' camunda:assignee="lan"', ' default="f1"'),
)
CONDITIONS = ("", "", "${x > 1}", "x = 1", "true", "khi cần", '#{a == "b"}', "= status")
NAMES = ("", "Thụ lý", "Chờ 3 ngày", 'Đạt "tốt"', "{x}")


@st.composite
def nodes(draw, number: int, depth: int = 0) -> str:
    kind = draw(st.sampled_from(KINDS))
    stated = f'id="n{number}" name="{draw(st.sampled_from(NAMES)).replace(chr(34), "&quot;")}"'
    stated += draw(st.sampled_from(ATTRIBUTES))
    inner = ""
    if kind.endswith("Event"):
        inner = draw(st.sampled_from(DEFINITIONS))
    if kind == "boundaryEvent":
        stated += f' attachedToRef="n{draw(st.integers(0, 7))}"'
    if kind.endswith(("Task", "task", "Activity")):
        inner = draw(st.sampled_from(MARKERS))
    if kind == "callActivity":
        stated += draw(st.sampled_from(["", ' calledElement="Q"', ' calledElement="P"']))
    if kind.endswith(("Process", "transaction")) and depth < 2:
        first = number * 10 + 10
        inner = "".join(
            draw(nodes(first + i, depth + 1)) for i in range(draw(st.integers(0, 3)))
        ) + "".join(draw(lines(f"n{first + i}", first, first + 3)) for i in range(2))
    return f"<b:{kind} {stated}>{inner}</b:{kind}>"


@st.composite
def lines(draw, source: str, low: int, high: int) -> str:
    """A flow to one of the nodes of these numbers, or to nothing."""
    target = draw(st.integers(low, high))
    condition = draw(st.sampled_from(CONDITIONS)).replace("<", "&lt;")
    inner = f"<b:conditionExpression>{condition}</b:conditionExpression>" if condition else ""
    flow_id = draw(
        st.sampled_from([f'id="f{draw(st.integers(0, 30))}"', f'id="{source}_{target}"'])
    )
    name = draw(st.sampled_from(["", ' name="Đạt"']))
    return (
        f'<b:sequenceFlow {flow_id}{name} sourceRef="{source}" targetRef="n{target}">{inner}'
        "</b:sequenceFlow>"
    )


@st.composite
def drawings(draw) -> bytes:
    count = draw(st.integers(0, 7))
    body = "".join(draw(nodes(number)) for number in range(count))
    for _ in range(draw(st.integers(0, 9))):
        body += draw(lines(f"n{draw(st.integers(0, 8))}", 0, 8))
    if draw(st.booleans()):
        body += '<b:laneSet id="ls"><b:lane id="l1" name="Một cửa"><b:flowNodeRef>n0</b:flowNodeRef></b:lane></b:laneSet>'
    executable = draw(st.sampled_from(['isExecutable="true"', ""]))
    return process(body, f'id="P" name="Quy trình" {executable}')
