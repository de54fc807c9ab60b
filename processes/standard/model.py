"""A document laid out for the constraints: its elements by kind and id, who flows to whom.

Built in one pass over the file; what stands inside `extensionElements` is no part of the model.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, SUB_PROCESSES, designation
from processes.document import BPMN, FLOW_NODES, Document, local_name
from processes.drawing import running_process, truth
from processes.rule import Words
from processes.standard.names import kind_words

ACTIVITY_KINDS = frozenset(str(kind) for kind in ACTIVITIES)
SUB_PROCESS_KINDS = frozenset(str(kind) for kind in SUB_PROCESSES)
EVENT_KINDS = frozenset(
    {
        *("startEvent", "endEvent", "boundaryEvent"),
        *("intermediateCatchEvent", "intermediateThrowEvent"),
    }
)
GATEWAY_KINDS = frozenset(
    {
        *("exclusiveGateway", "inclusiveGateway", "parallelGateway"),
        *("complexGateway", "eventBasedGateway"),
    }
)
CHOREOGRAPHY_KINDS = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
CONTAINER_KINDS = frozenset({"process", *SUB_PROCESS_KINDS})

_SUFFIX = "EventDefinition"


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A sequence flow; source and target are None where they name nothing."""

    element: Element
    source: Element | None
    target: Element | None


