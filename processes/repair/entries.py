"""Where a process begins: one start, and a way from it to everything that nothing leads to.

By BPMN 2.0.2 (10.5.2, 13.2) each of several start events begins an instance of its own, so a
dossier takes one of them: a person says which at reception. Without a start event everything that
nothing leads to begins at once, so the ways run side by side. Where such ways meet, the meeting
decides: a parallel gateway waits for all of them, anything else would go on twice.
"""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, NodeKind
from processes.document import BPMN, local_name
from processes.drawing import truth
from processes.repair.messages import make_a_mark
from processes.repair.repair import Change, Kind
from processes.repair.wording import quoted, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words, listed

_NONE, _SEVERAL = ("start-event-required",), ("single-blank-start-event",)
_NOT_REACHED = ("no-disconnected", "no-implicit-start", "qt-unreachable")
_IDLE = ("no-implicit-end",)
ENTRY = (*_NONE, *_SEVERAL, *_NOT_REACHED, *_IDLE)
"""What the check says of a process that has not one way in."""

START = Kind(
    "start.added",
    "{where} chưa có sự kiện bắt đầu. Thêm một sự kiện bắt đầu trước {node}, nơi không có luồng "
    "nào đi vào.",
    "{where} has no start event. One is put before {node}, which nothing leads to.",
    answers=ENTRY,
)
CONNECTED = Kind(
    "start.connected",
    "Sự kiện bắt đầu {start} chưa nối với gì, còn {node} không có luồng nào đi vào. Nối hai phần "
    "tử.",
    "The start event {start} leads nowhere and nothing leads to {node}. They are connected.",
    answers=ENTRY,
)
CHOICE = Kind(
    "start.choice",
    "{where} có {count} điểm vào ({entries}). Mỗi điểm vào là một cách bắt đầu khác nhau, hoặc các "
    "đường gặp nhau mà không có cổng song song chờ đủ; nên chỉ một đường được đi. Thêm một sự kiện "
    "bắt đầu và cổng loại trừ: người tiếp nhận chọn.",
    "{where} has {count} entries ({entries}). Each is a way to begin of its own, or the ways meet "
    "where nothing waits for all of them, so one is taken. One start and an exclusive gateway are "
    "put before: whoever receives the dossier chooses.",
    answers=ENTRY,
)
SIDE_BY_SIDE = Kind(
    "start.parallel",
    "{where} có {count} điểm vào ({entries}). Theo chuẩn BPMN, phần không có luồng đi vào đều bắt "
    "đầu cùng lúc. Thêm một sự kiện bắt đầu và cổng song song.",
    "{where} has {count} entries ({entries}). By the standard, whatever nothing leads to begins at "
    "once. One start and a parallel gateway are put before.",
    answers=ENTRY,
)
IDLE = Kind(
    "start.removed",
    "Sự kiện bắt đầu {start} không dẫn tới đâu, và {where} đã có điểm bắt đầu khác. Bỏ sự kiện "
    "này.",
    "The start event {start} leads nowhere, and {where} begins elsewhere. It is removed.",
    answers=ENTRY,
)
KINDS = (START, CONNECTED, CHOICE, SIDE_BY_SIDE, IDLE)

_FEW = 2
_QUESTION = "Bắt đầu từ đâu?"


def lead_in(piece: Workpiece) -> Iterator[Change]:
    """One start in the process and in each sub-process, from which everything can be reached."""
    for container in piece.containers():
        if not truth(container.get("triggeredByEvent")):
            yield from _lead_into(piece, container)


def _lead_into(piece: Workpiece, container: Element) -> Iterator[Change]:
    nodes, at = piece.inside(container), container.get("id") or None
    starts = [node for node in nodes if local_name(node) == NodeKind.START]
    if any(piece.entering(start.get("id", "")) for start in starts):
        return  # first such a start becomes a mark (`flows`)
    loose = [start for start in starts if not piece.leaving(start.get("id", ""))]
    others = _unreached(piece, nodes, starts)
    if not piece.complaints.at(at, _NONE):
        others = [n for n in others if piece.complaints.at(n.get("id"), _NOT_REACHED)]
    too_many = piece.complaints.at(at, _SEVERAL)
    where = _where(container)
    if loose and (others or len(starts) > 1):
        yield from _loose_start(piece, loose[0], others, where, len(starts))
    elif len(others) == 1 and not starts:
        node = others[0]
        after = f"startEvent → {quoted(node)}"
        facts = {"where": where, "node": words_of(node)}
        repair = START.of(container.get("id"), f"– → {quoted(node)}", after, **facts)
        yield Change(repair, partial(_begin, piece, node))
    elif len(starts) + len(others) > 1 and (others or too_many):
        yield _several(piece, container, starts, others)


def _loose_start(
    piece: Workpiece, start: Element, others: list[Element], where: Words, starts: int
) -> Iterator[Change]:
    if others:
        node = others[0]
        after = f"{quoted(start)} → {quoted(node)}"
        facts = {"start": words_of(start), "node": words_of(node)}
        repair = CONNECTED.of(start.get("id"), f"{quoted(start)} → –", after, **facts)
        yield Change(repair, partial(piece.add_flow, start, node))
    elif starts > 1:
        facts = {"start": words_of(start), "where": where}
        held = [inner.get("id", "") for inner in start.iterdescendants(f"{{{BPMN}}}lane")]
        before = " ".join(("startEvent", quoted(start), *held))  # a spoilt file has lanes in it
        repair = IDLE.of(start.get("id"), before, "–", **facts)
        heir = start.getparent()
        assert heir is not None  # a node stands in a process
        yield Change(repair, partial(piece.drop, start, heir))


