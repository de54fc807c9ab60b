"""What makes a diagram tidy, checked on the DI that a file holds: a list of problems, or nothing."""

from dataclasses import dataclass
from itertools import combinations, pairwise

from lxml import etree

from processes.layout.geometry import Box
from processes.layout.names import BPMNDI, CONTAINERS, DC, DI, FLOW_NODES, bpmn, kind

Point = tuple[float, float]


@dataclass
class Drawing:
    boxes: dict[str, Box]
    lines: dict[str, list[Point]]
    labels: dict[str, Box]


def drawing_of(root: etree._Element) -> Drawing:
    drawing = Drawing({}, {}, {})
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        drawing.boxes[shape.get("bpmnElement")] = _bounds(shape)
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{{{DI}}}waypoint")]
        drawing.lines[edge.get("bpmnElement")] = points
    for label in root.iter(f"{{{BPMNDI}}}BPMNLabel"):
        drawing.labels[label.getparent().get("bpmnElement")] = _bounds(label)
    return drawing


def problems(root: etree._Element) -> list[str]:
    """Everything untidy about the nodes and sequence flows of a file."""
    drawing = drawing_of(root)
    nodes = {e.get("id"): e for e in root.iter() if kind(e) in FLOW_NODES}
    flows = {e.get("id"): e for e in root.iter(bpmn("sequenceFlow"))}
    found = [f"{id_} is not drawn" for id_ in nodes if id_ not in drawing.boxes]
    found += [f"{id_} is not drawn" for id_ in flows if id_ not in drawing.lines]
    if found:
        return found
    found += _overlaps(nodes, drawing)
    found += _outside(root, nodes, drawing)
    for id_, flow in flows.items():
        found += _untidy_flow(id_, flow, nodes, drawing)
    return found


def _bounds(di) -> Box:
    found = di.find(f"{{{DC}}}Bounds")
    return Box(*(float(found.get(name)) for name in ("x", "y", "width", "height")))


def _around(node) -> set[str]:
    """Ids of the sub-processes around a node, and of the host of a boundary event."""
    ids = {a.get("id") for a in node.iterancestors() if kind(a) in CONTAINERS}
    if kind(node) == "boundaryEvent":
        ids.add(node.get("attachedToRef"))
    return ids


def _overlaps(nodes, drawing: Drawing) -> list[str]:
    return [
        f"{a} lies on {b}"
        for a, b in combinations(nodes, 2)
        if a not in _around(nodes[b])
        and b not in _around(nodes[a])
        and drawing.boxes[a].meets(drawing.boxes[b])
        and not (_around(nodes[a]) & {b} or _around(nodes[b]) & {a})
    ]


def _outside(root, nodes, drawing: Drawing) -> list[str]:
    found = [
        f"{member.text} is outside of its lane {lane.get('id')}"
        for lane in root.iter(bpmn("lane"))
        for member in lane.findall(bpmn("flowNodeRef"))
        if member.text in nodes
        and not inside(drawing.boxes[member.text], drawing.boxes[lane.get("id")])
    ]
    for id_, node in nodes.items():
        box = drawing.boxes[id_]
        if kind(node) == "boundaryEvent" and node.get("attachedToRef") in nodes:
            if not _on_border(box.centre, drawing.boxes[node.get("attachedToRef")]):
                found.append(f"{id_} is not on the border of its host")
        elif kind(node.getparent()) in CONTAINERS and not inside(
            box, drawing.boxes[node.getparent().get("id")]
        ):
            found.append(f"{id_} is outside of its sub-process")
    return found


def _untidy_flow(id_: str, flow, nodes, drawing: Drawing) -> list[str]:
    source, target = flow.get("sourceRef"), flow.get("targetRef")
    points = drawing.lines[id_]
    found = []
    if not touches(points[0], drawing.boxes[source], nodes[source]):
        found.append(f"{id_} does not start at the border of {source}")
    if not touches(points[-1], drawing.boxes[target], nodes[target]):
        found.append(f"{id_} does not end at the border of {target}")
    found += [
        f"{id_} is crooked at {a}" for a, b in pairwise(points) if a[0] != b[0] and a[1] != b[1]
    ]
    around = _around(nodes[source]) | _around(nodes[target])
    if kind(nodes[source]) == "boundaryEvent":
        around.discard(source)
    for other, box in drawing.boxes.items():
        if other in nodes and other not in around:
            inner = Box(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1)
            if any(inner.crossed_by(a, b) for a, b in pairwise(points)):
                found.append(f"{id_} runs through {other}")
    return found


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def touches(point: Point, box: Box, node) -> bool:
    """On the border; of diamonds and circles the four tips."""
    if kind(node).endswith(("Gateway", "Event")):
        x, y = box.centre
        tips = [(box.x, y), (box.right, y), (x, box.y), (x, box.bottom)]
        return any(abs(point[0] - a) < 0.6 and abs(point[1] - b) < 0.6 for a, b in tips)
    return _on_border(point, box)


def _on_border(point: Point, box: Box) -> bool:
    x, y = point
    beside = any(abs(x - side) < 0.6 for side in (box.x, box.right))
    over = any(abs(y - side) < 0.6 for side in (box.y, box.bottom))
    within = box.x - 0.6 <= x <= box.right + 0.6 and box.y - 0.6 <= y <= box.bottom + 0.6
    return within and (beside or over)
