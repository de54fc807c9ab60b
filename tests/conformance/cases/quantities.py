"""Numbers of tokens that an activity wants and gives."""

from tests.conformance.harness import Case, begin, complete
from tests.engine.drawing import end, gateway, start, step

COVERS = ("activity.quantity",)

CASES = (
    Case(
        "start-quantity",
        covers=COVERS,
        nodes=(
            *(start(), step("A"), step("B"), step("C", bpmn='startQuantity="2"'), end()),
            gateway("parallel", "F"),
        ),
        flows=("S F", "F A", "F B", "A C", "B C", "C E"),
        script=(
            begin(passes="S F", opens="A B"),
            complete("B", passes="B", opens="A"),
            complete("A", passes="A", opens="C"),
            complete("C", passes="C E", ends="E", done=True),
        ),
    ),
    Case(
        "completion-quantity",
        covers=COVERS,
        nodes=(start(), step("A", bpmn='completionQuantity="3"'), step("B"), end()),
        flows=("S A", "A B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B B B"),
            complete("B", passes="B E", opens="B B"),
            complete("B", passes="B E", opens="B"),
            complete("B", passes="B E", done=True),
        ),
        office=True,
    ),
    Case(
        "quantities-on-every-way-out",
        covers=COVERS,
        nodes=(
            *(
                start(),
                step("A", bpmn='completionQuantity="2"'),
                step("B", bpmn='startQuantity="2"'),
            ),
            *(step("C"), end()),
        ),
        flows=("S A", "A B", "A C", "B E", "C E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B C C"),
            complete("C", passes="C E", opens="B C"),
            complete("B", passes="B E", opens="C"),
            complete("C", passes="C E", done=True),
        ),
    ),
    Case(
        "quantities-meet",
        covers=COVERS,
        nodes=(
            *(start(), step("A", bpmn='completionQuantity="2"')),
            *(step("B", bpmn='startQuantity="2"'), end()),
        ),
        flows=("S A", "A B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B"),
            complete("B", passes="B E", ends="E", done=True),
        ),
        office=True,
    ),
)
