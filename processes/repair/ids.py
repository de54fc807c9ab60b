"""Ids: missing ones given, unusable ones rewritten, repeated ones told apart."""

import re
from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.document import BPMN, FLOW_NODES, bpmn, local_name, namespace
from processes.drawing import flow_elements
from processes.layout.names import BPMNDI, DI
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of
from processes.repair.workpiece import Workpiece

MISSING = Kind(
    "id.missing",
    "Phần tử {tag} {name} chưa có mã (id), nên không luồng nào và không ai gọi được nó. Đặt một mã "
    "mới.",
    "A {tag} {name} has no id, so nothing can refer to it. It is given one.",
    answers=("qt-id-missing",),
)
INVALID = Kind(
    "id.invalid",
    "Mã (id) “{id}” có ký tự không dùng được. Thay bằng mã đọc được, ở mọi chỗ nhắc tới nó.",
    "The id '{id}' holds characters that cannot be used. It is rewritten wherever it is mentioned.",
    answers=("qt-id-invalid",),
)
DUPLICATE = Kind(
    "id.duplicate",
    "Mã (id) “{id}” được dùng cho nhiều phần tử. Phần tử thứ {number} ({tag} {name}) nhận mã "
    "riêng; luồng nào ghi ở phần tử đó thì nối theo.",
    "The id '{id}' is used by several elements. Number {number} ({tag} {name}) gets an id of its "
    "own; the flows listed in it follow.",
    answers=("no-duplicate-ids",),
)
KINDS = (MISSING, INVALID, DUPLICATE)

_PLAIN = re.compile(r"[\w.\-:{}]+")
_UNUSABLE = re.compile(r"[^\w.\-]+")


def give_ids(piece: Workpiece) -> Iterator[Change]:
    """Every element that runs gets a usable id of its own."""
    yield from _unusable(piece)
    yield from _repeated(piece)
    piece.changed_outside()


def _unusable(piece: Workpiece) -> Iterator[Change]:
    for number, element in enumerate(_running(piece)):
        tag, id_ = local_name(element), element.get("id", "")
        if not id_.strip():
            new = piece.new_id(f"{tag}_{number + 1}")
            repair = MISSING.of(
                None, f"{tag} id –", f"{tag} {new}", str(number), tag=tag, name=_name(element)
            )
            yield Change(repair, partial(element.set, "id", new))
        elif not _PLAIN.fullmatch(id_):
            new = piece.new_id(_UNUSABLE.sub("_", id_).strip("_") or tag)
            repair = INVALID.of(id_, id_, new, id=id_)
            yield Change(repair, partial(_rename_everywhere, piece, id_, new))


def _running(piece: Workpiece) -> Iterator[Element]:
    process = piece.process
    if process is None:
        return
    yield process
    for element, _ in list(flow_elements(process)):
        if local_name(element) in FLOW_NODES or local_name(element) == "sequenceFlow":
            yield element
    yield from list(process.iter(bpmn("lane")))


def _rename_everywhere(piece: Workpiece, old: str, new: str) -> None:
    for element in piece.root.iter(f"{{{BPMN}}}*", f"{{{BPMNDI}}}*", f"{{{DI}}}*"):
        for attribute, value in element.attrib.items():
            if value == old and attribute != "name" and not str(attribute).startswith("{"):
                element.set(attribute, new)
        if not len(element) and (element.text or "").strip() == old and _refers(element):
            element.text = new


def _refers(element: Element) -> bool:
    name = local_name(element)
    return namespace(element) == BPMN and (name.endswith("Ref") or name in ("incoming", "outgoing"))


def _repeated(piece: Workpiece) -> Iterator[Change]:
    carriers: dict[str, list[Element]] = {}
    for element in piece.root.iter(f"{{{BPMN}}}*"):
        if id_ := element.get("id"):
            carriers.setdefault(id_, []).append(element)
    for id_, elements in carriers.items():
        shapes = list(piece.shapes(id_)) if len(elements) > 1 else []
        for number, element in enumerate(elements[1:], start=2):
            new = piece.new_id(id_)
            repair = DUPLICATE.of(
                id_,
                f"{local_name(element)} {id_}",
                f"{local_name(element)} {new}",
                str(number),
                id=id_,
                number=number,
                tag=local_name(element),
                name=_name(element),
            )
            shape = shapes[number - 1] if len(shapes) >= number else None
            make = partial(_tell_apart, elements[0], element, new, shape)
            yield Change(repair, make)


def _tell_apart(first: Element, element: Element, new: str, shape: Element | None) -> None:
    """The second element of an id gets another; what is surely its own follows."""
    old = element.get("id", "")
    element.set("id", new)
    if shape is not None:
        shape.set("bpmnElement", new)
    process = next(element.iterancestors(bpmn("process")), None)
    if process is None:
        return
    if local_name(element) == "sequenceFlow":
        _follow_flow(process, first, element, old)
    elif local_name(element) in FLOW_NODES:
        _follow_node(process, first, element, old)


def _follow_node(process: Element, first: Element, node: Element, old: str) -> None:
    """Flows that only this node lists begin or end at it; so does a second mention in lanes."""
    for listed, end in (("outgoing", "sourceRef"), ("incoming", "targetRef")):
        own = _texts(node, listed) - _texts(first, listed)
        for flow in process.iter(bpmn("sequenceFlow")):
            if flow.get("id") in own and flow.get(end) == old:
                flow.set(end, node.get("id", ""))
    mentions = [r for r in process.iter(bpmn("flowNodeRef")) if (r.text or "").strip() == old]
    if len(mentions) > 1:
        mentions[1].text = node.get("id", "")


def _follow_flow(process: Element, first: Element, flow: Element, old: str) -> None:
    """The node that the flow leaves and the first does not, names it by its new id."""
    source = flow.get("sourceRef")
    if source == first.get("sourceRef"):
        return
    for node in process.iter(f"{{{BPMN}}}*"):
        if node.get("id") == source and node.get("default") == old:
            node.set("default", flow.get("id", ""))


def _texts(node: Element, tag: str) -> set[str]:
    return {(e.text or "").strip() for e in node.iterchildren(bpmn(tag))}


def _name(element: Element) -> str:
    return f"“{name}”" if (name := name_of(element)) else ""
