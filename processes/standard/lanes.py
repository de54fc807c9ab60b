"""Lanes: each node in one lane of a set, lanes of their own process."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import FLOW_NODES
from processes.finding import Finding, Severity
from processes.rule import Words, listed
from processes.standard.constraint import Constraint
from processes.standard.model import Model

TWICE = Constraint(
    "std-lane-node-twice",
    Severity.ERROR,
    "{node} được ghi trong nhiều làn cùng cấp ({lanes}), nên không rõ ai thực hiện. Đặt vào một "
    "làn.",
    "{node} is listed in several lanes of one level ({lanes}), so it is unclear who does it. Put "
    "it into one.",
    "10.8",
)
FOREIGN = Constraint(
    "std-lane-foreign-node",
    Severity.WARNING,
    "{lane} ghi {node}, nhưng phần tử này thuộc quy trình khác. Đặt vào làn của quy trình đó.",
    "{lane} lists {node}, which belongs to another process. Put it into a lane of that process.",
    "10.8",
)
PARTITION = Constraint(
    "std-lane-partition-twice",
    Severity.WARNING,
    "{lane} có cả partitionElement và partitionElementRef. Chỉ giữ một.",
    "{lane} has both a partitionElement and a partitionElementRef. Keep one.",
    "10.8",
)
CHOREOGRAPHY = Constraint(
    "std-lane-choreography",
    Severity.WARNING,
    "{where} là biên đạo, không dùng làn. Bỏ các làn.",
    "{where} is a choreography, which has no lanes. Remove them.",
    "11.7",
)
RULES = (TWICE, FOREIGN, PARTITION, CHOREOGRAPHY)


def judge_lanes(model: Model) -> Iterator[Finding]:
    """Findings about lanes and the nodes in them (10.8)."""
    for lanes in model.of("laneSet", "childLaneSet"):
        around = model.parent[lanes]
        if model.kind[around] in ("choreography", "subChoreography"):
            yield CHOREOGRAPHY.at(model.id_of(around), where=model.words(around))
        yield from _set(model, lanes)
    for lane in model.of("lane"):
        if lane.get("partitionElementRef") and model.children(lane, "partitionElement"):
            yield PARTITION.at(model.id_of(lane), lane=model.words(lane))


def _set(model: Model, lanes: Element) -> Iterator[Finding]:
    process = model.process_of(lanes)
    members: dict[Element, list[Element]] = {}
    for lane in model.children(lanes, "lane"):
        names = ((each.text or "") for each in model.children(lane, "flowNodeRef"))
        for node in dict.fromkeys(model.resolve(name) for name in names):
            if node is None or model.kind[node] not in FLOW_NODES:
                continue  # said as a reference
            members.setdefault(node, []).append(lane)
            if model.process_of(node) is not process:
                facts = {"lane": model.words(lane), "node": model.words(node)}
                yield FOREIGN.at(model.id_of(lane), **facts)
    for node, around in members.items():
        if len(around) > 1:
            words = [model.words(lane) for lane in around]
            shown = Words(listed([w.vi for w in words]), listed([w.en for w in words]))
            yield TWICE.at(model.id_of(node), node=model.words(node), lanes=shown)
