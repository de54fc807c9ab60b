"""Plain flows, steps and gateways."""

from tests.conformance.harness import Case, begin, complete
from tests.engine.drawing import end, start, step

CASES = (
    Case(
        "line",
        covers=("sequenceFlow", "userTask", "startEvent.none", "endEvent.none"),
        nodes=(start(), step("A"), step("B"), end()),
        flows=("S A", "A B", "B E"),
        script=(
            begin(passes="S", opens="A"),
            complete("A", passes="A", opens="B"),
            complete("B", passes="B E", ends="E", done=True),
        ),
        office=True,
    ),
)
