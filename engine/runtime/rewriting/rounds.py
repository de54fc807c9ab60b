"""A round of steps that only an event or an error leaves, with no gateway that chooses in it.

The library predicts what comes behind each step until something chooses; round such a loop it
would go for ever. An exclusive gateway with one way on changes nothing in a run and ends that.
"""

from engine.runtime.rewriting.scope import (
    BOUNDARY,
    FLOW,
    Element,
    add_flow,
    add_node,
    events_on,
    invented,
    name_of,
    nodes,
    run,
    scopes,
)
from processes.document import bpmn
from processes.graph import Graph

_PASSING = bpmn("exclusiveGateway")
# What repeats an activity stops the prediction itself, and looks at what stands next to it.
_CHOOSING = frozenset({_PASSING, bpmn("inclusiveGateway"), run("each"), run("turn")})


def end_predictions(process: Element) -> None:
    """Put a gateway on each flow that closes a round in which nothing chooses."""
    for scope in scopes(process):
        by_name = {name_of(node): node for node in nodes(scope)}
        for flow in _closing(scope, by_name):
            target = by_name[flow.get("targetRef", "")]
            passed = add_node(scope, _PASSING, invented(flow, "again"))
            flow.set("targetRef", name_of(passed))
            add_flow(passed, target)


def _closing(scope: Element, by_name: dict[str, Element]) -> list[Element]:
    """Flows back to a node on the way to them, where no gateway chooses on that way."""
    plain = {name: node for name, node in by_name.items() if node.tag not in _CHOOSING}
    flows = [(f, f.get("sourceRef", ""), f.get("targetRef", "")) for f in scope.iterchildren(FLOW)]
    after = {name: [name_of(event) for event in events_on(node)] for name, node in plain.items()}
    for _, source, target in flows:
        if source in after and target in after:
            after[source].append(target)
    # Boundary events last: they are then met from their step, and no line back leads to them.
    starts = sorted(plain, key=lambda name: plain[name].tag == BOUNDARY)
    _, back = Graph({name: tuple(found) for name, found in after.items()}).depth_first(starts)
    return [flow for flow, source, target in flows if (source, target) in back]
