"""Link events: each throw is joined to the catch of the same name by a flow, as if never cut."""

from lxml import etree

from processes.document import BPMN, bpmn, local_name

_THROW, _CATCH = "intermediateThrowEvent", "intermediateCatchEvent"
_DEFINITION = bpmn("linkEventDefinition")


def join_links(container: etree._Element) -> None:
    """Join the links that stand directly in a process or sub-process; both ends stay as events.

    Pairs are found by the name of the definition, or of the event where the definition has none.
    """
    catches: dict[str, etree._Element] = {}
    throws: list[tuple[str, etree._Element]] = []
    for event in container.iterchildren(f"{{{BPMN}}}*"):
        definition = event.find(_DEFINITION)
        name = "" if definition is None else link_name(event, definition)
        if not name:
            continue
        if local_name(event) == _CATCH:
            catches.setdefault(name, event)
        elif local_name(event) == _THROW:
            throws.append((name, event))
    for name, throw in throws:
        catch = catches.get(name)
        if catch is None:
            continue  # refused at upload
        flow: etree._Element = etree.SubElement(container, bpmn("sequenceFlow"))
        flow.set("id", f"{throw.get('id')}.link")
        flow.set("sourceRef", throw.get("id", ""))
        flow.set("targetRef", catch.get("id", ""))
        _pass_at_once(throw)
    for catch in catches.values():
        _pass_at_once(catch)
        catch.tag = bpmn(_THROW)  # nothing to wait for


def link_name(event: etree._Element, definition: etree._Element) -> str:
    """By what a link is known, without the spaces around it."""
    return (definition.get("name") or event.get("name") or "").strip()


def _pass_at_once(event: etree._Element) -> None:
    for definition in event.findall(_DEFINITION):
        event.remove(definition)
