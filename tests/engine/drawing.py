"""Small diagrams for tests, drawn in the test itself: nodes, and flows written "A B".

draw(start(), step("A"), end(), flows=("S A", "A E"))
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

Lane = tuple[str, str | None]
CLERK: Lane = ("can_bo_mot_cua", "mot_cua")
OFFICER: Lane = ("chuyen_vien", "van_phong")
CHIEF: Lane = ("truong_phong", "van_phong")
WEEK = '<qt:case code="normal" name="Thường"><qt:limit amount="5" unit="working_day"/></qt:case>'


@dataclass(frozen=True)
class Drawn:
    """A piece of XML, and the lanes of the steps in it."""

    xml: str
    lanes: tuple[tuple[str, Lane], ...] = ()


def start(id_: str = "S") -> Drawn:
    return Drawn(f'<b:startEvent id="{id_}"/>')


def end(id_: str = "E", outcome: str | None = "done", status: str = "10", kind: str = "") -> Drawn:
    """kind: "terminate" ends everything around it."""
    stated = (
        "" if outcome is None else f'<qt:end outcome="{outcome}" name="Xong" status="{status}"/>'
    )
    inner = f"<b:extensionElements>{stated}</b:extensionElements>" if stated else ""
    inner += f"<b:{kind}EventDefinition/>" if kind else ""
    return Drawn(f'<b:endEvent id="{id_}">{inner}</b:endEvent>')


def step(
    id_: str,
    *inner: str,
    lane: Lane = OFFICER,
    limit: str | None = "2 working_hour",
    name: str | None = None,
    kind: str = "userTask",
    bpmn: str = "",
    marker: str = "",
    **stated: str,
) -> Drawn:
    """inner: further `qt` elements; bpmn: attributes of the task itself, marker: BPMN elements in
    it; stated: attributes of qt:step."""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in stated.items())
    stated_limit = "" if limit is None else limit_xml(limit)
    return Drawn(
        f'<b:{kind} id="{id_}" name={quoteattr(name or f"Bước {id_}")} {bpmn}><b:extensionElements>'
        f"<qt:step{attributes}>{stated_limit}{''.join(inner)}</qt:step>"
        f"</b:extensionElements>{marker}</b:{kind}>",
        ((id_, lane),),
    )


def limit_xml(text: str) -> str:
    """ "1 working_day" as a qt:limit; a third word is the cutoff."""
    amount, unit, *cutoff = text.split()
    after = f' cutoff="{cutoff[0]}"' if cutoff else ""
    return f'<qt:limit amount="{amount}" unit="{unit}"{after}/>'


def needs(*codes: str) -> str:
    return "".join(f'<qt:requires component="{code}"/>' for code in codes)


def field(code: str, type_: str = "text", *options: str, **stated: str) -> str:
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in stated.items())
    listed = "".join(f'<qt:option value="{option}" name="{option}"/>' for option in options)
    return f'<qt:field code="{code}" name="{code}" type="{type_}"{attributes}>{listed}</qt:field>'


def component(code: str, *copies: str, **stated: str) -> str:
    """copies: "original 2"."""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in stated.items())
    asked = "".join(
        f'<qt:copies form="{form}" number="{number}"/>'
        for form, number in (text.split() for text in copies)
    )
    return f'<qt:component code="{code}" name="Giấy {code}"{attributes}>{asked}</qt:component>'


def gateway(kind: str, id_: str, default: str | None = None) -> Drawn:
    """kind: exclusive, inclusive or parallel; default: the target of the default flow."""
    stated = "" if default is None else f' default="{id_}_{default}"'
    return Drawn(f'<b:{kind}Gateway id="{id_}"{stated}/>')


def timer(
    id_: str,
    *,
    limit: str | None = None,
    after: str | None = None,
    at: str | None = None,
    on: str | None = None,
    interrupting: bool = True,
) -> Drawn:
    """A timer event: in working time (limit), ISO duration (after) or date (at)."""
    stated = "" if limit is None else limit_xml(limit)
    inner = f"<b:extensionElements>{stated}</b:extensionElements>" if stated else ""
    if after is not None:
        inner += f"<b:timerEventDefinition><b:timeDuration>{after}</b:timeDuration></b:timerEventDefinition>"
    elif at is not None:
        inner += f"<b:timerEventDefinition><b:timeDate>{at}</b:timeDate></b:timerEventDefinition>"
    else:
        inner += "<b:timerEventDefinition/>"
    if on is None:
        return Drawn(
            f'<b:intermediateCatchEvent id="{id_}" name="{id_}">{inner}</b:intermediateCatchEvent>'
        )
    cancels = "true" if interrupting else "false"
    return Drawn(
        f'<b:boundaryEvent id="{id_}" name="{id_}" attachedToRef="{on}" cancelActivity="{cancels}">'
        f"{inner}</b:boundaryEvent>"
    )


def sub(
    id_: str,
    *nodes: Drawn,
    flows: tuple[str, ...] = (),
    kind: str = "subProcess",
    bpmn: str = "",
    marker: str = "",
) -> Drawn:
    """A sub-process. bpmn: its own attributes; marker: BPMN elements at its head."""
    body = marker + "".join(node.xml for node in nodes) + _flows(flows)
    lanes = tuple(lane for node in nodes for lane in node.lanes)
    return Drawn(f'<b:{kind} id="{id_}" name="{id_}" {bpmn}>{body}</b:{kind}>', lanes)


def _flows(pairs: tuple[str, ...]) -> str:
    """ "A B" or "G B: condition"; the id is A_B."""
    found = []
    for pair in pairs:
        ends, _, condition = pair.partition(": ")
        source, target = ends.split()
        inner = (
            f"<b:conditionExpression>{escape(condition.strip())}</b:conditionExpression>"
            if condition
            else ""
        )
        found.append(
            f'<b:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
            f"{inner}</b:sequenceFlow>"
        )
    return "".join(found)


def draw(
    *nodes: Drawn,
    flows: tuple[str, ...],
    code: str = "T-01",
    cases: str = WEEK,
    head: str = "",
    beside: str = "",
    **stated: str,
) -> bytes:
    """The file. cases, head: children of qt:procedure; stated: its attributes.

    beside: what stands next to the process: messages, errors, other processes, global tasks.
    """
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in stated.items())
    lanes: dict[Lane, list[str]] = {}
    for node in nodes:
        for member, lane in node.lanes:
            lanes.setdefault(lane, []).append(member)
    drawn_lanes = "".join(
        f'<b:lane id="Lane_{number}" name="{position}"><b:extensionElements>'
        f'<qt:assignment position="{position}"{f" unit={quoteattr(unit)}" if unit else ""}/>'
        "</b:extensionElements>"
        + "".join(f"<b:flowNodeRef>{member}</b:flowNodeRef>" for member in members)
        + "</b:lane>"
        for number, ((position, unit), members) in enumerate(lanes.items())
    )
    return (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:qt="urn:vn:quy-trinh:1.0" id="Definitions" targetNamespace="urn:example">'
        f"{beside}"
        f'<b:process id="Process" name="Quy trình {code}" isExecutable="true"><b:extensionElements>'
        f'<qt:procedure code="{code}" kind="internal"{attributes}>{cases}{head}</qt:procedure>'
        f'</b:extensionElements><b:laneSet id="Lanes">{drawn_lanes}</b:laneSet>'
        f"{''.join(node.xml for node in nodes)}{_flows(flows)}</b:process></b:definitions>"
    ).encode()
