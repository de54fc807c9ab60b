"""A diagram spelled out in lines, so that a test can say what was and what is."""

from processes.diagram import NodeKind
from processes.document import bpmn, parse
from processes.drawing import draw, truth
from processes.reader import read
from processes.timer import TimerKind
from tests.processes.drawn import process

START = '<b:startEvent id="S"/>'
END = '<b:endEvent id="E"/>'


def lines(data: bytes) -> set[str]:
    """Every node, flow, field, lane, limit and case of the process that runs, a line each."""
    document = parse(data)
    diagram, procedure = draw(document), read(document).procedure
    found = {f"name {diagram.name}", f"code {procedure.code}"}
    found |= {
        f"case {case.code} {case.limit and case.limit.format('en')}" for case in procedure.cases
    }
    for element in document.root.iterchildren(bpmn("process")):
        runs = "runs" if truth(element.get("isExecutable")) else "does not run"
        found.add(f"process {element.get('id')} {runs}")
    found |= {node_line(node) for node in diagram.nodes}
    for flow in diagram.flows:
        source = diagram.node(flow.source)
        end = f"{flow.source} > {flow.target}"
        found.add(end)
        if flow.condition:
            found.add(f"{end} if {flow.condition}")
        if source is not None and source.default == flow.id:
            found.add(f"{end} default")
        if flow.name:
            found.add(f"{end} “{flow.name}”")
    for owner, fields in (
        ("reception", procedure.fields),
        *((s.element_id, s.fields) for s in procedure.steps),
    ):
        found |= {field_line(owner, field) for field in fields}
    for step in procedure.steps:
        found |= {f"{step.element_id} limit {limit.format('en')}" for limit in step.limits.values()}
        if step.assignment:
            found.add(f"{step.element_id} by {step.assignment.position}")
        if step.documentation:
            found.add(f"{step.element_id} says {step.documentation}")
    return found


def node_line(node) -> str:
    words = [node.id, node.kind.value]
    if node.name:
        words.append(f"“{node.name}”")
    if node.parent:
        words.append(f"in {node.parent}")
    words += [event.value for event in node.events]
    if node.timer is not None and node.timer.kind is not TimerKind.UNSET:
        words.append(node.timer.text or node.timer.limit.format("en"))
    if node.kind is NodeKind.BOUNDARY:
        words.append(f"@{node.attached_to}")
    return " ".join(words)


def field_line(owner, field) -> str:
    words = [f"{owner}: {field.code} {field.type.value}"]
    if field.options:
        words.append("|".join(option.value for option in field.options))
    if field.default:
        words.append(f"else {field.default}")
    return " ".join([*words, *["required"] * field.required])


def whole(body: str) -> bytes:
    """A process with a start S and an end E around the body."""
    return process(START + body + END)
