"""A file judged by the table of constructs: one finding for each that does not run."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, SUB_PROCESSES, NodeKind
from processes.document import BPMN, FLOW_NODES, Document, bpmn, local_name, qt_children
from processes.drawing import flow_elements, running_process, truth
from processes.finding import Finding, Severity
from processes.rule import Rule, Words, shorten
from processes.support.construct import Construct, Verdict
from processes.support.event_restrictions import definitions_of, restricted_event
from processes.support.restrictions import restricted
from processes.support.table import CONSTRUCTS, EVENTS, MULTIPLE, NONE

_VI = "{what} ({kind}): hệ thống không chạy được. {advice}"
_EN = "{what} ({kind}) does not run here. {advice}"
_VI_DRAWN = "{what} ({kind}) không có tác dụng khi chạy. {advice}"
_EN_DRAWN = "{what} ({kind}) has no effect when the procedure runs. {advice}"

RULES = {
    construct.code: Rule(f"support.{construct.code}", Severity.ERROR, _VI, _EN)
    if construct.verdict is Verdict.REFUSED
    else Rule(f"support.{construct.code}", Severity.WARNING, _VI_DRAWN, _EN_DRAWN)
    for construct in CONSTRUCTS.values()
    if construct.advice is not None
}
"""The rule for each construct that has something to say, by the construct's code."""

_PLAIN = frozenset(
    {"incoming", "outgoing", "script", "text", "completionCondition", "activationCondition"}
)
_EVENT_PARTS = frozenset({"dataInput", "dataOutput", "inputSet", "outputSet"})
_PROCESS_PARTS = frozenset(
    {"laneSet", "correlationSubscription", "supports", "ioBinding", "rendering"}
)
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_GATES_WITH_CONDITIONS = ("exclusiveGateway", "inclusiveGateway", "complexGateway")


def judge_support(document: Document) -> Iterator[Finding]:
    """Findings for whatever the engine does not run as drawn, in the file's order."""
    process = running_process(document)
    yield from _other_processes(document, process)
    if process is None:
        return
    sources = {
        e.get("id"): local_name(e) for e, _ in flow_elements(process) if local_name(e) in FLOW_NODES
    }
    for element, _ in flow_elements(process):
        name = local_name(element)
        if name in FLOW_NODES:
            yield from _node(element, NodeKind(name))
        elif name == "sequenceFlow":
            yield from _flow(element, sources)
        else:
            yield from _part(element, element)


def _other_processes(document: Document, process: Element | None) -> Iterator[Finding]:
    marked = process is not None and _marked(process)
    for other in document.root.iterchildren(f"{{{BPMN}}}*"):
        name = local_name(other)
        if name.lower().endswith("choreography"):
            yield _say("choreography", other)
        elif name == "process" and other is not process and _has_nodes(other):
            second = _marked(other) or not marked  # none marked: which one runs is a guess
            yield _say("process.second" if second else "process.other", other)


def _marked(process: Element) -> bool:
    """Whether the file says that this process is the one to run."""
    stated = next(qt_children(process, "procedure"), None)
    return truth(process.get("isExecutable")) or stated is not None


def _has_nodes(process: Element) -> bool:
    return any(local_name(element) in FLOW_NODES for element, _ in flow_elements(process))


def _node(element: Element, kind: NodeKind) -> Iterator[Finding]:
    if kind in EVENTS:
        yield from _event(element, kind)
    elif CONSTRUCTS[kind].verdict is Verdict.REFUSED:
        yield _say(kind, element)
    if kind in ACTIVITIES:
        yield from _markers(element, kind)
    for code in (*restricted(element, kind), *restricted_event(element, kind)):
        yield _say(code, element)
    if kind in SUB_PROCESSES:
        return  # its children are met by the walk
    for child in element.iterchildren(f"{{{BPMN}}}*"):
        name = local_name(child)
        if kind not in EVENTS or not (_is_definition(name) or name in _EVENT_PARTS):
            yield from _part(child, element)


def _markers(element: Element, kind: NodeKind) -> Iterator[Finding]:
    if kind is NodeKind.RECEIVE_TASK and truth(element.get("instantiate")):
        yield _say("receiveTask.instantiate", element)


def _event(element: Element, kind: NodeKind) -> Iterator[Finding]:
    definitions = [
        local_name(each).removesuffix("EventDefinition") for each in definitions_of(element)
    ]
    if not definitions and element.find(bpmn("eventDefinitionRef")) is not None:
        return  # said by `event.definitionMissing`
    event = MULTIPLE if len(definitions) > 1 else (definitions or [NONE])[0]
    for code in sorted({f"{kind}.{one}" for one in (event, *definitions)}):
        if code not in CONSTRUCTS:
            yield _say("unknown", element)
        elif CONSTRUCTS[code].verdict is Verdict.REFUSED:
            yield _say(code, element)


def _flow(element: Element, kinds: dict[str | None, str]) -> Iterator[Finding]:
    source = kinds.get(element.get("sourceRef"))
    conditional = element.find(bpmn("conditionExpression")) is not None
    chooses = source is None or source in _GATES_WITH_CONDITIONS or source in ACTIVITIES
    if conditional and not chooses:
        yield _say("sequenceFlow.conditionElsewhere", element)
    for child in element.iterchildren(f"{{{BPMN}}}*"):
        if local_name(child) != "conditionExpression":
            yield from _part(child, element)


def _part(element: Element, owner: Element) -> Iterator[Finding]:
    """Anything that is neither a node nor a flow: known and harmless, worth a word, or unknown."""
    name = local_name(element)
    if name in _PLAIN or name in _PROCESS_PARTS or name in _LOOPS:
        return
    construct = CONSTRUCTS.get(name)
    if construct is None or construct.verdict is Verdict.REFUSED:
        yield _say("unknown", element if element.get("id") else owner, name)
    elif construct.advice is not None:
        yield _say(name, owner)


def _is_definition(name: str) -> bool:
    return name.endswith("EventDefinition") or name == "eventDefinitionRef"


def _say(code: str, element: Element, tag: str = "") -> Finding:
    construct: Construct = CONSTRUCTS[code]
    element_id = element.get("id") or None
    name = shorten(element.get("name", ""))
    shown = f"“{name}”" if name else (element_id or "–")
    kind = construct.kind
    if tag:
        kind = Words(f"{kind.vi} {shorten(tag)}", f"{kind.en} {shorten(tag)}")
    advice = construct.advice or Words("", "")
    return RULES[code].at(element_id, what=shown, kind=kind, advice=advice)
