"""Errors and escalations go outwards to the nearest that catches them; terminate and cancel."""

from tests.conformance.event_drawing import (
    begun_by,
    border,
    case,
    catch,
    ending,
    reaction,
    throw,
    undone_by,
)
from tests.conformance.harness import begin, complete, deliver, deliver_at, fire
from tests.engine.drawing import Drawn, end, field, gateway, start, step, sub, timer

PLAIN = {"outcome": None}


def undoing(id_):
    """A step that undoes another."""
    drawn = step(id_)
    return Drawn(
        drawn.xml.replace("<b:userTask ", '<b:userTask isForCompensation="true" '), drawn.lanes
    )


WRONG = step("A", field("n", "number", default="0"))
HIGH = {"n": 9}


def failing(id_, covers, caught, script, *, thrown="error X", extra=(), flows=()):
    """Two steps side by side in a sub-process; the one ends in an error, caught on its border."""
    return case(
        id_,
        covers,
        start(),
        sub(
            "P",
            *(start("S1"), gateway("parallel", "G"), WRONG, gateway("exclusive", "O", "E3")),
            *(step("B"), ending("X1", thrown), end("E1", **PLAIN), end("E3", **PLAIN)),
            flows=("S1 G", "G A", "G B", "A O", "O X1: n > 5", "O E3", "B E1"),
        ),
        *(border("W", "P", caught), step("C"), step("D"), end(), end("E2"), *extra),
        flows=("S P", "P C", "W D", "C E", "D E2", *flows),
        script=script,
    )


ERROR = "endEvent.error boundaryEvent.error"
CAUGHT = (
    begin(passes="S S1 G", opens="A B"),
    complete("A", given=HIGH, passes="A O X1 W", opens="D", sent=""),
    complete("D", passes="D E2", done=True),
)
IN_TIME = (
    begin(passes="S S1 G", opens="A B"),
    complete("B", passes="B E1", opens="A"),
    complete("A", given=HIGH, passes="A O X1 W", opens="D"),
    complete("D", passes="D E2", done=True),
)

