"""Ids: everything that runs needs one of its own, made of plain characters."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import BPMN, FLOW_NODES, Document, bpmn, local_name, namespace
from processes.drawing import flow_elements, running_process
from processes.finding import Finding, Severity
from processes.rule import Rule, listed

DUPLICATE = Rule(
    "no-duplicate-ids",
    Severity.ERROR,
    "Mã (id) “{id}” được dùng cho nhiều phần tử: {tags}. Đặt mã riêng cho từng phần tử.",
    "The id '{id}' is used by several elements: {tags}. Give each an id of its own.",
)
DUPLICATE_SHAPE = Rule(
    "no-duplicate-diagram-ids",
    Severity.WARNING,
    "Mã (id) “{id}” của hình vẽ bị trùng: {tags}. Công cụ vẽ có thể hiển thị sai.",
    "The id '{id}' of a shape is used twice: {tags}. Drawing tools may show it wrongly.",
)
MISSING = Rule(
    "qt-id-missing",
    Severity.ERROR,
    "Có phần tử {tag} (“{name}”) chưa có mã (id). Lưu lại sơ đồ bằng công cụ vẽ BPMN.",
    "A {tag} ('{name}') has no id. Save the diagram again with a BPMN tool.",
)
INVALID = Rule(
    "qt-id-invalid",
    Severity.ERROR,
    "Mã (id) “{id}” của {tag} có ký tự không dùng được. Chỉ dùng chữ, số và các dấu _ - . : "
    "không có khoảng trắng.",
    "The id '{id}' of a {tag} holds characters that cannot be used. Use letters, digits and "
    "_ - . : without spaces.",
)
RULES = (DUPLICATE, DUPLICATE_SHAPE, MISSING, INVALID)

_DRAWING = ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DI")
_PLAIN = re.compile(r"[\w.\-:{}]+")


def judge_ids(document: Document) -> Iterator[Finding]:
    """Findings about ids that are missing, repeated or unusable."""
    yield from _duplicates(document)
    process = running_process(document)
    if process is None:
        return
    yield from _usable(process)
    for element, _ in flow_elements(process):
        if local_name(element) in FLOW_NODES or local_name(element) == "sequenceFlow":
            yield from _usable(element)
    for lane in process.iter(bpmn("lane")):
        yield from _usable(lane)


def _usable(element: Element) -> Iterator[Finding]:
    element_id = element.get("id", "")
    tag = local_name(element)
    if not element_id.strip():
        yield MISSING.at(None, tag=tag, name=element.get("name", ""))
    elif not _PLAIN.fullmatch(element_id):
        yield INVALID.at(element_id, tag=tag, id=element_id)


def _duplicates(document: Document) -> Iterator[Finding]:
    """The standard's ids are unique in the file; those inside extensions are their owners'."""
    carriers: dict[str, list[Element]] = {}
    for element in document.root.iter(f"{{{BPMN}}}*", *(f"{{{ns}}}*" for ns in _DRAWING)):
        if element_id := element.get("id"):
            carriers.setdefault(element_id, []).append(element)
    for element_id, elements in carriers.items():
        if len(elements) > 1:
            modelled = sum(namespace(element) == BPMN for element in elements)
            rule = DUPLICATE if modelled > 1 else DUPLICATE_SHAPE
            tags = listed([local_name(element) for element in elements])
            yield rule.at(element_id, id=element_id, tags=tags)
