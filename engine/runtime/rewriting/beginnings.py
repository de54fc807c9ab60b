"""Scopes drawn without start or end event: what has no flow in begins, what has none out ends.

BPMN 2.0.2, 10.5.2 and 10.5.3: without a start event all nodes without incoming flow begin together;
a path without outgoing flow ends where it stands.
"""

from engine.runtime.rewriting.scope import (
    BOUNDARY,
    Element,
    add_flow,
    add_node,
    entering,
    has_event,
    invented,
    leaving,
    nodes,
    scopes,
    truth_of,
)
from processes.document import bpmn

_START, _END = bpmn("startEvent"), bpmn("endEvent")


def begin_and_end(process: Element) -> None:
    """Give every scope the start and the ends that it implies."""
    for scope in scopes(process):
        inside = [node for node in nodes(scope) if not _stands_apart(node)]
        if not any(node.tag == _START for node in inside):
            _begin(scope, inside)
        for node in inside:
            if node.tag != _END and not leaving(node) and not _goes_on_elsewhere(node):
                add_flow(node, add_node(scope, _END, invented(node, "end")))
        if not any(node.tag == _END for node in nodes(scope)):
            add_node(scope, _END, invented(scope, "end"))  # never reached; the library wants one


def _begin(scope: Element, inside: list[Element]) -> None:
    first = [node for node in inside if node.tag != BOUNDARY and not entering(node)]
    first = [node for node in first if not has_event(node, "link")]
    start = add_node(scope, _START, invented(scope, "start"))
    before = start
    if len(first) > 1:
        before = add_node(scope, bpmn("parallelGateway"), invented(scope, "all"))
        add_flow(start, before)
    for node in first:
        add_flow(before, node)


def _stands_apart(node: Element) -> bool:
    """Begun by something else than a flow: a sub-process by its event, an undoing by its throw."""
    return truth_of(node, "triggeredByEvent") or truth_of(node, "isForCompensation")


def _goes_on_elsewhere(node: Element) -> bool:
    """A link goes on at its other half, a compensation at the activity that its line leads to."""
    throws_link = node.tag == bpmn("intermediateThrowEvent") and has_event(node, "link")
    return throws_link or (node.tag == BOUNDARY and has_event(node, "compensate"))
