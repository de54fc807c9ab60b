"""Random diagrams: drawn in blocks, which are sound; drawn in blocks and then spoilt; wired at will."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from processes.diagram import ACTIVITIES, Diagram, EventKind, Flow, Node, NodeKind
from processes.timer import Timer, TimerKind

TIMER = Timer(TimerKind.DURATION, "P1D")
GATES = (NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.INCLUSIVE)


class Pen:
    """Draws nodes and flows with ids in order."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []

    def node(self, kind: NodeKind, parent: str | None = None, **more) -> str:
        name = f"{kind.value[:2]}{len(self.nodes)}"
        self.nodes.append(Node(name, kind, name, parent, **more))
        return name

    def flow(self, source: str, target: str, parent: str | None = None) -> str:
        name = f"f{len(self.flows)}"
        self.flows.append(Flow(name, source, target, parent=parent))
        return name

    def diagram(self) -> Diagram:
        return Diagram("P", "Quy trình", tuple(self.nodes), tuple(self.flows), ())


def in_blocks(random: Random, size: int, *, depth: int = 2) -> Diagram:
    """Sequences, choices, parallel and inclusive blocks, loops with a step, sub-processes."""
    pen = Pen()
    _process(pen, random, size, None, depth)
    return pen.diagram()


def _process(pen: Pen, random: Random, size: int, parent: str | None, depth: int) -> None:
    start = pen.node(NodeKind.START, parent)
    last = _block(pen, random, size, start, parent, depth)
    pen.flow(last, pen.node(NodeKind.END, parent), parent)


