"""The drawing (BPMN DI): every shape draws something that is there, with a size and a place."""

import math
from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import local_name
from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import CHOREOGRAPHY_KINDS, SUB_PROCESS_KINDS, Model

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"

UNBOUND = Constraint(
    "std-shape-of-nothing",
    Severity.WARNING,
    "Một {shape} ({id}) không nói vẽ phần tử nào (bpmnElement). Vẽ lại hoặc xóa đi.",
    "A {shape} ({id}) does not say what it draws (bpmnElement). Draw it again or remove it.",
    "12.2.3",
)
UNKNOWN = Constraint(
    "std-shape-unknown-element",
    Severity.WARNING,
    "Một {shape} ({id}) vẽ “{drawn}”, nhưng không có phần tử đó. Xóa hình vẽ.",
    "A {shape} ({id}) draws '{drawn}', which does not exist. Remove it from the drawing.",
    "12.2.3",
)
LINE_AS_SHAPE = Constraint(
    "std-shape-of-a-line",
    Severity.WARNING,
    "{drawn} là đường nối nhưng được vẽ bằng hình (BPMNShape). Vẽ lại thành đường.",
    "{drawn} is a connection but drawn as a BPMNShape. Draw it as an edge.",
    "12.2.3",
)
NODE_AS_LINE = Constraint(
    "std-edge-of-a-node",
    Severity.WARNING,
    "{drawn} không phải đường nối nhưng được vẽ bằng đường (BPMNEdge). Vẽ lại thành hình.",
    "{drawn} is no connection but drawn as a BPMNEdge. Draw it as a shape.",
    "12.2.3",
)
BOUNDS = Constraint(
    "std-shape-bounds",
    Severity.WARNING,
    "Hình vẽ của {drawn} không có khung hợp lệ (Bounds). Vẽ lại.",
    "The shape of {drawn} has no usable Bounds. Draw it again.",
    "12.2.3",
)
WAYPOINTS = Constraint(
    "std-edge-waypoints",
    Severity.WARNING,
    "Đường vẽ của {drawn} có {count} điểm hợp lệ; cần ít nhất hai. Vẽ lại.",
    "The edge of {drawn} has {count} usable waypoints; it needs at least two. Draw it again.",
    "12.2.3",
)
TWICE = Constraint(
    "std-shape-twice",
    Severity.WARNING,
    "{drawn} được vẽ nhiều lần trong cùng một bản vẽ. Chỉ giữ một hình.",
    "{drawn} is drawn several times in one drawing. Keep one shape.",
    "12.2.3",
)
EDGE_END = Constraint(
    "std-edge-end",
    Severity.WARNING,
    "Đường vẽ của {drawn} có {attribute} là “{reference}”, không phải một hình vẽ. Vẽ lại.",
    "The edge of {drawn} names '{reference}' as its {attribute}, which is no shape. Draw it again.",
    "12.2.3",
)
PLANE = Constraint(
    "std-plane-element",
    Severity.WARNING,
    "Bản vẽ “{plane}” vẽ {drawn}, nhưng một bản vẽ chỉ vẽ quy trình, quy trình con, sơ đồ cộng "
    "tác hoặc biên đạo.",
    "The drawing '{plane}' is of {drawn}, but drawings are of processes, sub-processes, "
    "collaborations or choreographies.",
    "12.2.3",
)
MARK = Constraint(
    "std-shape-mark",
    Severity.WARNING,
    "Hình vẽ của {drawn} có {attribute}, không dùng cho loại phần tử này. Bỏ thuộc tính đó.",
    "The shape of {drawn} states {attribute}, which is not for elements of its kind. Remove it.",
    "12.2.3",
)
LABEL_STYLE = Constraint(
    "std-label-style",
    Severity.WARNING,
    "Nhãn của {drawn} dùng kiểu chữ “{reference}” không có trong tệp. Chọn lại kiểu chữ.",
    "The label of {drawn} uses the style '{reference}', which is not in the file. Choose again.",
    "12.2.3",
)
RULES = (
    *(UNBOUND, UNKNOWN, LINE_AS_SHAPE, NODE_AS_LINE, BOUNDS, WAYPOINTS, TWICE),
    *(EDGE_END, PLANE, MARK, LABEL_STYLE),
)

