"""What other tools wrote in an element that goes: it moves to the element that stays."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import BPMN, QT, bpmn, local_name, namespace
from processes.layout.names import add_element

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FIRST = (
    *("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef"),
    *("incoming", "outgoing", "property", "laneSet"),
)
"""Children that stand before all others by the schema, in order."""


def is_foreign(name: str) -> bool:
    """Whether a tag or attribute as lxml writes it belongs to another tool."""
    space = name[1:].partition("}")[0] if name.startswith("{") else ""
    return space not in ("", BPMN, QT, XSI)


def bequeath(element: Element, heir: Element) -> None:
    """Give everything foreign in an element to its heir.

    An attribute that the heir has with another value is written into its documentation.
    """
    for part in list(_foreign_parts(element)):
        kept = heir.find(bpmn("extensionElements"))
        if kept is None:
            kept = insert_in_order(heir, bpmn("extensionElements"))
        kept.append(part)
    for part in (element, *element.iterdescendants(f"{{{BPMN}}}*")):
        for name, value in part.attrib.items():
            if is_foreign(str(name)):
                _bequeath_attribute(part, str(name), value, heir)


def _bequeath_attribute(part: Element, name: str, value: str, heir: Element) -> None:
    if heir.get(name) is None:
        heir.set(name, value)
    elif heir.get(name) != value:
        space, local = name[1:].split("}")
        prefix = next((p for p, bound in part.nsmap.items() if bound == space and p), "")
        say(heir, f"{prefix}:{local}={value} ({local_name(part)})")


def say(owner: Element, text: str) -> None:
    """Add to the element's documentation, once."""
    stated = owner.iterchildren(bpmn("documentation"))
    if text and all("".join(each.itertext()).strip() != text.strip() for each in stated):
        insert_in_order(owner, bpmn("documentation")).text = text


def insert_in_order(owner: Element, tag: str) -> Element:
    """A new child where the schema wants it: documentation, extensions, flows, then the rest."""
    child = add_element(owner, tag)
    rank = _FIRST.index(local_name(child))
    before = [
        other
        for other in owner.iterchildren(f"{{{BPMN}}}*")
        if other is not child
        and local_name(other) in _FIRST
        and _FIRST.index(local_name(other)) <= rank
    ]
    if before:
        before[-1].addnext(child)
    else:
        owner.insert(0, child)
    return child


def _foreign_parts(element: Element) -> Iterator[Element]:
    """The outermost elements of other tools in an element."""
    waiting = list(element)
    while waiting:
        part = waiting.pop(0)
        if namespace(part) in (BPMN, QT):
            waiting = [*part, *waiting]
        else:
            yield part