def _unreached(piece: Workpiece, nodes: list[Element], starts: list[Element]) -> list[Element]:
    """Nodes that nothing leads to, and of each loop that nothing leads to the first."""
    reached = _reachable(piece, [start.get("id", "") for start in starts])
    found: list[Element] = []
    for only_loose in (True, False):
        for node in nodes:
            node_id = node.get("id", "")
            if node_id in reached or not _may_begin(piece, node):
                continue
            if only_loose and piece.entering(node_id):
                continue
            found.append(node)
            reached |= _reachable(piece, [node_id])
    return found


def _may_begin(piece: Workpiece, node: Element) -> bool:
    """Not an event on a border, not a loose end, not what only compensation or an event starts."""
    kind = local_name(node)
    loose_end = kind == NodeKind.END and not piece.entering(node.get("id", ""))
    compensates = kind in ACTIVITIES and truth(node.get("isForCompensation"))
    reacts = truth(node.get("triggeredByEvent"))
    return not (kind == NodeKind.BOUNDARY or loose_end or compensates or reacts)


def _reachable(piece: Workpiece, starts: list[str]) -> set[str]:
    """What a walk on one level meets; an event on a border follows its step."""
    attached: dict[str, list[str]] = {}
    for event in piece.of_kind(NodeKind.BOUNDARY):
        attached.setdefault(event.get("attachedToRef", ""), []).append(event.get("id", ""))
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        node_id = waiting.pop()
        if node_id not in seen:
            seen.add(node_id)
            waiting += [flow.get("targetRef", "") for flow in piece.leaving(node_id)]
            waiting += attached.get(node_id, ())
    return seen


def _begin(piece: Workpiece, node: Element) -> None:
    start = piece.add_node(NodeKind.START, f"Start_{node.get('id')}", "", node)
    piece.add_flow(start, node)


def _several(
    piece: Workpiece, container: Element, starts: list[Element], others: list[Element]
) -> Change:
    entries = [*starts, *others]
    is_parallel = _all_are_awaited(piece, entries, otherwise=len(starts) < _FEW)
    kind = SIDE_BY_SIDE if is_parallel else CHOICE
    gateway = NodeKind.PARALLEL if is_parallel else NodeKind.EXCLUSIVE
    names = [quoted(entry) for entry in entries]
    repair = kind.of(
        container.get("id") or None,
        " | ".join(names),
        f"startEvent → {gateway} → {' | '.join(names)}",
        " ".join(entry.get("id", "") for entry in entries),
        where=_where(container),
        count=len(entries),
        entries=listed(names),
    )
    return Change(repair, partial(_join, piece, starts, others, gateway))


def _all_are_awaited(piece: Workpiece, entries: list[Element], otherwise: bool) -> bool:
    """Whether the ways from the entries first meet in parallel gateways only."""
    reached: dict[str, set[int]] = {}
    for number, entry in enumerate(entries):
        for node_id in _reachable(piece, [entry.get("id", "")]):
            reached.setdefault(node_id, set()).add(number)
    meetings = [
        node_id
        for node_id, numbers in reached.items()
        if len(numbers) > 1
        and local_name(piece.nodes[node_id]) != NodeKind.END  # each ends there for itself
        and any(
            reached.get(flow.get("sourceRef", ""), numbers) != numbers
            for flow in piece.entering(node_id)
        )
    ]
    if not meetings:
        return otherwise
    return all(local_name(piece.nodes[node_id]) == NodeKind.PARALLEL for node_id in meetings)


def _join(
    piece: Workpiece, starts: list[Element], others: list[Element], gateway: NodeKind
) -> None:
    """One start leads to all entries; of several start events each becomes a mark on its way."""
    name = _QUESTION if gateway is NodeKind.EXCLUSIVE else ""
    if len(starts) == 1:
        start = starts[0]
        split = piece.add_node(gateway, f"Entry_{start.get('id')}", name, start)
        for flow in piece.leaving(start.get("id", "")):
            piece.move_source(flow, split)
    else:
        first = (starts or others)[0]
        start = piece.add_node(NodeKind.START, f"Start_{first.get('id')}", "", first)
        split = piece.add_node(gateway, f"Entry_{first.get('id')}", name, first)
        for old in starts:
            make_a_mark(piece, old)  # what it waited for has happened when this way is chosen
        others = [*starts, *others]
    piece.add_flow(start, split)
    for entry in others:
        piece.add_flow(split, entry, name=" ".join(entry.get("name", "").split()))


def _where(container: Element) -> Words:
    kind = Words("Quy trình con", "The sub-process")
    if local_name(container) == "process":
        kind = Words("Quy trình", "The process")
    name = quoted(container)
    return Words(f"{kind.vi} {name}", f"{kind.en} {name}")
