"""Ad-hoc sub-processes and transactions."""

from tests.conformance.harness import Case, begin, complete
from tests.engine.drawing import end, field, start, step, sub

ENOUGH = field("enough", "boolean")
AD_HOC = ("adHocSubProcess",)


def until(condition):
    return f"<b:completionCondition>{condition}</b:completionCondition>"


def ad_hoc(*nodes, condition="enough", flows=(), bpmn=""):
    marked = sub(
        "P", *nodes, kind="adHocSubProcess", bpmn=bpmn, marker=until(condition), flows=flows
    )
    return (start(), step("Q", ENOUGH), marked, step("Z"), end())


LINE = ("S Q", "Q P", "P Z", "Z E")
ASKED = begin(passes="S", opens="Q")
NO, YES = {"enough": False}, {"enough": True}
LAST = complete("Z", passes="Z E", ends="E", done=True)

CASES = (
    Case(
        "ad-hoc-in-any-order",
        covers=AD_HOC,
        nodes=ad_hoc(step("A", ENOUGH), step("B", ENOUGH)),
        flows=LINE,
        script=(
            ASKED,
            complete("Q", given=NO, passes="Q", opens="A B"),
            complete("B", given=NO, passes="B", opens="A B"),
            complete("B", given=NO, passes="B", opens="A B"),
            complete("A", given=YES, passes="A P", opens="Z"),
            LAST,
        ),
        office=True,
    ),
    Case(
        "ad-hoc-with-a-flow-inside",
        covers=AD_HOC,
        nodes=ad_hoc(step("A"), step("B", ENOUGH), step("C"), flows=("A B",)),
        flows=LINE,
        script=(
            ASKED,
            complete("Q", given=NO, passes="Q", opens="A C"),
            complete("A", passes="A", opens="A B C"),
            complete("C", passes="C", opens="A B C"),
            complete("B", given=YES, passes="B P", opens="Z"),
            LAST,
        ),
        office=True,
    ),
    Case(
        "ad-hoc-one-at-a-time",
        covers=AD_HOC,
        nodes=ad_hoc(
            *(step("A", ENOUGH), step("B")),
            bpmn='ordering="Sequential" cancelRemainingInstances="false"',
        ),
        flows=LINE,
        script=(
            ASKED,
            complete("Q", given=NO, passes="Q", opens="A B"),
            complete("B", passes="B", opens="A B"),
            complete("A", given=YES, passes="A P", opens="Z"),
            LAST,
        ),
    ),
    Case(
        "transaction",
        covers=("transaction",),
        nodes=(
            start(),
            sub(
                "P",
                start("S1"),
                step("A"),
                end("E1", None),
                kind="transaction",
                flows=("S1 A", "A E1"),
            ),
            *(step("Z"), end()),
        ),
        flows=("S P", "P Z", "Z E"),
        script=(
            begin(passes="S S1", opens="A"),
            complete("A", passes="A E1 P", opens="Z"),
            LAST,
        ),
        office=True,
    ),
)
