"""From a BPMN document to the diagram of the process that runs."""

from collections.abc import Iterable, Iterator

from lxml.etree import _Element as Element

from processes.diagram import SUB_PROCESSES, Diagram, EventKind, Flow, Lane, Node, NodeKind
from processes.document import BPMN, Document, bpmn, local_name, qt_children
from processes.time_limit import InvalidTimeLimit
from processes.timer import Timer, TimerKind
from processes.vocabulary import read_limit

_KINDS = frozenset(NodeKind)
_EVENTS = frozenset(EventKind)
_TIMERS = frozenset(TimerKind)


def draw(document: Document) -> Diagram | None:
    """The graph of the process that runs, None where the file holds no process."""
    process = running_process(document)
    if process is None:
        return None
    lanes = tuple(_lanes(process))
    lane_of = _innermost(lanes)
    nodes: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    for element, parent in flow_elements(process):
        element_id = element.get("id", "")
        if local_name(element) == "sequenceFlow":
            flow = _flow(element, parent)
            flows.setdefault(flow.id or f"{flow.source}\0{flow.target}", flow)
        elif element_id and local_name(element) in _KINDS:
            around = nodes[parent].lane if parent in nodes else None
            nodes.setdefault(element_id, _node(element, parent, lane_of.get(element_id, around)))
    name = process.get("name", "").strip() or _pool_name(document, process)
    return Diagram(process.get("id", ""), name, tuple(nodes.values()), tuple(flows.values()), lanes)


def _pool_name(document: Document, process: Element) -> str:
    """The name that designers see on the pool, where the process itself has none."""
    for pool in document.root.iter(bpmn("participant")):
        if pool.get("processRef", "").rpartition(":")[2] == process.get("id"):
            return pool.get("name", "").strip()
    return ""


def running_process(document: Document) -> Element | None:
    """The process of the file that runs.

    The executable one; of several, or of none, the one with a qt:procedure; else the first with
    a start event; else the first.
    """
    processes = list(document.root.iterchildren(bpmn("process")))
    chosen = [p for p in processes if truth(p.get("isExecutable"))] or processes
    if len(chosen) > 1:
        chosen = (
            [p for p in chosen if next(qt_children(p, "procedure"), None) is not None]
            or [p for p in chosen if p.find(bpmn("startEvent")) is not None]
            or chosen
        )
    return chosen[0] if chosen else None


def flow_elements(process: Element) -> Iterator[tuple[Element, str | None]]:
    """BPMN children of a process and of its sub-processes, each with its sub-process's id."""
    waiting: list[tuple[Element, str | None]] = [(process, None)]
    for container, parent in waiting:
        for element in container.iterchildren(f"{{{BPMN}}}*"):
            yield element, parent
            if local_name(element) in SUB_PROCESSES:
                waiting.append((element, element.get("id", "")))


def truth(value: str | None, otherwise: bool = False) -> bool:
    """An xs:boolean attribute."""
    return value.strip() in ("true", "1") if value is not None else otherwise


def _flow(element: Element, parent: str | None) -> Flow:
    condition = element.find(bpmn("conditionExpression"))
    text = "".join(condition.itertext()).strip() if condition is not None else ""
    return Flow(
        id=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        name=element.get("name", ""),
        condition=text or None,
        language=condition.get("language", "") if condition is not None else "",
        parent=parent,
    )


def _node(element: Element, parent: str | None, lane: str | None) -> Node:
    kind = NodeKind(local_name(element))
    events = tuple(_event_kinds(element))
    return Node(
        id=element.get("id", ""),
        kind=kind,
        name=element.get("name", ""),
        parent=parent,
        lane=lane,
        events=events,
        attached_to=element.get("attachedToRef") if kind is NodeKind.BOUNDARY else None,
        interrupting=truth(element.get("cancelActivity"), otherwise=True),
        timer=_timer(element) if EventKind.TIMER in events else None,
        default=element.get("default"),
        reacts=truth(element.get("triggeredByEvent")),
    )


def _event_kinds(element: Element) -> Iterator[EventKind]:
    for child in element.iterchildren(f"{{{BPMN}}}*"):
        name = local_name(child).removesuffix("EventDefinition")
        if name != local_name(child) and name in _EVENTS:
            yield EventKind(name)


def _timer(element: Element) -> Timer:
    """What the timer states; a qt:limit is nearest to the office and wins."""
    for limit in qt_children(element, "limit"):
        try:
            return Timer(TimerKind.LIMIT, limit=read_limit(limit))
        except InvalidTimeLimit:
            break  # reported by the reader; the timer then counts as unset
    definition = element.find(bpmn("timerEventDefinition"))
    for child in definition.iterchildren(f"{{{BPMN}}}*") if definition is not None else ():
        if local_name(child) in _TIMERS and (text := "".join(child.itertext()).strip()):
            return Timer(TimerKind(local_name(child)), text)
    return Timer(TimerKind.UNSET)


def _lanes(process: Element) -> Iterator[Lane]:
    """Lanes of the process and of its sub-processes, outer lanes first."""
    waiting: list[tuple[Element, str | None]] = []
    for element, _ in flow_elements(process):
        if local_name(element) == "laneSet":
            waiting += [(lane, None) for lane in element.iterchildren(bpmn("lane"))]
    for lane, parent in waiting:
        lane_id = lane.get("id", "")
        references = (r.text or "" for r in lane.iterchildren(bpmn("flowNodeRef")))
        members = tuple(text.strip() for text in references if text.strip())
        yield Lane(lane_id, lane.get("name", ""), parent, members)
        for inner in lane.iterchildren(bpmn("childLaneSet")):
            waiting += [(child, lane_id) for child in inner.iterchildren(bpmn("lane"))]


def _innermost(lanes: Iterable[Lane]) -> dict[str, str]:
    """Node id -> innermost lane; outer lanes come first and are overwritten."""
    return {member: lane.id for lane in lanes for member in lane.members}
