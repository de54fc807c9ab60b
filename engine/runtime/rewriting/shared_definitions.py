"""Event definitions that stand once in the file are put where they are referred to."""

from copy import deepcopy

from lxml import etree

from processes.document import bpmn, local_name

_REFERENCE = bpmn("eventDefinitionRef")


def put_in_place(process: etree._Element, definitions: etree._Element) -> None:
    """Replace each reference by a copy of what it names; one that names nothing is left."""
    references = list(process.iter(_REFERENCE))
    if not references:
        return
    shared = {
        element.get("id"): element
        for element in definitions.iterchildren(etree.Element)
        if local_name(element).endswith("EventDefinition")
    }
    for reference in references:
        named = shared.get(unqualified(reference.text))
        parent = reference.getparent()
        if named is None or parent is None:
            continue
        copy = deepcopy(named)
        copy.tail = None
        parent.replace(reference, copy)


def unqualified(reference: str | None) -> str:
    """The id in a reference, without the prefix that some tools write."""
    return (reference or "").strip().rpartition(":")[2]