CASES = (
    failing("error", ERROR, "error X", CAUGHT),
    failing("error-last", ERROR, "error X", IN_TIME),
    failing("error-any", ERROR, "error", CAUGHT),
    failing(
        "error-uncaught",
        ERROR,
        "error Y",
        (
            begin(passes="S S1 G", opens="A B"),
            complete("A", given=HIGH, passes="A O X1", sent="error X", ends="", done=True),
        ),
    ),
    failing(
        "error-nearest-name",
        ERROR,
        "error",
        (
            begin(passes="S S1 G", opens="A B"),
            complete("A", given=HIGH, passes="A O X1 V", opens="F"),
            complete("F", passes="F E4", done=True),
        ),
        extra=(border("V", "P", "error X"), step("F"), end("E4")),
        flows=("V F", "F E4"),
    ),
    case(
        "error-two-levels",
        ERROR,
        start(),
        sub(
            "P",
            start("S1"),
            sub(
                "Q",
                *(start("S2"), WRONG, gateway("exclusive", "O", "E4"), ending("X1", "error X")),
                end("E4", **PLAIN),
                flows=("S2 A", "A O", "O X1: n > 5", "O E4"),
            ),
            *(border("V", "Q", "error Y"), step("B"), end("E1", **PLAIN), end("E3", **PLAIN)),
            flows=("S1 Q", "Q B", "B E1", "V E3"),
        ),
        *(border("W", "P", "error X"), step("C"), step("D"), end(), end("E2")),
        flows=("S P", "P C", "W D", "C E", "D E2"),
        script=(
            begin(passes="S S1 S2", opens="A"),
            complete("A", given=HIGH, passes="A O X1 W", opens="D"),
            complete("D", passes="D E2", done=True),
        ),
    ),
    case(
        "error-reaction",
        "endEvent.error subProcess.event startEvent.error",
        *(start(), gateway("parallel", "F"), step("A"), ending("X1", "error X"), step("B"), end()),
        reaction(
            "H",
            *(begun_by("S2", "error X"), step("C"), end("E2", **PLAIN)),
            flows=("S2 C", "C E2"),
        ),
        flows=("S F", "F A", "F B", "A X1", "B E"),
        script=(
            begin(passes="S F", opens="A B"),
            complete("A", passes="A X1 S2", opens="C"),
            complete("C", passes="C E2 H", done=True),
        ),
        office=True,
    ),
    case(
        "error-out-of-reaction",
        "endEvent.error subProcess.event boundaryEvent.error",
        start(),
        sub(
            "P",
            *(start("S1"), step("A"), ending("X1", "error X")),
            reaction(
                "H",
                *(begun_by("S2", "error"), step("B"), ending("X2", "error X")),
                flows=("S2 B", "B X2"),
            ),
            flows=("S1 A", "A X1"),
        ),
        *(border("W", "P", "error X"), step("C"), end(), end("E2")),
        flows=("S P", "P E", "W C", "C E2"),
        script=(
            begin(passes="S S1", opens="A"),
            complete("A", passes="A X1 S2", opens="B"),
            complete("B", passes="B X2 W", opens="C"),
            complete("C", passes="C E2", done=True),
        ),
    ),
    case(
        "error-reported",
        "boundaryEvent.error",
        *(start(), step("A"), border("W", "A", "error X"), step("B"), end(), end("E2")),
        flows=("S A", "A E", "W B", "B E2"),
        script=(
            begin(passes="S", opens="A", waits="W"),
            deliver("error Y", refused="event.nothing_waits"),
            deliver("error X", passes="W", opens="B"),
            complete("B", passes="B E2", done=True),
        ),
        office=True,
    ),
    case(
        "escalation",
        "intermediateThrowEvent.escalation endEvent.escalation boundaryEvent.escalation",
        start(),
        sub(
            "P",
            *(start("S1"), step("A"), throw("T1", "escalation X"), step("B")),
            ending("E1", "escalation Y"),
            flows=("S1 A", "A T1", "T1 B", "B E1"),
        ),
        *(border("W", "P", "escalation X", beside=True), step("C"), step("D"), end(), end("E2")),
        flows=("S P", "P D", "W C", "D E", "C E2"),
        script=(
            begin(passes="S S1", opens="A"),
            complete("A", passes="A T1 W", opens="B C", sent=""),
            complete("B", passes="B E1 P", opens="C D", sent="escalation Y"),
            complete("C", passes="C E2", opens="D"),
            complete("D", passes="D E", done=True),
        ),
        office=True,
    ),
    case(
        "escalation-interrupts",
        "intermediateThrowEvent.escalation boundaryEvent.escalation",
        start(),
        sub(
            "P",
            *(start("S1"), gateway("parallel", "G"), step("A"), step("B")),
            *(throw("T1", "escalation X"), step("D"), end("E1", **PLAIN), end("E3", **PLAIN)),
            flows=("S1 G", "G A", "G B", "A T1", "T1 D", "D E1", "B E3"),
        ),
        *(border("W", "P", "escalation"), step("C"), end(), end("E2")),
        flows=("S P", "P E", "W C", "C E2"),
        script=(
            begin(passes="S S1 G", opens="A B"),
            complete("A", passes="A T1 W", opens="C"),
            complete("C", passes="C E2", done=True),
        ),
    ),
    case(
        "escalation-reaction",
        "subProcess.event startEvent.escalation",
        *(start(), step("A"), throw("T1", "escalation X"), step("B"), end()),
        reaction(
            "H",
            *(begun_by("S2", "escalation X", beside=True), step("C"), end("E2", **PLAIN)),
            flows=("S2 C", "C E2"),
        ),
        flows=("S A", "A T1", "T1 B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A T1 S2", opens="B C"),
            complete("B", passes="B E", opens="C", ends="E"),
            complete("C", passes="C E2 H", done=True),
        ),
    ),
    case(
        "terminate-inside",
        "endEvent.terminate",
        *(start(), gateway("parallel", "F"), step("A")),
        sub(
            "P",
            *(start("S1"), gateway("parallel", "G"), step("B"), step("C")),
            *(catch("M1", "message M"), timer("V", after="P1D"), end("E3", **PLAIN)),
            *(ending("E2", "terminate"), end("E5", **PLAIN)),
            flows=("S1 G", "G B", "G C", "G M1", "G V", "B E2", "C E3", "M1 E3", "V E5"),
        ),
        *(border("W", "P", "timer P9D"), end("E6"), step("D"), end(), end("E4")),
        flows=("S F", "F A", "F P", "A E6", "P D", "D E", "W E4"),
        script=(
            begin(passes="S F S1 G", opens="A B C", waits="M1 V W"),
            complete("B", passes="B E2 P", opens="A D"),
            complete("A", passes="A E6", opens="D"),
            complete("D", passes="D E", done=True),
        ),
        office=True,
    ),
    case(
        "cancel",
        "transaction endEvent.cancel boundaryEvent.cancel boundaryEvent.compensate",
        start(),
        sub(
            "P",
            *(start("S1"), step("A"), border("K1", "A", "compensate"), undoing("U1")),
            *(undone_by("K1", "U1"), gateway("parallel", "G"), step("B"), step("C")),
            *(border("K2", "C", "compensate"), undoing("U2"), undone_by("K2", "U2")),
            *(gateway("parallel", "H"), step("D"), ending("X1", "cancel"), end("E1", **PLAIN)),
            flows=("S1 A", "A G", "G B", "G C", "C H", "H D", "H X1", "B E1", "D E1"),
            kind="transaction",
        ),
        *(border("W", "P", "cancel"), step("F"), end(), end("E2")),
        flows=("S P", "P E", "W F", "F E2"),
        script=(
            begin(passes="S S1", opens="A"),
            complete("A", passes="A G", opens="B C"),
            complete("C", passes="C H K2", opens="U2"),
            complete("U2", passes="U2 K1", opens="U1"),
            complete("U1", passes="U1 X1 W", opens="F"),
            complete("F", passes="F E2", done=True),
        ),
        office=True,
    ),
    case(
        "interrupted-while-parallel",
        "boundaryEvent.timer boundaryEvent.message",
        start(),
        sub(
            "P",
            *(start("S1"), gateway("parallel", "G"), step("A"), step("B")),
            sub("Q", start("S2"), step("C"), end("E3", **PLAIN), flows=("S2 C", "C E3")),
            *(border("V", "Q", "timer PT1H"), gateway("parallel", "J"), end("E1", **PLAIN)),
            gateway("exclusive", "M"),
            flows=("S1 G", "G A", "G B", "G Q", "A J", "B J", "Q M", "V M", "M J", "J E1"),
        ),
        *(border("W", "P", "timer P1D"), step("D"), end(), end("E2")),
        flows=("S P", "P E", "W D", "D E2"),
        script=(
            begin(passes="S S1 G S2", opens="A B C", waits="V W"),
            complete("A", passes="A", opens="B C", waits="V W"),
            fire("W", passes="W", opens="D"),
            complete("D", passes="D E2", done=True),
        ),
    ),
    case(
        "reported-here",
        "boundaryEvent.escalation",
        *(start(), step("A"), border("W", "A", "escalation X", beside=True), step("B"), end()),
        end("E2"),
        flows=("S A", "A E", "W B", "B E2"),
        script=(
            begin(passes="S", opens="A", waits="W"),
            deliver_at("W", passes="W", opens="A B", waits="W"),
            complete("A", passes="A E", opens="B"),
            complete("B", passes="B E2", done=True),
        ),
    ),
)
