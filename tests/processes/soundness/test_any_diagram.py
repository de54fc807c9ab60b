"""Whatever is drawn, however broken: the prover answers, and soon."""

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.diagram import Diagram, EventKind, Flow, MessageFlow, Node, NodeKind
from processes.document import parse
from processes.drawing import draw
from processes.errors import InvalidInput
from processes.finding import Severity
from processes.soundness import Verdict, prove
from tests.conftest import ROOT
from tests.processes.soundness.random_diagrams import Pen, in_blocks, spoilt

RUNAWAY = 10  # seconds: what is answered in a tenth of one; a search that explodes takes minutes
NAMES = st.sampled_from([*"ABCDEFGH", ""])
MAYBE = st.none() | NAMES
NODES = st.builds(
    Node,
    id=NAMES,
    kind=st.sampled_from(NodeKind),
    name=st.just(""),
    parent=MAYBE,
    events=st.lists(st.sampled_from(EventKind), max_size=2).map(tuple),
    attached_to=MAYBE,
    interrupting=st.booleans(),
    default=MAYBE,
    reacts=st.booleans(),
    called=st.sampled_from(["", "P", "Q", "A"]),
    compensates=st.booleans(),
    instantiates=st.booleans(),
)
FLOWS = st.builds(
    Flow, id=st.sampled_from([*"abcdefghijkl", ""]), source=NAMES, target=NAMES, condition=MAYBE
)
MESSAGES = st.builds(MessageFlow, id=NAMES, source=NAMES, target=NAMES)


def unique(values):
    """As the reader does: an id once, and what stands in a sub-process after it."""
    found = {}
    for value in values:
        if value.id or isinstance(value, Flow):
            parent = value.parent if value.parent in found else None
            found.setdefault(value.id, replace(value, parent=parent))
    return tuple(found.values())


def diagrams(name, **more):
    return st.builds(
        Diagram,
        process_id=st.just(name),
        name=st.just(""),
        nodes=st.lists(NODES, max_size=8).map(unique),
        flows=st.lists(FLOWS, max_size=12).map(unique),
        lanes=st.just(()),
        **more,
    )


OTHERS = st.lists(diagrams("Q"), max_size=1).map(tuple)


@given(diagrams("P", others=OTHERS, messages=st.lists(MESSAGES, max_size=3).map(tuple)))
@settings(max_examples=200)
def test_no_diagram_makes_the_prover_fail(diagram):
    proof = prove(diagram)
    assert (proof.verdict is Verdict.UNSOUND) == any(
        flaw.severity is Severity.ERROR for flaw in proof.findings
    )
    assert len(proof.to_data()["findings"]) == len(proof.findings)


def wide(branches, split, join):
    pen = Pen()
    gate, end = pen.node(split), pen.node(join)
    pen.flow(pen.node(NodeKind.START), gate)
    for _ in range(branches):
        before = gate
        for _ in range(3):
            step = pen.node(NodeKind.USER_TASK)
            pen.flow(before, step)
            before = step
        reminder = pen.node(
            NodeKind.BOUNDARY, attached_to=step, interrupting=False, events=(EventKind.TIMER,)
        )
        pen.flow(reminder, pen.node(NodeKind.END))
        pen.flow(step, end)
    pen.flow(end, pen.node(NodeKind.END))
    return pen.diagram()


def seconds(diagram):
    begun = time.process_time()
    return prove(diagram), time.process_time() - begun


@pytest.mark.parametrize("branches", [5, 10, 15, 20])
@pytest.mark.parametrize("kind", [NodeKind.PARALLEL, NodeKind.INCLUSIVE])
def test_wide_parallelism_is_proved_without_looking_at_markings(kind, branches):
    proof, used = seconds(wide(branches, kind, kind))
    assert proof.verdict is Verdict.SOUND
    assert proof.states == 0
    assert used < RUNAWAY


@pytest.mark.parametrize("branches", [5, 20])
def test_wide_parallelism_that_is_not_joined_is_refuted(branches):
    proof, used = seconds(wide(branches, NodeKind.PARALLEL, NodeKind.EXCLUSIVE))
    assert proof.verdict is Verdict.UNSOUND
    assert proof.findings[0].fix is not None
    assert used < RUNAWAY


@pytest.mark.parametrize("seed", range(6))
def test_a_model_of_450_blocks_is_proved_without_running_away(seed):
    proof, used = seconds(in_blocks(Random(seed), 450))
    assert proof.verdict is Verdict.SOUND
    assert used < RUNAWAY


@pytest.mark.parametrize("seed", range(6))
def test_a_model_of_450_blocks_with_three_faults_is_answered_without_running_away(seed):
    proof, used = seconds(spoilt(Random(seed), in_blocks(Random(seed), 450), 3))
    assert proof.verdict is not Verdict.UNPROVED
    assert used < RUNAWAY


def nested_loops(depth):
    pen = Pen()
    last = pen.node(NodeKind.START)
    for _ in range(depth):
        head, step, split = (
            pen.node(kind) for kind in (NodeKind.EXCLUSIVE, NodeKind.USER_TASK, NodeKind.PARALLEL)
        )
        for source, target in ((last, head), (head, step), (step, split), (split, head)):
            pen.flow(source, target)
        last = split
    pen.flow(last, pen.node(NodeKind.END))
    return pen.diagram()


def watched(events):
    pen = Pen()
    step = pen.node(NodeKind.USER_TASK)
    pen.flow(pen.node(NodeKind.START), step)
    pen.flow(step, pen.node(NodeKind.END))
    for _ in range(events):
        event = pen.node(
            NodeKind.BOUNDARY, attached_to=step, interrupting=False, events=(EventKind.TIMER,)
        )
        pen.flow(event, pen.node(NodeKind.END))
    return pen.diagram()


HARD = {
    "nested-loops": lambda: nested_loops(250),
    "events": lambda: watched(2_000),
    "inclusive": lambda: wide(400, NodeKind.INCLUSIVE, NodeKind.PARALLEL),
    "parallel": lambda: wide(900, NodeKind.PARALLEL, NodeKind.PARALLEL),
}


@pytest.mark.parametrize("case", HARD)
def test_what_is_hard_to_prove_is_answered_soon(case):
    _, used = seconds(HARD[case]())
    assert used < RUNAWAY


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bpmn" / "procedures").glob("*.bpmn")), ids=lambda path: path.stem[:20]
)
def test_each_real_procedure_is_sound(path):
    proof, used = seconds(draw(parse(path.read_bytes())))
    assert proof.verdict is Verdict.SOUND
    assert proof.findings == ()
    assert used < 0.1  # 1 ms here


@pytest.mark.corpus
def test_every_file_of_the_corpora_is_answered_within_a_second(corpora):
    verdicts = []
    for path in sorted((corpora / "bpmn").rglob("*.bpmn")):
        try:
            diagram = draw(parse(path.read_bytes()))
        except InvalidInput:
            continue
        if diagram is not None:
            proof, used = seconds(diagram)
            assert used < 1, path
            verdicts.append(proof.verdict)
    assert len(verdicts) > 300
    assert verdicts.count(Verdict.SOUND) > 300
