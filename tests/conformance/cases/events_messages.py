"""Messages and signals: waited for, sent, on borders, several at once."""

from tests.conformance.event_drawing import (
    begun_by,
    border,
    case,
    catch,
    ending,
    first_of,
    throw,
)
from tests.conformance.harness import begin, complete, deliver, deliver_at, fire
from tests.engine.drawing import Drawn, end, gateway, start, step, sub, timer

RECEIVE = Drawn(
    '<b:receiveTask id="R" name="Nhận công văn" messageRef="message_M"><b:extensionElements>'
    '<qt:step><qt:limit amount="1" unit="working_day"/></qt:step></b:extensionElements>'
    "</b:receiveTask>",
    (("R", ("chuyen_vien", "van_phong")),),
)
SEND = Drawn(
    RECEIVE.xml.replace("receiveTask", "sendTask").replace('id="R"', 'id="T"'),
    (("T", ("chuyen_vien", "van_phong")),),
)


def guarded(id_, what, covers, *, beside=False, script):
    """A step with an event on its border, beside a parallel step."""
    return case(
        id_,
        covers,
        *(start(), gateway("parallel", "F"), step("A"), border("W", "A", what, beside=beside)),
        *(step("B"), step("C"), end(), end("E2"), end("E3")),
        flows=("S F", "F A", "F B", "A E", "W C", "B E2", "C E3"),
        script=script,
    )


