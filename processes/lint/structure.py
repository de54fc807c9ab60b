"""The drawing itself: starts, ends, loose elements and flows that lead nowhere.

Names of rules are bpmnlint's where it has the rule.
"""

from collections import Counter
from collections.abc import Iterator

from processes.diagram import (
    ACTIVITIES,
    GATEWAYS,
    Diagram,
    EventKind,
    Flow,
    Node,
    NodeKind,
    designation,
)
from processes.errors import InvalidInput
from processes.finding import Finding, Severity
from processes.rule import Rule, Words, listed
from processes.timer import TimerKind

START = Rule(
    "start-event-required",
    Severity.ERROR,
    "{where} chưa có sự kiện bắt đầu. Thêm một sự kiện bắt đầu trước bước đầu tiên.",
    "{where} has no start event. Add one before the first step.",
)
END = Rule(
    "end-event-required",
    Severity.ERROR,
    "{where} chưa có sự kiện kết thúc. Thêm một sự kiện kết thúc sau bước cuối cùng.",
    "{where} has no end event. Add one behind the last step.",
)
SEVERAL_STARTS = Rule(
    "single-blank-start-event",
    Severity.ERROR,
    "{where} có {count} sự kiện bắt đầu: {starts}. Chỉ giữ một; chia nhánh bằng cổng loại trừ.",
    "{where} has {count} start events: {starts}. Keep one; branch with an exclusive gateway.",
)
DISCONNECTED = Rule(
    "no-disconnected",
    Severity.ERROR,
    "{node} không nối với phần tử nào. Nối vào luồng hoặc xóa đi.",
    "{node} is not connected to anything. Connect or remove it.",
)
IMPLICIT_START = Rule(
    "no-implicit-start",
    Severity.ERROR,
    "Không có luồng nào vào {node}, nên không bao giờ đến đó. Nối từ phần tử đứng trước.",
    "No flow leads into {node}, so it is never reached. Connect it to what comes before.",
)
IMPLICIT_END = Rule(
    "no-implicit-end",
    Severity.ERROR,
    "Không có luồng nào ra khỏi {node}, hồ sơ sẽ dừng ở đó. Nối tới bước sau hoặc sự kiện kết "
    "thúc.",
    "No flow leaves {node}, so the dossier would end there. Connect it to the next step or to an "
    "end event.",
)
IMPLICIT_SPLIT = Rule(
    "no-implicit-split",
    Severity.WARNING,
    "{node} có {count} luồng ra không điều kiện: hồ sơ đi tất cả các luồng cùng lúc. Nếu chỉ đi "
    "một, thêm cổng loại trừ sau đó.",
    "{node} has {count} outgoing flows without condition: the dossier takes all of them at once. "
    "If it is to take one, add an exclusive gateway behind it.",
)
DANGLING = Rule(
    "qt-flow-dangling",
    Severity.ERROR,
    "{flow} chỉ tới phần tử không có trong quy trình ({missing}). Nối lại luồng hoặc xóa đi.",
    "{flow} points to something that is not in the process ({missing}). Connect or remove it.",
)
CROSSES = Rule(
    "qt-flow-crosses",
    Severity.ERROR,
    "{flow} đi xuyên qua biên của quy trình con. Nối với chính quy trình con.",
    "{flow} crosses the border of a sub-process. Connect it to the sub-process itself.",
)
DIRECTION = Rule(
    "qt-flow-direction",
    Severity.ERROR,
    "{flow}: không được nối luồng {side} {node}. Xóa hoặc nối lại luồng.",
    "{flow}: no flow may go {side} {node}. Remove or reconnect it.",
)
DUPLICATE_FLOW = Rule(
    "no-duplicate-sequence-flows",
    Severity.WARNING,
    "Có nhiều luồng cùng đi từ {source} tới {target}. Chỉ giữ một.",
    "Several flows lead from {source} to {target}. Keep one.",
)
BOUNDARY_HOST = Rule(
    "qt-boundary-host",
    Severity.ERROR,
    "{node} chưa được gắn vào bước nào. Gắn vào một bước hoặc quy trình con cùng cấp.",
    "{node} is attached to no step. Attach it to a step or sub-process of the same level.",
)
TIMER = Rule("qt-timer", Severity.ERROR, "{node}: {problem}", "{node}: {problem}")
SUPERFLUOUS = Rule(
    "superfluous-gateway",
    Severity.WARNING,
    "{node} chỉ có một luồng vào và một luồng ra. Bỏ cổng này, hoặc nối thêm luồng còn thiếu.",
    "{node} has one flow in and one out. Remove it, or connect the missing flow.",
)
LABEL = Rule(
    "label-required",
    Severity.WARNING,
    "{node} chưa có tên. Đặt tên để cán bộ biết phải làm gì.",
    "{node} has no name. Name it, so that officers know what to do.",
)
RULES = (
    *(START, END, SEVERAL_STARTS, DISCONNECTED, IMPLICIT_START, IMPLICIT_END, IMPLICIT_SPLIT),
    *(DANGLING, CROSSES, DIRECTION, DUPLICATE_FLOW, BOUNDARY_HOST, TIMER, SUPERFLUOUS, LABEL),
)

_INTO = Words("vào", "into")
_OUT_OF = Words("ra từ", "out of")
_UNSET = Words(
    "chưa ghi thời gian. Ghi timeDate, timeDuration hoặc qt:limit.",
    "states no time. State a timeDate, a timeDuration or a qt:limit.",
)