_LINES = frozenset(
    {
        *("sequenceFlow", "messageFlow", "association", "conversationLink"),
        *("dataInputAssociation", "dataOutputAssociation", "messageFlowAssociation"),
    }
)
_PLANES = frozenset(
    {
        *("process", "collaboration", "choreography", "globalConversation", "subChoreography"),
        *SUB_PROCESS_KINDS,
        *("subConversation", "globalChoreographyTask", "globalTask", "callActivity"),
    }
)
# attribute -> kinds of elements that have such a mark
_MARKS = {
    "isMarkerVisible": frozenset({"exclusiveGateway"}),
    "isHorizontal": frozenset({"participant", "lane"}),
    "isExpanded": SUB_PROCESS_KINDS
    | CHOREOGRAPHY_KINDS
    | {"callActivity", "participant", "subConversation"},
}
_ENOUGH = 2
_BARE = 2  # attributes: its own id and what it draws
_SHAPE, _EDGE = f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge"
_BOUNDS, _WAYPOINT, _LABEL = f"{{{DC}}}Bounds", f"{{{DD}}}waypoint", f"{{{DI}}}BPMNLabel"
_NAMED = (_SHAPE, _EDGE, f"{{{DI}}}BPMNLabelStyle")


def judge_interchange(model: Model) -> Iterator[Finding]:
    """Findings about planes, shapes and edges (12.2.3)."""
    known = frozenset(each.get("id", "") for each in model.root.iter(*_NAMED))
    for plane in model.root.iter(f"{{{DI}}}BPMNPlane"):
        yield from _plane(model, plane)
        seen: set[Element] = set()
        for drawn in plane.iterchildren(_SHAPE, _EDGE):
            element = model.resolve(drawn.get("bpmnElement", ""))
            if element is None:
                yield from _unresolved(model, drawn)
                continue
            if element in seen and model.kind[element] != "participant":
                yield TWICE.at(model.id_of(element), drawn=model.words(element))
            seen.add(element)
            judge = _shape if drawn.tag == _SHAPE else _edge
            yield from judge(model, drawn, element)
            if len(drawn) > 1 or len(drawn.attrib) > _BARE:
                yield from _names(model, drawn, element, known)


def _plane(model: Model, plane: Element) -> Iterator[Finding]:
    text = plane.get("bpmnElement", "")
    element = model.resolve(text)
    if element is None:
        yield from _unresolved(model, plane)
    elif model.kind[element] not in _PLANES:
        facts = {"plane": plane.get("id", "–"), "drawn": model.words(element)}
        yield PLANE.at(model.id_of(element), **facts)


def _unresolved(model: Model, drawn: Element) -> Iterator[Finding]:
    text = drawn.get("bpmnElement", "").strip()
    facts = {"shape": local_name(drawn), "id": drawn.get("id", "–")}
    if not text:
        yield UNBOUND.at(drawn.get("id"), **facts)
    elif not model.is_foreign(drawn, text):
        yield UNKNOWN.at(drawn.get("id"), drawn=text, **facts)


def _shape(model: Model, shape: Element, element: Element) -> Iterator[Finding]:
    kind = model.kind[element]
    if kind in _LINES:
        yield LINE_AS_SHAPE.at(model.id_of(element), drawn=model.words(element))
    bounds = next(shape.iterchildren(_BOUNDS), None)
    if bounds is None or not _is_a_frame(bounds):
        yield BOUNDS.at(model.id_of(element), drawn=model.words(element))
    for attribute, kinds in _MARKS.items():
        if kind not in kinds and shape.get(attribute) == "true":
            facts = {"drawn": model.words(element), "attribute": attribute}
            yield MARK.at(model.id_of(element), **facts)


def _is_a_frame(bounds: Element) -> bool:
    try:
        width, height = float(bounds.get("width", "")), float(bounds.get("height", ""))
    except ValueError:
        return False
    return width >= 0 and height >= 0 and math.isfinite(width + height) and _is_a_point(bounds)


def _is_a_point(point: Element) -> bool:
    try:
        return math.isfinite(float(point.get("x", "")) + float(point.get("y", "")))
    except ValueError:
        return False


def _edge(model: Model, edge: Element, element: Element) -> Iterator[Finding]:
    if model.kind[element] not in _LINES:
        yield NODE_AS_LINE.at(model.id_of(element), drawn=model.words(element))
    count = sum(_is_a_point(point) for point in edge.iterchildren(_WAYPOINT))
    if count < _ENOUGH:
        yield WAYPOINTS.at(model.id_of(element), drawn=model.words(element), count=count)


def _names(
    model: Model, drawn: Element, element: Element, known: frozenset[str]
) -> Iterator[Finding]:
    """What a shape or an edge names of the drawing itself."""
    for attribute in ("sourceElement", "targetElement"):
        text = drawn.get(attribute, "").strip()
        if text and text.rpartition(":")[2] not in known:
            facts = {"drawn": model.words(element), "attribute": attribute, "reference": text}
            yield EDGE_END.at(model.id_of(element), **facts)
    label = next(drawn.iterchildren(_LABEL), None)
    style = label.get("labelStyle", "").strip() if label is not None else ""
    if style and style.rpartition(":")[2] not in known:
        facts = {"drawn": model.words(element), "reference": style}
        yield LABEL_STYLE.at(model.id_of(element), **facts)
