"""Several flows, or flows with conditions, out of an activity or event: said by gateways behind it.

Flows without condition are all taken (a parallel split); of those with one, all that hold, or else
the default flow (an inclusive split). BPMN 2.0.2, 13.3.1 and table 8.60.
"""

from engine.runtime.rewriting.scope import (
    Element,
    add_flow,
    add_node,
    condition_of,
    invented,
    leaving,
    name_of,
    nodes,
    run,
    scope_of,
    scopes,
)
from processes.document import bpmn

_GATEWAYS = frozenset(
    bpmn(f"{kind}Gateway") for kind in ("exclusive", "inclusive", "parallel", "complex")
) | {bpmn("eventBasedGateway"), run("complex")}


def part_ways(process: Element) -> None:
    """Put gateways behind whatever is no gateway and has more than one plain flow out."""
    for scope in scopes(process):
        for node in nodes(scope):
            if node.tag not in _GATEWAYS:
                _part(node)


def _part(node: Element) -> None:
    flows = leaving(node)
    default = node.get("default")
    chosen = [f for f in flows if condition_of(f) is not None or f.get("id") == default]
    always = [flow for flow in flows if flow not in chosen]
    if not any(condition_of(flow) is not None for flow in chosen):
        chosen, always = [], flows  # a default flow alone is a plain one
    node.attrib.pop("default", None)
    if not chosen and len(always) <= 1:
        return
    scope = scope_of(node)
    if chosen:
        choice = add_node(scope, bpmn("inclusiveGateway"), invented(node, "choice"))
        if default is not None:
            choice.set("default", default)
        _move(chosen, choice)
    if not always:
        add_flow(node, choice)
        return
    split = add_node(scope, bpmn("parallelGateway"), invented(node, "split"))
    add_flow(node, split)
    _move(always, split)
    if chosen:
        add_flow(split, choice)


def _move(flows: list[Element], source: Element) -> None:
    for flow in flows:
        flow.set("sourceRef", name_of(source))
