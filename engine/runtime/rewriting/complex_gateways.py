"""Complex gateways: as splits they are inclusive; as joins they count who has arrived.

BPMN 2.0.2, 13.4.5.
"""

from engine.runtime.rewriting.scope import (
    Element,
    add_flow,
    add_node,
    condition_of,
    entering,
    invented,
    leaving,
    name_of,
    run,
    scope_of,
    set_condition,
    text_of,
)
from processes.document import bpmn

_COMPLEX = bpmn("complexGateway")


def decide_by_number(process: Element) -> None:
    """Splits become inclusive gateways, joins our own."""
    for gateway in list(process.iter(_COMPLEX)):
        condition = text_of(gateway, "activationCondition")
        if condition is None or len(entering(gateway)) == 1:
            gateway.tag = bpmn("inclusiveGateway")
            for flow in leaving(gateway):
                if condition_of(flow) is None and flow.get("id") != gateway.get("default"):
                    set_condition(flow, "true")
        else:
            gateway.tag = run("complex")
            gateway.set("activation", condition)
            reset = invented(gateway, "reset")
            waiting = add_node(scope_of(gateway), run("reset"), reset, of=name_of(gateway))
            add_flow(gateway, waiting)
