"""Flows out of activities and events: several, with conditions, with a default."""

from tests.conformance.harness import Case, begin, complete, fire
from tests.engine.drawing import end, field, gateway, start, step, sub, timer

AMOUNT = field("amount", "number")
ASKED = step("A", AMOUNT, field("urgent", "boolean"), bpmn='default="A_D"')


def conditional(id_, covers, given, passes, opens, *, default=True, flows=()):
    return Case(
        id_,
        covers=covers,
        nodes=(
            *(start(), ASKED if default else step("A", AMOUNT, field("urgent", "boolean"))),
            *(step("B"), step("C"), step("D"), gateway("inclusive", "J"), end()),
        ),
        flows=flows
        or (
            *("S A", "A B: amount > 10", "A C: urgent", "A D" if default else "A D: amount > 99"),
            *("B J", "C J", "D J", "J E"),
        ),
        script=(
            begin(passes="S", opens="A"),
            complete("A", given=given, passes="A", opens=opens),
            *_one_after_the_other(passes),
        ),
        office=id_ in ("conditions-all", "conditions-default"),
    )


def _one_after_the_other(names):
    left = names.split()
    acts = []
    for number, name in enumerate(left):
        rest = left[number + 1 :]
        last = not rest
        acts.append(
            complete(
                name,
                passes=f"{name} J E" if last else name,
                opens=" ".join(rest),
                done=last,
            )
        )
    return acts


AFTER, DEFAULT = "sequenceFlow.conditionAfterActivity", "activity.default"
SEVERAL, EVENTS = "activity.severalFlows", "event.severalFlows"

CASES = (
    conditional("conditions-all", (AFTER,), {"amount": 20, "urgent": True}, "B C", "B C"),
    conditional("conditions-one", (AFTER,), {"amount": 20, "urgent": False}, "B", "B"),
    conditional("conditions-default", (AFTER, DEFAULT), {"amount": 1, "urgent": False}, "D", "D"),
    Case(
        "conditions-none",
        covers=(AFTER,),
        nodes=(start(), step("A", AMOUNT), step("B"), step("C"), end(), end("E2")),
        flows=("S A", "A B: amount > 10", "A C: amount > 20", "B E", "C E2"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", given={"amount": 1}, refused="runtime.no_way_on"),
            complete("A", given={"amount": 15}, passes="A", opens="B"),
            complete("B", passes="B E", ends="E", done=True),
        ),
        office=True,
    ),
    Case(
        "condition-beside-plain",
        covers=(AFTER, SEVERAL),
        nodes=(start(), step("A", AMOUNT), step("B"), step("C"), end(), end("E2")),
        flows=("S A", "A B", "A C: amount > 10", "B E", "C E2"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", given={"amount": 15}, passes="A", opens="B C"),
            complete("C", passes="C E2", opens="B"),
            complete("B", passes="B E", done=True),
        ),
    ),
    Case(
        "several-out-of-a-step",
        covers=(SEVERAL,),
        nodes=(
            *(start(), step("A"), step("B"), step("C"), gateway("parallel", "J")),
            *(step("D"), end()),
        ),
        flows=("S A", "A B", "A C", "B J", "C J", "J D", "D E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B C"),
            complete("C", passes="C", opens="B"),
            complete("B", passes="B J", opens="D"),
            complete("D", passes="D E", ends="E", done=True),
        ),
        office=True,
    ),
    Case(
        "several-into-one-step",
        covers=(SEVERAL,),
        nodes=(start(), step("A"), step("B"), step("C"), step("D"), end()),
        flows=("S A", "A B", "A C", "B D", "C D", "D E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B C"),
            complete("B", passes="B", opens="C D"),
            complete("C", passes="C", opens="D D"),
            complete("D", passes="D E", opens="D"),
            complete("D", passes="D E", ends="E", done=True),
        ),
        unsound=True,
    ),
    Case(
        "round-that-an-event-leaves",
        covers=(EVENTS,),
        nodes=(
            *(start(), step("A"), step("B"), timer("T", limit="1 working_hour", on="B")),
            *(step("C"), step("D"), end()),
        ),
        flows=("S A", "A B", "B A", "T C", "T D", "C E", "D E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B", waits="T"),
            complete("B", passes="B", opens="A"),
            complete("A", passes="A", opens="B", waits="T"),
            fire("T", passes="T", opens="C D"),
            complete("D", passes="D E", opens="C"),
            complete("C", passes="C E", done=True),
        ),
        office=True,
    ),
    Case(
        "several-out-of-events",
        covers=(EVENTS,),
        nodes=(
            *(start(), step("A"), step("B"), timer("T", limit="1 working_hour", on="A")),
            *(step("C"), step("D"), end()),
        ),
        flows=("S A", "S B", "T C", "T D", "A E", "B E", "C E", "D E"),
        script=(
            begin(passes="S", opens="A B", waits="T"),
            fire("T", passes="T", opens="B C D"),
            complete("D", passes="D E", opens="B C"),
            complete("B", passes="B E", opens="C"),
            complete("C", passes="C E", done=True),
        ),
        office=True,
    ),
    Case(
        "several-out-of-a-sub-process",
        covers=(SEVERAL,),
        nodes=(
            start(),
            sub("P", start("S1"), step("A"), end("E1", None), flows=("S1 A", "A E1")),
            *(step("B"), step("C"), end()),
        ),
        flows=("S P", "P B", "P C", "B E", "C E"),
        script=(
            begin(passes="S S1", opens="A"),
            complete("A", passes="A E1 P", opens="B C"),
            complete("B", passes="B E", opens="C"),
            complete("C", passes="C E", done=True),
        ),
    ),
    Case(
        "no-start-or-end-inside",
        covers=("subProcess.implicitStart", "subProcess.implicitEnd"),
        nodes=(
            start(),
            sub("P", step("A"), step("B"), step("C"), flows=("A C",)),
            *(step("D"), end()),
        ),
        flows=("S P", "P D", "D E"),
        script=(
            begin(passes="S", opens="A B"),
            complete("A", passes="A", opens="B C"),
            complete("B", passes="B", opens="C"),
            complete("C", passes="C P", opens="D"),
            complete("D", passes="D E", done=True),
        ),
        office=True,
    ),
)
