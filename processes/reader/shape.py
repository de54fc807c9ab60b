"""Words of the vocabulary that do not exist or stand where nobody reads them.

A misspelt `qt:limit` would be a limit that the designer believes in and nobody enforces.
"""

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from processes.document import BPMN, QT, Document, bpmn, local_name, namespace
from processes.finding import Finding, Severity
from processes.rule import Rule, Words, listed
from processes.vocabulary import ATTRIBUTES, CHILDREN, PLACES

UNKNOWN_ELEMENT = Rule(
    "qt-unknown-element",
    Severity.ERROR,
    "Không có phần tử qt:{tag} trong {where}. Các phần tử dùng được: {known}.",
    "There is no qt:{tag} in {where}. Known elements: {known}.",
)
UNKNOWN_ATTRIBUTE = Rule(
    "qt-unknown-attribute",
    Severity.ERROR,
    "Phần tử qt:{tag} ở đây không có thuộc tính “{attribute}”. Các thuộc tính dùng được: {known}.",
    "qt:{tag} has no attribute '{attribute}' here. Known attributes: {known}.",
)
MISPLACED = Rule(
    "qt-misplaced",
    Severity.ERROR,
    "qt:{tag} không có tác dụng ở {where}. Đặt trong extensionElements của: {places}.",
    "qt:{tag} has no effect in {where}. Put it into the extensionElements of: {places}.",
)
MISPLACED_ATTRIBUTE = Rule(
    "qt-misplaced-attribute",
    Severity.ERROR,
    "Thuộc tính qt:{attribute} không có tác dụng ở {tag}. Dùng phần tử qt trong extensionElements.",
    "The attribute qt:{attribute} has no effect on {tag}. Use a qt element in extensionElements.",
)
RULES = (UNKNOWN_ELEMENT, UNKNOWN_ATTRIBUTE, MISPLACED, MISPLACED_ATTRIBUTE)


def judge_shape(document: Document) -> Iterator[Finding]:
    """Findings for every word of our namespace that is unknown or out of place."""
    for element in document.root.iter(etree.Element):
        for name in element.attrib:
            if str(name).startswith(f"{{{QT}}}"):
                word = str(name).rpartition("}")[2]
                owner = element.get("id") or _owner_id(element)
                yield MISPLACED_ATTRIBUTE.at(owner, attribute=word, tag=local_name(element))
    for element in document.root.iter(f"{{{QT}}}*"):
        parent = element.getparent()
        if parent is None:
            continue
        yield from _attributes(element, parent)
        if namespace(parent) == QT:
            known = CHILDREN.get(local_name(parent), frozenset())
            if local_name(element) not in known:
                where = Words(f"qt:{local_name(parent)}", f"qt:{local_name(parent)}")
                yield _unknown(element, where, known)
        else:
            yield from _place(element, parent)


def _place(element: Element, parent: Element) -> Iterator[Finding]:
    """An element of ours directly in someone else's element."""
    tag = local_name(element)
    if tag not in PLACES:
        if tag in ATTRIBUTES:
            places = sorted(f"qt:{outer}" for outer, inner in CHILDREN.items() if tag in inner)
            yield _misplaced(element, parent, places)
        else:
            where = Words("extensionElements", "extensionElements")
            yield _unknown(element, where, frozenset(PLACES))
        return
    owner = parent.getparent()
    holds = parent.tag == bpmn("extensionElements") and owner is not None
    if not holds or owner is None or local_name(owner) not in PLACES[tag]:
        yield _misplaced(element, owner if holds and owner is not None else parent, PLACES[tag])


def _attributes(element: Element, parent: Element) -> Iterator[Finding]:
    tag = local_name(element)
    if tag not in ATTRIBUTES:
        return
    known = set(ATTRIBUTES[tag])
    if tag == "limit" and local_name(parent) != "step":
        known.discard("case")  # the case is the one around it
    for attribute in element.attrib:
        if not str(attribute).startswith("{") and attribute not in known:
            yield UNKNOWN_ATTRIBUTE.at(
                _owner_id(element), tag=tag, attribute=attribute, known=listed(sorted(known), 20)
            )


def _unknown(element: Element, where: Words, known: frozenset[str]) -> Finding:
    return UNKNOWN_ELEMENT.at(
        _owner_id(element), tag=local_name(element), where=where, known=listed(sorted(known), 20)
    )


def _misplaced(element: Element, where: Element, places: frozenset[str] | list[str]) -> Finding:
    name = Words(local_name(where), local_name(where))
    tag = local_name(element)
    return MISPLACED.at(_owner_id(element), tag=tag, where=name, places=listed(sorted(places), 20))


def _owner_id(element: Element) -> str | None:
    """The id of the BPMN element that carries the extension."""
    for ancestor in element.iterancestors(f"{{{BPMN}}}*"):
        if ancestor.get("id"):
            return ancestor.get("id")
    return None