CASES = (
    case(
        "message-catch",
        "intermediateCatchEvent.message",
        *(start(), step("A"), catch("M1", "message M"), step("B"), end()),
        flows=("S A", "A M1", "M1 B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            deliver("message M", refused="event.nothing_waits"),  # before anybody waits: lost
            complete("A", passes="A", waits="M1"),
            deliver("message N", refused="event.nothing_waits"),
            deliver("signal M", refused="event.nothing_waits"),
            deliver("message M", passes="M1", opens="B", sent=""),
            deliver("message M", refused="event.nothing_waits"),
            complete("B", passes="B E", done=True),
        ),
        office=True,
    ),
    case(
        "message-first",
        "intermediateCatchEvent.message",
        *(start(), gateway("parallel", "F"), catch("M1", "message M"), catch("M2", "message M")),
        *(step("A"), step("B"), end(), end("E2")),
        flows=("S F", "F M1", "F M2", "M1 A", "M2 B", "A E", "B E2"),
        script=(
            begin(passes="S F", waits="M1 M2"),
            deliver("message M", passes="M1", opens="A", waits="M2"),
            deliver("message M", passes="M2", opens="A B"),
            complete("A", passes="A E", opens="B"),
            complete("B", passes="B E2", done=True),
        ),
    ),
    case(
        "message-this-one",
        "intermediateCatchEvent.message",
        *(start(), gateway("parallel", "F"), catch("M1", "message M"), catch("M2", "message M")),
        *(step("A"), step("B"), end(), end("E2")),
        flows=("S F", "F M1", "F M2", "M1 A", "M2 B", "A E", "B E2"),
        script=(
            begin(passes="S F", waits="M1 M2"),
            deliver_at("M2", passes="M2", opens="B", waits="M1"),
            complete("B", passes="B E2", waits="M1"),
            deliver_at("M1", passes="M1", opens="A"),
            complete("A", passes="A E", done=True),
        ),
    ),
    case(
        "message-throw",
        "intermediateThrowEvent.message endEvent.message",
        *(start(), throw("T1", "message M"), step("A"), ending("E", "message N", outcome=True)),
        flows=("S T1", "T1 A", "A E"),
        script=(
            begin(passes="S T1", opens="A", sent="message M"),
            complete("A", passes="A E", sent="message N", ends="E", done=True),
        ),
    ),
    case(
        "message-within",
        "intermediateThrowEvent.message",
        *(start(), gateway("parallel", "F"), step("A"), throw("T1", "message M"), end()),
        *(catch("M1", "message M"), step("B"), end("E2")),
        flows=("S F", "F A", "A T1", "T1 E", "F M1", "M1 B", "B E2"),
        script=(
            begin(passes="S F", opens="A", waits="M1"),
            complete("A", passes="A T1 E M1", opens="B", sent=""),
            complete("B", passes="B E2", done=True),
        ),
    ),
    case(
        "message-tasks",
        "sendTask receiveTask",
        *(start(), SEND, RECEIVE, step("A"), end()),
        flows=("S T", "T R", "R A", "A E"),
        script=(
            begin(passes="S", opens="T"),
            complete("T", passes="T", opens="R", waits="R", sent="message M"),
            deliver("message M", passes="R", opens="A", sent=""),
            complete("A", passes="A E", done=True),
        ),
        office=True,
    ),
    case(
        "message-confirmed",
        "receiveTask",
        *(start(), RECEIVE, end()),
        flows=("S R", "R E"),
        script=(
            begin(passes="S", opens="R", waits="R"),
            complete("R", passes="R E", done=True),
        ),
    ),
    guarded(
        "message-border",
        "message M",
        "boundaryEvent.message",
        script=(
            begin(passes="S F", opens="A B", waits="W"),
            deliver("message M", passes="W", opens="B C"),
            complete("C", passes="C E3", opens="B"),
            complete("B", passes="B E2", done=True),
        ),
    ),
    guarded(
        "message-border-beside",
        "message M",
        "boundaryEvent.message",
        beside=True,
        script=(
            begin(passes="S F", opens="A B", waits="W"),
            deliver("message M", passes="W", opens="A B C", waits="W"),
            deliver("message M", passes="W", opens="A B C C", waits="W"),
            complete("C", passes="C E3", opens="A B C", waits="W"),
            complete("A", passes="A E", opens="B C"),
            deliver("message M", refused="event.nothing_waits"),
            complete("B", passes="B E2", opens="C"),
            complete("C", passes="C E3", done=True),
        ),
    ),
    case(
        "message-border-scope",
        "boundaryEvent.message",
        start(),
        sub(
            "P",
            *(start("S1"), gateway("parallel", "G"), step("A"), step("B"), catch("M1", "signal X")),
            *(end("E1", outcome=None), end("E2", outcome=None), end("E3", outcome=None)),
            flows=("S1 G", "G A", "G B", "G M1", "A E1", "B E2", "M1 E3"),
        ),
        *(border("W", "P", "message M"), step("C"), step("D"), end(), end("E4")),
        flows=("S P", "P C", "W D", "C E", "D E4"),
        script=(
            begin(passes="S S1 G", opens="A B", waits="M1 W"),
            complete("B", passes="B E2", opens="A", waits="M1 W"),
            deliver("message M", passes="W", opens="D"),
            complete("D", passes="D E4", done=True),
        ),
    ),
    case(
        "signal-all",
        "intermediateThrowEvent.signal intermediateCatchEvent.signal boundaryEvent.signal",
        *(start(), gateway("parallel", "F"), step("A"), throw("T1", "signal X"), end()),
        *(catch("C1", "signal X"), step("B"), end("E2")),
        *(step("D"), border("W", "D", "signal X"), step("G"), end("E3"), end("E4")),
        *(step("H"), border("V", "H", "signal X", beside=True), step("I"), end("E5"), end("E6")),
        flows=(
            *("S F", "F A", "A T1", "T1 E", "F C1", "C1 B", "B E2", "F D", "D E3", "W G", "G E4"),
            *("F H", "H E5", "V I", "I E6"),
        ),
        script=(
            begin(passes="S F", opens="A D H", waits="C1 V W"),
            complete("A", passes="A T1 E C1 W V", opens="B G H I", waits="V", sent="signal X"),
            deliver("signal X", passes="V", opens="B G H I I", waits="V"),
            complete("H", passes="H E5", opens="B G I I"),
            deliver("signal X", refused="event.nothing_waits"),
        ),
    ),
    case(
        "signal-end",
        "endEvent.signal intermediateCatchEvent.signal",
        *(start(), gateway("parallel", "F"), step("A"), ending("E", "signal X", outcome=True)),
        *(catch("C1", "signal X"), step("B"), end("E2")),
        flows=("S F", "F A", "A E", "F C1", "C1 B", "B E2"),
        script=(
            begin(passes="S F", opens="A", waits="C1"),
            complete("A", passes="A E C1", opens="B", sent="signal X", ends="E"),
            complete("B", passes="B E2", done=True),
        ),
        office=True,
    ),
    case(
        "first-of",
        "eventBasedGateway intermediateCatchEvent.message",
        *(start(), step("A"), first_of("G"), catch("M1", "message M"), catch("M2", "signal X")),
        *(timer("W", after="P1D"), step("B"), step("C"), step("D"), gateway("exclusive", "J")),
        end(),
        flows=(
            *("S A", "A G", "G M1", "G M2", "G W", "M1 B", "M2 C", "W D"),
            *("B J", "C J", "D J", "J E"),
        ),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A G", waits="M1 M2 W"),
            deliver("signal X", passes="M2", opens="C"),
            deliver("message M", refused="event.nothing_waits"),
            complete("C", passes="C J E", done=True),
        ),
    ),
    case(
        "first-of-timer",
        "eventBasedGateway",
        *(start(), first_of("G"), RECEIVE, timer("W", after="P1D")),
        *(step("B"), step("C"), end(), end("E2")),
        flows=("S G", "G R", "G W", "R B", "W C", "B E", "C E2"),
        script=(
            begin(passes="S G", opens="R", waits="R W"),
            fire("W", passes="W", opens="C"),
            complete("C", passes="C E2", done=True),
        ),
    ),
    case(
        "first-of-person",
        "eventBasedGateway receiveTask",
        *(start(), first_of("G"), RECEIVE, timer("W", after="P1D")),
        *(step("B"), step("C"), end(), end("E2")),
        flows=("S G", "G R", "G W", "R B", "W C", "B E", "C E2"),
        script=(
            begin(passes="S G", opens="R", waits="R W"),
            complete("R", passes="R", opens="B"),
            complete("B", passes="B E", done=True),
        ),
    ),
    case(
        "any-of",
        "intermediateCatchEvent.multiple",
        *(start(), catch("M1", "message M", "signal X"), step("A"), end()),
        flows=("S M1", "M1 A", "A E"),
        script=(
            begin(passes="S", waits="M1"),
            deliver("signal X", passes="M1", opens="A"),
            complete("A", passes="A E", done=True),
        ),
    ),
    case(
        "all-of",
        "intermediateCatchEvent.multiple",
        *(start(), catch("M1", "message M", "signal X", all_of=True), step("A"), end()),
        flows=("S M1", "M1 A", "A E"),
        script=(
            begin(passes="S", waits="M1"),
            deliver("signal X", passes="", waits="M1"),
            deliver("signal X", refused="event.nothing_waits"),
            deliver("message M", passes="M1", opens="A"),
            complete("A", passes="A E", done=True),
        ),
    ),
    case(
        "throw-several",
        "intermediateThrowEvent.multiple endEvent.multiple boundaryEvent.multiple",
        *(start(), throw("T1", "message M", "signal X"), step("A")),
        *(border("W", "A", "message N", "timer PT1H"), end("E2")),
        ending("E", "signal X", "message M", outcome=True),
        flows=("S T1", "T1 A", "A E", "W E2"),
        script=(
            begin(passes="S T1", opens="A", waits="W W", sent="message M, signal X"),
            complete("A", passes="A E", sent="signal X, message M", done=True),
        ),
    ),
    case(
        "border-any-of",
        "boundaryEvent.multiple",
        *(start(), step("A"), border("W", "A", "message N", "timer PT1H"), end("E2"), end()),
        flows=("S A", "A E", "W E2"),
        script=(
            begin(passes="S", opens="A", waits="W W"),
            fire("W", passes="W E2", done=True),
        ),
    ),
    case(
        "begun-by-message",
        "startEvent.message startEvent.signal startEvent.timer startEvent.conditional",
        *(begun_by("S", "message M"), step("A"), end()),
        flows=("S A", "A E"),
        script=(begin(passes="S", opens="A"), complete("A", passes="A E", done=True)),
        office=True,
    ),
    case(
        "begun-by-any-of",
        "startEvent.multiple",
        *(begun_by("S", "message M", "signal X"), step("A"), end()),
        flows=("S A", "A E"),
        script=(begin(passes="S", opens="A"), complete("A", passes="A E", done=True)),
    ),
    case(
        "shared-definition",
        "event.eventDefinitionRef",
        *(start(), catch("M1", "@shared"), step("A"), end()),
        flows=("S M1", "M1 A", "A E"),
        script=(
            begin(passes="S", waits="M1"),
            deliver("message M", passes="M1", opens="A"),
            complete("A", passes="A E", done=True),
        ),
        beside='<b:message id="message_M" name="M"/>'
        '<b:messageEventDefinition id="shared" messageRef="message_M"/>',
    ),
)
