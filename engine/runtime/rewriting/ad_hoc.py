"""Ad-hoc sub-processes: their steps are open from the beginning, again and again, until enough.

Whenever an activity inside is completed, the completion condition is asked. If it holds, all is
over; if not, the way goes on, and an activity that no flow leads to is open once more.
BPMN 2.0.2, 13.3.5.
"""

from engine.runtime.rewriting.scope import (
    Element,
    add_flow,
    add_node,
    entering,
    invented,
    is_activity,
    leaving,
    name_of,
    nodes,
    scopes,
    text_of,
)
from processes.document import bpmn

_AD_HOC = bpmn("adHocSubProcess")


def choose_freely(process: Element) -> None:
    """Ad-hoc sub-processes become plain ones."""
    for scope in scopes(process):
        if scope.tag == _AD_HOC:
            scope.tag = bpmn("subProcess")
            condition = text_of(scope, "completionCondition")
            if condition is not None:
                _open_again(scope, condition)


def _open_again(scope: Element, condition: str) -> None:
    over = add_node(scope, bpmn("endEvent"), invented(scope, "over"))
    over.append(over.makeelement(bpmn("terminateEventDefinition"), {}))
    inside = [node for node in nodes(scope) if is_activity(node)]
    first = [node for node in inside if not entering(node)]
    merges = {name_of(node): _merge(scope, node) for node in first}
    for node in inside:
        own = name_of(node)
        enough = add_node(scope, bpmn("exclusiveGateway"), invented(node, "enough"))
        on = add_node(scope, bpmn("intermediateThrowEvent"), invented(node, "on"))
        if "default" in node.attrib:
            on.set("default", node.attrib.pop("default"))
        for flow in leaving(node):
            flow.set("sourceRef", name_of(on))
        add_flow(node, enough)
        add_flow(enough, over, condition)
        enough.set("default", str(add_flow(enough, on).get("id")))
        if own in merges:
            add_flow(on, merges[own])


def _merge(scope: Element, node: Element) -> Element:
    """The point at which a step is opened again; without a flow in, it begins by itself."""
    merge = add_node(scope, bpmn("exclusiveGateway"), invented(node, "again"))
    begin = add_node(scope, bpmn("intermediateThrowEvent"), invented(node, "begin"))
    add_flow(begin, merge)
    add_flow(merge, node)
    return merge
