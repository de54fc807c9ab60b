"""Ways out of decisions: which flows a token took, and diagrams whose decisions are ours to make.

In such a diagram each condition is a variable of its own, so that a rehearsal can take every way,
whatever the conditions say and even where they are missing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml import etree

from processes.diagram import ACTIVITIES, Diagram, Flow, Node, NodeKind
from processes.document import Document, bpmn
from processes.errors import RuleError
from processes.feel import compile_expression, evaluate_condition

_DECIDING = (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE)
_DECIDING_IF_ASKED = (*ACTIVITIES, NodeKind.COMPLEX)
_PREFIX = "rehearsed_way_"


def decides(diagram: Diagram, node: Node) -> bool:
    """Whether a token leaves the node on some of its flows only."""
    after = diagram.outgoing(node.id)
    if node.kind in _DECIDING:
        return len(after) > 1
    return node.kind in _DECIDING_IF_ASKED and any(flow.condition for flow in after)


def taken(diagram: Diagram, node: Node, data: Mapping[str, Any], at: datetime) -> tuple[Flow, ...]:
    """The flows by which a token leaves a node that was completed; of event gateways none."""
    after = diagram.outgoing(node.id)
    if node.kind is NodeKind.EVENT_BASED:
        return ()  # which one is known when its event has happened
    if not decides(diagram, node):
        return after
    chosen = tuple(f for f in after if f.id != node.default and _holds(f, data, at))
    chosen = chosen or tuple(f for f in after if f.id == node.default)
    return chosen[:1] if node.kind is NodeKind.EXCLUSIVE else chosen


def _holds(flow: Flow, data: Mapping[str, Any], at: datetime) -> bool:
    if not flow.condition:
        return True
    try:
        text = flow.condition.strip().removeprefix("=")
        return evaluate_condition(compile_expression(text), data, at=at)
    except RuleError:
        return False


def decisions(diagram: Diagram) -> Iterator[Node]:
    """The nodes that decide, in file order."""
    return (node for node in diagram.nodes if decides(diagram, node))


def variable(flow: Flow) -> str:
    """The variable that stands for the condition of a flow: hexadecimal digits of its id."""
    return f"{_PREFIX}{flow.id.encode().hex()}"


def is_way(name: str) -> bool:
    """Whether a variable stands for a condition."""
    return name.startswith(_PREFIX)


def made_ours(document: Document, diagrams: tuple[Diagram, ...]) -> Document:
    """A copy of the document in which every decision asks the variables of its flows."""
    root = deepcopy(document.root)
    drawn = {flow.get("id"): flow for flow in root.iter(bpmn("sequenceFlow"))}
    for diagram in diagrams:
        for node in decisions(diagram):
            for flow in diagram.outgoing(node.id):
                element = drawn[flow.id]
                for old in element.findall(bpmn("conditionExpression")):
                    element.remove(old)
                if flow.id != node.default:
                    asked: etree._Element = etree.SubElement(element, bpmn("conditionExpression"))
                    asked.text = variable(flow)
    return replace(document, root=root)


def asking(diagram: Diagram) -> Diagram:
    """The diagram of such a document."""
    deciding = {node.id: node.default for node in decisions(diagram)}
    flows = tuple(
        replace(flow, condition=variable(flow))
        if flow.source in deciding and flow.id != deciding[flow.source]
        else flow
        for flow in diagram.flows
    )
    return replace(diagram, flows=flows)


def choose_ways(
    diagram: Diagram, choose: Callable[[Node, Sequence[Flow]], Collection[Flow]]
) -> dict[str, bool]:
    """The variables of a diagram's decisions.

    choose: the flows a token takes: one, of inclusive gateways and activities one or several.
    """
    found: dict[str, bool] = {}
    for node in decisions(diagram):
        after = diagram.outgoing(node.id)
        chosen = choose(node, after)
        found |= {variable(f): f in chosen for f in after if f.id != node.default}
    return found
