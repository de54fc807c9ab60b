"""From the drawing of one scope, the process or a sub-process, to its token game (BPMN 2.0, 13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from processes.diagram import ACTIVITIES, Diagram, EventKind, Flow, Node, NodeKind
from processes.soundness.net import ROOT, Edge, Entry, Mark, Net, NetNode, Role, Way
from processes.soundness.scope import (
    THROWN,
    Body,
    NoGame,
    beginnings,
    catches,
    events_of,
    gathers,
    handles,
    links_of,
    members,
    obstacles,
)

_ENTRIES = {
    NodeKind.PARALLEL: Entry.ALL,
    NodeKind.INCLUSIVE: Entry.SOME,
    NodeKind.COMPLEX: Entry.SOME,
}
_CHOOSING_SOME = (NodeKind.INCLUSIVE, NodeKind.COMPLEX)
_CHOOSING = (NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED)
_WAITING = frozenset({NodeKind.CATCH, NodeKind.EVENT_BASED, NodeKind.CALL_ACTIVITY})
_OVER = frozenset({EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL})
_AT_ONCE = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.CANCEL})
"""Boundary events that the activity itself causes: nobody waits for them."""


@dataclass(slots=True)
class _Draft:
    """A net in the making. flow_edges: element -> the edges of the flows out of it, in order."""

    arriving: dict[str, int] = field(default_factory=dict)
    nodes: list[tuple[str, Entry, Role]] = field(default_factory=list)
    ways: dict[int, list[Way]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    flow_edges: dict[str, list[tuple[int, Flow]]] = field(default_factory=dict)

    def node(self, element: str, entry: Entry, role: Role = Role.ELEMENT) -> int:
        self.nodes.append((element, entry, role))
        return len(self.nodes) - 1

    def edge(self, source: int, target: int, flow: str | None = None) -> int:
        self.edges.append(Edge(source, target, flow))
        return len(self.edges) - 1


def net_of(diagram: Diagram, scope: str | None, bodies: Mapping[str, Body]) -> Net | NoGame:
    """The game of a scope, or why there is none."""
    obstacle = next(obstacles(diagram, scope), None)
    if obstacle is not None:
        return obstacle
    draft = _Draft()
    draft.node("", Entry.ONE, Role.ROOT)
    inside = members(diagram, scope)
    for node in inside:
        role = Role.EVENT if node.kind is NodeKind.BOUNDARY else Role.ELEMENT
        role = Role.WATCH if _watched(diagram, node) else role
        entry = Entry.ALL if gathers(diagram, node) else _ENTRIES.get(node.kind, Entry.ONE)
        draft.arriving[node.id] = draft.node(node.id, entry, role)
    for node in inside:
        draft.flow_edges[node.id] = [
            (_drawn_edge(draft, node, flow), flow) for flow in diagram.outgoing(node.id)
        ]
    _begin(draft, diagram, scope)
    for node in inside:
        ways = _own_ways(draft, diagram, node, bodies.get(node.id, Body()))
        if node.kind in ACTIVITIES:
            _work(draft, diagram, node, ways)
        else:
            draft.ways[draft.arriving[node.id]] = ways
    return _net(draft, diagram, scope, bodies)


def _watched(diagram: Diagram, node: Node) -> list[Node]:
    """The events of an activity that fire while it goes on."""
    events = events_of(diagram, node) if node.kind in ACTIVITIES else ()
    return [event for event in events if not event.interrupting]


def _drawn_edge(draft: _Draft, node: Node, flow: Flow) -> int:
    """The edge of a flow; one out of a watched activity, which has several nodes, is gathered."""
    source, target = draft.arriving[node.id], draft.arriving[flow.target]
    if draft.nodes[source][2] is Role.WATCH:
        source = draft.node(flow.target, Entry.ONE, Role.GATHER)
    edge = draft.edge(source, target, flow.id)
    draft.ways.setdefault(source, []).append(Way((edge,)))
    return edge


def thrown_by(diagram: Diagram, node: Node, body: Body) -> frozenset[str]:
    """The codes of errors with which the node can end its scope, and the scope handles none."""
    codes = set(body.thrown)
    if node.kind is NodeKind.END and not THROWN.isdisjoint(node.events):
        codes.add(node.reference(EventKind.ERROR))
    return frozenset(
        code
        for code in codes
        if not any(catches(event, code) for event in events_of(diagram, node))
        and not handles(diagram, node.parent, code)
    )


def _own_ways(draft: _Draft, diagram: Diagram, node: Node, body: Body) -> list[Way]:
    """How a node goes on, boundary events apart."""
    ways = _ways(node, draft.flow_edges[node.id]) if body.completes else []
    for other in links_of(diagram, node)[:1]:
        ways = [Way((draft.edge(draft.arriving[node.id], draft.arriving[other.id]),))]
    if thrown_by(diagram, node, body):
        away = Way((), marks=Mark.ENDED | Mark.OVER | Mark.THROWN)
        return [away] if node.kind is NodeKind.END else [away, *ways]
    return ways


def _begin(draft: _Draft, diagram: Diagram, scope: str | None) -> None:
    """One of the ways in which a run can begin; where nothing is drawn, it ends at once."""
    ways = [
        Way(tuple(draft.edge(ROOT, draft.arriving[node.id]) for node in nodes))
        for nodes in beginnings(diagram, scope)
    ]
    draft.ways[ROOT] = ways or [Way((), marks=Mark.ENDED)]


def _work(draft: _Draft, diagram: Diagram, node: Node, ways: list[Way]) -> None:
    """An activity: it completes, or an event interrupts it, or one fires while it goes on.

    It has a node for each of the latter, for when that has fired: each fires once, in file order.
    """
    watched = _watched(diagram, node)
    first = draft.arriving[node.id]
    places = [first, *(draft.node(node.id, Entry.ONE, Role.WATCH) for _ in watched)]
    for number, place in enumerate(places):
        own = [_copied(draft, place, way) for way in ways] if watched else list(ways)
        for event in events_of(diagram, node):
            if event.interrupting:
                own.append(Way((draft.edge(place, draft.arriving[event.id]),)))
        for later in range(number, len(watched)):
            fired = draft.edge(place, draft.arriving[watched[later].id])
            own.append(Way((draft.edge(place, places[later + 1]), fired)))
        draft.ways[place] = own


def _copied(draft: _Draft, place: int, way: Way) -> Way:
    """The same way from another node of the activity."""
    edges = (draft.edges[edge] for edge in way.must), (draft.edges[edge] for edge in way.may)
    must, may = (tuple(draft.edge(place, e.source, e.flow) for e in some) for some in edges)
    return Way(must, may, way.marks)


def _ways(node: Node, flows: list[tuple[int, Flow]]) -> list[Way]:
    edges = tuple(edge for edge, _ in flows)
    if not edges:
        over = node.kind is NodeKind.END and not _OVER.isdisjoint(node.events)
        return [Way((), marks=Mark.ENDED | Mark.OVER if over else Mark.ENDED)]
    if node.kind in _CHOOSING:
        return [Way((edge,)) for edge in edges]
    default = tuple(edge for edge, flow in flows if flow.id == node.default)
    if node.kind in _CHOOSING_SOME:
        chosen = [edge for edge in edges if edge not in default]
        return _some_of((), chosen) + [Way((edge,)) for edge in default]
    if node.kind not in ACTIVITIES:
        return [Way(edges)]
    chosen = [edge for edge, flow in flows if flow.condition and edge not in default]
    if not chosen or len(edges) == 1:
        return [Way(edges)]
    always = tuple(edge for edge in edges if edge not in chosen and edge not in default)
    otherwise = [Way(always + default)] if always or default else []
    return _some_of(always, chosen) + otherwise


def _some_of(always: tuple[int, ...], chosen: list[int]) -> list[Way]:
    """At least one of the chosen: each as the first, with any of those after it."""
    return [Way((*always, edge), tuple(chosen[place + 1 :])) for place, edge in enumerate(chosen)]


def _net(draft: _Draft, diagram: Diagram, scope: str | None, bodies: Mapping[str, Body]) -> Net:
    ins: list[list[int]] = [[] for _ in draft.nodes]
    for place, edge in enumerate(draft.edges):
        ins[edge.target].append(place)
    nodes = []
    for place, (element, entry, role) in enumerate(draft.nodes):
        ways = tuple(draft.ways[place])
        drawn = diagram.node(element)
        nodes.append(
            NetNode(
                element,
                entry,
                tuple(ins[place]),
                ways,
                role,
                waits=drawn is not None and role is not Role.GATHER and _waits(drawn, bodies),
                ends=drawn is not None and drawn.kind is NodeKind.END,
                parks=any(way.marks & Mark.OVER for way in ways),
                acts=drawn is not None and drawn.kind in ACTIVITIES,
            )
        )
    return Net(scope, tuple(nodes), tuple(draft.edges), draft.arriving)


def _waits(node: Node, bodies: Mapping[str, Body]) -> bool:
    """Whether a token rests at the node until a person, time or the world acts."""
    if node.id in bodies:
        return bodies[node.id].waits
    if node.kind is NodeKind.BOUNDARY:
        return _AT_ONCE.isdisjoint(node.events)
    return node.is_step or node.kind in _WAITING or EventKind.TIMER in node.events
