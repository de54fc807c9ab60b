"""The diagram (BPMN DI) of a file: written anew, or found complete."""

from collections.abc import Iterable

from lxml.etree import _Element

from processes.layout.geometry import Box, Line, Shape
from processes.layout.names import BPMNDI, CONTAINERS, DC, DI, FLOW_NODES, add_element, kind, local
from processes.layout.pools import Sheet, sheet_of_collaboration, sheet_of_process
from processes.layout.scene import Link, Note, Scene, note_of, read_links

_MARGIN = 60.0
_PREFIXES: dict[str | None, str] = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
_DIAGRAM = f"{{{BPMNDI}}}BPMNDiagram"


def draw(definitions: _Element) -> None:
    """Replace the diagrams of the file, in place, by one drawn from left to right.

    Nothing but `bpmndi:BPMNDiagram` is touched. One diagram for each collaboration, with its
    pools; one for each process that is in no pool. Elements without an id cannot be drawn.
    The same file always gives the same drawing.
    """
    for old in definitions.findall(_DIAGRAM):
        definitions.remove(old)
    processes = {e.get("id", ""): e for e in definitions if kind(e) == "process" and e.get("id")}
    collaborations = [e for e in definitions if kind(e) == "collaboration" and e.get("id")]
    names = _Names(definitions)
    pooled: set[str] = set()
    for collaboration in collaborations:
        refs = [local(e.get("processRef")) for e in collaboration if kind(e) == "participant"]
        if not any(kind(e) == "participant" and e.get("id") for e in collaboration):
            continue
        pooled.update(refs)
        top = _top_notes(collaboration)
        sheet = sheet_of_collaboration(collaboration, processes, top.links)
        _write(definitions, collaboration.get("id", ""), _with_notes(sheet, top.loose), names)
    for id_, process in processes.items():
        empty = not any(kind(e) in FLOW_NODES for e in process)
        if id_ not in pooled and not (empty and definitions.find(_DIAGRAM) is not None):
            _write(definitions, id_, sheet_of_process(process), names)


def has_drawing(definitions: _Element) -> bool:
    """Whether every node and sequence flow that can be seen has its shape or line.

    What is inside of a collapsed sub-process need not be drawn.
    """
    drawn: set[str] = set()
    expanded: set[str] = set()
    for element in definitions.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        reference = local(element.get("bpmnElement"))
        is_edge = element.tag == f"{{{BPMNDI}}}BPMNEdge"
        points = element.findall(f"{{{DI}}}waypoint") if is_edge else []
        if len(points) > 1 or element.find(f"{{{DC}}}Bounds") is not None:
            drawn.add(reference)
            if element.get("isExpanded", "true") == "true":
                expanded.add(reference)
    processes = [element for element in definitions if kind(element) == "process"]
    needed = [e for process in processes for e in _visible(process, expanded)]
    return bool(needed) and all(e.get("id", "") in drawn for e in needed)


def _visible(scope: _Element, expanded: set[str]) -> Iterable[_Element]:
    todo = [scope]
    while todo:
        for element in todo.pop():
            name = kind(element)
            if name in FLOW_NODES or name == "sequenceFlow":
                yield element
            if name in CONTAINERS and element.get("id", "") in expanded:
                todo.append(element)


def _top_notes(collaboration: _Element) -> Scene:
    """Annotations and associations of the collaboration itself."""
    scene = Scene()
    for element in collaboration:
        if kind(element) in ("textAnnotation", "group") and element.get("id"):
            scene.loose.append(note_of(element, kind(element)))
    read_links(scene, collaboration)
    return scene


def _with_notes(sheet: Sheet, notes: list[Note]) -> Sheet:
    if not notes:
        return sheet
    top = max((shape.box.bottom for shape in sheet.shapes), default=0.0) + 40
    left = 0.0
    shapes = []
    for note in notes:
        shapes.append(Shape(note.id, Box(left, top, note.width, note.height)))
        left += note.width + 24
    return Sheet((*sheet.shapes, *shapes), sheet.lines, sheet.links)


def _link_lines(sheet: Sheet) -> list[Line]:
    """Straight lines for associations, from border to border."""
    boxes = {shape.element: shape.box for shape in sheet.shapes}
    for line in sheet.lines:
        (ax, ay), (bx, by) = line.points[0], line.points[1]
        boxes.setdefault(line.element, Box((ax + bx) / 2, (ay + by) / 2, 0, 0))
    drawn = (_link_line(link, boxes) for link in sheet.links)
    return [line for line in drawn if line is not None]


def _link_line(link: Link, boxes: dict[str, Box]) -> Line | None:
    source, target = boxes.get(link.source), boxes.get(link.target)
    if source is None or target is None:
        return None
    points = (source.border_towards(target.centre), target.border_towards(source.centre))
    rounded = tuple((round(x, 1), round(y, 1)) for x, y in points)
    return Line(link.id, rounded)


class _Names:
    """Ids for the diagram's own elements that are not yet in the file."""

    def __init__(self, definitions: _Element) -> None:
        self._taken = {str(value) for value in definitions.xpath("//@id")}

    def new(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name


def _write(definitions: _Element, plane_of: str, sheet: Sheet, names: _Names) -> None:
    lines = [*sheet.lines, *_link_lines(sheet)]
    xs = [s.box.x for s in sheet.shapes] + [x for line in lines for x, _ in line.points]
    ys = [s.box.y for s in sheet.shapes] + [y for line in lines for _, y in line.points]
    dx, dy = _MARGIN - min(xs, default=0.0), _MARGIN - min(ys, default=0.0)
    diagram = add_element(
        definitions, _DIAGRAM, {"id": names.new(f"Diagram_{plane_of}")}, nsmap=_PREFIXES
    )
    plane = add_element(diagram, f"{{{BPMNDI}}}BPMNPlane")
    plane.set("id", names.new(f"Plane_{plane_of}"))
    plane.set("bpmnElement", plane_of)
    for shape in sheet.shapes:
        _write_shape(plane, shape.moved(dx, dy), names)
    for line in lines:
        _write_line(plane, line.moved(dx, dy), names)


def _write_shape(plane: _Element, shape: Shape, names: _Names) -> None:
    element = add_element(plane, f"{{{BPMNDI}}}BPMNShape")
    element.set("id", names.new(f"{shape.element}_di"))
    element.set("bpmnElement", shape.element)
    if shape.level:
        element.set("isHorizontal", "true")
    if shape.expanded is not None:
        element.set("isExpanded", "true" if shape.expanded else "false")
    if shape.marker:
        element.set("isMarkerVisible", "true")
    _write_bounds(element, shape.box)
    _write_label(element, shape.label)


def _write_line(plane: _Element, line: Line, names: _Names) -> None:
    element = add_element(plane, f"{{{BPMNDI}}}BPMNEdge")
    element.set("id", names.new(f"{line.element}_di"))
    element.set("bpmnElement", line.element)
    for x, y in line.points:
        add_element(element, f"{{{DI}}}waypoint", {"x": _number(x), "y": _number(y)})
    _write_label(element, line.label)


def _write_label(element: _Element, label: Box | None) -> None:
    if label is not None:
        _write_bounds(add_element(element, f"{{{BPMNDI}}}BPMNLabel"), label)


def _write_bounds(element: _Element, box: Box) -> None:
    add_element(
        element,
        f"{{{DC}}}Bounds",
        {
            "x": _number(box.x),
            "y": _number(box.y),
            "width": _number(box.width),
            "height": _number(box.height),
        },
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
