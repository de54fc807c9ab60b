"""Where a dossier can walk: nothing unreachable, nothing without a way out, no runaway loop."""

from collections.abc import Iterator

from processes.diagram import Diagram, EventKind, Node, NodeKind, at, leaving
from processes.finding import Finding, Severity
from processes.rule import Rule, Words, listed

UNREACHABLE = Rule(
    "qt-unreachable",
    Severity.ERROR,
    "Không đường nào từ sự kiện bắt đầu đến được {node}. Nối lại luồng hoặc xóa đi.",
    "No way from the start event leads to {node}. Reconnect or remove it.",
)
NO_WAY_OUT = Rule(
    "qt-no-way-out",
    Severity.ERROR,
    "Từ {node} không đường nào tới được sự kiện kết thúc. Thêm luồng ra khỏi vòng lặp.",
    "No way from {node} leads to an end event. Add a flow that leaves the loop.",
)
RUNAWAY = Rule(
    "qt-runaway-loop",
    Severity.ERROR,
    "Vòng lặp qua {nodes} không có bước nào của người và không có hẹn giờ: sẽ chạy mãi. Đặt một "
    "bước của người dùng vào vòng lặp.",
    "The loop through {nodes} holds neither a person's step nor a timer: it would run forever. "
    "Put a user task into it.",
)
RULES = (UNREACHABLE, NO_WAY_OUT, RUNAWAY)

_FROM_OUTSIDE = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL})


def judge_walks(diagram: Diagram) -> Iterator[Finding]:
    """Findings about reachability, in the file's order, and about loops."""
    starts = [start.id for start in diagram.starts()]
    met = diagram.graph.reachable([*starts, *_begun_otherwise(diagram)])
    if starts:
        for node in diagram.nodes:
            if node.id not in met and diagram.incoming(node.id):
                yield UNREACHABLE.at(node.id, node=node.words)
    ends = [n.id for n in diagram.children(None) if n.kind is NodeKind.END]
    if ends:
        ending = diagram.graph.reversed().reachable([*ends, *_ended_otherwise(diagram)])
        for node in diagram.nodes:
            stuck = node.id in met and node.id not in ending
            if stuck and diagram.outgoing(node.id):
                yield NO_WAY_OUT.at(node.id, node=node.words)
    yield from _runaways(diagram)


def _begun_otherwise(diagram: Diagram) -> Iterator[str]:
    """What an event, a compensation or a link begins, and no flow leads to."""
    for node in diagram.nodes:
        link = node.kind is NodeKind.CATCH and EventKind.LINK in node.events
        if node.reacts or node.compensates or node.instantiates or link:
            yield node.id


def _ended_otherwise(diagram: Diagram) -> Iterator[str]:
    for node in diagram.nodes:
        if node.reacts or node.compensates:
            yield leaving(node.id)
        elif node.kind is NodeKind.THROW and EventKind.LINK in node.events:
            yield node.id  # goes on behind the link of that name


def _runaways(diagram: Diagram) -> Iterator[Finding]:
    """Loops on which nothing waits: for a person, for time, for what comes from outside."""
    waiting = {node.id for node in diagram.nodes if _waits(node)}
    waiting |= {leaving(node) for node in waiting}
    for loop in diagram.graph.only(lambda vertex: vertex not in waiting).loops():
        on_loop = {at(vertex) for vertex in loop}
        members = [node for node in diagram.nodes if node.id in on_loop]
        names = Words(listed([n.words.vi for n in members]), listed([n.words.en for n in members]))
        yield RUNAWAY.at(members[0].id, nodes=names)


def _waits(node: Node) -> bool:
    from_outside = node.kind is NodeKind.CATCH and not _FROM_OUTSIDE.isdisjoint(node.events)
    return node.is_step or node.timer is not None or from_outside
