"""The diagram of a procedure as a graph: its nodes, flows and lanes, without the drawing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from processes.graph import Graph
from processes.rule import Words, shorten
from processes.timer import Timer


class NodeKind(StrEnum):
    """Flow nodes of BPMN 2.0; the values are the elements' names."""

    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
    TRANSACTION = "transaction"
    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    IMPLICIT_THROW = "implicitThrowEvent"
    ANY_EVENT = "event"
    BOUNDARY = "boundaryEvent"
    EXCLUSIVE = "exclusiveGateway"
    INCLUSIVE = "inclusiveGateway"
    PARALLEL = "parallelGateway"
    COMPLEX = "complexGateway"
    EVENT_BASED = "eventBasedGateway"


class EventKind(StrEnum):
    """Event definitions of BPMN 2.0; the values are the elements' names less "EventDefinition"."""

    CANCEL = "cancel"
    COMPENSATE = "compensate"
    CONDITIONAL = "conditional"
    ERROR = "error"
    ESCALATION = "escalation"
    LINK = "link"
    MESSAGE = "message"
    SIGNAL = "signal"
    TERMINATE = "terminate"
    TIMER = "timer"


class Repetition(StrEnum):
    """How often an activity is done each time a token comes."""

    LOOP = "loop"  # again, as long as its condition holds (standardLoopCharacteristics)
    EACH_AT_ONCE = "each-at-once"  # once for each of a collection, side by side
    EACH_IN_TURN = "each-in-turn"


KIND_WORDS = {
    NodeKind.TASK: Words("bước", "task"),
    NodeKind.USER_TASK: Words("bước của người dùng", "user task"),
    NodeKind.MANUAL_TASK: Words("bước thủ công", "manual task"),
    NodeKind.SEND_TASK: Words("bước gửi", "send task"),
    NodeKind.RECEIVE_TASK: Words("bước nhận", "receive task"),
    NodeKind.SERVICE_TASK: Words("tác vụ dịch vụ", "service task"),
    NodeKind.SCRIPT_TASK: Words("tác vụ kịch bản", "script task"),
    NodeKind.BUSINESS_RULE_TASK: Words("tác vụ quy tắc nghiệp vụ", "business rule task"),
    NodeKind.CALL_ACTIVITY: Words("hoạt động gọi quy trình khác", "call activity"),
    NodeKind.SUB_PROCESS: Words("quy trình con", "sub-process"),
    NodeKind.AD_HOC_SUB_PROCESS: Words("quy trình con tùy biến", "ad-hoc sub-process"),
    NodeKind.TRANSACTION: Words("quy trình con giao dịch", "transaction"),
    NodeKind.START: Words("sự kiện bắt đầu", "start event"),
    NodeKind.END: Words("sự kiện kết thúc", "end event"),
    NodeKind.CATCH: Words("sự kiện trung gian chờ", "intermediate catch event"),
    NodeKind.THROW: Words("sự kiện trung gian phát", "intermediate throw event"),
    NodeKind.IMPLICIT_THROW: Words("sự kiện phát ngầm", "implicit throw event"),
    NodeKind.ANY_EVENT: Words("sự kiện không rõ loại", "event of no kind"),
    NodeKind.BOUNDARY: Words("sự kiện gắn trên bước", "boundary event"),
    NodeKind.EXCLUSIVE: Words("cổng loại trừ", "exclusive gateway"),
    NodeKind.INCLUSIVE: Words("cổng bao hàm", "inclusive gateway"),
    NodeKind.PARALLEL: Words("cổng song song", "parallel gateway"),
    NodeKind.COMPLEX: Words("cổng phức hợp", "complex gateway"),
    NodeKind.EVENT_BASED: Words("cổng theo sự kiện", "event-based gateway"),
}

STEPS = frozenset(
    {
        *(NodeKind.TASK, NodeKind.USER_TASK, NodeKind.MANUAL_TASK),
        *(NodeKind.SEND_TASK, NodeKind.RECEIVE_TASK),
    }
)
"""Activities that a person completes."""

