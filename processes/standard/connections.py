"""Nodes and their flows: where starts and ends are drawn, every other node has a way in and out."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import CONTAINER_KINDS, Model

NO_START = Constraint(
    "std-start-missing",
    Severity.ERROR,
    "{where} có sự kiện kết thúc nhưng không có sự kiện bắt đầu. Thêm sự kiện bắt đầu.",
    "{where} has an end event but no start event. Add a start event.",
    "10.5.2",
)
NO_END = Constraint(
    "std-end-missing",
    Severity.ERROR,
    "{where} có sự kiện bắt đầu nhưng không có sự kiện kết thúc. Thêm sự kiện kết thúc.",
    "{where} has a start event but no end event. Add an end event.",
    "10.5.3",
)
NO_WAY_IN = Constraint(
    "std-node-without-incoming",
    Severity.ERROR,
    "Không có luồng nào vào {node}. Đã có sự kiện bắt đầu thì mọi phần tử khác phải có luồng vào.",
    "No flow leads into {node}. Where there is a start event, everything else needs one.",
    "10.5.2",
)
NO_WAY_OUT = Constraint(
    "std-node-without-outgoing",
    Severity.ERROR,
    "Không có luồng nào ra khỏi {node}. Đã có sự kiện kết thúc thì mọi phần tử khác phải có luồng "
    "ra.",
    "No flow leaves {node}. Where there is an end event, everything else needs one.",
    "10.5.3",
)
START_INCOMING = Constraint(
    "std-start-incoming",
    Severity.ERROR,
    "{flow} đi vào {node}, nhưng không luồng nào được vào sự kiện bắt đầu. Nối vào bước đầu tiên.",
    "{flow} leads into {node}, but no flow may enter a start event. Lead it to the first step.",
    "10.5.2",
)
END_OUTGOING = Constraint(
    "std-end-outgoing",
    Severity.ERROR,
    "{flow} đi ra từ {node}, nhưng không luồng nào được ra khỏi sự kiện kết thúc. Nối từ bước "
    "trước đó.",
    "{flow} leaves {node}, but no flow may leave an end event. Start it at the step before.",
    "10.5.3",
)
START_INTERRUPTS = Constraint(
    "std-start-interrupting",
    Severity.WARNING,
    "{node} ghi isInterrupting, chỉ có nghĩa trong quy trình con theo sự kiện. Bỏ thuộc tính này.",
    "{node} states isInterrupting, which means something in event sub-processes only. Remove it.",
    "10.5.2",
)
RULES = (
    *(NO_START, NO_END, NO_WAY_IN, NO_WAY_OUT),
    *(START_INCOMING, END_OUTGOING, START_INTERRUPTS),
)


def judge_connections(model: Model) -> Iterator[Finding]:
    """Findings about nodes that flows do not reach or leave as they must (10.5.2, 10.5.3)."""
    for container in model.of(*sorted(CONTAINER_KINDS)):
        if model.kind[container] != "adHocSubProcess":
            yield from _container(model, container)
    for start in model.of("startEvent"):
        for flow in model.incoming.get(start, ()):
            facts = {"flow": model.words(flow.element), "node": model.words(start)}
            yield START_INCOMING.at(model.id_of(flow.element), **facts)
        outside = not model.is_event_sub_process(model.parent[start])
        if outside and start.get("isInterrupting") == "false":
            yield START_INTERRUPTS.at(model.id_of(start), node=model.words(start))
    for end in model.of("endEvent"):
        for flow in model.outgoing.get(end, ()):
            facts = {"flow": model.words(flow.element), "node": model.words(end)}
            yield END_OUTGOING.at(model.id_of(flow.element), **facts)


def _container(model: Model, container: Element) -> Iterator[Finding]:
    starts = model.children(container, "startEvent")
    ends = model.children(container, "endEvent")
    facts = {"where": model.words(container)}
    if ends and not starts and not _starts_itself(model, container):
        yield NO_START.at(model.id_of(container), **facts)
    if starts and not ends:
        yield NO_END.at(model.id_of(container), **facts)
    for node in model.children(container):
        if node not in model.flowing or model.is_compensation(node):
            continue
        if starts and not model.incoming.get(node) and not _begins(model, node):
            yield NO_WAY_IN.at(model.id_of(node), node=model.words(node))
        if ends and not model.outgoing.get(node) and not _finishes(model, node):
            yield NO_WAY_OUT.at(model.id_of(node), node=model.words(node))


def _starts_itself(model: Model, container: Element) -> bool:
    """Whether a receive task or an event-based gateway starts the process (10.5.6)."""
    starters = model.children(container, "receiveTask", "eventBasedGateway")
    return any(node.get("instantiate") == "true" for node in starters)


def _begins(model: Model, node: Element) -> bool:
    kind = model.kind[node]
    links = kind == "intermediateCatchEvent" and "link" in model.event_kinds(node)
    return (
        kind in ("startEvent", "boundaryEvent")
        or links
        or node.get("instantiate") == "true"
        or model.is_event_sub_process(node)
    )


def _finishes(model: Model, node: Element) -> bool:
    kind = model.kind[node]
    kinds = model.event_kinds(node)
    links = kind == "intermediateThrowEvent" and "link" in kinds
    compensates = kind == "boundaryEvent" and "compensate" in kinds
    return kind == "endEvent" or links or compensates or model.is_event_sub_process(node)
