"""A process or sub-process as a piece of XML that can be redrawn: its nodes and its flows.

Ids of what is invented hold INVENTED, which `translation.inner_id` spells as a dot.
"""

from lxml import etree

from processes.diagram import ACTIVITIES, SUB_PROCESSES
from processes.document import FLOW_NODES, bpmn

INVENTED = "\ue000"  # stands in no id that XML allows
RUN = "urn:vn:quy-trinh:run"  # elements that only our own specifications run
Element = etree._Element  # noqa: SLF001 - its name in lxml

BOUNDARY, FLOW = bpmn("boundaryEvent"), bpmn("sequenceFlow")
_NODES = frozenset(bpmn(name) for name in FLOW_NODES)
_ACTIVITIES = frozenset(bpmn(kind.value) for kind in ACTIVITIES)
_SUB_PROCESSES = frozenset(bpmn(kind.value) for kind in SUB_PROCESSES)


def run(name: str) -> str:
    """The tag of an element of our own."""
    return f"{{{RUN}}}{name}"


def scopes(process: Element) -> list[Element]:
    """The process and every sub-process in it, the outer before the inner."""
    return [process, *(e for e in process.iter(*_SUB_PROCESSES) if e is not process)]


def nodes(scope: Element) -> list[Element]:
    return [child for child in scope if child.tag in _NODES or _is_own(child)]


def activities(process: Element) -> list[Element]:
    """Every activity, the outer before the inner."""
    return list(process.iter(*_ACTIVITIES))


def is_activity(node: Element) -> bool:
    return node.tag in _ACTIVITIES


def scope_of(node: Element) -> Element:
    parent = node.getparent()
    assert parent is not None  # a node stands in a process
    return parent


def name_of(node: Element) -> str:
    return node.get("id", "")


def leaving(node: Element) -> list[Element]:
    return [f for f in scope_of(node).iterchildren(FLOW) if f.get("sourceRef") == node.get("id")]


def entering(node: Element) -> list[Element]:
    return [f for f in scope_of(node).iterchildren(FLOW) if f.get("targetRef") == node.get("id")]


def events_on(node: Element) -> list[Element]:
    """The boundary events of an activity."""
    around = scope_of(node).iterchildren(BOUNDARY)
    return [event for event in around if event.get("attachedToRef") == node.get("id")]


def invented(owner: Element, *words: str) -> str:
    """An id for something invented beside an element."""
    return INVENTED.join((name_of(owner), *words))


def add_node(scope: Element, tag: str, node_id: str, **stated: str) -> Element:
    """Invent a node, under an id from `invented`."""
    assert INVENTED in node_id
    node: Element = etree.SubElement(scope, tag, {"id": node_id})
    for key, value in stated.items():
        node.set(key, value)
    return node


def add_flow(source: Element, target: Element, condition: str | None = None) -> Element:
    """Invent a flow; there is none invented between the two yet."""
    scope = scope_of(source)
    flow_id = invented(source, "to", name_of(target))
    taken = {flow.get("id") for flow in scope.iterchildren(FLOW)}
    assert flow_id not in taken
    flow: Element = etree.SubElement(
        scope, FLOW, {"id": flow_id, "sourceRef": name_of(source), "targetRef": name_of(target)}
    )
    if condition is not None:
        set_condition(flow, condition)
    return flow


def condition_of(flow: Element) -> str | None:
    """The text of a flow's condition; None without one."""
    return text_of(flow, "conditionExpression")


def set_condition(flow: Element, text: str) -> None:
    for stated in list(flow.iterchildren(bpmn("conditionExpression"))):
        flow.remove(stated)
    condition: Element = etree.SubElement(flow, bpmn("conditionExpression"))
    condition.text = text


def text_of(element: Element, name: str) -> str | None:
    """The text of a BPMN child; None where there is none."""
    found = element.find(bpmn(name))
    text = "" if found is None else "".join(found.itertext()).strip()
    return text or None


def insert_before(node: Element, tag: str, node_id: str, **stated: str) -> Element:
    """Invent a node that takes over all flows into another, and leads to it."""
    new = add_node(scope_of(node), tag, node_id, **stated)
    for flow in entering(node):
        flow.set("targetRef", node_id)
    add_flow(new, node)
    return new


def insert_behind(node: Element, tag: str, node_id: str, **stated: str) -> Element:
    """Invent a node that takes over all flows out of another, which leads to it."""
    new = add_node(scope_of(node), tag, node_id, **stated)
    for flow in leaving(node):
        flow.set("sourceRef", node_id)
    add_flow(node, new)
    return new


def has_event(node: Element, *kinds: str) -> bool:
    """Whether an event has a definition of one of these kinds."""
    return any(node.find(bpmn(f"{kind}EventDefinition")) is not None for kind in kinds)


def truth_of(element: Element, attribute: str, otherwise: bool = False) -> bool:
    stated = element.get(attribute)
    return otherwise if stated is None else stated.strip() in ("true", "1")


def _is_own(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{RUN}}}")
