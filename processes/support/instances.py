"""What a multi-instance marker states: for what, how many, how long; in BPMN or another dialect."""

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from processes.dialects.names import engine_attributes, engine_elements
from processes.document import BPMN, Document, bpmn

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


def names_of_instances(document: Document) -> frozenset[str]:
    """What conditions may name beside the fields, where an activity of the file is repeated."""
    names: set[str] = set()
    for tag in (bpmn("standardLoopCharacteristics"), bpmn("multiInstanceLoopCharacteristics")):
        for marker in document.root.iter(tag):
            names.add(LOOP_COUNTER)
            names.add(_item(marker) or LOOP_COUNTER)
    return frozenset(names)


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
