"""Where a dossier can walk: nothing unreachable, nothing without a way out, no runaway loop."""

from collections.abc import Iterator

from processes.diagram import Diagram, NodeKind, at, leaving
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


def judge_walks(diagram: Diagram) -> Iterator[Finding]:
    """Findings about reachability, in the file's order, and about loops."""
    starts = [start.id for start in diagram.starts()]
    met = diagram.graph.reachable(starts)
    if starts:
        for node in diagram.nodes:
            if node.id not in met and diagram.incoming(node.id):
                yield UNREACHABLE.at(node.id, node=node.words)
    ends = [n.id for n in diagram.children(None) if n.kind is NodeKind.END]
    if ends:
        ending = diagram.graph.reversed().reachable(ends)
        for node in diagram.nodes:
            stuck = node.id in met and node.id not in ending
            if stuck and diagram.outgoing(node.id):
                yield NO_WAY_OUT.at(node.id, node=node.words)
    yield from _runaways(diagram)


def _runaways(diagram: Diagram) -> Iterator[Finding]:
    """Loops on which nothing waits, for a person or for time."""
    waiting = {node.id for node in diagram.nodes if node.is_step or node.timer is not None}
    waiting |= {leaving(node) for node in waiting}
    for loop in diagram.graph.only(lambda vertex: vertex not in waiting).loops():
        on_loop = {at(vertex) for vertex in loop}
        members = [node for node in diagram.nodes if node.id in on_loop]
        names = Words(listed([n.words.vi for n in members]), listed([n.words.en for n in members]))
        yield RUNAWAY.at(members[0].id, nodes=names)
