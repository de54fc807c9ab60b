"""Sequence flows that may not be drawn so: across borders, out of an end, into a start, twice."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import GATEWAYS, SUB_PROCESSES, NodeKind
from processes.document import local_name, qt_children
from processes.repair.events import drop_definitions
from processes.repair.repair import Change, Kind
from processes.repair.wording import condition_of, quoted, shown, words_of
from processes.repair.workpiece import Workpiece

CROSSING = Kind(
    "flow.lifted",
    "{flow} đi xuyên qua biên của quy trình con. Nối với chính quy trình con.",
    "{flow} crosses the border of a sub-process. It is connected to the sub-process itself.",
    answers=("qt-flow-crosses",),
)
INWARD = Kind(
    "flow.inward",
    "{flow} nối quy trình con với phần tử bên trong chính nó. Bỏ luồng này: quy trình con tự bắt "
    "đầu và tự kết thúc bên trong.",
    "{flow} connects a sub-process with something inside itself. It is removed: a sub-process "
    "begins and ends inside by itself.",
    answers=("qt-flow-crosses",),
)
THROUGH_END = Kind(
    "end.passed",
    "Có luồng đi ra từ sự kiện kết thúc {node}, nên đó chưa phải là kết thúc. Thành mốc trung "
    "gian.",
    "A flow leaves the end event {node}, so it is not an end. It becomes a mark on the way.",
    answers=("qt-flow-direction",),
)
THROUGH_START = Kind(
    "start.passed",
    "Có luồng đi vào sự kiện bắt đầu {node}. Thành mốc trung gian; điểm bắt đầu đặt trước đó.",
    "A flow leads into the start event {node}. It becomes a mark on the way, behind a start.",
    answers=("qt-flow-direction",),
)
INTO_BOUNDARY = Kind(
    "flow.to-host",
    "{flow} đi vào sự kiện gắn trên bước. Nối vào chính bước {host}.",
    "{flow} leads into an event on a border. It is connected to the step {host} itself.",
    answers=("qt-flow-direction",),
)
TWICE = Kind(
    "flow.twice",
    "Có hai luồng giống nhau từ {source} tới {target}; hồ sơ sẽ đi hai lần. Giữ một.",
    "Two equal flows lead from {source} to {target}; the dossier would go twice. One is kept.",
    answers=("no-duplicate-sequence-flows",),
)
KINDS = (CROSSING, INWARD, THROUGH_END, THROUGH_START, INTO_BOUNDARY, TWICE)


def straighten_flows(piece: Workpiece) -> Iterator[Change]:
    """Flows connect nodes of one level, in the directions that nodes allow."""
    yield from _crossing(piece)
    for node in piece.of_kind(NodeKind.END):
        if piece.leaving(node.get("id", "")) and next(qt_children(node, "end"), None) is None:
            repair = THROUGH_END.of(node.get("id"), shown(node), _mark(node), node=words_of(node))
            yield Change(repair, partial(_pass, piece, node))
    for node in piece.of_kind(NodeKind.START):
        if piece.entering(node.get("id", "")):
            repair = THROUGH_START.of(node.get("id"), shown(node), _mark(node), node=words_of(node))
            yield Change(repair, partial(_pass, piece, node))
    yield from _into_boundary(piece)
    yield from _twice(piece)


def _crossing(piece: Workpiece) -> Iterator[Change]:
    for flow in piece.flows:
        source, target = piece.source(flow), piece.target(flow)
        if source.getparent() is target.getparent():
            continue
        outer_source, outer_target = _lifted(source, target)
        if outer_source is outer_target:
            repair = INWARD.of(flow.get("id"), _ends(source, target), "–", flow=words_of(flow))
            yield Change(repair, partial(piece.remove_flow, flow))
            continue
        before, after = _ends(source, target), _ends(outer_source, outer_target)
        repair = CROSSING.of(flow.get("id"), before, after, flow=words_of(flow))
        yield Change(repair, partial(_lift, piece, flow, outer_source, outer_target))


def _lifted(source: Element, target: Element) -> tuple[Element, Element]:
    """The nodes of the innermost level that holds both, in which the two stand."""
    sources, targets = _with_outer(source), _with_outer(target)
    around = [node.getparent() for node in targets]
    for outer in sources:
        if outer.getparent() in around:
            return outer, targets[around.index(outer.getparent())]
    return sources[-1], targets[-1]


def _with_outer(node: Element) -> list[Element]:
    """The node and the sub-processes around it, from inside out."""
    found = [node]
    while (around := found[-1].getparent()) is not None and local_name(around) in SUB_PROCESSES:
        found.append(around)
    return found


def _lift(piece: Workpiece, flow: Element, source: Element, target: Element) -> None:
    if flow.get("sourceRef") != source.get("id"):
        piece.move_source(flow, source)
    if flow.get("targetRef") != target.get("id"):
        piece.move_target(flow, target)
    if flow.getparent() is not source.getparent():
        source.addnext(flow)


def _mark(node: Element) -> str:
    return f"intermediateThrowEvent none {quoted(node)}"


def _pass(piece: Workpiece, node: Element) -> None:
    drop_definitions(piece, node)
    piece.change_kind(node, NodeKind.THROW, "isInterrupting", "parallelMultiple")


def _into_boundary(piece: Workpiece) -> Iterator[Change]:
    for flow in piece.flows:
        target = piece.target(flow)
        if local_name(target) != NodeKind.BOUNDARY:
            continue
        host = piece.nodes.get(target.get("attachedToRef", ""))
        source = piece.source(flow)
        if host is None:
            continue  # the event first needs its step (`boundary`)
        facts = {"flow": words_of(flow), "host": words_of(host)}
        repair = INTO_BOUNDARY.of(
            flow.get("id"), _ends(source, target), _ends(source, host), **facts
        )
        yield Change(repair, partial(piece.move_target, flow, host))


def _twice(piece: Workpiece) -> Iterator[Change]:
    met: set[tuple[str, str, str]] = set()
    for flow in piece.flows:
        source = piece.source(flow)
        ends = (flow.get("sourceRef", ""), flow.get("targetRef", ""), condition_of(flow))
        if local_name(source) in GATEWAYS or ends not in met:
            met.add(ends)
            continue
        target = piece.target(flow)
        facts = {"source": words_of(source), "target": words_of(target)}
        repair = TWICE.of(flow.get("id"), f"2 × {_ends(source, target)}", "1 ×", **facts)
        yield Change(repair, partial(piece.remove_flow, flow))


def _ends(source: Element, target: Element) -> str:
    return f"{quoted(source)} → {quoted(target)}"
