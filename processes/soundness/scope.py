"""One scope of a drawing, the process or a sub-process: what plays in it, and what hinders it.

Data is left out: a choice is free, whatever its conditions say. Messages, signals and times come
from outside, so they may always come. A sub-process is one activity here; its own game is another.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from processes.diagram import ACTIVITIES, Diagram, EventKind, Flow, Node, NodeKind
from processes.graph import Graph
from processes.rule import Words

_LINK = Words("sự kiện liên kết chưa có đầu kia", "the link event has no other end")
_LOOSE = Words("sự kiện chưa gắn vào bước nào cùng cấp", "it is attached to no step of its level")
_CROSSING = Words("luồng đi qua biên quy trình con", "a flow crosses a sub-process's border")
_DIRECTION = Words("luồng đi sai chiều", "a flow goes the wrong way")
_NO_START = Words("chưa có chỗ bắt đầu", "nothing starts it")
_COMPLEX = Words(
    "cổng phức hợp được coi như chờ mọi nhánh còn có thể tới",
    "the complex gateway was taken to wait for whatever can still come",
)
_MANY = Words("có quá nhiều lối ra để xét hết", "it has too many ways on to look at all")
_QUANTITY = Words(
    "số thẻ bắt đầu hoặc hoàn thành khác 1 không khớp với số luồng",
    "its token quantities other than 1 do not match the flows",
)
_MOST_CHOICES = 64
_MOST_EVENTS = 32
_INSTANTIATING = (NodeKind.RECEIVE_TASK, NodeKind.EVENT_BASED)
THROWN = frozenset({EventKind.ERROR, EventKind.CANCEL})
"""What ends a scope and is thrown to the one around it."""


@dataclass(frozen=True, slots=True)
class NoGame:
    """Why a scope has no token game. element: where."""

    element: str | None
    reason: Words


@dataclass(frozen=True, slots=True)
class Body:
    """What the scope around needs to know of a sub-process or of a called process.

    completes: some run ends and goes on behind it. waits: each run in it waits. thrown: what some
    run ends with and throws to the scope around: the codes of errors, "" for one without.
    """

    completes: bool = True
    waits: bool = True
    thrown: frozenset[str] = frozenset()


def scope_node(diagram: Diagram, scope: str | None) -> Node | None:
    """The sub-process of a scope, None for the process."""
    return diagram.node(scope) if scope else None


def members(diagram: Diagram, scope: str | None) -> list[Node]:
    """The nodes that flows lead to: not what only an event or an undoing starts."""
    return [
        node
        for node in diagram.children(scope)
        if not node.reacts and (not node.compensates or diagram.incoming(node.id))
    ]


def events_of(diagram: Diagram, node: Node) -> tuple[Node, ...]:
    """The boundary events of an activity that give a token; compensation has no place in a run."""
    return tuple(
        event
        for event in diagram.attached(node.id)
        if event.kind is NodeKind.BOUNDARY
        and event.parent == node.parent
        and EventKind.COMPENSATE not in event.events
        and not (event.reacts or event.compensates)
    )


def links_of(diagram: Diagram, node: Node) -> list[Node]:
    """The catching events to which a throwing link event leads: of the same name and level."""
    if node.kind is not NodeKind.THROW or EventKind.LINK not in node.events:
        return []
    return [
        other
        for other in diagram.children(node.parent)
        if other.kind is NodeKind.CATCH
        and not (other.reacts or other.compensates)
        and EventKind.LINK in other.events
        and _link_name(other) == _link_name(node)
    ]


def _link_name(node: Node) -> str:
    return node.reference(EventKind.LINK) or node.name.strip()


def catches(event: Node, code: str) -> bool:
    """Whether an event catches an error of that code, or a cancellation; one without takes all."""
    if EventKind.CANCEL in event.events:
        return True
    return EventKind.ERROR in event.events and event.reference(EventKind.ERROR) in ("", code)


def handles(diagram: Diagram, scope: str | None, code: str) -> bool:
    """Whether an event sub-process of the scope catches what an end in it throws."""
    return any(
        catches(start, code)
        for node in diagram.children(scope)
        if node.reacts
        for start in diagram.starts(node.id)
    )


def is_interrupted(diagram: Diagram, scope: str | None) -> bool:
    """Whether something from outside can end the scope: an event on it, around it or within it."""
    while True:
        inner = (s for n in diagram.children(scope) if n.reacts for s in diagram.starts(n.id))
        around = scope_node(diagram, scope)
        on_it = events_of(diagram, around) if around is not None else ()
        if any(event.interrupting for event in (*inner, *on_it)):
            return True
        if around is None:
            return False
        scope = around.parent


def beginnings(diagram: Diagram, scope: str | None) -> list[list[Node]]:
    """The ways in which a run of the scope can begin, each with the nodes that then get a token.

    A start event, or a node that instantiates; without one, whatever no flow leads to (BPMN 2.0,
    13.3.1). What stands in an ad-hoc sub-process is begun part by part, in any order.
    """
    inside = members(diagram, scope)
    single = [
        node
        for node in inside
        if node.kind is NodeKind.START
        or (node.instantiates and node.kind in _INSTANTIATING and not diagram.incoming(node.id))
    ]
    if single:
        return [[node] for node in single]
    first = [node for node in inside if _is_first(diagram, node)]
    around = scope_node(diagram, scope)
    if around is None or around.kind is not NodeKind.AD_HOC_SUB_PROCESS:
        return [first] if first else []
    parts: dict[frozenset[str], list[Node]] = {}
    linked = _neighbours(diagram, inside)
    for node in first:
        parts.setdefault(frozenset(linked.reachable([node.id])), []).append(node)
    return list(parts.values())


def _is_first(diagram: Diagram, node: Node) -> bool:
    linked = node.kind is NodeKind.CATCH and EventKind.LINK in node.events
    return not (node.kind is NodeKind.BOUNDARY or linked or diagram.incoming(node.id))


def _neighbours(diagram: Diagram, inside: list[Node]) -> Graph:
    """Flows in both directions, boundary events beside their activities."""
    edges: dict[str, list[str]] = {node.id: [] for node in inside}
    pairs = [(f.source, f.target) for node in inside for f in diagram.outgoing(node.id)]
    pairs += [(n.attached_to, n.id) for n in inside if n.attached_to]
    for source, target in pairs:
        if source in edges and target in edges:
            edges[source].append(target)
            edges[target].append(source)
    return Graph({vertex: tuple(after) for vertex, after in edges.items()})


def doubts(diagram: Diagram, scope: str | None) -> Iterator[NoGame]:
    """What of a scope's game is an assumption."""
    for node in members(diagram, scope):
        if node.kind is NodeKind.COMPLEX and len(diagram.incoming(node.id)) > 1:
            yield NoGame(node.id, _COMPLEX)


