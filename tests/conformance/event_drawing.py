"""Events in a drawing: "message M", "signal X", "error E", "error", "timer R3/PT1H", "link L"...

What they refer to (messages, signals, errors, escalations) is declared by `case`.
"""

import re
from xml.sax.saxutils import escape, quoteattr

from tests.conformance.harness import Act, Case
from tests.engine.drawing import Drawn, sub

_DECLARED = ("message", "signal", "error", "escalation")
_REFERENCE = re.compile(r'(message|signal|error|escalation)Ref="\1_([^"]+)"')


def definition(what: str) -> str:
    kind, _, about = what.partition(" ")
    stated, inner = "", ""
    if kind in _DECLARED and about:
        stated = f" {kind}Ref={quoteattr(f'{kind}_{about}')}"
    elif kind == "timer":
        tag = "timeCycle" if about.startswith("R") else "timeDuration"
        inner = f"<b:{tag}>{about}</b:{tag}>"
    elif kind == "conditional":
        inner = f"<b:condition>{escape(about)}</b:condition>"
    elif kind == "link":
        stated = f" name={quoteattr(about)}"
    elif kind == "compensate" and about:
        stated = f" activityRef={quoteattr(about)}"
    return f"<b:{kind}EventDefinition{stated}>{inner}</b:{kind}EventDefinition>"


def _event(tag: str, id_: str, whats: tuple[str, ...], stated: str = "", first: str = "") -> Drawn:
    body = first + "".join(
        f"<b:eventDefinitionRef>{what[1:]}</b:eventDefinitionRef>"
        if what.startswith("@")
        else definition(what)
        for what in whats
    )
    return Drawn(f'<b:{tag} id="{id_}" name="{id_}"{stated}>{body}</b:{tag}>')


def catch(id_: str, *whats: str, all_of: bool = False) -> Drawn:
    stated = ' parallelMultiple="true"' if all_of else ""
    return _event("intermediateCatchEvent", id_, whats, stated)


def throw(id_: str, *whats: str) -> Drawn:
    return _event("intermediateThrowEvent", id_, whats)


def ending(id_: str, *whats: str, outcome: bool = False) -> Drawn:
    """outcome: at the top, where an end says what comes of the dossier."""
    stated = '<b:extensionElements><qt:end outcome="done" name="Xong" status="10"/></b:extensionElements>'
    return _event("endEvent", id_, whats, first=stated if outcome else "")


def border(id_: str, on: str, *whats: str, beside: bool = False, all_of: bool = False) -> Drawn:
    """beside: it does not interrupt."""
    stated = f' attachedToRef="{on}" cancelActivity="{"false" if beside else "true"}"'
    stated += ' parallelMultiple="true"' if all_of else ""
    return _event("boundaryEvent", id_, whats, stated)


def begun_by(id_: str, *whats: str, beside: bool = False) -> Drawn:
    """A start event with a definition; beside: of an event sub-process that does not interrupt."""
    stated = ' isInterrupting="false"' if beside else ""
    return _event("startEvent", id_, whats, stated)


def reaction(id_: str, *nodes: Drawn, flows: tuple[str, ...]) -> Drawn:
    """An event sub-process."""
    return sub(id_, *nodes, flows=flows, bpmn='triggeredByEvent="true"')


def first_of(id_: str) -> Drawn:
    return Drawn(f'<b:eventBasedGateway id="{id_}" name="{id_}"/>')


def undone_by(border_id: str, handler: str) -> Drawn:
    """The line from a compensation boundary event to the step that undoes."""
    return Drawn(
        f'<b:association id="{border_id}_{handler}" associationDirection="One" '
        f'sourceRef="{border_id}" targetRef="{handler}"/>'
    )


def declared(nodes: tuple[Drawn, ...]) -> str:
    """The messages, signals, errors and escalations that the nodes refer to."""
    found = sorted({pair for node in nodes for pair in _REFERENCE.findall(node.xml)})
    codes = {"error": "errorCode", "escalation": "escalationCode"}
    return "".join(
        f'<b:{kind} id="{kind}_{name}" name="{name}"'
        + (f' {codes[kind]}="{name}"' if kind in codes else "")
        + "/>"
        for kind, name in found
    )


def case(
    id_: str,
    covers: str,
    *nodes: Drawn,
    flows: tuple[str, ...],
    script: tuple[Act, ...],
    office: bool = False,
    beside: str = "",
) -> Case:
    """A conformance case with what its events refer to."""
    return Case(
        id_,
        covers=tuple(covers.split()),
        nodes=nodes,
        flows=flows,
        script=script,
        office=office,
        beside=declared(nodes) + beside,
    )
