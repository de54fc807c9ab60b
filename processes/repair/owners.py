"""Who does the steps: lanes as they are drawn, lanes of what other engines say."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import STEPS
from processes.dialects import Assignee, read_assignee
from processes.document import bpmn, local_name
from processes.layout.geometry import Box
from processes.layout.names import BPMNDI, add_element
from processes.reader.positions import fold
from processes.repair.geometry import box_of, contains
from processes.repair.keeping import insert_in_order
from processes.repair.placing import DRAWN_HERE
from processes.repair.repair import Change, Kind
from processes.repair.wording import quoted, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words, listed

DRAWN = Kind(
    "lane.drawn",
    "Làn {lane} không ghi các phần tử vẽ bên trong nó: {nodes}. Ghi chúng vào làn.",
    "The lane {lane} does not list what is drawn inside it: {nodes}. They are listed.",
    answers=("qt-owner-missing",),
)
TWICE = Kind(
    "lane.twice",
    "{node} nằm trong nhiều làn ({before}). Giữ làn mà nó được vẽ bên trong, nếu không thì làn đầu "
    "tiên: {after}.",
    "{node} stands in several lanes ({before}). The one it is drawn in is kept, else the first: "
    "{after}.",
    answers=("qt-lane-twice",),
)
ASSIGNED = Kind(
    "lane.assigned",
    "{steps} chưa nằm trong làn nào, nhưng {source} ghi người thực hiện là “{name}”{others}. Thêm "
    "làn “{name}”, chức danh {position}.",
    "{steps}: in no lane, but {source} says '{name}' does it{others}. The lane '{name}' is added, "
    "position {position}.",
    answers=("qt-owner-missing",),
)
KINDS = (DRAWN, TWICE, ASSIGNED)


def find_owners(piece: Workpiece) -> Iterator[Change]:
    """Steps in lanes: by the drawing, by other engines' assignments."""
    yield from _drawn(piece)
    yield from _twice(piece)
    yield from _assigned(piece)


def _lanes(piece: Workpiece) -> list[Element]:
    process = piece.process
    return [] if process is None else list(process.iter(bpmn("lane")))


def _drawn(piece: Workpiece) -> Iterator[Change]:
    process = piece.process
    lanes = [(lane, box) for lane in _lanes(piece) if (box := box_of(piece, lane)) is not None]
    lanes = [(lane, box) for lane, box in lanes if lane.find(bpmn("childLaneSet")) is None]
    if process is None or not lanes or _is_our_drawing(piece):
        return
    found: dict[Element, list[Element]] = {}
    for node in piece.inside(process):
        if not piece.complaints.at(node.get("id"), DRAWN.answers):
            continue
        box = _place_of(piece, node)
        if piece.lane_of(node.get("id", "")) is None and box is not None:
            lane = next((lane for lane, around in lanes if contains(around, box)), None)
            if lane is not None:
                found.setdefault(lane, []).append(node)
    for lane, nodes in found.items():
        names = listed([quoted(node) for node in nodes])
        lane_id = lane.get("id")
        key = " ".join(node.get("id", "") for node in nodes)
        repair = DRAWN.of(lane_id, "–", names, key, lane=words_of(lane), nodes=names)
        yield Change(repair, partial(_put, piece, nodes, lane))


def _place_of(piece: Workpiece, node: Element) -> Box | None:
    """Where the node is drawn; what a repair added will be drawn beside its neighbour."""
    beside = [piece.target(flow) for flow in piece.leaving(node.get("id", ""))]
    beside += [piece.source(flow) for flow in piece.entering(node.get("id", ""))]
    if node in piece.numbered:
        beside = []
    boxes = (box_of(piece, each) for each in (node, *beside))
    return next((box for box in boxes if box is not None), None)


def _is_our_drawing(piece: Workpiece) -> bool:
    diagrams = piece.root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram")
    return any(diagram.get("documentation") == DRAWN_HERE for diagram in diagrams)


def _put(piece: Workpiece, nodes: list[Element], lane: Element) -> None:
    for node in nodes:
        piece.put_into_lane(node, lane)


def _twice(piece: Workpiece) -> Iterator[Change]:
    for node_id, node in list(piece.nodes.items()):
        references = piece.lane_references(node_id)
        found = (lane for ref in references if (lane := ref.getparent()) is not None)
        lanes = list(dict.fromkeys(found))
        around_others = {ancestor for lane in lanes for ancestor in lane.iterancestors()}
        inner = [lane for lane in lanes if lane not in around_others]
        if len(set(inner)) < 2:  # noqa: PLR2004  a lane and the lane around it are one place
            continue
        box = box_of(piece, node)
        around = [
            lane
            for lane in inner
            if box is not None and (b := box_of(piece, lane)) is not None and contains(b, box)
        ]
        kept = (around or inner)[0]
        before = listed([quoted(lane) for lane in inner])
        repair = TWICE.of(node_id, before, quoted(kept), node=words_of(node))
        yield Change(repair, partial(_keep, piece, node, kept))


def _keep(piece: Workpiece, node: Element, kept: Element) -> None:
    piece.leave_lanes(node.get("id", ""))
    piece.put_into_lane(node, kept)


def _assigned(piece: Workpiece) -> Iterator[Change]:
    found: dict[str, list[tuple[Element, Assignee]]] = {}
    for node in piece.nodes.values():
        if local_name(node) not in STEPS or _has_lane(piece, node):
            continue
        assignee = read_assignee(node)
        if assignee is not None and fold(assignee.name):
            found.setdefault(fold(assignee.name), []).append((node, assignee))
    for position, steps in found.items():
        assignee = steps[0][1]
        names = listed([quoted(node) for node, _ in steps])
        others = {other: None for _, each in steps for other in each.others}
        also = listed(list(others))
        repair = ASSIGNED.of(
            steps[0][0].get("id"),
            f"{assignee.source}={assignee.name}",
            f"lane “{assignee.name}”: {names}",
            position,
            steps=names,
            source=assignee.source,
            name=assignee.name,
            position=position,
            others=Words(f" (và: {also})", f" (also: {also})") if others else Words("", ""),
        )
        nodes = [node for node, _ in steps]
        yield Change(repair, partial(_into_new_lane, piece, nodes, assignee.name, position))


def _has_lane(piece: Workpiece, node: Element) -> bool:
    """Whether the node or a sub-process around it stands in a lane."""
    around: Element | None = node
    while around is not None and local_name(around) != "process":
        if piece.lane_of(around.get("id", "")) is not None:
            return True
        around = around.getparent()
    return False


def _into_new_lane(piece: Workpiece, nodes: list[Element], name: str, position: str) -> None:
    process = piece.process
    assert process is not None  # the nodes stand in it
    lane = next((each for each in _lanes(piece) if fold(each.get("name", "")) == position), None)
    if lane is None:
        lane = add_element(_lane_set(piece, process), bpmn("lane"))
        lane.set("id", piece.new_id(f"Lane_{position}"))
        lane.set("name", name)
        piece.extension(lane, "assignment").set("position", position)
    _put(piece, nodes, lane)


def _lane_set(piece: Workpiece, process: Element) -> Element:
    found = process.find(bpmn("laneSet"))
    if found is None:
        found = insert_in_order(process, bpmn("laneSet"))
        found.set("id", piece.new_id("LaneSet_1"))
    return found
