"""Compensation: the boundary event and its association become a mark on the step that undoes."""

from lxml import etree

from processes.document import BPMN, bpmn
from processes.drawing import truth

UNDOES, BORDER = "undoes", "border"


def mark_undoing(process: etree._Element) -> None:
    """Mark each handler with the activity that it undoes; drop the boundary events themselves."""
    by_id = {element.get("id"): element for element in process.iter(f"{{{BPMN}}}*")}
    joined: dict[str, list[str]] = {}
    for association in process.iter(bpmn("association")):
        one, other = association.get("sourceRef", ""), association.get("targetRef", "")
        joined.setdefault(one, []).append(other)
        joined.setdefault(other, []).append(one)
    for event in list(process.iter(bpmn("boundaryEvent"))):
        if event.find(bpmn("compensateEventDefinition")) is None:
            continue
        border = event.get("id", "")
        for other in joined.get(border, ()):
            handler = by_id.get(other)
            if handler is not None and truth(handler.get("isForCompensation")):
                handler.set(UNDOES, event.get("attachedToRef", ""))
                handler.set(BORDER, border)
        parent = event.getparent()
        if parent is not None:
            parent.remove(event)