def _block(pen: Pen, random: Random, size: int, before: str, parent: str | None, depth: int) -> str:
    """Draws a block behind a node; returns the node it ends with."""
    if size <= 1:
        return _step(pen, random, before, parent, depth)
    if size >= 3 and random.random() < 0.5:
        kind = random.choice((*GATES, "loop"))
        if kind == "loop":
            return _loop(pen, random, size - 2, before, parent, depth)
        split, join = pen.node(kind, parent), pen.node(kind, parent)
        pen.flow(before, split, parent)
        branches = random.randint(2, 3)
        for _ in range(branches):
            if kind is not NodeKind.PARALLEL and random.random() < 0.2:
                pen.flow(split, join, parent)
            else:
                end = _block(pen, random, (size - 2) // branches, split, parent, depth)
                pen.flow(end, join, parent)
        return join
    first = random.randint(1, size - 1)
    middle = _block(pen, random, first, before, parent, depth)
    return _block(pen, random, size - first, middle, parent, depth)


def _loop(pen: Pen, random: Random, size: int, before: str, parent: str | None, depth: int) -> str:
    head = pen.node(NodeKind.EXCLUSIVE, parent)
    pen.flow(before, head, parent)
    work = pen.node(NodeKind.USER_TASK, parent)
    pen.flow(head, work, parent)
    last = _block(pen, random, size, work, parent, depth) if size > 0 else work
    again = pen.node(NodeKind.EXCLUSIVE, parent)
    pen.flow(last, again, parent)
    pen.flow(again, head, parent)
    return again


def _step(pen: Pen, random: Random, before: str, parent: str | None, depth: int) -> str:
    chance = random.random()
    if chance < 0.1 and depth:
        step = pen.node(NodeKind.SUB_PROCESS, parent)
        _process(pen, random, random.randint(1, 4), step, depth - 1)
    elif chance < 0.2:
        step = pen.node(NodeKind.SERVICE_TASK, parent)
    else:
        step = pen.node(NodeKind.USER_TASK, parent)
    pen.flow(before, step, parent)
    if random.random() < 0.2:
        interrupting = random.random() < 0.5
        event = pen.node(
            NodeKind.BOUNDARY,
            parent,
            events=(EventKind.TIMER,),
            attached_to=step,
            interrupting=interrupting,
            timer=TIMER,
        )
        if interrupting:
            join = pen.node(NodeKind.EXCLUSIVE, parent)
            pen.flow(step, join, parent)
            pen.flow(event, join, parent)
            return join
        remind = pen.node(NodeKind.USER_TASK, parent)
        pen.flow(event, remind, parent)
        pen.flow(remind, pen.node(NodeKind.END, parent), parent)
    return step


def spoilt(random: Random, diagram: Diagram, times: int) -> Diagram:
    """Each time one thing is drawn wrongly."""
    for _ in range(times):
        diagram = random.choice(_SPOILING)(random, diagram)
    return diagram


def _other_gateway(random: Random, diagram: Diagram) -> Diagram:
    gates = [n for n in diagram.nodes if n.kind in GATES]
    return _changed(random, diagram, gates, lambda n: replace(n, kind=random.choice(GATES)))


def _other_end(random: Random, diagram: Diagram) -> Diagram:
    ends = [n for n in diagram.nodes if n.kind is NodeKind.END]
    events = random.choice(((), (EventKind.TERMINATE,)))
    return _changed(random, diagram, ends, lambda n: replace(n, events=events))


def _other_event(random: Random, diagram: Diagram) -> Diagram:
    events = [n for n in diagram.nodes if n.kind is NodeKind.BOUNDARY]
    return _changed(random, diagram, events, lambda n: replace(n, interrupting=not n.interrupting))


def _other_step(random: Random, diagram: Diagram) -> Diagram:
    steps = [n for n in diagram.nodes if n.kind is NodeKind.USER_TASK]
    return _changed(random, diagram, steps, lambda n: replace(n, kind=NodeKind.SERVICE_TASK))


def _default_flow(random: Random, diagram: Diagram) -> Diagram:
    gates = [n for n in diagram.nodes if n.kind is NodeKind.INCLUSIVE and diagram.outgoing(n.id)]
    return _changed(
        random,
        diagram,
        gates,
        lambda n: replace(n, default=random.choice(diagram.outgoing(n.id)).id),
    )


def _changed(
    random: Random, diagram: Diagram, nodes: list[Node], change: Callable[[Node], Node]
) -> Diagram:
    if not nodes:
        return diagram
    chosen = random.choice(nodes)
    return replace(diagram, nodes=tuple(change(n) if n is chosen else n for n in diagram.nodes))


def _new_flow(random: Random, diagram: Diagram) -> Diagram:
    source, targets = _ends(random, diagram)
    if not targets:
        return diagram
    flow = Flow(_unused(diagram), source.id, random.choice(targets).id, parent=source.parent)
    return replace(diagram, flows=(*diagram.flows, flow))


def _moved_flow(random: Random, diagram: Diagram) -> Diagram:
    flow = random.choice(diagram.flows)
    parent = diagram.by_id[flow.source].parent
    targets = [n for n in diagram.nodes if n.parent == parent and _takes(n)]
    new = replace(flow, target=random.choice(targets).id)
    return replace(diagram, flows=tuple(new if f is flow else f for f in diagram.flows))


def _lost_flow(random: Random, diagram: Diagram) -> Diagram:
    flow = random.choice(diagram.flows)
    return replace(diagram, flows=tuple(f for f in diagram.flows if f is not flow))


def _new_end(random: Random, diagram: Diagram) -> Diagram:
    source, _ = _ends(random, diagram)
    end = Node(f"e{len(diagram.nodes)}", NodeKind.END, "", source.parent)
    flow = Flow(_unused(diagram), source.id, end.id, parent=source.parent)
    return replace(diagram, nodes=(*diagram.nodes, end), flows=(*diagram.flows, flow))


def _unused(diagram: Diagram) -> str:
    taken = {flow.id for flow in diagram.flows}
    return next(name for name in (f"n{number}" for number in range(999)) if name not in taken)


def _ends(random: Random, diagram: Diagram) -> tuple[Node, list[Node]]:
    source = random.choice([n for n in diagram.nodes if n.kind is not NodeKind.END])
    return source, [n for n in diagram.nodes if n.parent == source.parent and _takes(n)]


def _takes(node: Node) -> bool:
    return node.kind not in (NodeKind.START, NodeKind.BOUNDARY)


_SPOILING = (
    *(_other_gateway, _other_gateway, _other_end, _other_event, _other_step, _default_flow),
    *(_new_flow, _moved_flow, _lost_flow, _new_end),
)


def at_will(random: Random, size: int) -> Diagram:
    """Any nodes, any flows."""
    pen = Pen()
    start = pen.node(NodeKind.START)
    kinds = (*GATES, *GATES, NodeKind.USER_TASK, NodeKind.SERVICE_TASK, NodeKind.END)
    inner = [pen.node(random.choice(kinds)) for _ in range(size)]
    end = pen.node(NodeKind.END, events=random.choice(((), (), (EventKind.TERMINATE,))))
    for node in list(pen.nodes):
        if node.kind in ACTIVITIES and random.random() < 0.2:
            event = pen.node(
                NodeKind.BOUNDARY,
                events=(random.choice((EventKind.TIMER, EventKind.ERROR)),),
                attached_to=node.id,
                interrupting=random.random() < 0.6,
            )
            inner.append(event)
    sources = [start, *(n for n in inner if pen_kind(pen, n) is not NodeKind.END)]
    targets = [n for n in (*inner, end) if pen_kind(pen, n) is not NodeKind.BOUNDARY]
    for source in sources:
        gate = pen_kind(pen, source) in GATES
        for _ in range(random.choice((1, 2, 2, 3)) if gate else random.choice((1, 1, 1, 2))):
            pen.flow(source, random.choice(targets))
    return pen.diagram()


def gathering(random: Random, diagram: Diagram) -> Diagram:
    """Some activities want a token from each of their flows."""
    nodes = []
    for node in diagram.nodes:
        wanted = len(diagram.incoming(node.id))
        if node.kind in ACTIVITIES and wanted > 1 and random.random() < 0.3:
            nodes.append(replace(node, start_quantity=wanted))
        else:
            nodes.append(node)
    return replace(diagram, nodes=tuple(nodes))


def pen_kind(pen: Pen, node_id: str) -> NodeKind:
    return next(node.kind for node in pen.nodes if node.id == node_id)
