"""Pools that exchange messages: who waits for ever, who is not heard, each shown by a walk."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from processes.diagram import Diagram, EventKind, MessageFlow, NodeKind
from processes.document import parse
from processes.drawing import draw
from processes.finding import Severity
from processes.soundness import Verdict, prove
from tests.processes.drawn import definitions, flows
from tests.processes.soundness.mail import Post, receives, replay
from tests.processes.soundness.random_diagrams import Pen
from tests.processes.soundness.token_game import TooMany

MESSAGE = "<b:messageEventDefinition/>"
TIMER = "<b:timerEventDefinition/>"


def node(kind, id_, inner="", **stated):
    attributes = "".join(f' {key}="{value}"' for key, value in stated.items())
    return f'<b:{kind} id="{id_}"{attributes}>{inner}</b:{kind}>'


def start(id_, inner=""):
    return node("startEvent", id_, inner)


def end(id_, inner=""):
    return node("endEvent", id_, inner)


def catch(id_, inner=MESSAGE):
    return node("intermediateCatchEvent", id_, inner)


def throw(id_):
    return node("intermediateThrowEvent", id_, MESSAGE)


def step(id_):
    return node("userTask", id_)


def gate(kind, id_):
    return node(f"{kind}Gateway", id_)


OFFICE = ("p0 p1 p2 p3", start("p0"), step("p1"), end("p3"))


def file(office, citizen, messages):
    """Two pools; each is a list of nodes and the flows between them, "a b" for one."""
    drawn = ""
    for name, (nodes, lines) in (("P", office), ("Q", citizen)):
        run = ' isExecutable="true"' if name == "P" else ""
        drawn += (
            f'<b:process id="{name}" name="{name}"{run}>{"".join(nodes)}{flows(*lines)}</b:process>'
        )
    lines = "".join(
        node("messageFlow", f"m_{s}_{t}", sourceRef=s, targetRef=t)
        for s, t in (message.split() for message in messages)
    )
    people = "".join(node("participant", f"pool{n}", processRef=n) for n in "PQ")
    return draw(
        parse(definitions(f'<b:collaboration id="C">{people}{lines}</b:collaboration>{drawn}'))
    )


def line(*nodes):
    names = [n.split('id="')[1].split('"')[0] for n in nodes]
    return nodes, [f"{a} {b}" for a, b in pairwise(names)]


ASKS = line(start("q0"), throw("q1"), catch("q2"), end("q3"))
ANSWERS = line(start("p0"), catch("p1"), step("p2"), throw("p3"), end("p4"))
BACK_AND_FORTH = ("q1 p1", "p3 q2")


def choosing(*, both):
    """The office answers, or on one branch does not."""
    nodes = (
        *(start("p0"), catch("p1"), gate("exclusive", "g"), throw("p2")),
        *(throw("p3") if both else step("p3"), gate("exclusive", "j"), end("p4")),
    )
    return nodes, ["p0 p1", "p1 g", "g p2", "g p3", "p2 j", "p3 j", "j p4"]


def listening(other):
    """The citizen waits for the answer or for something else."""
    nodes = (
        *(start("q0"), throw("q1"), gate("eventBased", "g2"), catch("q2"), other),
        *(gate("exclusive", "j2"), end("q4")),
    )
    return nodes, ["q0 q1", "q1 g2", "g2 q2", "g2 q3", "q2 j2", "q3 j2", "j2 q4"]


def watching(interrupting):
    """While the citizen works on q1, a message may come."""
    nodes = (
        *(start("q0"), step("q1"), end("q2"), end("q3")),
        node("boundaryEvent", "b", MESSAGE, attachedToRef="q1", cancelActivity=interrupting),
    )
    return nodes, ["q0 q1", "q1 q2", "b q3"]


CASES = {
    "asked-and-answered": (ANSWERS, ASKS, BACK_AND_FORTH, set()),
    "each-waits-first": (
        line(start("p0"), catch("p1"), throw("p2"), end("p3")),
        line(start("q0"), catch("q1"), throw("q2"), end("q3")),
        ("p2 q1", "q2 p1"),
        {"collaboration p1", "collaboration q1"},
    ),
    "each-begins-with-the-other": (
        line(start("p0", MESSAGE), throw("p1"), end("p2")),
        line(start("q0", MESSAGE), throw("q1"), end("q2")),
        ("p1 q0", "q1 p0"),
        {"collaboration p0", "collaboration q0"},
    ),
    "begins-with-a-message": (
        line(start("p0", MESSAGE), step("p1"), end("p2", MESSAGE)),
        ASKS,
        ("q1 p0", "p2 q2"),
        set(),
    ),
    "answers-on-one-branch": (choosing(both=False), ASKS, ("q1 p1", "p2 q2"), {"collaboration q2"}),
    "answers-on-both-branches": (
        choosing(both=True), ASKS, ("q1 p1", "p2 q2", "p3 q2"), set(),
    ),
    "waits-for-either-answer": (
        choosing(both=True), listening(catch("q3")), ("q1 p1", "p2 q2", "p3 q3"), set(),
    ),
    "waits-with-a-timer": (
        choosing(both=False), listening(catch("q3", TIMER)), ("q1 p1", "p2 q2"), set(),
    ),
    "waits-for-one-of-two-answers": (
        choosing(both=True), ASKS, ("q1 p1", "p2 q2"), {"collaboration q2"},
    ),
    "two-messages-wanted": (
        line(start("p0"), catch("p1"), catch("p2"), end("p3")),
        line(start("q0"), throw("q1"), end("q2")),
        ("q1 p1", "q1 p2"),
        set(),
    ),
    "asked-twice": (
        line(start("p0"), catch("p1"), step("p2"), catch("p3"), end("p4")),
        line(start("q0"), throw("q1"), throw("q2"), end("q3")),
        ("q1 p1", "q2 p3"),
        set(),
    ),
    "crossed": (
        line(start("p0"), throw("p1"), catch("p2"), end("p3")),
        line(start("q0"), catch("q1"), throw("q2"), end("q3")),
        ("p1 q1", "q2 p2"),
        set(),
    ),
    "in-any-order": (
        (
            (start("p0"), gate("parallel", "g"), catch("p1"), catch("p2"), gate("parallel", "j"), end("p3")),
            ["p0 g", "g p1", "g p2", "p1 j", "p2 j", "j p3"],
        ),
        line(start("q0"), throw("q1"), throw("q2"), end("q3")),
        ("q1 p2", "q2 p1"),
        set(),
    ),
    "in-parallel-one-missing": (
        (
            (start("p0"), gate("parallel", "g"), catch("p1"), catch("p2"), gate("parallel", "j"), end("p3")),
            ["p0 g", "g p1", "g p2", "p1 j", "p2 j", "j p3"],
        ),
        (
            (start("q0"), gate("exclusive", "g2"), throw("q1"), throw("q2"), gate("exclusive", "j2"), end("q3")),
            ["q0 g2", "g2 q1", "g2 q2", "q1 j2", "q2 j2", "j2 q3"],
        ),
        ("q1 p2", "q2 p1"),
        {"collaboration p1", "collaboration p2"},
    ),
    "interrupted-by-a-message": (
        line(start("p0"), throw("p1"), end("p2")), watching("true"), ("p1 b",), set(),
    ),
    "told-while-at-work": (
        line(start("p0"), throw("p1"), end("p2")), watching("false"), ("p1 b",), set(),
    ),
    "nobody-is-there-any-more": (
        line(start("p0"), catch("p1"), throw("p2"), end("p3")),
        (
            (*watching("true")[0], throw("q9")),
            ["q0 q1", "q1 q9", "q9 q2", "b q3"],
        ),
        ("q9 p1", "p2 b"),
        {"unheard-message p2"},
    ),
    "asks-again-and-again": (
        (
            (start("p0"), gate("exclusive", "g"), throw("p1"), catch("p2"), gate("exclusive", "h"), end("p3", MESSAGE)),
            ["p0 g", "g p1", "p1 p2", "p2 h", "h g", "h p3"],
        ),
        (
            (
                *(start("q0"), gate("exclusive", "g2"), gate("eventBased", "v"), catch("q1")),
                *(throw("q2"), catch("q3"), end("q4")),
            ),
            ["q0 g2", "g2 v", "v q1", "q1 q2", "q2 g2", "v q3", "q3 q4"],
        ),
        ("p1 q1", "q2 p2", "p3 q3"),
        set(),
    ),
    "a-black-box-may-always-answer": (
        line(start("p0"), catch("p1"), end("p2")),
        line(start("q0"), step("q1"), end("q2")),
        ("poolQ p1",),
        set(),
    ),
    "a-pool-that-only-works": (ANSWERS, line(start("q0"), step("q1"), end("q2")), (), set()),
}  # fmt: skip


def said(diagram):
    proof = prove(diagram)
    assert proof.verdict is Verdict.SOUND  # of the process that runs; the rest are warnings
    for flaw in proof.findings:
        assert flaw.severity is Severity.WARNING
        assert replay(diagram, flaw) == "", flaw
    return {f"{flaw.rule.removeprefix('soundness-')} {flaw.element}" for flaw in proof.findings}


@pytest.mark.parametrize("case", CASES)
def test_what_is_drawn_between_pools_gets_its_verdict(case):
    office, citizen, messages, expected = CASES[case]
    assert said(file(office, citizen, messages)) == expected


SINGLE = (
    *(NodeKind.THROW, NodeKind.THROW, NodeKind.SEND_TASK),
    *(NodeKind.CATCH, NodeKind.RECEIVE_TASK, NodeKind.USER_TASK),
)
BLOCKS = (NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.EVENT_BASED)


class PoolPen(Pen):
    """Draws one pool, in blocks, with ids of its own."""

    def __init__(self, name, random):
        super().__init__()
        self.name, self.random = name, random

    def node(self, kind, parent=None, **more):
        super().node(kind, parent, **more)
        last = self.nodes.pop()
        self.nodes.append(type(last)(f"{self.name}{len(self.nodes)}", kind, last.id, **more))
        return self.nodes[-1].id

    def flow(self, source, target, parent=None):
        super().flow(source, target)
        last = self.flows.pop()
        self.flows.append(type(last)(f"{self.name}{last.id}", source, target))
        return self.flows[-1].id

    def pool(self, size):
        begins = (EventKind.MESSAGE,) if self.random.random() < 0.25 else ()
        last = self.block(size, self.node(NodeKind.START, events=begins))
        ends = (EventKind.MESSAGE,) if self.random.random() < 0.25 else ()
        self.flow(last, self.node(NodeKind.END, events=ends))
        return Diagram(self.name, self.name, tuple(self.nodes), tuple(self.flows), ())

    def block(self, size, before):
        if size <= 1:
            return self.single(before)
        if self.random.random() < 0.4:
            return self.split(size, before)
        first = self.random.randint(1, size - 1)
        return self.block(size - first, self.block(first, before))

    def split(self, size, before):
        kind = self.random.choice(BLOCKS)
        gate = self.node(kind)
        join = self.node(NodeKind.PARALLEL if kind is NodeKind.PARALLEL else NodeKind.EXCLUSIVE)
        self.flow(before, gate)
        for _ in range(2):
            first = gate
            if kind is NodeKind.EVENT_BASED:
                what = self.random.choice((EventKind.MESSAGE, EventKind.TIMER))
                first = self.node(NodeKind.CATCH, events=(what,))
                self.flow(gate, first)
            self.flow(self.block((size - 1) // 2, first), join)
        return join

    def single(self, before):
        kind = self.random.choice(SINGLE)
        events = (EventKind.MESSAGE,) if kind in (NodeKind.THROW, NodeKind.CATCH) else ()
        step = self.node(kind, events=events)
        self.flow(before, step)
        return step


WAITS, UNHEARD = "collaboration", "unheard-message"
SENDING = (NodeKind.THROW, NodeKind.SEND_TASK, NodeKind.END, NodeKind.USER_TASK)


def exchanging(seed):
    random = Random(seed)
    pools = [
        PoolPen(name, random).pool(random.randint(1, 5))
        for name in "PQR"[: random.choice((2, 2, 3))]
    ]
    messages = []
    for pool in pools:
        senders = [
            n for other in pools if other is not pool for n in other.nodes if n.kind in SENDING
        ]
        for node in pool.nodes:
            if receives(node):
                for _ in range(random.choice((0, 1, 1, 1, 2)) if senders else 0):
                    sender = random.choice(senders)
                    messages.append(MessageFlow(f"m{len(messages)}", sender.id, node.id))
    main, *others = pools
    return Diagram("P", "P", main.nodes, main.flows, (), tuple(others), tuple(messages))


@given(st.integers(0, 10**9))
@settings(max_examples=60)
def test_pools_are_judged_as_all_their_runs_are(seed):
    diagram = exchanging(seed)
    try:
        waiting, unheard = Post(diagram).explore()
    except TooMany:
        assume(False)
    found = prove(diagram).findings
    event(f"waiting {bool(waiting)}, unheard {bool(unheard)}")
    names = {
        rule: {f.element for f in found if f.rule == f"soundness-{rule}"}
        for rule in (WAITS, UNHEARD)
    }
    senders = {m.source for m in diagram.messages if m.id in unheard}
    assert names[WAITS] == waiting
    assert names[UNHEARD] == senders
    for flaw in found:
        assert replay(diagram, flaw) == "", flaw
