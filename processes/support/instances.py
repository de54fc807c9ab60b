"""What a multi-instance marker states: for what, how many, how long; in BPMN or another dialect."""

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from processes.dialects.names import engine_attributes, engine_elements
from processes.document import BPMN, Document, bpmn

_MARKERS = (bpmn("standardLoopCharacteristics"), bpmn("multiInstanceLoopCharacteristics"))
LOOP_COUNTER = "loopCounter"  # which instance or round it is, from 1: a name of the standard


@dataclass(frozen=True, slots=True)
class Instances:
    """FEEL texts, None where not stated.

    number: how many; collection: for each of what; item: the name of one of it, for conditions;
    completion: when the rest is dropped; sequential: one after the other.
    """

    number: str | None
    collection: str | None
    item: str | None
    completion: str | None
    sequential: bool


def read_instances(multiple: Element, activity: Element) -> Instances:
    """Read a multiInstanceLoopCharacteristics of an activity; expressions are not judged here."""
    return Instances(
        number=_feel(_text(multiple, "loopCardinality")),
        collection=_collection(multiple, activity),
        item=_item(multiple),
        completion=_feel(_text(multiple, "completionCondition")),
        sequential=multiple.get("isSequential", "").strip() in ("true", "1"),
    )


def names_of_instances(document: Document) -> dict[str, frozenset[str]]:
    """What conditions may name beside the fields: element id -> names known there.

    Only what stands in a repeated activity is done in one of its instances; the activity itself
    and the flows out of it are not.
    """
    found: dict[str, frozenset[str]] = {}
    waiting: list[tuple[Element, frozenset[str]]] = [(document.root, frozenset())]
    while waiting:
        element, names = waiting.pop()
        if names and (element_id := element.get("id")):
            found.setdefault(element_id, names)
        for tag in _MARKERS:
            for marker in element.iterchildren(tag):
                names |= {LOOP_COUNTER, _item(marker) or LOOP_COUNTER}
        waiting += ((child, names) for child in element.iterchildren(f"{{{BPMN}}}*"))
    return found


def _collection(multiple: Element, activity: Element) -> str | None:
    reference = _text(multiple, "loopDataInputRef")
    if reference is None:
        stated = _stated(multiple, "collection", "inputCollection")
        return _feel(stated)
    root = activity.getroottree().getroot()
    bare = reference.rpartition(":")[2]
    for element in root.iter(f"{{{BPMN}}}*"):
        if element.get("id") == bare:
            return element.get("name", "").strip() or bare
    return bare


def _item(multiple: Element) -> str | None:
    item = multiple.find(bpmn("inputDataItem"))
    if item is None:
        return _stated(multiple, "elementVariable", "inputElement")
    return item.get("name", "").strip() or item.get("id")


def _stated(multiple: Element, *names: str) -> str | None:
    """An attribute of another engine, on the marker or on its extension element."""
    for name in names:
        for _, value in engine_attributes(multiple, name):
            return value
        for _, element in engine_elements(multiple, "loopCharacteristics", name):
            if value := element.get(name, "").strip() or (element.text or "").strip():
                return value
    return None


def _text(element: Element, name: str) -> str | None:
    found = element.find(bpmn(name))
    text = "" if found is None else "".join(found.itertext()).strip()
    return text or None


def _feel(text: str | None) -> str | None:
    """Without the wrapping of other engines: `${x}` and `=x` are x."""
    if text is None:
        return None
    wrapped = _WRAPPED.fullmatch(text)
    return wrapped[1].strip() if wrapped else text.removeprefix("=").strip()


_WRAPPED = re.compile(r"[$#]\{([^{}]*)\}")
