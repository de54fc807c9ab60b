"""What is to be written: a procedure, and how its steps are connected."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from processes.diagram import GATEWAYS, NodeKind
from processes.errors import InvalidInput
from processes.procedure import Procedure
from processes.step import Assignment
from processes.time_limit import TimeLimit

_NAME = re.compile(r"[^\W\d][\w.-]{0,254}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class InvalidPlan(InvalidInput):
    """What is to be written would not be a readable diagram."""

    code = "writing.invalid"
    vi = "Không ghi được sơ đồ: {problem_vi} ({element})."
    en = "The diagram cannot be written: {problem_en} ({element})."


@dataclass(frozen=True, slots=True)
class Start:
    """A plain start event. lane: where it stands; None = where its neighbour stands."""

    id: str
    name: str = ""
    lane: Assignment | None = None


@dataclass(frozen=True, slots=True)
class End:
    """An end event; the procedure's outcome of this element id becomes its `qt:end`."""

    id: str
    name: str = ""
    lane: Assignment | None = None


@dataclass(frozen=True, slots=True)
class Gateway:
    """kind: exclusive, inclusive, parallel or event-based; default: id of the default arrow."""

    id: str
    kind: NodeKind
    name: str = ""
    default: str | None = None
    lane: Assignment | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A timer in working time: on the border of the step `on`, or by itself in the flow."""

    id: str
    limit: TimeLimit
    name: str = ""
    on: str | None = None
    interrupting: bool = True
    lane: Assignment | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """A sequence flow. when: a FEEL condition, on flows out of exclusive or inclusive gateways."""

    source: str
    target: str
    name: str = ""
    when: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A procedure and its diagram.

    Steps are the user tasks, outcomes belong to end events; the lanes are the assignments of
    steps and other nodes, in the order in which they first occur. pool: the agency's name,
    None for a process without a pool. documentation: prose of the process as a whole.
    """

    procedure: Procedure
    nodes: tuple[Start | End | Gateway | Wait, ...]
    arrows: tuple[Arrow, ...]
    pool: str | None = None
    documentation: str = ""

    def __post_init__(self) -> None:
        for element, vi, en in _problems(self):
            raise InvalidPlan(element=element, problem_vi=vi, problem_en=en)

    def arrow_ids(self) -> tuple[str, ...]:
        """The id of each arrow: its own, or one made of its ends."""
        taken = {arrow.id for arrow in self.arrows if arrow.id} | set(self.node_ids())
        ids = []
        for arrow in self.arrows:
            wanted = arrow.id or f"Flow_{arrow.source}_{arrow.target}"
            name, number = wanted, 1
            while not arrow.id and name in taken:
                number += 1
                name = f"{wanted}_{number}"
            taken.add(name)
            ids.append(name)
        return tuple(ids)

    def node_ids(self) -> tuple[str, ...]:
        """Ids of steps and other nodes, in the order of writing."""
        steps = tuple(step.element_id for step in self.procedure.steps)
        return steps + tuple(node.id for node in self.nodes)

    def lanes_of_nodes(self) -> dict[str, Assignment]:
        """Node id -> lane; a node that names none stands where a neighbour stands."""
        lanes = {s.element_id: s.assignment for s in self.procedure.steps if s.assignment}
        lanes |= {node.id: node.lane for node in self.nodes if node.lane is not None}
        hosts = {node.id: node.on for node in self.nodes if isinstance(node, Wait) and node.on}
        lanes |= {id_: lanes[on] for id_, on in hosts.items() if on in lanes and id_ not in lanes}
        if lanes:
            self._spread(lanes)
        return lanes

    def _spread(self, lanes: dict[str, Assignment]) -> None:
        missing = [id_ for id_ in self.node_ids() if id_ not in lanes]
        while missing:
            before = len(missing)
            for arrow in self.arrows:
                if arrow.source in lanes:
                    lanes.setdefault(arrow.target, lanes[arrow.source])
                elif arrow.target in lanes:
                    lanes[arrow.source] = lanes[arrow.target]
            missing = [id_ for id_ in missing if id_ not in lanes]
            if len(missing) == before:
                lanes.update(dict.fromkeys(missing, next(iter(lanes.values()))))
                missing = []


def is_name(text: str) -> bool:
    """Whether a text can be the id of an element (an XML NCName of at most 255 letters).

    >>> is_name("Task_Tham_dinh"), is_name("2_ngay"), is_name("TP07::THU_LY")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None


def clean(text: str) -> str:
    """The text without characters that XML cannot hold, letters and accents as one (NFC)."""
    return normalize("NFC", _FORBIDDEN.sub("", text))


def _problems(plan: Plan) -> Iterator[tuple[str, str, str]]:
    ids = [plan.procedure.process_id, *plan.node_ids()]
    ids += [arrow.id for arrow in plan.arrows if arrow.id]
    known = set(plan.node_ids())
    for id_ in ids:
        if not is_name(id_):
            yield id_, "mã phần tử không hợp lệ", "the id is not a valid name"
    for id_ in {id_ for id_ in ids if ids.count(id_) > 1}:
        yield id_, "mã phần tử bị trùng", "the id is used twice"
    for arrow in plan.arrows:
        for end in (arrow.source, arrow.target):
            if end not in known:
                yield end, "mũi tên nối tới phần tử không có", "an arrow leads to nothing"
    for node in plan.nodes:
        if isinstance(node, Gateway) and node.kind not in GATEWAYS:
            yield node.id, f"{node.kind} không phải là cổng", f"{node.kind} is not a gateway"
        if isinstance(node, Wait) and node.on is not None and plan.procedure.step(node.on) is None:
            yield node.id, "sự kiện gắn trên bước không có", "its host is not a step"