def judge_structure(diagram: Diagram) -> Iterator[Finding]:
    """Findings about the process and its sub-processes as drawings."""
    where = designation(diagram.name, diagram.process_id, Words("quy trình", "process"))
    yield from _container(diagram, None, diagram.process_id or None, where)
    for node in diagram.nodes:
        if node.kind in (NodeKind.SUB_PROCESS, NodeKind.TRANSACTION):
            yield from _container(diagram, node.id, node.id, node.words)
    for node in diagram.nodes:
        yield from _connections(diagram, node)
        yield from _node(diagram, node)
    for flow in diagram.flows:
        yield from _flow(diagram, flow)
    yield from _duplicate_flows(diagram)


def _container(
    diagram: Diagram, parent: str | None, element: str | None, where: Words
) -> Iterator[Finding]:
    """A process needs exactly one start and at least one end; a sub-process both or neither."""
    starts = diagram.starts(parent)
    if parent is not None and _begins_by_itself(diagram, parent):
        return
    if not starts:
        yield START.at(element, where=where)
    if len(starts) > 1:
        names = Words(listed([s.words.vi for s in starts]), listed([s.words.en for s in starts]))
        yield SEVERAL_STARTS.at(element, where=where, count=len(starts), starts=names)
    if not any(node.kind is NodeKind.END for node in diagram.children(parent)):
        yield END.at(element, where=where)


def _begins_by_itself(diagram: Diagram, parent: str | None) -> bool:
    """A sub-process without start and end events: what no flow leads to begins and ends it."""
    inside = diagram.children(parent)
    drawn = any(node.kind in (NodeKind.START, NodeKind.END) for node in inside)
    return parent is not None and not drawn and bool(diagram.beginnings(parent))


def _connections(diagram: Diagram, node: Node) -> Iterator[Finding]:
    loose = _begins_by_itself(diagram, node.parent)
    alone = node.reacts or node.compensates or loose
    first = node.kind in (NodeKind.START, NodeKind.BOUNDARY) or _catches_link(node) or alone
    last = node.kind is NodeKind.END or _ends_without_flow(node) or alone
    incoming, outgoing = diagram.incoming(node.id), diagram.outgoing(node.id)
    if not (incoming or outgoing or first or last):
        yield DISCONNECTED.at(node.id, node=node.words)
    elif not incoming and not first:
        yield IMPLICIT_START.at(node.id, node=node.words)
    elif not outgoing and not last:
        yield IMPLICIT_END.at(node.id, node=node.words)
    plain = [flow for flow in outgoing if flow.condition is None and flow.id != node.default]
    if len(plain) > 1 and node.kind not in GATEWAYS:
        yield IMPLICIT_SPLIT.at(node.id, node=node.words, count=len(plain))
    if node.kind in GATEWAYS and len(incoming) == len(outgoing) == 1:
        yield SUPERFLUOUS.at(node.id, node=node.words)


def _catches_link(node: Node) -> bool:
    return node.kind is NodeKind.CATCH and EventKind.LINK in node.events


def _ends_without_flow(node: Node) -> bool:
    """A link goes on elsewhere; compensation hangs on its event by an association."""
    if node.kind is NodeKind.BOUNDARY:
        return EventKind.COMPENSATE in node.events
    return node.kind is NodeKind.THROW and EventKind.LINK in node.events


def _node(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.kind is NodeKind.BOUNDARY:
        host = diagram.node(node.attached_to or "")
        if host is None or host.kind not in ACTIVITIES or host.parent != node.parent:
            yield BOUNDARY_HOST.at(node.id, node=node.words)
    if node.timer is not None:
        yield from _timer(node)
    named = node.kind in ACTIVITIES or node.kind in (NodeKind.CATCH, NodeKind.BOUNDARY)
    if named and not node.name.strip():
        yield LABEL.at(node.id, node=node.words)


def _timer(node: Node) -> Iterator[Finding]:
    timer = node.timer
    if timer is None or timer.kind is TimerKind.UNSET:
        yield TIMER.at(node.id, node=node.words, problem=_UNSET)
        return
    try:
        if timer.kind is TimerKind.DATE:
            timer.date()
        elif timer.kind is TimerKind.DURATION:
            timer.duration()
        elif timer.kind is TimerKind.CYCLE:
            timer.repetition()
    except InvalidInput as problem:
        words = Words(problem.message("vi"), problem.message("en"))
        yield TIMER.at(node.id, node=node.words, problem=words)


def _flow(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    source, target = diagram.node(flow.source), diagram.node(flow.target)
    if source is None or target is None:
        missing = flow.source if source is None else flow.target
        yield DANGLING.at(flow.id or None, flow=flow.words, missing=missing or "–")
        return
    if source.parent != target.parent:
        yield CROSSES.at(flow.id or None, flow=flow.words)
    if source.kind is NodeKind.END or source.reacts:
        facts = {"side": _OUT_OF, "node": source.words}
        yield DIRECTION.at(flow.id or None, flow=flow.words, **facts)
    if target.kind in (NodeKind.START, NodeKind.BOUNDARY) or target.reacts:
        facts = {"side": _INTO, "node": target.words}
        yield DIRECTION.at(flow.id or None, flow=flow.words, **facts)


def _duplicate_flows(diagram: Diagram) -> Iterator[Finding]:
    between = Counter((flow.source, flow.target) for flow in diagram.connecting)
    for (source, target), count in between.items():
        if count > 1:
            words = (diagram.by_id[source].words, diagram.by_id[target].words)
            yield DUPLICATE_FLOW.at(source, source=words[0], target=words[1])
