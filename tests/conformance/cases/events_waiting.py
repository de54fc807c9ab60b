"""Timers that repeat, conditions, event sub-processes, links, and compensation."""

from tests.conformance.cases.events_outwards import PLAIN, undoing
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
from tests.conformance.harness import begin, complete, deliver, fire, send_back
from tests.engine.drawing import end, field, gateway, start, step, sub

COUNTED = step("A", field("n", "number", default="0"))


def repeated(id_, rule, fires, *, office=False):
    """A step beside which a timer opens another, as often as it fires."""
    acts = [begin(passes="S", opens="A", waits="W")]
    for number in range(1, fires + 1):
        left = "W" if number < fires or rule.startswith(("R/", "P")) else ""
        acts.append(fire("W", passes="W", opens="A" + " C" * number, waits=left))
    acts.append(complete("A", passes="A", opens="B" + " C" * fires))
    return case(
        id_,
        "boundaryEvent.timer timer.timeCycle",
        *(start(), step("A"), border("W", "A", f"timer {rule}", beside=True)),
        *(step("B"), step("C"), end(), end("E2")),
        flows=("S A", "A B", "W C", "B E", "C E2"),
        script=tuple(acts),
        office=office,
    )


def reacting(id_, what, covers, *acts, beside=False):
    return case(
        id_,
        f"subProcess.event {covers}",
        *(start(), gateway("parallel", "F"), COUNTED, step("B"), end(), end("E2")),
        reaction(
            "H",
            *(begun_by("S2", what, beside=beside), step("C"), end("E3", **PLAIN)),
            flows=("S2 C", "C E3"),
        ),
        flows=("S F", "F A", "F B", "A E", "B E2"),
        script=acts,
    )


