"""Draws what repairs added, near its neighbours; what was drawn stays as the designer drew it.

A new node stands behind the node before it (else in front of the node after it); where there is no
room, everything further right moves by one column. A file without a drawing is drawn as a whole.
"""

from lxml.etree import _Element as Element

from processes.diagram import GATEWAYS, SUB_PROCESSES, NodeKind
from processes.document import bpmn, local_name
from processes.layout import draw
from processes.layout.geometry import Box
from processes.layout.names import BPMNDI
from processes.repair.geometry import bounds_of
from processes.repair.plane import Plane, Ties
from processes.repair.workpiece import Workpiece

_GAP = 50.0  # px between neighbours
_EDGE_ROOM = 30.0  # px between the last shape and the end of its pool
_STEPS_DOWN = 12
_TALL = 60.0  # px; a line may enter such a shape beside its middle
_SIZES = {"Event": (36.0, 36.0), "Gateway": (50.0, 50.0)}
_TASK = (100.0, 80.0)
_BESIDE = ("association", "messageFlow")

DRAWN_HERE = "quytrinh"
"""Marks our own drawing: where it put a step says nothing about who does it."""
Points = list[tuple[float, float]]


def place(piece: Workpiece) -> None:
    """Bring the diagram part in step with the model."""
    if piece.draw_all:
        draw(piece.root)
        for diagram in piece.root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram"):
            diagram.set("documentation", DRAWN_HERE)
        return
    piece.changed_outside()
    _Placing(piece).run()
    for diagram in piece.root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram"):
        if piece.draw_rest and not diagram.get("documentation"):
            diagram.set("documentation", DRAWN_HERE)


def size_of(kind: str) -> tuple[float, float]:
    """The usual width and height of a node in px."""
    return next((size for end, size in _SIZES.items() if kind.endswith(end)), _TASK)


