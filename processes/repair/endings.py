"""Where a process ends: no node without a way on, no way on that never ends."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind, at
from processes.document import local_name
from processes.drawing import draw
from processes.repair.repair import Change, Kind
from processes.repair.wording import quoted, words_of
from processes.repair.workpiece import Workpiece

EXIT = ("no-disconnected", "no-implicit-end")
"""What the check says where a way just stops."""

ADDED = Kind(
    "end.added",
    "Không có luồng nào ra khỏi {node}. Thêm một sự kiện kết thúc sau đó.",
    "No flow leaves {node}. An end event is put behind it.",
    answers=EXIT,
)
CONNECTED = Kind(
    "end.connected",
    "Không có luồng nào ra khỏi {node}, còn sự kiện kết thúc {end} chưa nối với gì. Nối hai phần "
    "tử.",
    "No flow leaves {node}, and nothing leads to the end event {end}. They are connected.",
    answers=EXIT,
)
LOOSE = Kind(
    "end.loose",
    "Sự kiện kết thúc {end} không nối với gì. Bỏ sự kiện này.",
    "The end event {end} is not connected to anything. It is removed.",
    answers=("no-implicit-start",),
)
WAY_OUT = Kind(
    "loop.exit",
    "Từ {node} không đường nào tới được kết thúc: hồ sơ quay vòng mãi. Thêm một cổng loại trừ trên "
    "luồng quay lại và một lối ra; người thực hiện chọn lặp lại hay kết thúc.",
    "No way from {node} leads to an end: the dossier would go round for ever. An exclusive gateway "
    "and a way out are put on the flow that goes back; a person chooses to repeat or to end.",
    answers=("qt-no-way-out",),
)
KINDS = (ADDED, CONNECTED, LOOSE, WAY_OUT)

REPEAT = "Lặp lại"


def lead_out(piece: Workpiece) -> Iterator[Change]:
    """Everything ends: nodes without a way on, loops without an exit, ends without a way in."""
    for node in list(piece.nodes.values()):
        if _stops(piece, node):
            yield _end(piece, node)
    if piece.complaints.wants(WAY_OUT):
        yield from _endless(piece)
    for container in piece.containers():
        for end in _loose_ends(piece, container):
            repair = LOOSE.of(end.get("id"), f"endEvent {quoted(end)}", "–", end=words_of(end))
            yield Change(repair, partial(piece.drop, end, container))


def _stops(piece: Workpiece, node: Element) -> bool:
    """Whether a token would be left there; what nothing leads to is `entries`' first."""
    kind, node_id = local_name(node), node.get("id", "")
    if kind == NodeKind.END or piece.leaving(node_id):
        return False
    return piece.complaints.at(node_id, EXIT)


def _loose_ends(piece: Workpiece, container: Element) -> list[Element]:
    nodes = piece.inside(container)
    ends = [node for node in nodes if local_name(node) == NodeKind.END]
    return [end for end in ends if not piece.entering(end.get("id", ""))]


def _end(piece: Workpiece, node: Element) -> Change:
    container = node.getparent()
    assert container is not None  # a node stands in a process
    loose = _loose_ends(piece, container)
    before = f"{quoted(node)} → –"
    if loose:
        end = loose[0]
        after = f"{quoted(node)} → {quoted(end)}"
        facts = {"node": words_of(node), "end": words_of(end)}
        repair = CONNECTED.of(node.get("id"), before, after, **facts)
        return Change(repair, partial(piece.add_flow, node, end))
    after = f"{quoted(node)} → endEvent"
    repair = ADDED.of(node.get("id"), before, after, node=words_of(node))
    return Change(repair, partial(add_end, piece, node))


def add_end(piece: Workpiece, node: Element, name: str = "") -> Element:
    """An end event behind a node."""
    end = piece.add_node(NodeKind.END, f"End_{node.get('id')}", "", node)
    piece.add_flow(node, end, name=name)
    return end


def _endless(piece: Workpiece) -> Iterator[Change]:
    """Loops that no end can be reached from: each gets one exit, on a flow that closes it."""
    diagram = draw(piece.document)
    if diagram is None:
        return
    graph = diagram.graph
    ends = [node.id for node in diagram.children(None) if node.kind is NodeKind.END]
    ending = graph.reversed().reachable(ends)
    met = graph.reachable([start.id for start in diagram.starts()])
    stuck = graph.only(lambda vertex: vertex in met and vertex not in ending)
    _, back = stuck.depth_first(stuck.successors)
    opened: set[str] = set()
    # outer loops first: the way out of an inner one only leads back into the outer
    for source, target in sorted(back, key=lambda edge: (_depth(piece, at(edge[0])), edge)):
        loop = stuck.reachable([source])
        flows = [f for f in piece.leaving(at(source)) if f.get("targetRef") == at(target)]
        if not flows or opened & loop:
            continue
        opened |= loop
        yield _way_out(piece, flows[0])


def _depth(piece: Workpiece, node_id: str) -> int:
    node = piece.nodes.get(node_id)
    return 0 if node is None else sum(1 for _ in node.iterancestors())


def _way_out(piece: Workpiece, flow: Element) -> Change:
    node, target = piece.source(flow), piece.target(flow)
    before = f"{quoted(node)} → {quoted(target)}"
    after = f"{quoted(node)} → exclusiveGateway → {quoted(target)} | endEvent"
    repair = WAY_OUT.of(flow.get("id"), before, after, node=words_of(node))
    return Change(repair, partial(_open, piece, flow))


def _open(piece: Workpiece, flow: Element) -> None:
    source = piece.source(flow)
    container = source.getparent()
    assert container is not None  # a node stands in a process
    if local_name(source) == NodeKind.EXCLUSIVE:
        gateway = source
    else:
        gateway = piece.add_node(NodeKind.EXCLUSIVE, f"Exit_{source.get('id')}", "Lặp lại?", source)
        piece.move_source(flow, gateway)
        piece.add_flow(source, gateway)
    if not flow.get("name", "").strip():
        flow.set("name", REPEAT)
    loose = _loose_ends(piece, container)
    if loose:
        piece.add_flow(gateway, loose[0], name="Kết thúc")
    else:
        add_end(piece, gateway, "Kết thúc")