SUB_PROCESSES = frozenset({NodeKind.SUB_PROCESS, NodeKind.AD_HOC_SUB_PROCESS, NodeKind.TRANSACTION})
ACTIVITIES = (
    STEPS
    | SUB_PROCESSES
    | {
        *(NodeKind.SERVICE_TASK, NodeKind.SCRIPT_TASK, NodeKind.BUSINESS_RULE_TASK),
        NodeKind.CALL_ACTIVITY,
    }
)
GATEWAYS = frozenset(
    {
        *(NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE, NodeKind.PARALLEL),
        *(NodeKind.COMPLEX, NodeKind.EVENT_BASED),
    }
)

Key = TypeVar("Key")
Value = TypeVar("Value")

_LEAVING = "\0"  # cannot stand in an XML file, so never in an id


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node.

    parent: id of the sub-process it stands in, None at the top. lane: id of the innermost lane,
    its own or that of the sub-process around it. events: its event definitions, in file order.
    attached_to, interrupting: of a boundary event. default: id of a gateway's default flow.
    reacts: a sub-process that an event starts (triggeredByEvent). references: for each of the
    events the name of the message, signal or link, the code of the error or escalation; empty
    where none is given; of a send or receive task its message. called: id of the process that a
    call activity calls. repetition: its loop marker. compensates: an activity that only a
    compensation starts. instantiates: a receive task or event-based gateway that begins the
    process. start_quantity, completion_quantity: how many tokens begin an activity once, and how
    many it gives to each flow out.
    """

    id: str
    kind: NodeKind
    name: str
    parent: str | None = None
    lane: str | None = None
    events: tuple[EventKind, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    timer: Timer | None = None
    default: str | None = None
    reacts: bool = False
    references: tuple[str, ...] = ()
    called: str = ""
    repetition: Repetition | None = None
    compensates: bool = False
    instantiates: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1

    def reference(self, event: EventKind) -> str:
        """What its first event of that kind refers to; empty without one."""
        pairs = zip(self.events, self.references, strict=False)
        return next((name for kind, name in pairs if kind is event), "")

    @property
    def is_step(self) -> bool:
        """Whether a person completes it."""
        return self.kind in STEPS

    @property
    def words(self) -> Words:
        """The node as the designer sees it: its name, else its kind and id."""
        return designation(self.name, self.id, KIND_WORDS[self.kind])


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. condition: the text of its condition, None without one.

    language: the condition's language attribute, as written.
    """

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    language: str = ""
    parent: str | None = None

    @property
    def words(self) -> Words:
        """The flow as the designer sees it."""
        return designation(self.name, self.id, Words("luồng", "flow"))


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane (người hoặc đơn vị thực hiện). parent: id of the lane around it."""

    id: str
    name: str
    parent: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A message flow. source, target: ids of a node, a pool or a process of the file."""

    id: str
    source: str
    target: str
    name: str = ""