CASES = (
    repeated("timer-three-times", "R3/PT1H", 3, office=True),
    repeated("timer-without-end", "R/P1D", 4),
    case(
        "timer-cycle-once",
        "intermediateCatchEvent.timer timer.timeCycle",
        *(start(), catch("W", "timer R3/PT1H"), step("A"), border("V", "A", "timer R/PT1H")),
        *(end(), end("E2")),
        flows=("S W", "W A", "A E", "V E2"),
        script=(
            begin(passes="S", waits="W"),
            fire("W", passes="W", opens="A", waits="V"),
            fire("V", passes="V E2", done=True),
        ),
    ),
    case(
        "timer-sent-back",
        "boundaryEvent.timer timer.timeCycle",
        *(start(), step("A"), border("W", "A", "timer R3/PT1H", beside=True)),
        *(step("B"), step("C"), end(), end("E2")),
        flows=("S A", "A B", "W C", "B E", "C E2"),
        script=(
            begin(passes="S", opens="A", waits="W"),
            fire("W", passes="W", opens="A C", waits="W"),
            complete("C", passes="C E2", opens="A", waits="W"),
            complete("A", passes="A", opens="B"),
            send_back("B", "A", opens="A", waits="W"),
            fire("W", passes="W", opens="A C", waits="W"),
        ),
    ),
    case(
        "condition-catch",
        "intermediateCatchEvent.conditional",
        *(start(), gateway("parallel", "F"), COUNTED, end()),
        *(catch("C1", "conditional n > 5"), step("B"), end("E2")),
        flows=("S F", "F A", "A E", "F C1", "C1 B", "B E2"),
        script=(
            begin(passes="S F", opens="A", waits="C1"),
            complete("A", given={"n": 9}, passes="A E C1", opens="B"),
            complete("B", passes="B E2", done=True),
        ),
    ),
    case(
        "condition-holds-already",
        "intermediateCatchEvent.conditional",
        *(start(), COUNTED, catch("C1", "conditional n > 5"), step("B"), end()),
        flows=("S A", "A C1", "C1 B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", given={"n": 9}, passes="A C1", opens="B"),
            complete("B", passes="B E", done=True),
        ),
    ),
    case(
        "condition-border",
        "boundaryEvent.conditional",
        *(start(), gateway("parallel", "F"), COUNTED, step("B")),
        *(border("W", "B", "conditional n > 5"), step("C"), end(), end("E2"), end("E3")),
        flows=("S F", "F A", "F B", "A E", "B E2", "W C", "C E3"),
        script=(
            begin(passes="S F", opens="A B", waits="W"),
            complete("A", given={"n": 9}, passes="A E W", opens="C"),
            complete("C", passes="C E3", done=True),
        ),
        office=True,
    ),
    case(
        "condition-border-beside",
        "boundaryEvent.conditional",
        *(start(), gateway("parallel", "F"), COUNTED, step("D", field("n", "number")), step("B")),
        *(border("W", "B", "conditional n > 5", beside=True), step("C")),
        *(end(), end("E2"), end("E3")),
        flows=("S F", "F A", "F B", "A D", "D E", "B E2", "W C", "C E3"),
        script=(
            begin(passes="S F", opens="A B", waits="W"),
            complete("A", given={"n": 9}, passes="A W", opens="B C D", waits="W"),
            complete("C", passes="C E3", opens="B D", waits="W"),
            complete("D", given={"n": 1}, passes="D E", opens="B", waits="W"),
            complete("B", passes="B E2", done=True),
        ),
    ),
    reacting(
        "reaction-message",
        "message M",
        "startEvent.message",
        begin(passes="S F", opens="A B", waits="S2"),
        deliver("message M", passes="S2", opens="C"),
        complete("C", passes="C E3 H", done=True),
    ),
    reacting(
        "reaction-beside",
        "message M",
        "startEvent.message",
        begin(passes="S F", opens="A B", waits="S2"),
        deliver("message M", passes="S2", opens="A B C", waits="S2"),
        complete("A", passes="A E", opens="B C", waits="S2"),
        deliver("message M", passes="S2", opens="B C C", waits="S2"),
        complete("B", passes="B E2", opens="C C", waits="S2"),
        complete("C", passes="C E3 H", opens="C", waits="S2"),
        complete("C", passes="C E3 H", done=True),
        beside=True,
    ),
    reacting(
        "reaction-never",
        "signal X",
        "startEvent.signal",
        begin(passes="S F", opens="A B", waits="S2"),
        complete("A", passes="A E", opens="B", waits="S2"),
        complete("B", passes="B E2", done=True),
    ),
    reacting(
        "reaction-signal",
        "signal X",
        "startEvent.signal",
        begin(passes="S F", opens="A B", waits="S2"),
        deliver("signal X", passes="S2", opens="C"),
        complete("C", passes="C E3 H", done=True),
    ),
    reacting(
        "reaction-timer",
        "timer R2/P1D",
        "startEvent.timer",
        begin(passes="S F", opens="A B", waits="S2"),
        fire("S2", passes="S2", opens="A B C", waits="S2"),
        fire("S2", passes="S2", opens="A B C C"),
        beside=True,
    ),
    reacting(
        "reaction-timer-interrupts",
        "timer P1D",
        "startEvent.timer",
        begin(passes="S F", opens="A B", waits="S2"),
        complete("A", passes="A E", opens="B", waits="S2"),
        fire("S2", passes="S2", opens="C"),
        complete("C", passes="C E3 H", done=True),
    ),
    reacting(
        "reaction-condition",
        "conditional n > 5",
        "startEvent.conditional",
        begin(passes="S F", opens="A B", waits="S2"),
        complete("A", given={"n": 9}, passes="A E S2", opens="C"),
        complete("C", passes="C E3 H", done=True),
    ),
    case(
        "reaction-inside",
        "subProcess.event startEvent.message",
        start(),
        sub(
            "P",
            *(start("S1"), step("A"), end("E1", **PLAIN)),
            reaction(
                "H",
                *(begun_by("S2", "message M"), step("C"), end("E3", **PLAIN)),
                flows=("S2 C", "C E3"),
            ),
            flows=("S1 A", "A E1"),
        ),
        *(step("B"), end()),
        flows=("S P", "P B", "B E"),
        script=(
            begin(passes="S S1", opens="A", waits="S2"),
            deliver("message M", passes="S2", opens="C"),
            complete("C", passes="C E3 H P", opens="B"),
            complete("B", passes="B E", done=True),
        ),
    ),
    case(
        "link",
        "intermediateThrowEvent.link intermediateCatchEvent.link",
        *(start(), COUNTED, gateway("exclusive", "F", "B"), throw("L1", "link L"), step("B")),
        *(throw("L2", "link L"), catch("L3", "link L"), step("C"), end()),
        flows=("S A", "A F", "F L1: n > 5", "F B", "B L2", "L3 C", "C E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", given={"n": 9}, passes="A F L1 L3", opens="C"),
            complete("C", passes="C E", done=True),
        ),
    ),
    case(
        "link-several",
        "intermediateThrowEvent.link intermediateCatchEvent.link",
        *(start(), COUNTED, gateway("exclusive", "F", "B"), throw("L1", "link L"), step("B")),
        *(throw("L2", "link L"), catch("L3", "link L"), step("C"), end()),
        flows=("S A", "A F", "F L1: n > 5", "F B", "B L2", "L3 C", "C E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", given={"n": 1}, passes="A F", opens="B"),
            complete("B", passes="B L2 L3", opens="C"),
            complete("C", passes="C E", done=True),
        ),
    ),
    case(
        "compensate",
        "intermediateThrowEvent.compensate boundaryEvent.compensate activity.compensation",
        *(
            start(),
            step("A"),
            border("K1", "A", "compensate"),
            undoing("U1"),
            undone_by("K1", "U1"),
        ),
        *(step("B"), border("K2", "B", "compensate"), undoing("U2"), undone_by("K2", "U2")),
        *(step("C"), border("K3", "C", "compensate"), undoing("U3"), undone_by("K3", "U3")),
        *(gateway("parallel", "F"), gateway("parallel", "J"), throw("T1", "compensate")),
        *(step("D"), end()),
        flows=("S F", "F A", "F B", "A J", "B J", "J T1", "T1 D", "D C", "C E"),
        script=(
            begin(passes="S F", opens="A B"),
            complete("B", passes="B", opens="A"),
            complete("A", passes="A J K1", opens="U1"),
            complete("U1", passes="U1 K2", opens="U2"),
            complete("U2", passes="U2 T1", opens="D"),
            complete("D", passes="D", opens="C"),
            complete("C", passes="C E", done=True),
        ),
    ),
    case(
        "compensate-one",
        "endEvent.compensate boundaryEvent.compensate activity.compensation",
        *(
            start(),
            step("A"),
            border("K1", "A", "compensate"),
            undoing("U1"),
            undone_by("K1", "U1"),
        ),
        *(step("B"), border("K2", "B", "compensate"), undoing("U2"), undone_by("K2", "U2")),
        ending("E", "compensate A", outcome=True),
        flows=("S A", "A B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B"),
            complete("B", passes="B K1", opens="U1"),
            complete("U1", passes="U1 E", ends="E", done=True),
        ),
    ),
    case(
        "compensate-inside",
        "intermediateThrowEvent.compensate",
        start(),
        sub(
            "P",
            *(start("S1"), step("A"), border("K1", "A", "compensate"), undoing("U1")),
            *(undone_by("K1", "U1"), end("E1", **PLAIN)),
            flows=("S1 A", "A E1"),
        ),
        *(step("B"), throw("T1", "compensate P"), throw("T2", "compensate"), end()),
        flows=("S P", "P B", "B T1", "T1 T2", "T2 E"),
        script=(
            begin(passes="S S1", opens="A"),
            complete("A", passes="A E1 P", opens="B"),
            complete("B", passes="B K1", opens="U1"),
            send_back("U1", "A", refused="step.cannot_send_back"),
            complete("U1", passes="U1 T1 T2 E", done=True),  # nothing is undone twice
        ),
        office=True,
    ),
)