class _Placing:
    def __init__(self, piece: Workpiece) -> None:
        self._piece = piece
        rooms = map(bpmn, ("participant", "lane", "group"))
        inner = frozenset(e.get("id", "") for e in piece.root.iter(*map(bpmn, SUB_PROCESSES)))
        around = inner.union(e.get("id", "") for e in piece.root.iter(*rooms))
        hosts = {
            e.get("id", ""): e.get("attachedToRef", "")
            for e in piece.root.iter(bpmn("boundaryEvent"))
        }
        ends = {
            e.get("id", ""): (_local(e.get("sourceRef")), _local(e.get("targetRef")))
            for e in piece.root.iter(*map(bpmn, ("sequenceFlow", *_BESIDE)))
        }
        self._ties = Ties(around, inner, hosts, ends)
        self._planes: dict[Element, Plane] = {}

    def run(self) -> None:
        piece = self._piece
        for node_id in sorted(piece.redrawn & piece.nodes.keys()):
            self._resize(piece.nodes[node_id])
        waiting = [node for node in piece.nodes.values() if self._is_to_be_drawn(node)]
        while waiting:
            node = next((n for n in waiting if self._neighbours(n)), waiting[0])
            waiting.remove(node)
            self._add(node)
        for flow in piece.flows:
            self._line(flow)
        for link in piece.root.iter(*map(bpmn, _BESIDE)):
            if link.get("id", "") in piece.redrawn:
                self._straight(link)

    # nodes

    def _shape(self, node: Element) -> tuple[Plane, Element, Box] | None:
        for shape in self._piece.shapes(node.get("id", "")):
            parent, box = shape.getparent(), bounds_of(shape)
            if parent is not None and box is not None:
                plane = self._planes.setdefault(parent, Plane(parent, self._ties))
                return plane, shape, box
        return None

    def _is_to_be_drawn(self, node: Element) -> bool:
        """Not drawn yet, on a level of which something is."""
        container = node.getparent()
        if container is None or self._shape(node) is not None:
            return False
        added = node not in self._piece.numbered
        siblings = self._piece.inside(container)
        return (added or self._piece.draw_rest) and any(self._shape(s) for s in siblings)

    def _neighbours(self, node: Element) -> list[tuple[bool, tuple[Plane, Element, Box]]]:
        """Drawn nodes before (True) and behind it; of those before, the nearest kin first."""
        piece, node_id = self._piece, node.get("id", "")
        before = [piece.source(flow) for flow in piece.entering(node_id)]
        behind = [piece.target(flow) for flow in piece.leaving(node_id)]
        found = [(True, self._shape(each)) for each in before]
        found += [(False, self._shape(each)) for each in behind]
        return [(is_before, drawn) for is_before, drawn in found if drawn is not None]

    def _add(self, node: Element) -> None:
        neighbours = self._neighbours(node)
        width, height = size_of(local_name(node))
        if neighbours:
            is_before, (plane, _, near) = neighbours[0]
            box = self._beside(plane, near, node, is_before)
        else:
            found = self._level(node)
            if found is None:
                return
            plane, last = found
            box = Box(last.x, last.bottom + _GAP, width, height)
        box = _freed(plane, box, _around(node))
        self._widen(plane, node, box)
        marker = local_name(node) == NodeKind.EXCLUSIVE
        shape_id = self._piece.new_id(f"{node.get('id')}_di")
        plane.add_shape(node.get("id", ""), shape_id, box, marker)
        self._piece.forget_shapes()

    def _beside(self, plane: Plane, near: Box, node: Element, behind: bool) -> Box:
        width, height = size_of(local_name(node))
        top = near.y + near.height / 2 - height / 2
        within = _around(node)
        if behind:
            box = Box(near.right + _GAP, top, width, height)
            if not plane.is_free(box, within):
                plane.make_room(near.right, width + _GAP)
            return box
        box = Box(near.x - _GAP - width, top, width, height)
        if not plane.is_free(box, within) or not self._is_inside(plane, near, box):
            plane.make_room(near.x, width + _GAP)
            return Box(near.x, top, width, height)
        return box

    def _is_inside(self, plane: Plane, near: Box, box: Box) -> bool:
        """Whether the box stays in the pool, lane or sub-process that its neighbour is in."""
        for shape, around in plane.boxes():
            holds = shape.get("bpmnElement", "") in self._ties.around
            if holds and around.x < near.x and around.right > near.right and around.y <= near.y:
                below = around.bottom >= near.bottom
                if below and box.x < around.x + _EDGE_ROOM:
                    return False
        return True

    def _level(self, node: Element) -> tuple[Plane, Box] | None:
        """Where the lowest of the nodes on the same level is drawn."""
        container = node.getparent()
        if container is None:
            return None
        drawn = [found for s in self._piece.inside(container) if (found := self._shape(s))]
        lowest = max(drawn, key=lambda each: each[2].bottom, default=None)
        return None if lowest is None else (lowest[0], lowest[2])

    def _widen(self, plane: Plane, node: Element, box: Box) -> None:
        """The sub-process, lanes and pool around a node reach past it."""
        process = self._piece.process
        container = node.getparent()
        if process is None or container is None:
            return
        right = box.right + _EDGE_ROOM
        while container is not None and local_name(container) in SUB_PROCESSES:
            plane.widen({container.get("id", "")}, right)
            container, right = container.getparent(), right + _EDGE_ROOM
        pool = {
            pool.get("id", "")
            for pool in self._piece.root.iter(bpmn("participant"))
            if pool.get("processRef", "").rpartition(":")[2] == process.get("id")
        }
        lanes = {lane.get("id", "") for lane in process.iter(bpmn("lane"))}
        plane.widen(pool | lanes, right)

    def _resize(self, node: Element) -> None:
        """A node that became a box, or ceased to be one, keeps its left side or its middle."""
        found = self._shape(node)
        if found is None:
            return
        plane, shape, old = found
        width, height = size_of(local_name(node))
        x, y = old.centre
        host = self._piece.nodes.get(node.get("attachedToRef", ""))
        drawn = None if host is None else self._shape(host)
        if drawn is not None:
            box = Box(drawn[2].right - width, drawn[2].bottom - height / 2, width, height)
        elif width > old.width:
            box = Box(old.x, y - height / 2, width, height)
            if not plane.is_free(box, _around(node), node.get("id", "")):
                plane.make_room(old.right, width - old.width)
        else:
            box = Box(x - width / 2, y - height / 2, width, height)
        plane.set_box(shape, box)
        self._widen(plane, node, box)

    # lines

    def _line(self, flow: Element) -> None:
        piece, flow_id = self._piece, flow.get("id", "")
        edges = piece.shapes(flow_id)
        wanted = flow_id in piece.redrawn or flow not in piece.numbered
        if not wanted and (edges or not piece.draw_rest):
            return
        source, target = self._shape(piece.source(flow)), self._shape(piece.target(flow))
        if source is None or target is None or source[0] is not target[0]:
            return
        kind = local_name(piece.source(flow))
        turns = kind in GATEWAYS or kind == NodeKind.BOUNDARY
        ids = (flow_id, "" if edges else piece.new_id(f"{flow_id}_di"))
        points = way(source[2], target[2], turns=turns)
        source[0].draw_line(edges[0] if edges else None, ids, points)
        piece.forget_shapes()

    def _straight(self, link: Element) -> None:
        """An association or message flow, from middle to middle of what it connects."""
        ends = []
        for end in ("sourceRef", "targetRef"):
            for shape in self._piece.shapes(link.get(end, "").rpartition(":")[2]):
                parent, box = shape.getparent(), bounds_of(shape)
                if parent is not None and box is not None:
                    ends.append((parent, box))
                    break
        edges = self._piece.shapes(link.get("id", ""))
        if len(ends) == 2 and edges and ends[0][0] is ends[1][0]:  # noqa: PLR2004  two ends
            plane = self._planes.setdefault(ends[0][0], Plane(ends[0][0], self._ties))
            source, target = ends[0][1], ends[1][1]
            top, low = (source, target) if source.y <= target.y else (target, source)
            points = [(top.centre[0], top.bottom), (low.centre[0], low.y)]
            plane.draw_line(edges[0], ("", ""), points if top is source else points[::-1])


