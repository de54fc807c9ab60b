"""One plane of a diagram: its shapes as boxes, and room made in it for more."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass

from lxml.etree import _Element as Element

from processes.layout.geometry import Box
from processes.layout.names import BPMNDI, DC, DI, add_element
from processes.repair.geometry import bounds_of

_SHAPE, _EDGE = f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"
_LABEL, _BOUNDS, _POINT = f"{{{BPMNDI}}}BPMNLabel", f"{{{DC}}}Bounds", f"{{{DI}}}waypoint"
_MARGIN = 10.0  # px kept free around a box
_TWO = 2


@dataclass(frozen=True, slots=True)
class Ties:
    """What moves together.

    around: ids of what holds other shapes: pools, lanes, groups, sub-processes. sub_processes: of
    these, what may not be drawn over from outside. hosts: event on a border -> its step. ends:
    line -> what it connects.
    """

    around: frozenset[str]
    sub_processes: frozenset[str]
    hosts: Mapping[str, str]
    ends: Mapping[str, tuple[str, str]]


class Plane:
    """The shapes and lines of one BPMNPlane."""

    def __init__(self, element: Element, ties: Ties) -> None:
        self.element = element
        self._ties = ties

    def boxes(self) -> Iterator[tuple[Element, Box]]:
        for shape in self.element.iterchildren(_SHAPE):
            if (box := bounds_of(shape)) is not None:
                yield shape, box

    def is_free(self, box: Box, within: frozenset[str], but: str = "") -> bool:
        """Whether nothing lies there. within: what the box may lie on, besides pools and lanes."""
        ignored = (self._ties.around - self._ties.sub_processes) | within | {but}
        return not any(
            shape.get("bpmnElement", "") not in ignored and _overlap(other, box)
            for shape, other in self.boxes()
        )

    def make_room(self, x: float, width: float) -> None:
        """Move everything whose middle lies beyond x to the right; what reaches over x grows."""
        boxes = {shape.get("bpmnElement", ""): (shape, box) for shape, box in self.boxes()}
        moving = {id_ for id_ in boxes if self._moves(id_, boxes, x)}
        for id_, (shape, box) in boxes.items():
            if id_ in moving:
                _move(shape.find(_BOUNDS), width)
                _move(shape.find(f"{_LABEL}/{_BOUNDS}"), width)
            elif box.right > x and id_ in self._ties.around:
                _set(shape.find(_BOUNDS), "width", box.width + width)
        for edge in self.element.iterchildren(_EDGE):
            self._stretch(edge, x, width, moving)

    def _moves(self, id_: str, boxes: Mapping[str, tuple[Element, Box]], x: float) -> bool:
        box = boxes[id_][1]
        if id_ in self._ties.around:
            return box.x >= x
        host = boxes.get(self._ties.hosts.get(id_, ""))
        if host is not None and host[0].get("bpmnElement") not in self._ties.around:
            box = host[1]
        return box.centre[0] >= x

    def _stretch(self, edge: Element, x: float, width: float, moving: set[str]) -> None:
        """Ends of a line go with what they touch, what lies between by where it is."""
        points = list(edge.iterchildren(_POINT))
        places = [_number(point, "x") for point in points]
        shifts = [place >= x for place in places]
        ends = self._ties.ends.get(edge.get("bpmnElement", ""))
        if ends is not None and len(points) > 1:
            for at, step, id_ in ((0, 1, ends[0]), (-1, -1, ends[1])):
                if id_ in self._ties.around:
                    continue
                shifts[at] = id_ in moving
                if len(points) > _TWO and abs(places[at] - places[at + step]) < 1:
                    shifts[at + step] = shifts[at]  # an upright piece stays upright
        for point, shift in zip(points, shifts, strict=True):
            if shift:
                _move(point, width)
        label = edge.find(f"{_LABEL}/{_BOUNDS}")
        if label is not None and _number(label, "x") >= x:
            _move(label, width)

    def widen(self, ids: set[str], right: float) -> None:
        """Let these shapes, which lie side by side or inside each other, reach so far right."""
        held = [(shape, box) for shape, box in self.boxes() if shape.get("bpmnElement") in ids]
        lacking = max((right - box.right for _, box in held), default=0.0)
        for shape, box in held:
            if lacking > 0:
                _set(shape.find(_BOUNDS), "width", box.width + lacking)

    def add_shape(self, element_id: str, shape_id: str, box: Box, marker: bool) -> None:
        shape = add_element(self.element, _SHAPE, {"id": shape_id, "bpmnElement": element_id})
        if marker:
            shape.set("isMarkerVisible", "true")
        bounds = add_element(shape, _BOUNDS)
        for name, value in zip(("x", "y", "width", "height"), astuple(box), strict=True):
            _set(bounds, name, value)

    def set_box(self, shape: Element, box: Box) -> None:
        """Draw the shape elsewhere; where its label goes is for the tool to find."""
        bounds = shape.find(_BOUNDS)
        for name, value in zip(("x", "y", "width", "height"), astuple(box), strict=True):
            _set(bounds, name, value)
        for label in shape.iterchildren(_LABEL):
            for stated in list(label.iterchildren(_BOUNDS)):
                label.remove(stated)

    def draw_line(
        self, edge: Element | None, ids: tuple[str, str], points: list[tuple[float, float]]
    ) -> None:
        """Write the way of a line; ids: of the flow and, where the line is new, of its edge."""
        if edge is None:
            edge = add_element(self.element, _EDGE, {"id": ids[1], "bpmnElement": ids[0]})
        for old in [*edge.iterchildren(_POINT), *edge.iterchildren(_LABEL)]:
            edge.remove(old)
        for number, (x, y) in enumerate(points):
            point = add_element(edge, _POINT)
            _set(point, "x", x)
            _set(point, "y", y)
            edge.insert(number, point)


def _overlap(a: Box, b: Box) -> bool:
    apart = a.right + _MARGIN <= b.x or b.right + _MARGIN <= a.x
    return not (apart or a.bottom + _MARGIN <= b.y or b.bottom + _MARGIN <= a.y)


def _number(element: Element, name: str) -> float:
    try:
        return float(element.get(name, "0"))
    except ValueError:
        return 0.0


def _move(element: Element | None, width: float) -> None:
    if element is not None:
        _set(element, "x", _number(element, "x") + width)


def _set(element: Element | None, name: str, value: float) -> None:
    if element is not None:
        element.set(name, f"{value:.2f}".rstrip("0").rstrip("."))
