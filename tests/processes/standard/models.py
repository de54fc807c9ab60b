"""Small models for the constraints: a process, what stands beside it, and what is said of it."""

from processes.document import parse
from processes.finding import Finding
from processes.standard import judge_standard

HEAD = (
    '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:qt="urn:vn:quy-trinh:1.0" xmlns:other="urn:other" id="D" '
)
START, END = '<b:startEvent id="S"/>', '<b:endEvent id="E"/>'


def file(body, attributes='targetNamespace="urn:example"'):
    """A file with that inside."""
    return f"{HEAD}{attributes}>{body}</b:definitions>".encode()


def process(body="", beside="", attributes=""):
    """A process P with that in it, and what stands beside it in the file."""
    return file(f'{beside}<b:process id="P" {attributes}>{body}</b:process>')


def executable(body="", beside=""):
    return process(body, beside, 'isExecutable="true"')


def task(task_id, inside="", attributes="", kind="task"):
    return f'<b:{kind} id="{task_id}" {attributes}>{inside}</b:{kind}>'


def event(kind, event_id, definition="", attributes=""):
    """An event: kind "start", definition "timer" (or markup)."""
    if definition and not definition.startswith("<"):
        definition = f'<b:{definition}EventDefinition id="{event_id}_d"/>'
    return f'<b:{kind} id="{event_id}" {attributes}>{definition}</b:{kind}>'


def catch(event_id, definition=""):
    return event("intermediateCatchEvent", event_id, definition)


def throw(event_id, definition=""):
    return event("intermediateThrowEvent", event_id, definition)


def boundary(event_id, host, definition="timer", attributes=""):
    return event("boundaryEvent", event_id, definition, f'attachedToRef="{host}" {attributes}')


def sub(inside, sub_id="Sub", kind="subProcess", attributes=""):
    return task(sub_id, inside, attributes, kind)


def pools(*flows_between, inside_p="", inside_q=""):
    """Two pools P and Q, each with its process, and message flows "A B" between."""
    message_flows = "".join(
        f'<b:messageFlow id="M" sourceRef="{a}" targetRef="{b}"/>'
        for a, b in (pair.split() for pair in flows_between)
    )
    return file(
        '<b:collaboration id="C"><b:participant id="PoolP" processRef="P"/>'
        f'<b:participant id="PoolQ" processRef="Q"/>{message_flows}</b:collaboration>'
        f'<b:process id="P">{inside_p}</b:process><b:process id="Q">{inside_q}</b:process>'
    )


def conditional(flow_id, source, target):
    return (
        f'<b:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">'
        "<b:conditionExpression>x</b:conditionExpression></b:sequenceFlow>"
    )


def drawing(
    shapes,
    body='<b:task id="T"/><b:task id="U"/><b:sequenceFlow id="T_U" sourceRef="T" targetRef="U"/>',
    plane="P",
):
    return file(
        f'<b:process id="P">{body}</b:process><di:BPMNDiagram id="Dia">'
        f'<di:BPMNPlane id="Plane" bpmnElement="{plane}">{shapes}</di:BPMNPlane>'
        '<di:BPMNLabelStyle id="Style"/></di:BPMNDiagram>'
    )


def said(data) -> list[Finding]:
    return judge_standard(parse(data))


def codes(data) -> set[str]:
    return {finding.rule for finding in said(data)}