def _around(node: Element) -> frozenset[str]:
    """Ids of the sub-processes that a node stands in, and of the step that it is attached to."""
    outer = (e.get("id", "") for e in node.iterancestors(*map(bpmn, SUB_PROCESSES)))
    return frozenset({*outer, node.get("attachedToRef", "")})


def _freed(plane: Plane, box: Box, within: frozenset[str]) -> Box:
    """The box, moved down until nothing lies there."""
    moved = box
    for _ in range(_STEPS_DOWN):
        if plane.is_free(moved, within):
            return moved
        moved = moved.moved(0, box.height / 2 + _GAP / 2)
    return box


def _local(reference: str | None) -> str:
    return (reference or "").rpartition(":")[2]


def way(source: Box, target: Box, turns: bool = False) -> Points:
    """The way of a flow, with right angles.

    turns: it leaves through the top or the bottom where that is nearer, as out of a gateway or of
    an event on a border.
    """
    (sx, sy), (tx, ty) = source.centre, target.centre
    turns = turns and abs(sy - ty) > source.height / 2
    if target.x >= source.right and not turns:
        if abs(sy - ty) < 1 or (target.height > _TALL and target.y < sy < target.bottom):
            return [(source.right, sy), (target.x, sy)]
        middle = (source.right + target.x) / 2
        return [(source.right, sy), (middle, sy), (middle, ty), (target.x, ty)]
    if target.y >= source.bottom or target.bottom <= source.y or target.x >= source.right:
        return _up_or_down(source, target)
    low = max(source.bottom, target.bottom) + _GAP / 2
    return [(sx, source.bottom), (sx, low), (tx, low), (tx, target.bottom)]


def _up_or_down(source: Box, target: Box) -> Points:
    """Out of the top or the bottom, then sideways into the target, else into its top or bottom."""
    (sx, sy), (tx, ty) = source.centre, target.centre
    leave = source.bottom if ty > sy else source.y
    if target.x > sx or target.right < sx:
        return [(sx, leave), (sx, ty), (target.x if target.x > sx else target.right, ty)]
    enter = target.y if ty > sy else target.bottom
    if abs(sx - tx) < 1:
        return [(sx, leave), (tx, enter)]
    middle = (leave + enter) / 2
    return [(sx, leave), (sx, middle), (tx, middle), (tx, enter)]
