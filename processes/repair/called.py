"""Call activities: the called process drawn in, or a step where the file does not hold it."""

from collections.abc import Iterator
from copy import deepcopy
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.document import BPMN, FLOW_NODES, MAX_ELEMENTS, MAX_FLOW_NODES, local_name
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of, quoted, shown, words_of
from processes.repair.workpiece import Workpiece

EMBEDDED = Kind(
    "call.embedded",
    "{node} gọi quy trình {called} của tệp này; hệ thống không gọi quy trình khác. Chép các bước "
    "của quy trình đó vào đây thành quy trình con.",
    "{node} calls the process {called} of this file; processes do not call each other here. Its "
    "steps are copied in as a sub-process.",
    answers=("support.callActivity",),
)
STEP = Kind(
    "call.person",
    "{node} gọi một quy trình mà tệp không có các bước ({called}). Đổi thành bước của người thực "
    "hiện: làm theo quy trình kia rồi xác nhận hoàn thành.",
    "{node} calls a process whose steps the file does not hold ({called}). It becomes a person's "
    "step: somebody follows that process and completes the step.",
    answers=("support.callActivity",),
)
KINDS = (EMBEDDED, STEP)

_COPIED = FLOW_NODES | {
    *("sequenceFlow", "laneSet", "textAnnotation", "association", "group"),
    *("dataObject", "dataObjectReference", "dataStoreReference"),
}


def draw_calls_in(piece: Workpiece) -> Iterator[Change]:
    """Each call activity becomes a sub-process or a step."""
    for node in piece.of_kind(NodeKind.CALL_ACTIVITY):
        if not piece.refuses(node, NodeKind.CALL_ACTIVITY):
            continue
        called = node.get("calledElement", "").strip().rpartition(":")[2]
        found = next((e for e in piece.root if called and e.get("id") == called), None)
        if found is not None and _can_be_embedded(piece, found):
            facts = {"node": words_of(node), "called": quoted(found)}
            after = f"subProcess {quoted(node)}"
            repair = EMBEDDED.of(node.get("id"), f"{shown(node)} → {called}", after, **facts)
            yield Change(repair, partial(_embed, piece, node, found))
            continue
        facts = {"node": words_of(node), "called": called or "–"}
        before = f"{shown(node)} → {called or '–'}"
        repair = STEP.of(node.get("id"), before, f"userTask {quoted(node)}", **facts)
        yield Change(repair, partial(_to_step, piece, node, found, called))


def _can_be_embedded(piece: Workpiece, found: Element) -> bool:
    """A process with work in it that does not call on, not even itself."""
    nodes = list(found.iter(*(f"{{{BPMN}}}{name}" for name in sorted(FLOW_NODES))))
    calls = any(local_name(node) == NodeKind.CALL_ACTIVITY for node in nodes)
    size = int(found.xpath("count(.//*)"))
    fits = len(piece.nodes) + len(nodes) <= MAX_FLOW_NODES and piece.size + size <= MAX_ELEMENTS
    return local_name(found) == "process" and bool(nodes) and not calls and fits


def _to_step(piece: Workpiece, node: Element, found: Element | None, called: str) -> None:
    if not name_of(node) and found is not None and name_of(found):
        node.set("name", name_of(found))
    if called:
        piece.say(node, f"Làm theo quy trình: {called}")
    piece.change_kind(node, "userTask", "calledElement")


def _embed(piece: Workpiece, node: Element, found: Element) -> None:
    piece.size += int(found.xpath("count(.//*)"))
    parts = [deepcopy(e) for e in found.iterchildren(f"{{{BPMN}}}*") if local_name(e) in _COPIED]
    if not name_of(node) and name_of(found):
        node.set("name", name_of(found))
    new_ids = {
        str(old): piece.new_id(f"{node.get('id')}_{old}")
        for part in parts
        for old in part.xpath("descendant-or-self::*/@id")
    }
    for part in parts:
        part.tail = None
        _rename(part, new_ids)
        node.append(part)
    piece.change_kind(node, "subProcess", "calledElement")
    for shape in piece.shapes(node.get("id", "")):
        shape.set("isExpanded", "false")
    piece.changed_outside()


def _rename(part: Element, new_ids: dict[str, str]) -> None:
    for element in part.iter(f"{{{BPMN}}}*"):
        for attribute, value in element.attrib.items():
            if attribute != "name" and value in new_ids:
                element.set(attribute, new_ids[value])
        text = (element.text or "").strip()
        if not len(element) and text in new_ids and local_name(element) in _TEXT_REFERENCES:
            element.text = new_ids[text]


_TEXT_REFERENCES = frozenset({"incoming", "outgoing", "flowNodeRef", "sourceRef", "targetRef"})
