"""Rounds in which nothing chooses: refused where nothing leaves them, run where an event does.

The library's prediction would follow them for ever.
"""

import pytest

from engine.procedures import NotPublishable, publish, upload
from tests.engine.drawing import draw, end, gateway, start, step, timer
from tests.engine.runtime.running import Run

A, B, C = (step(name) for name in "ABC")
LEAVES = timer("T", limit="1 working_hour", on="B")
JOINED = (gateway("parallel", "G"), gateway("parallel", "H"))

NOTHING_LEAVES = {
    "every-flow-taken": draw(start(), A, B, end(), flows=("S A", "A B", "B A", "B E")),
    "round-only": draw(start(), A, B, flows=("S A", "A B", "B A")),
    "parallel": draw(
        *(start(), A, B, C, *JOINED, end()),
        flows=("S G", "G A", "A H", "H G", "H C", "C E", "B E"),
    ),
    "merged": draw(
        start(), A, B, gateway("exclusive", "G"), end(), flows=("S G", "G A", "A B", "B G", "B E")
    ),
}


@pytest.mark.parametrize("case", NOTHING_LEAVES)
def test_a_round_that_nothing_leaves_is_never_published(ward, case):
    record = upload(ward.office, ward.designer, NOTHING_LEAVES[case], "vong.bpmn")
    with pytest.raises(NotPublishable):
        publish(ward.office, ward.designer, record.version_id)


EVENT_LEAVES = {
    "steps": ((A, B, LEAVES), ("S A", "A B", "B A", "T E"), "A B A"),
    "step-alone": ((B, LEAVES), ("S B", "B B", "T E"), "B B"),
    "two-rounds": (
        (A, B, C, step("D"), LEAVES),
        ("S A", "A B", "B C", "C A", "T D", "D E"),
        "A B C A B C A",
    ),
    "parallel-in-it": (
        (A, B, C, step("D"), LEAVES, *JOINED),
        ("S B", "B G", "G A", "G C", "A H", "C H", "H D", "D B", "T E"),
        "B A C D B C A D",
    ),
}


@pytest.mark.parametrize("case", EVENT_LEAVES)
def test_a_round_that_an_event_leaves_goes_round_until_it_happens(case):
    nodes, flows, steps = EVENT_LEAVES[case]
    run = Run(start(), *nodes, end(), flows=flows)
    assert run.complete(*steps.split()) == ["B"]
    run.fire("T")
    assert run.open == (["D"] if case == "two-rounds" else [])