@dataclass(frozen=True)
class Diagram:
    """The process that runs, as a graph. Ids are unique here: of duplicates the first is kept.

    others: the other processes of the file, whether they are called, exchange messages with this
    one, or neither. messages: the message flows of the file.
    """

    process_id: str
    name: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...]
    others: tuple["Diagram", ...] = ()
    messages: tuple[MessageFlow, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def lane_by_id(self) -> Mapping[str, Lane]:
        return {lane.id: lane for lane in self.lanes}

    @cached_property
    def _outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        return _grouped((flow.source, flow) for flow in self.connecting)

    @cached_property
    def _incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        return _grouped((flow.target, flow) for flow in self.connecting)

    @cached_property
    def _boundary(self) -> Mapping[str, tuple[Node, ...]]:
        return _grouped((node.attached_to or "", node) for node in self.nodes)

    @cached_property
    def _children(self) -> Mapping[str | None, tuple[Node, ...]]:
        return _grouped((node.parent, node) for node in self.nodes)

    @cached_property
    def connecting(self) -> tuple[Flow, ...]:
        """Flows whose two ends exist; the others are judged by lint."""
        return tuple(f for f in self.flows if f.source in self.by_id and f.target in self.by_id)

    def node(self, node_id: str) -> Node | None:
        return self.by_id.get(node_id)

    def outgoing(self, node_id: str) -> tuple[Flow, ...]:
        return self._outgoing.get(node_id, ())

    def incoming(self, node_id: str) -> tuple[Flow, ...]:
        return self._incoming.get(node_id, ())

    def attached(self, node_id: str) -> tuple[Node, ...]:
        """The boundary events on an activity."""
        return self._boundary.get(node_id, ()) if node_id else ()

    def children(self, parent: str | None) -> tuple[Node, ...]:
        """The nodes that stand directly in a sub-process, or at the top (None)."""
        return self._children.get(parent, ())

    def starts(self, parent: str | None = None) -> tuple[Node, ...]:
        return tuple(n for n in self.children(parent) if n.kind is NodeKind.START)

    def beginnings(self, parent: str | None = None) -> tuple[Node, ...]:
        """Where a process or sub-process begins: its start events; without any, all that no flow
        leads to (BPMN 2.0.2, 10.5.2).
        """
        inside = self.children(parent)
        return self.starts(parent) or tuple(
            node
            for node in inside
            if node.kind is not NodeKind.BOUNDARY
            and not (node.reacts or node.compensates or self.incoming(node.id))
        )

    @cached_property
    def graph(self) -> Graph:
        """How a token can walk, sub-processes laid open.

        An activity has two vertices: its id where a token arrives, and `leaving(id)` where it
        goes on; between them lies the work. A boundary event follows the arrival, and the link of
        its name follows a throwing link event.
        """
        edges: dict[str, list[str]] = {}
        for node in self.nodes:
            last = leaving(node.id) if node.kind in ACTIVITIES else node.id
            edges.setdefault(node.id, [])
            edges.setdefault(last, []).extend(flow.target for flow in self.outgoing(node.id))
            if node.kind in SUB_PROCESSES:
                edges[node.id].extend(first.id for first in self.beginnings(node.id))
            elif node.kind in ACTIVITIES:
                edges[node.id].append(last)
            edges[node.id].extend(event.id for event in self.attached(node.id))
            around = self.by_id.get(node.parent or "")
            if not self.outgoing(node.id) and around and around.kind in ACTIVITIES:
                edges[last].append(leaving(around.id))  # not where a gateway shares its id
        for source, target in self._links():
            edges[source].append(target)
        return Graph({vertex: tuple(after) for vertex, after in edges.items()})

    def _links(self) -> Iterator[tuple[str, str]]:
        """Throwing link events, each with the catching one of its name on its level."""
        linked = [node for node in self.nodes if EventKind.LINK in node.events]
        caught = {
            (node.parent, node.reference(EventKind.LINK)): node.id
            for node in linked
            if node.kind is NodeKind.CATCH
        }
        for node in linked:
            target = caught.get((node.parent, node.reference(EventKind.LINK)))
            if node.kind is NodeKind.THROW and target is not None:
                yield node.id, target


def leaving(node_id: str) -> str:
    """The vertex of `Diagram.graph` at which a token leaves an activity."""
    return node_id + _LEAVING


def at(vertex: str) -> str:
    """The node that a vertex of `Diagram.graph` belongs to."""
    return vertex.removesuffix(_LEAVING)


def designation(name: str, element_id: str, kind: Words) -> Words:
    """An element as the designer sees it: its name in quotes, else its kind and id."""
    if shown := shorten(name):
        return Words(f"“{shown}”", f"“{shown}”")
    return Words(f"{kind.vi} {element_id or '–'}", f"{kind.en} {element_id or '–'}")


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