class Model:
    """The file's BPMN elements, by kind in the file's order, and how they hang together."""

    def __init__(self, document: Document) -> None:
        self.root = document.root
        self.target_namespace = document.root.get("targetNamespace", "")
        self.running = running_process(document)
        self.kind: dict[Element, str] = {}
        self.by_kind: dict[str, list[Element]] = {}
        self.by_id: dict[str, Element] = {}
        self.parent: dict[Element, Element] = {}
        self.inner: dict[Element, list[Element]] = {}
        self._processes: dict[Element, Element | None] = {}
        self._fill()

    def _fill(self) -> None:
        start = len(BPMN) + 2
        kind_of = self.kind
        inner: defaultdict[Element, list[Element]] = defaultdict(list)
        by_kind: defaultdict[str, list[Element]] = defaultdict(list)
        for element in self.root.iter(f"{{{BPMN}}}*"):
            kind = str(element.tag)[start:]
            around = element.getparent()
            if around is not None:
                if around not in kind_of or kind == "extensionElements":
                    continue  # an extension, or inside one
                self.parent[element] = around
                inner[around].append(element)
            kind_of[element] = kind
            by_kind[kind].append(element)
            if element_id := element.get("id"):
                self.by_id.setdefault(element_id, element)
        self.inner, self.by_kind = dict(inner), dict(by_kind)

    def of(self, *kinds: str) -> Iterator[Element]:
        """The elements of these kinds."""
        for kind in kinds:
            yield from self.by_kind.get(kind, ())

    def children(self, element: Element, *kinds: str) -> list[Element]:
        """The element's own children of these kinds; all of them where none is named."""
        found = self.inner.get(element, [])
        return [child for child in found if self.kind[child] in kinds] if kinds else found

    @cached_property
    def nodes(self) -> tuple[Element, ...]:
        """The flow nodes of processes and sub-processes."""
        return tuple(
            element
            for element, kind in self.kind.items()
            if kind in FLOW_NODES and self.kind.get(self.parent[element]) in CONTAINER_KINDS
        )

    @cached_property
    def flowing(self) -> frozenset[Element]:
        """The flow nodes, to look one up."""
        return frozenset(self.nodes)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The sequence flows, those of choreographies left out."""
        return tuple(
            Flow(flow, *(self.by_id.get(flow.get(end, "")) for end in ("sourceRef", "targetRef")))
            for flow in self.of("sequenceFlow")
            if self.kind.get(self.parent[flow]) in CONTAINER_KINDS
        )

    @cached_property
    def outgoing(self) -> dict[Element, list[Flow]]:
        """The flows that leave an element."""
        found: dict[Element, list[Flow]] = {}
        for flow in self.flows:
            if flow.source is not None:
                found.setdefault(flow.source, []).append(flow)
        return found

    @cached_property
    def incoming(self) -> dict[Element, list[Flow]]:
        """The flows that lead to an element."""
        found: dict[Element, list[Flow]] = {}
        for flow in self.flows:
            if flow.target is not None:
                found.setdefault(flow.target, []).append(flow)
        return found

    @cached_property
    def events(self) -> dict[Element, tuple[tuple[str, Element], ...]]:
        """Event -> its event definitions, shared ones included, each with its kind ("timer")."""
        return {event: tuple(self._definitions(event)) for event in self.of(*sorted(EVENT_KINDS))}

    def _definitions(self, event: Element) -> Iterator[tuple[str, Element]]:
        for child in self.children(event):
            kind = self.kind[child]
            if kind == "eventDefinitionRef":
                shared = self.resolve(child.text or "")
                if shared is not None and self.kind[shared].endswith(_SUFFIX):
                    yield self.kind[shared].removesuffix(_SUFFIX), shared
            elif kind.endswith(_SUFFIX):
                yield kind.removesuffix(_SUFFIX), child

    def event_kinds(self, event: Element) -> tuple[str, ...]:
        """The kinds of an event's definitions, empty for a none event."""
        return tuple(kind for kind, _ in self.events.get(event, ()))

    @cached_property
    def attached(self) -> dict[Element, list[Element]]:
        """Activity -> its boundary events."""
        found: dict[Element, list[Element]] = {}
        for event in self.of("boundaryEvent"):
            host = self.resolve(event.get("attachedToRef", ""))
            if host is not None:
                found.setdefault(host, []).append(event)
        return found

    @cached_property
    def associated(self) -> dict[Element, list[Element]]:
        """Element -> what associations connect it with, either way round."""
        found: dict[Element, list[Element]] = {}
        for line in self.of("association"):
            ends = [self.resolve(line.get(end, "")) for end in ("sourceRef", "targetRef")]
            for one, other in (ends, ends[::-1]):
                if one is not None and other is not None:
                    found.setdefault(one, []).append(other)
        return found

    def resolve(self, text: str) -> Element | None:
        """The element of this file that a reference names, with or without a prefix."""
        found = self.by_id.get(text)
        return self.by_id.get(text.strip().rpartition(":")[2]) if found is None else found

    def is_foreign(self, owner: Element, text: str) -> bool:
        """Whether a reference says that it names something of another file."""
        prefix, colon, _ = text.strip().rpartition(":")
        if not colon:
            return False
        namespace = owner.nsmap.get(prefix)
        return namespace is not None and namespace != self.target_namespace

    def process_of(self, element: Element) -> Element | None:
        """The process that an element stands in (or is)."""
        passed: list[Element] = []
        found: Element | None = element
        while found is not None and self.kind.get(found) != "process":
            if found in self._processes:
                found = self._processes[found]
                break
            passed.append(found)
            found = self.parent.get(found)
        for each in passed:
            self._processes[each] = found
        return found

    def runs(self, element: Element) -> bool:
        """Whether it is part of the process that runs."""
        return self.running is not None and self.process_of(element) is self.running

    def is_executable(self, element: Element) -> bool:
        """Whether the process that it stands in is declared executable."""
        process = self.process_of(element)
        return process is not None and truth(process.get("isExecutable"))

    def is_event_sub_process(self, element: Element | None) -> bool:
        """Whether it is a sub-process that an event starts."""
        return (
            element is not None
            and self.kind.get(element) in SUB_PROCESS_KINDS
            and truth(element.get("triggeredByEvent"))
        )

    def is_compensation(self, element: Element) -> bool:
        """Whether it is an activity that only undoes another."""
        return truth(element.get("isForCompensation"))

    def id_of(self, element: Element) -> str | None:
        """The id of the element, or of the nearest one around it that has one."""
        found: Element | None = element
        while found is not None:
            if element_id := found.get("id"):
                return element_id
            found = found.getparent()
        return None

    def words(self, element: Element) -> Words:
        """The element as the designer sees it: its name in quotes, else its kind and id."""
        kind = self.kind.get(element) or local_name(element)
        return designation(element.get("name", ""), element.get("id", ""), kind_words(kind))

    def visible(self, element: Element) -> Words:
        """The nearest element, itself or around it, that a designer can see, in words."""
        found: Element | None = element
        while found is not None:
            kind = self.kind.get(found, "")
            inner = kind.endswith(("Definition", "Association", "Set", "Characteristics"))
            if found.get("name") or (found.get("id") and not inner):
                return self.words(found)
            found = self.parent.get(found)
        return self.words(element)