def obstacles(diagram: Diagram, scope: str | None) -> Iterator[NoGame]:
    """What keeps a scope from having a game."""
    inside = members(diagram, scope)
    for node in inside:
        yield from _obstacles_at(diagram, node)
    for node in diagram.children(scope):
        for flow in (*diagram.outgoing(node.id), *diagram.incoming(node.id)):
            wrong = _wrong_way(diagram, flow)
            if wrong is not None:
                yield NoGame(flow.id or node.id, wrong)
    if not beginnings(diagram, scope) and (inside or scope is None):
        yield NoGame(scope, _NO_START)


def _obstacles_at(diagram: Diagram, node: Node) -> Iterator[NoGame]:
    if _chooses_some(node) and len(diagram.outgoing(node.id)) > _MOST_CHOICES:
        yield NoGame(node.id, _MANY)
    if len(diagram.attached(node.id)) > _MOST_EVENTS:
        yield NoGame(node.id, _MANY)
    if node.kind is NodeKind.BOUNDARY and not _is_attached(diagram, node):
        yield NoGame(node.id, _LOOSE)
    if not _counts_simply(diagram, node):
        yield NoGame(node.id, _QUANTITY)
    leads_on = EventKind.LINK in node.events and node.kind is not NodeKind.CATCH
    if leads_on and not links_of(diagram, node):
        yield NoGame(node.id, _LINK)


def gathers(diagram: Diagram, node: Node) -> bool:
    """Whether an activity begins once a token came on each of its flows (startQuantity)."""
    quantity = node.start_quantity if node.kind in ACTIVITIES else 1
    return quantity > 1 and len(diagram.incoming(node.id)) == quantity


def _counts_simply(diagram: Diagram, node: Node) -> bool:
    """Whether its token quantities are those of a join, or its tokens meet again at once."""
    if node.kind not in ACTIVITIES:
        return True
    incoming, outgoing = diagram.incoming(node.id), diagram.outgoing(node.id)
    if node.start_quantity > 1 and not gathers(diagram, node):
        sources = [diagram.by_id[flow.source] for flow in incoming]
        if [source.completion_quantity for source in sources] != [node.start_quantity]:
            return False
    targets = [diagram.by_id[flow.target] for flow in outgoing]
    return node.completion_quantity == 1 or all(
        target.start_quantity == node.completion_quantity and len(diagram.incoming(target.id)) == 1
        for target in targets
    )


def _chooses_some(node: Node) -> bool:
    return node.kind in (NodeKind.INCLUSIVE, NodeKind.COMPLEX) or node.kind in ACTIVITIES


def _is_attached(diagram: Diagram, event: Node) -> bool:
    host = diagram.node(event.attached_to or "")
    return (
        host is not None
        and host.kind in ACTIVITIES
        and host.parent == event.parent
        and not host.reacts
    )


def _wrong_way(diagram: Diagram, flow: Flow) -> Words | None:
    source, target = diagram.by_id[flow.source], diagram.by_id[flow.target]
    if source.parent != target.parent:
        return _CROSSING
    first = target.kind in (NodeKind.START, NodeKind.BOUNDARY) or target.reacts
    return _DIRECTION if first or source.kind is NodeKind.END or source.reacts else None
