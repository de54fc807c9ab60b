"""From the drawing of one scope, the process or a sub-process, to its token game (BPMN 2.0, 13).

Data is left out: a choice is free, whatever its conditions say. Messages, signals and times come
from outside, so they may always come. A sub-process is one activity here; its own game is another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from processes.diagram import ACTIVITIES, SUB_PROCESSES, Diagram, EventKind, Flow, Node, NodeKind
from processes.rule import Words
from processes.soundness.net import ROOT, Edge, Entry, Mark, Net, NetNode, Role, Way

_ENTRIES = {NodeKind.PARALLEL: Entry.ALL, NodeKind.INCLUSIVE: Entry.SOME}
_CHOOSING = (NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED)
_WAITING = frozenset(
    {
        *(NodeKind.CATCH, NodeKind.EVENT_BASED),
        *(NodeKind.CALL_ACTIVITY, NodeKind.AD_HOC_SUB_PROCESS),
    }
)
_OVER = frozenset({EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL})
_AT_ONCE = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.CANCEL})
"""Boundary events that the activity itself causes: nobody waits for them."""

_NO_GAME = {
    NodeKind.COMPLEX: Words("cổng phức hợp không có luật cố định", "a complex gateway has no rule"),
    NodeKind.AD_HOC_SUB_PROCESS: Words(
        "các bước trong quy trình con tùy biến không có thứ tự",
        "the steps of an ad-hoc sub-process have no order",
    ),
}
_LINK = Words("sự kiện liên kết nhảy sang chỗ khác", "a link event jumps elsewhere")
_LOOSE = Words("sự kiện chưa gắn vào bước nào cùng cấp", "it is attached to no step of its level")
_CROSSING = Words("luồng đi qua biên quy trình con", "a flow crosses a sub-process's border")
_DIRECTION = Words("luồng đi sai chiều", "a flow goes the wrong way")
_NO_START = Words("chưa có chỗ bắt đầu", "nothing starts it")


@dataclass(frozen=True, slots=True)
class NoGame:
    """Why a scope has no token game. element: where."""

    element: str | None
    reason: Words


@dataclass(frozen=True, slots=True)
class Body:
    """What the scope around needs to know of a sub-process. waits: each run in it waits."""

    completes: bool = True
    waits: bool = True


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
    obstacle = next(_obstacles(diagram, scope), None)
    if obstacle is not None:
        return obstacle
    draft = _Draft()
    draft.node("", Entry.ONE, Role.ROOT)
    members = [node for node in diagram.children(scope) if not node.reacts]
    for node in members:
        role = Role.EVENT if node.kind is NodeKind.BOUNDARY else Role.ELEMENT
        role = Role.WATCH if _watched(diagram, node) else role
        draft.arriving[node.id] = draft.node(node.id, _ENTRIES.get(node.kind, Entry.ONE), role)
    for node in members:
        draft.flow_edges[node.id] = [
            (_drawn_edge(draft, node, flow), flow) for flow in diagram.outgoing(node.id)
        ]
    _begin(draft, diagram, scope, members)
    for node in members:
        completes = bodies.get(node.id, Body()).completes
        ways = _ways(node, draft.flow_edges[node.id]) if completes else []
        if node.kind in ACTIVITIES:
            _work(draft, diagram, node, ways)
        else:
            draft.ways[draft.arriving[node.id]] = ways
    return _net(draft, diagram, scope, bodies)


def events_of(diagram: Diagram, node: Node) -> tuple[Node, ...]:
    """The boundary events of an activity that give a token; compensation has no place in a run."""
    return tuple(e for e in diagram.attached(node.id) if EventKind.COMPENSATE not in e.events)


def _obstacles(diagram: Diagram, scope: str | None) -> Iterator[NoGame]:
    around = diagram.node(scope or "")
    if around is not None and around.kind in _NO_GAME:
        yield NoGame(around.id, _NO_GAME[around.kind])
    members = [node for node in diagram.children(scope) if not node.reacts]
    for node in members:
        if node.kind is NodeKind.COMPLEX:
            yield NoGame(node.id, _NO_GAME[node.kind])
        if EventKind.LINK in node.events:
            yield NoGame(node.id, _LINK)
        if node.kind is NodeKind.BOUNDARY:
            host = diagram.node(node.attached_to or "")
            if host is None or host.kind not in ACTIVITIES or host.parent != scope or host.reacts:
                yield NoGame(node.id, _LOOSE)
    for node in diagram.children(scope):
        for flow in (*diagram.outgoing(node.id), *diagram.incoming(node.id)):
            source, target = diagram.by_id[flow.source], diagram.by_id[flow.target]
            first = target.kind in (NodeKind.START, NodeKind.BOUNDARY) or target.reacts
            if source.parent != target.parent:
                yield NoGame(flow.id or node.id, _CROSSING)
            elif first or source.kind is NodeKind.END or source.reacts:
                yield NoGame(flow.id or node.id, _DIRECTION)
    if not _beginnings(diagram, scope, members) and (members or scope is None):
        yield NoGame(scope, _NO_START)


def _beginnings(diagram: Diagram, scope: str | None, members: list[Node]) -> list[Node]:
    """The start events; without one, whatever no flow leads to (BPMN 2.0, 13.3.1)."""
    return list(diagram.starts(scope)) or [
        node
        for node in members
        if node.kind is not NodeKind.BOUNDARY and not diagram.incoming(node.id)
    ]


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


def _begin(draft: _Draft, diagram: Diagram, scope: str | None, members: list[Node]) -> None:
    """One of the start events begins; where none is drawn, everything without a flow into it."""
    beginnings = _beginnings(diagram, scope, members)
    edges = [draft.edge(ROOT, draft.arriving[node.id]) for node in beginnings]
    if not edges:
        draft.ways[ROOT] = [Way((), marks=Mark.ENDED)]
    elif beginnings[0].kind is NodeKind.START:
        draft.ways[ROOT] = [Way((edge,)) for edge in edges]
    else:
        draft.ways[ROOT] = [Way(tuple(edges))]


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
    if node.kind is NodeKind.INCLUSIVE:
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
    return [
        Way((*always, edge), tuple(chosen[place + 1 :])) for place, edge in enumerate(chosen)
    ]


def _net(
    draft: _Draft, diagram: Diagram, scope: str | None, bodies: Mapping[str, Body]
) -> Net:
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
            )
        )
    return Net(scope, tuple(nodes), tuple(draft.edges), draft.arriving)


def _waits(node: Node, bodies: Mapping[str, Body]) -> bool:
    """Whether a token rests at the node until a person, time or the world acts."""
    if node.kind in SUB_PROCESSES and node.id in bodies:
        return bodies[node.id].waits
    if node.kind is NodeKind.BOUNDARY:
        return _AT_ONCE.isdisjoint(node.events)
    return node.is_step or node.kind in _WAITING or EventKind.TIMER in node.events
