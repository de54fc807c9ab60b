"""What each event is about, spelt out: names instead of references to messages, signals, codes."""

from lxml import etree

from engine.runtime.rewriting.shared_definitions import unqualified
from processes.document import BPMN, bpmn, local_name

ABOUT = "about"
_NAMED = {
    "messageEventDefinition": ("messageRef", "message", ("name",)),
    "signalEventDefinition": ("signalRef", "signal", ("name",)),
    "errorEventDefinition": ("errorRef", "error", ("errorCode", "name")),
    "escalationEventDefinition": ("escalationRef", "escalation", ("escalationCode", "name")),
}
_BY_CODE = frozenset({"errorEventDefinition", "escalationEventDefinition"})


def spell_out(process: etree._Element, definitions: etree._Element) -> None:
    """Write into each event definition of the process what it is about (attribute `about`).

    A message or signal without a reference is known by its event's name; an error or escalation
    without one is any of them.
    """
    for event in process.iter(f"{{{BPMN}}}*"):
        for definition in event.iterchildren(f"{{{BPMN}}}*"):
            name = local_name(definition)
            if name in _NAMED:
                definition.set(ABOUT, _name(event, definition, definitions))
            elif name == "conditionalEventDefinition":
                condition = definition.find(bpmn("condition"))
                text = "" if condition is None else "".join(condition.itertext())
                definition.set(ABOUT, text.strip())
            elif name == "compensateEventDefinition":
                definition.set(ABOUT, unqualified(definition.get("activityRef")))
        if local_name(event) in ("sendTask", "receiveTask"):
            _of_task(event, definitions)


def _of_task(task: etree._Element, definitions: etree._Element) -> None:
    """The message of a send or receive task, as a definition of its own."""
    definition: etree._Element = etree.SubElement(task, bpmn("messageEventDefinition"))
    if task.get("messageRef"):
        definition.set("messageRef", task.get("messageRef", ""))
    definition.set(ABOUT, _name(task, definition, definitions))
    definition.set("sent", "true" if local_name(task) == "sendTask" else "false")


def _name(event: etree._Element, definition: etree._Element, root: etree._Element) -> str:
    attribute, tag, names = _NAMED[local_name(definition)]
    reference = unqualified(definition.get(attribute))
    if reference:
        for element in root.iterchildren(bpmn(tag)):
            if element.get("id") == reference:
                stated = (element.get(key, "").strip() for key in names)
                return next((name for name in stated if name), reference)
        return reference
    if local_name(definition) in _BY_CODE:
        return ""
    return event.get("name", "").strip() or event.get("id", "")
