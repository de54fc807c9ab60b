"""Complex gateways as splits and as joins that count."""

from tests.conformance.harness import Case, begin, complete
from tests.engine.drawing import Drawn, end, field, gateway, start, step

COVERS = ("complexGateway",)


def joining(condition):
    return Drawn(
        '<b:complexGateway id="J"><b:activationCondition>'
        f"{condition}</b:activationCondition></b:complexGateway>"
    )


def branches(condition, *more, flows=()):
    return {
        "nodes": (
            *(start(), gateway("parallel", "F"), step("A"), step("B"), step("C")),
            *(joining(condition), step("D"), end(), *more),
        ),
        "flows": (
            *("S F", "F A", "F B", "F C", "A J", "B J", "C J", "J D"),
            *(flows or ("D E",)),
        ),
    }


TWO = "activationCount &gt;= 2"

CASES = (
    Case(
        "complex-two-of-three",
        covers=COVERS,
        **branches(TWO),
        script=(
            begin(passes="S F", opens="A B C"),
            complete("B", passes="B", opens="A C"),
            complete("A", passes="A J", opens="C D"),
            complete("C", passes="C", opens="D"),
            complete("D", passes="D E", ends="E", done=True),
        ),
        office=True,
    ),
    Case(
        "complex-late-comer-after-the-rest",
        covers=COVERS,
        **branches("activationCount = 1"),
        script=(
            begin(passes="S F", opens="A B C"),
            complete("C", passes="C J", opens="A B D"),
            complete("D", passes="D E", opens="A B"),
            complete("A", passes="A", opens="B"),
            complete("B", passes="B", done=True),
        ),
        office=True,
    ),
    Case(
        "complex-begins-anew-after-reset",
        covers=COVERS,
        nodes=(
            *(start(), gateway("exclusive", "M"), gateway("parallel", "F"), step("A"), step("B")),
            *(joining("activationCount = 1"), step("D", field("again", "boolean"))),
            *(gateway("exclusive", "G", default="E"), end()),
        ),
        flows=("S M", "M F", "F A", "F B", "A J", "B J", "J D", "D G", "G M: again", "G E"),
        script=(
            begin(passes="S M F", opens="A B"),
            complete("A", passes="A J", opens="B D"),
            complete("B", passes="B", opens="D"),
            complete("D", given={"again": True}, passes="D G M F", opens="A B"),
            complete("B", passes="B J", opens="A D"),
            complete("A", passes="A", opens="D"),
            complete("D", given={"again": False}, passes="D G E", done=True),
        ),
    ),
    Case(
        "complex-split",
        covers=COVERS,
        nodes=(
            *(start(), step("Q", field("amount", "number")), gateway("complex", "G")),
            *(step("A"), step("B"), step("C"), gateway("inclusive", "J"), end()),
        ),
        flows=(
            *("S Q", "Q G", "G A: amount > 10", "G B: amount > 20", "G C"),
            *("A J", "B J", "C J", "J E"),
        ),
        script=(
            begin(passes="S", opens="Q"),
            complete("Q", given={"amount": 15}, passes="Q G", opens="A C"),
            complete("A", passes="A", opens="C"),
            complete("C", passes="C J E", done=True),
        ),
        office=True,
    ),
)
