"""Plain flows, steps, gateways, sub-processes and timers."""

from tests.conformance.harness import Case, begin, complete, fire
from tests.engine.drawing import CHIEF, CLERK, Drawn, end, field, gateway, start, step, sub, timer

AMOUNT = field("amount", "number")
BIG = field("big", "boolean")


def chosen(id_, kind, given, passes, opens, *acts):
    return Case(
        id_,
        covers=(f"{kind}Gateway", "sequenceFlow.condition"),
        nodes=(
            *(start(), step("Q", AMOUNT, BIG), gateway(kind, "G", default="C")),
            *(step("A"), step("B"), step("C"), gateway(kind, "J"), end()),
        ),
        flows=(
            *("S Q", "Q G", "G A: amount > 10", "G B: big", "G C"),
            *("A J", "B J", "C J", "J E"),
        ),
        script=(
            begin(passes="S", opens="Q"),
            complete("Q", given=given, passes=passes, opens=opens),
            *acts,
        ),
        office=True,
    )


BOTH = {"amount": 20, "big": True}
NEITHER = {"amount": 2, "big": False}
LAST_C = complete("C", passes="C J E", ends="E", done=True)


def waiting(code, event):
    return Case(
        f"timer-{code}",
        covers=(f"timer.{code}", "intermediateCatchEvent.timer"),
        nodes=(start(), step("Q"), event, step("A"), end()),
        flows=("S Q", "Q T", "T A", "A E"),
        script=(
            begin(passes="S", opens="Q"),
            complete("Q", passes="Q", waits="T"),
            fire("T", passes="T", opens="A"),
            complete("A", passes="A E", ends="E", done=True),
        ),
        office=True,
    )


CASES = (
    Case(
        "line",
        covers=("sequenceFlow", "userTask", "startEvent.none", "endEvent.none", "lane"),
        nodes=(start(), step("A", lane=CLERK), step("B", lane=CHIEF), end()),
        flows=("S A", "A B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B"),
            complete("B", passes="B E", ends="E", done=True),
        ),
        office=True,
    ),
    Case(
        "tasks-of-a-person",
        covers=("task", "manualTask", "intermediateThrowEvent.none"),
        nodes=(
            *(
                start(),
                step("A", kind="task"),
                Drawn('<b:intermediateThrowEvent id="N" name="N"/>'),
            ),
            *(step("B", kind="manualTask"), end()),
        ),
        flows=("S A", "A N", "N B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A N", opens="B"),
            complete("B", passes="B E", ends="E", done=True),
        ),
        office=True,
    ),
    Case(
        "parallel",
        covers=("parallelGateway",),
        nodes=(
            *(start(), gateway("parallel", "F"), step("A"), step("B"), gateway("parallel", "J")),
            *(step("C"), end()),
        ),
        flows=("S F", "F A", "F B", "A J", "B J", "J C", "C E"),
        script=(
            begin(passes="S F", opens="A B"),
            complete("B", passes="B", opens="A"),
            complete("A", passes="A J", opens="C"),
            complete("C", passes="C E", ends="E", done=True),
        ),
        office=True,
    ),
    chosen(
        "exclusive-first-that-holds",
        *("exclusive", BOTH, "Q G", "A"),
        complete("A", passes="A J E", ends="E", done=True),
    ),
    chosen("exclusive-default", "exclusive", NEITHER, "Q G", "C", LAST_C),
    chosen(
        "inclusive-all-that-hold",
        *("inclusive", BOTH, "Q G", "A B"),
        complete("B", passes="B", opens="A"),
        complete("A", passes="A J E", ends="E", done=True),
    ),
    chosen("inclusive-default", "inclusive", NEITHER, "Q G", "C", LAST_C),
    Case(
        "sub-process",
        covers=("subProcess",),
        nodes=(
            start(),
            sub("P", start("S1"), step("A"), end("E1", None), flows=("S1 A", "A E1")),
            *(step("B"), end()),
        ),
        flows=("S P", "P B", "B E"),
        script=(
            begin(passes="S S1", opens="A"),
            complete("A", passes="A E1 P", opens="B"),
            complete("B", passes="B E", ends="E", done=True),
        ),
        office=True,
    ),
    waiting("limit", timer("T", limit="1 working_day")),
    waiting("timeDuration", timer("T", after="P1D")),
    waiting("timeDate", timer("T", at="2026-09-02T08:00:00+07:00")),
)
