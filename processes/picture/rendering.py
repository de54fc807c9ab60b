"""From BPMN and its DI to SVG: what is drawn, in which order, with which marks."""

import copy
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from processes.layout.drawing import draw
from processes.layout.geometry import Box, Point
from processes.layout.lettering import LABEL_LETTERS, label_size
from processes.layout.names import (
    ACTIVITIES,
    BPMNDI,
    CONTAINERS,
    DC,
    DI,
    EVENTS,
    GATEWAYS,
    kind,
    local,
    text_of,
)
from processes.picture import symbols
from processes.picture.canvas import (
    PAPER,
    circle,
    group,
    new_picture,
    polygon,
    polyline,
    rect,
    words,
)

_FURTHEST = 1e6  # px; a coordinate beyond is a mistake or an attack
_MARGIN = 12.0
_HEAD = 30.0
_CLASS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}")
_BENEATH = ("participant", "lane")
_FILLS = {
    "heat-0": "#fff7bc",
    "heat-1": "#fee391",
    "heat-2": "#fec44f",
    "heat-3": "#fe9929",
    "heat-4": "#ec7014",
    "heat-5": "#cc4c02",
    "done": "#e6ebf0",
    "current": "#d6e6ff",
    "late": "#ffe1de",
    "error": "#ffe1de",
    "warning": "#fff1cc",
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """An element of the model with its place in the diagram."""

    element: _Element
    kind: str
    box: Box | None
    points: tuple[Point, ...]
    label: Box | None
    level: bool
    collapsed: bool
    crossed: bool
    source: _Element | None


def svg(definitions: _Element, marks: Mapping[str, str] | None = None, title: str = "") -> str:
    """The first diagram of the file as one SVG element, without scripts, styles or links.

    marks: element id -> CSS classes, one or more, such as "late" or "heat-3 current"; they are
        set on the element's group, and the known ones (done, current, late, error, warning,
        heat-0 to heat-5) also colour it where no style sheet is at hand.
    title: read out by screen readers; without it the name of the process is taken.
    A file without a diagram is drawn by `processes.layout` first; the file is not changed.
    """
    tree = definitions
    if tree.find(f"{{{BPMNDI}}}BPMNDiagram") is None:
        tree = copy.deepcopy(definitions)
        draw(tree)
    drawn = _read(tree)
    root = new_picture(_frame(drawn), title or _title(tree))
    for item in sorted(drawn, key=_depth):
        _render(root, item, _classes((marks or {}).get(item.element.get("id", ""), "")))
    return etree.tostring(root, encoding="unicode")


def _title(tree: _Element) -> str:
    names = [e.get("name", "") for e in tree if kind(e) in ("process", "collaboration")]
    return next((name for name in names if name), "")


def _classes(text: str) -> str:
    return " ".join(word for word in text.split() if _CLASS.fullmatch(word))


def _read(tree: _Element) -> list[_Drawn]:
    diagram = tree.find(f"{{{BPMNDI}}}BPMNDiagram")
    model: dict[str, _Element] = {}
    for element in tree.iter():
        if kind(element) and element.get("id"):
            model.setdefault(element.get("id", ""), element)
    drawn: list[_Drawn] = []
    if diagram is None:
        return drawn
    for di in diagram.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        element = model.get(local(di.get("bpmnElement")), di)
        points = _way(di)
        box = _bounds(di)
        if element is di or (box is None and len(points) < 2):  # noqa: PLR2004
            continue
        name = kind(element)
        label = di.find(f"{{{BPMNDI}}}BPMNLabel")
        collapsed = name in CONTAINERS and di.get("isExpanded", "true") == "false"
        drawn.append(
            _Drawn(
                element,
                name,
                box,
                points,
                None if label is None else _bounds(label),
                di.get("isHorizontal", "true") == "true",
                collapsed,
                di.get("isMarkerVisible", "true") == "true",
                model.get(local(element.get("sourceRef"))),
            )
        )
    return drawn


def _bounds(di: _Element) -> Box | None:
    found = di.find(f"{{{DC}}}Bounds")
    if found is None:
        return None
    values = [_length(found.get(name)) for name in ("x", "y", "width", "height")]
    x, y, width, height = values
    if x is None or y is None or width is None or height is None or min(width, height) < 0:
        return None
    return Box(x, y, width, height)


def _way(di: _Element) -> tuple[Point, ...]:
    points = []
    for point in di.iterchildren(f"{{{DI}}}waypoint"):
        x, y = _length(point.get("x")), _length(point.get("y"))
        if x is not None and y is not None:
            points.append((x, y))
    return tuple(points)


def _length(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= _FURTHEST else None


def _frame(drawn: list[_Drawn]) -> Box:
    boxes = [box for item in drawn for box in (item.box, item.label) if box is not None]
    points = [point for item in drawn for point in item.points]
    xs = [x for box in boxes for x in (box.x, box.right)] + [x for x, _ in points] or [0.0, 100.0]
    ys = [y for box in boxes for y in (box.y, box.bottom)] + [y for _, y in points] or [0.0, 60.0]
    # labels without bounds of their own stand below their shapes
    low = max(ys) + (30 if any(i.box and not i.label and i.kind in EVENTS for i in drawn) else 0)
    x, y = min(xs) - _MARGIN, min(ys) - _MARGIN
    return Box(x, y, max(xs) - x + _MARGIN, low - y + _MARGIN)


def _depth(item: _Drawn) -> int:
    """What lies below is drawn first: pools, containers by depth, lines, other shapes."""
    if item.kind in _BENEATH:
        return 0 if item.kind == "participant" else 1
    depth = sum(1 for _ in item.element.iterancestors())
    if item.kind in CONTAINERS or item.kind == "group":
        return 2 + 3 * depth
    if item.box is None:
        return 3 + 3 * depth
    return 4 + 3 * depth


def _render(root: _Element, item: _Drawn, marks: str) -> None:
    base = "bpmn-edge" if item.box is None else "bpmn-shape"
    made = group(root, f"{base} bpmn-{item.kind} {marks}".strip(), item.element.get("id", ""))
    fill = next((_FILLS[word] for word in marks.split() if word in _FILLS), None)
    if fill is not None and item.box is not None:
        made.set("fill", fill)
    if item.box is None:
        _edge(made, item)
    elif item.kind in _BENEATH:
        _level(made, item, item.box)
    elif item.kind in EVENTS:
        _event(made, item, item.box)
    elif item.kind in GATEWAYS:
        symbols.gateway(made, item.box, item.kind, crossed=item.crossed)
        _label(made, item, item.box)
    elif item.kind in ACTIVITIES | CONTAINERS:
        _activity(made, item, item.box)
    else:
        _other(made, item, item.box)


def _level(made: _Element, item: _Drawn, box: Box) -> None:
    rect(made, box, fill="none" if item.kind == "lane" else PAPER, stroke_width="1.2")
    name = item.element.get("name", "")
    deep = item.kind == "lane" and not any(kind(e) == "childLaneSet" for e in item.element)
    black_box = item.kind == "participant" and not item.element.get("processRef")
    if black_box:
        words(made, name, box)
    elif item.level:
        strip = Box(box.x, box.y, _HEAD, box.height)
        if not deep:
            polyline(made, [(strip.right, box.y), (strip.right, box.bottom)], stroke_width="1.2")
        words(made, name, strip, upright=True)
    else:
        words(made, name, Box(box.x, box.y + 6, box.width, _HEAD), top=True)


def _event(made: _Element, item: _Drawn, box: Box) -> None:
    signs = [kind(e) for e in item.element if kind(e).endswith("EventDefinition")]
    sign = signs[0] if len(signs) == 1 else ""
    if len(signs) > 1:
        together = item.element.get("parallelMultiple") == "true"
        sign = "parallelMultiple" if together else "multiple"
    whether = item.element.get(
        "cancelActivity" if item.kind == "boundaryEvent" else "isInterrupting"
    )
    symbols.event(made, box, item.kind, sign, interrupting=whether != "false")
    _label(made, item, box)


def _activity(made: _Element, item: _Drawn, box: Box) -> None:
    element = item.element
    thick = {"stroke_width": "4"} if item.kind == "callActivity" else {}
    if element.get("triggeredByEvent") == "true":
        thick = {"stroke_dasharray": "2 4"}
    rect(made, box, 10.0, **thick)
    if item.kind == "transaction":
        rect(made, Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6), 8.0)
    symbols.task_sign(made, box, item.kind)
    open_ = item.kind in CONTAINERS and not item.collapsed
    inside = Box(box.x + 7, box.y + 7, max(box.width - 14, 10), box.height - 14)
    words(made, element.get("name", ""), inside, top=open_)
    symbols.markers(made, box, _markers(item))


def _markers(item: _Drawn) -> list[str]:
    names = []
    if item.collapsed:
        names.append("collapsed")
    for child in item.element:
        name = kind(child)
        if name == "standardLoopCharacteristics":
            names.append("loop")
        elif name == "multiInstanceLoopCharacteristics":
            names.append("sequential" if child.get("isSequential") == "true" else "parallel")
    if item.element.get("isForCompensation") == "true":
        names.append("compensation")
    if item.kind == "adHocSubProcess":
        names.append("adHoc")
    return names


def _other(made: _Element, item: _Drawn, box: Box) -> None:
    if item.kind == "textAnnotation":
        symbols.annotation(made, box)
        words(made, text_of(item.element, "text"), Box(box.x + 5, box.y, box.width - 5, box.height))
    elif item.kind == "group":
        rect(made, box, 10.0, fill="none", stroke_dasharray="8 4 1 4")
    elif item.kind in ("dataStoreReference", "dataStore"):
        symbols.data_store(made, box)
        _label(made, item, box)
    elif item.kind in ("dataObjectReference", "dataObject", "dataInput", "dataOutput"):
        symbols.data_object(made, box)
        _label(made, item, box)
    else:
        rect(made, box, 4.0)
        words(made, item.element.get("name", ""), box)


def _label(made: _Element, item: _Drawn, box: Box) -> None:
    name = item.element.get("name", "")
    if not name.strip():
        return
    width, height = label_size(name)
    place = item.label
    if place is None or place.width < 1:
        place = Box(box.centre[0] - width / 2, box.bottom + 4, width, height)
    room = max(place.width, width) + 4
    words(
        made,
        name,
        Box(place.centre[0] - room / 2, place.y, room, place.height),
        letters=LABEL_LETTERS,
        top=True,
    )


def _edge(made: _Element, item: _Drawn) -> None:
    points, element = item.points, item.element
    if item.kind == "messageFlow":
        polyline(made, points, stroke_dasharray="8 6")
        circle(made, points[0], 3.5)
        symbols.arrow(made, points[-2], points[-1], filled=False)
    elif item.kind == "association":
        polyline(made, points, stroke_dasharray="1.5 4", stroke_linecap="round")
    elif item.kind in ("dataInputAssociation", "dataOutputAssociation"):
        polyline(made, points, stroke_dasharray="1.5 4", stroke_linecap="round")
        symbols.arrow(made, points[-2], points[-1])
    else:
        polyline(made, points)
        symbols.arrow(made, points[-2], points[-1])
        _start_sign(made, item)
    if item.label is not None and element.get("name"):
        place = item.label
        wide = Box(place.x - 2, place.y, place.width + 4, place.height)
        words(made, element.get("name", ""), wide, letters=LABEL_LETTERS, top=True)
    elif element.get("name"):
        _middle_label(made, element.get("name", ""), points)


def _start_sign(made: _Element, item: _Drawn) -> None:
    """The slash of a default flow, the small diamond of a condition on an activity's flow."""
    owner = item.source
    if owner is None:
        return
    (ax, ay), (bx, by) = item.points[0], item.points[1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
    ux, uy = (bx - ax) / length, (by - ay) / length
    if local(owner.get("default")) == item.element.get("id"):
        x, y = ax + 10 * ux, ay + 10 * uy
        polyline(
            made,
            [
                (x - 4 * ux - 5 * uy, y - 4 * uy + 5 * ux),
                (x + 4 * ux + 5 * uy, y + 4 * uy - 5 * ux),
            ],
        )
    elif kind(owner) not in GATEWAYS and any(
        kind(child) == "conditionExpression" for child in item.element
    ):
        tip = (ax + 16 * ux, ay + 16 * uy)
        left = (ax + 8 * ux - 5 * uy, ay + 8 * uy + 5 * ux)
        right = (ax + 8 * ux + 5 * uy, ay + 8 * uy - 5 * ux)
        polygon(made, [(ax, ay), left, tip, right])


def _middle_label(made: _Element, name: str, points: tuple[Point, ...]) -> None:
    (ax, ay), (bx, by) = points[(len(points) - 1) // 2 : (len(points) - 1) // 2 + 2]
    width, height = label_size(name)
    box = Box((ax + bx - width) / 2, (ay + by) / 2 - height - 2, width + 4, height)
    words(made, name, box, letters=LABEL_LETTERS, top=True)
