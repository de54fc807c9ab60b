"""Reception: a dossier is received at a step of a person, so nothing may be waited for before."""

from collections.abc import Iterator

from processes.diagram import STEPS, Diagram, EventKind, Node, NodeKind
from processes.finding import Finding, Severity
from processes.rule import Rule

WAITS_FIRST = Rule(
    "qt-opens-with-wait",
    Severity.ERROR,
    "Hồ sơ được tiếp nhận ở một bước của người, nhưng có đường từ lúc bắt đầu đến {node} mà chưa "
    "qua bước nào. Đặt một bước tiếp nhận trước {node}.",
    "A dossier is received at a step of a person, but a way leads from the start to {node} before "
    "any step. Put a reception step before {node}.",
)
RULES = (WAITS_FIRST,)

_STOPS = STEPS | {NodeKind.AD_HOC_SUB_PROCESS, NodeKind.CALL_ACTIVITY, NodeKind.COMPLEX}
_ONE_WAY = frozenset({NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED})


def judge_reception(diagram: Diagram) -> Iterator[Finding]:
    """Findings about events that are waited for before the first step."""
    found = {node.id: node for start in diagram.starts() for node in waits_first(diagram, start)}
    for node in found.values():
        yield WAITS_FIRST.at(node.id, node=node.words)


def waits_first(diagram: Diagram, start: Node) -> Iterator[Node]:
    """Events that the dossier may wait for before any step, the nearest first.

    Where the way parts into several taken at once, another of them may open a step: not judged.
    """
    waiting, seen = [start.id], {start.id}
    for node_id in waiting:
        node = diagram.by_id[node_id]
        if _waits(node):
            yield node
            continue
        onward = [following for following in _onward(diagram, node) if following not in seen]
        seen.update(onward)
        waiting += onward


def _waits(node: Node) -> bool:
    if node.kind is NodeKind.CATCH:
        return EventKind.LINK not in node.events
    return node.kind is NodeKind.EVENT_BASED


def _onward(diagram: Diagram, node: Node) -> list[str]:
    """What surely comes next, or is one of those of which one comes."""
    if node.kind in _STOPS:
        return []
    inside = [] if node.kind is NodeKind.START else list(diagram.starts(node.id))
    if inside:
        return [inside[0].id] if len(inside) == 1 else []
    outgoing = diagram.outgoing(node.id)
    if len(outgoing) > 1 and node.kind not in _ONE_WAY:
        return []
    return [flow.target for flow in outgoing]
