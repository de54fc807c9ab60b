"""From a plan to a BPMN file."""

from lxml import etree
from lxml.etree import _Element

from processes.diagram import NodeKind
from processes.document import BPMN, QT, bpmn
from processes.layout import draw
from processes.layout.names import BPMNDI, DC, DI
from processes.reader.positions import fold
from processes.step import Assignment, StepSpec
from processes.writing.extensions import (
    extensions,
    put,
    put_assignment,
    put_limit,
    put_outcome,
    put_procedure,
    put_step,
    say,
)
from processes.writing.plan import Arrow, End, Gateway, Plan, Start, Wait, clean

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "qt": QT, "xsi": _XSI}
_TARGET = "urn:vn:quy-trinh:procedures"
EXPORTER = "quytrinh"


def write(plan: Plan) -> bytes:
    """The BPMN file: UTF-8, indented, drawn."""
    root = definitions(plan)
    draw(root)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def definitions(plan: Plan) -> _Element:
    """The model without its diagram."""
    root = etree.Element(bpmn("definitions"), nsmap=dict(_PREFIXES))
    process_id = plan.procedure.process_id
    root.set("id", _free(f"Definitions_{process_id}", plan))
    root.set("targetNamespace", _TARGET)
    root.set("exporter", EXPORTER)
    if plan.pool is not None:
        collaboration = put(root, bpmn("collaboration"), id=_free("Collaboration_1", plan))
        put(
            collaboration,
            bpmn("participant"),
            id=_free("Pool_1", plan),
            name=plan.pool,
            processRef=process_id,
        )
    process = put(root, bpmn("process"), id=process_id, name=plan.procedure.name)
    process.set("isExecutable", "true")
    if plan.documentation:
        say(process, bpmn("documentation"), plan.documentation)
    put_procedure(process, plan.procedure)
    _put_lanes(process, plan)
    _put_nodes(process, plan)
    for id_, arrow in zip(plan.arrow_ids(), plan.arrows, strict=True):
        _put_arrow(process, id_, arrow)
    return root


def _free(wanted: str, plan: Plan) -> str:
    taken = {*plan.node_ids(), *plan.arrow_ids(), plan.procedure.process_id}
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _put_lanes(process: _Element, plan: Plan) -> None:
    lanes: dict[Assignment, list[str]] = {}
    placed = plan.lanes_of_nodes()
    for id_ in plan.node_ids():
        if id_ in placed:
            lanes.setdefault(placed[id_], []).append(id_)
    if not lanes:
        return
    lane_set = put(process, bpmn("laneSet"), id=_free("LaneSet_1", plan))
    used: set[str] = set()
    for assignment, members in lanes.items():
        lane = put(lane_set, bpmn("lane"), id=_lane_id(assignment, used, plan))
        lane.set("name", assignment.name)
        put_assignment(lane, assignment)
        for member in members:
            say(lane, bpmn("flowNodeRef"), member)


def _lane_id(assignment: Assignment, used: set[str], plan: Plan) -> str:
    words = [fold(word) for word in (assignment.position, assignment.unit or "") if word]
    wanted = "_".join(["Lane", *filter(None, words)])
    name, number = _free(wanted, plan), 1
    while name in used:
        number += 1
        name = _free(f"{wanted}_{number}", plan)
    used.add(name)
    return name


def _put_nodes(process: _Element, plan: Plan) -> None:
    """Starts first, then steps, then everything else: as a person reads."""
    leaving: dict[str, list[str]] = {}
    entering: dict[str, list[str]] = {}
    for id_, arrow in zip(plan.arrow_ids(), plan.arrows, strict=True):
        leaving.setdefault(arrow.source, []).append(id_)
        entering.setdefault(arrow.target, []).append(id_)
    made = [_put_node(process, node, plan) for node in plan.nodes if isinstance(node, Start)]
    made += [_put_task(process, step) for step in plan.procedure.steps]
    made += [_put_node(process, node, plan) for node in plan.nodes if not isinstance(node, Start)]
    for element, definition in made:
        for id_ in entering.get(element.get("id", ""), []):
            say(element, bpmn("incoming"), id_)
        for id_ in leaving.get(element.get("id", ""), []):
            say(element, bpmn("outgoing"), id_)
        if definition:
            put(element, bpmn(definition), id=_free(f"{element.get('id')}_timer", plan))


def _put_task(process: _Element, step: StepSpec) -> tuple[_Element, str]:
    task = put(process, bpmn("userTask"), id=step.element_id, name=step.name)
    if step.documentation:
        say(task, bpmn("documentation"), step.documentation)
    put_step(task, step)
    return task, ""


def _put_node(
    process: _Element, node: Start | End | Gateway | Wait, plan: Plan
) -> tuple[_Element, str]:
    """The element and the event definition that follows its flows."""
    name = node.name or None
    if isinstance(node, Start):
        return put(process, bpmn("startEvent"), id=node.id, name=name), ""
    if isinstance(node, Gateway):
        tag = bpmn(node.kind.value)
        return put(process, tag, id=node.id, name=name, default=node.default), ""
    if isinstance(node, End):
        end = put(process, bpmn("endEvent"), id=node.id, name=name)
        for outcome in plan.procedure.outcomes:
            if outcome.element_id == node.id:
                put_outcome(end, outcome)
        return end, ""
    kind = NodeKind.CATCH if node.on is None else NodeKind.BOUNDARY
    event = put(process, bpmn(kind.value), id=node.id, name=name, attachedToRef=node.on)
    if not node.interrupting:
        event.set("cancelActivity", "false")
    put_limit(extensions(event), node.limit)
    return event, "timerEventDefinition"


def _put_arrow(process: _Element, id_: str, arrow: Arrow) -> None:
    flow = put(process, bpmn("sequenceFlow"), id=id_, name=arrow.name or None)
    flow.set("sourceRef", arrow.source)
    flow.set("targetRef", arrow.target)
    if arrow.when is not None:
        condition = put(flow, bpmn("conditionExpression"))
        condition.set(f"{{{_XSI}}}type", "bpmn:tFormalExpression")
        condition.text = clean(arrow.when)
