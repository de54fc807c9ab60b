"""From a BPMN document to the diagram of the process that runs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lxml.etree import _Element as Element

from processes.diagram import (
    SUB_PROCESSES,
    Diagram,
    EventKind,
    Flow,
    Lane,
    MessageFlow,
    Node,
    NodeKind,
    Repetition,
)
from processes.document import BPMN, Document, bpmn, local_name, qt_children
from processes.time_limit import InvalidTimeLimit
from processes.timer import Timer, TimerKind
from processes.vocabulary import read_limit

_KINDS = frozenset(NodeKind)
_EVENTS = frozenset(EventKind)
_TIMERS = frozenset(TimerKind)
_DIGITS = 6  # of a number of tokens


def draw(document: Document) -> Diagram | None:
    """The graph of the process that runs, None where the file holds no process."""
    running = running_process(document)
    if running is None:
        return None
    catalogue = _catalogue(document)
    processes = document.root.iterchildren(bpmn("process"))
    others = (_drawn(document, other, catalogue) for other in processes if other is not running)
    return replace(
        _drawn(document, running, catalogue),
        others=tuple(other for other in others if other.nodes),
        messages=tuple(
            MessageFlow(
                flow.get("id", ""),
                _local(flow.get("sourceRef", "")),
                _local(flow.get("targetRef", "")),
                flow.get("name", ""),
            )
            for flow in document.root.iter(bpmn("messageFlow"))
        ),
    )


def _drawn(document: Document, process: Element, catalogue: Mapping[str, Element]) -> Diagram:
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
            lane = lane_of.get(element_id, around)
            nodes.setdefault(element_id, _node(element, parent, lane, catalogue))
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


def _catalogue(document: Document) -> dict[str, Element]:
    """What events can refer to: the elements beside the processes, by id."""
    found: dict[str, Element] = {}
    for element in document.root.iterchildren(f"{{{BPMN}}}*"):
        if element.get("id"):
            found.setdefault(element.get("id", ""), element)
    return found


def _local(reference: str) -> str:
    """A reference without its namespace prefix."""
    return reference.strip().rpartition(":")[2]


def _node(
    element: Element, parent: str | None, lane: str | None, catalogue: Mapping[str, Element]
) -> Node:
    kind = NodeKind(local_name(element))
    definitions = tuple(_definitions(element, catalogue))
    events = tuple(event for event, _ in definitions)
    return Node(
        id=element.get("id", ""),
        kind=kind,
        name=element.get("name", ""),
        parent=parent,
        lane=lane,
        events=events,
        attached_to=element.get("attachedToRef") if kind is NodeKind.BOUNDARY else None,
        interrupting=truth(element.get("cancelActivity"), otherwise=True),
        timer=_timer(element, dict(reversed(definitions)).get(EventKind.TIMER)),
        default=element.get("default"),
        reacts=kind in SUB_PROCESSES and truth(element.get("triggeredByEvent")),
        references=tuple(_reference(each, event, catalogue) for event, each in definitions)
        or _message_of(element, catalogue),
        called=_local(element.get("calledElement", "")),
        repetition=_repetition(element),
        compensates=truth(element.get("isForCompensation")),
        instantiates=truth(element.get("instantiate")),
        start_quantity=_quantity(element, "startQuantity"),
        completion_quantity=_quantity(element, "completionQuantity"),
    )


def _quantity(element: Element, attribute: str) -> int:
    """A number of tokens; what is no number from 1 is judged by other checks, and counts as 1."""
    stated = element.get(attribute, "").strip()
    known = stated.isascii() and stated.isdigit() and len(stated) <= _DIGITS
    return max(1, int(stated)) if known else 1


def _definitions(
    element: Element, catalogue: Mapping[str, Element]
) -> Iterator[tuple[EventKind, Element]]:
    """The event definitions of an event, its own and those it refers to."""
    for child in element.iterchildren(f"{{{BPMN}}}*"):
        found: Element | None = child
        if local_name(child) == "eventDefinitionRef":
            found = catalogue.get(_local("".join(child.itertext())))
        name = local_name(found).removesuffix("EventDefinition") if found is not None else ""
        if found is not None and name != local_name(found) and name in _EVENTS:
            yield EventKind(name), found


_NAMED_BY = {EventKind.ERROR: "errorCode", EventKind.ESCALATION: "escalationCode"}


def _reference(definition: Element, event: EventKind, catalogue: Mapping[str, Element]) -> str:
    """What makes a throw and a catch meet: a code, a name, or the id where both are missing."""
    if event is EventKind.LINK:
        return definition.get("name", "").strip()
    wanted = _local(definition.get(f"{event.value}Ref", ""))
    named = catalogue.get(wanted)
    if named is None:
        return wanted
    code = named.get(_NAMED_BY.get(event, "name"), "").strip()
    return code or named.get("name", "").strip() or wanted


def _message_of(element: Element, catalogue: Mapping[str, Element]) -> tuple[str, ...]:
    """The message of a send or receive task, which has no event definition."""
    if element.get("messageRef") is None:
        return ()
    wanted = _local(element.get("messageRef", ""))
    named = catalogue.get(wanted)
    return ((named.get("name", "").strip() if named is not None else "") or wanted,)


def _repetition(element: Element) -> Repetition | None:
    if element.find(bpmn("standardLoopCharacteristics")) is not None:
        return Repetition.LOOP
    each = element.find(bpmn("multiInstanceLoopCharacteristics"))
    if each is None:
        return None
    in_turn = truth(each.get("isSequential"))
    return Repetition.EACH_IN_TURN if in_turn else Repetition.EACH_AT_ONCE


def _timer(element: Element, definition: Element | None) -> Timer | None:
    """What the timer states; a qt:limit is nearest to the office and wins."""
    if definition is None:
        return None
    for limit in qt_children(element, "limit"):
        try:
            return Timer(TimerKind.LIMIT, limit=read_limit(limit))
        except InvalidTimeLimit:
            break  # reported by the reader; the timer then counts as unset
    for child in definition.iterchildren(f"{{{BPMN}}}*"):
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
