"""Several flows out of a node: where their conditions are not weighed, a gateway that does so."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import GATEWAYS, NodeKind
from processes.document import local_name
from processes.repair.conditions import UNREAD, is_unsayable
from processes.repair.endings import add_end
from processes.repair.repair import Change, Kind
from processes.repair.wording import condition_of, quoted, words_of
from processes.repair.workpiece import Workpiece

INCLUSIVE = Kind(
    "split.inclusive",
    "{node} có {count} luồng ra, một số có điều kiện: theo chuẩn BPMN mọi luồng có điều kiện đúng "
    "đều chạy, luồng không điều kiện luôn chạy. Thêm cổng sau đó để quyết định.",
    "{node} has {count} outgoing flows, some with conditions: by the standard every one whose "
    "condition holds is taken, and always those without. A gateway that decides is put behind it.",
    answers=("support.sequenceFlow", *UNREAD),
)
KINDS = (INCLUSIVE,)


def draw_splits(piece: Workpiece) -> Iterator[Change]:
    """Conditions that are not weighed where they stand, or cannot be."""
    for node in list(piece.nodes.values()):
        flows = piece.leaving(node.get("id", ""))
        if flows and local_name(node) not in GATEWAYS and _is_refused(piece, flows):
            yield _several(piece, node, flows)


def _is_refused(piece: Workpiece, flows: list[Element]) -> bool:
    """Whether conditions have no effect there, or a person has to decide (`choices`)."""
    return any(piece.refuses(flow, "sequenceFlow") or is_unsayable(piece, flow) for flow in flows)


def draw_split(piece: Workpiece, node: Element) -> None:
    """Where several flows leave the node, a gateway that does the same; else nothing."""
    flows = piece.leaving(node.get("id", ""))
    if len(flows) > 1:
        _split(piece, node, _gateway(node, flows))


def _gateway(node: Element, flows: list[Element]) -> NodeKind:
    """By the standard all flows are taken, of those with conditions all whose condition holds."""
    if len(flows) == 1:
        return NodeKind.EXCLUSIVE
    decided = node.get("default") is not None or any(map(condition_of, flows))
    return NodeKind.INCLUSIVE if decided else NodeKind.PARALLEL


def _several(piece: Workpiece, node: Element, flows: list[Element]) -> Change:
    gateway = _gateway(node, flows)
    targets = " | ".join(quoted(piece.target(flow)) for flow in flows)
    repair = INCLUSIVE.of(
        node.get("id"),
        f"{quoted(node)} → {targets}",
        f"{quoted(node)} → {gateway} → {targets}",
        node=words_of(node),
        count=len(flows),
    )
    return Change(repair, partial(_split, piece, node, gateway))


def _split(piece: Workpiece, node: Element, kind: NodeKind) -> None:
    split = insert_behind(piece, node, kind, f"Split_{node.get('id')}")
    if kind is NodeKind.EXCLUSIVE:  # where the only condition does not hold, the way ends
        end = add_end(piece, split)
        split.set("default", piece.entering(end.get("id", ""))[0].get("id", ""))
    if kind is not NodeKind.INCLUSIVE:
        return
    for flow in piece.leaving(split.get("id", "")):
        if not condition_of(flow) and flow.get("id") != split.get("default"):
            piece.set_condition(flow, "true")


def insert_behind(
    piece: Workpiece, node: Element, kind: NodeKind, wanted_id: str, name: str = ""
) -> Element:
    """A gateway behind a node, which takes over all its flows and its default."""
    gateway = piece.add_node(kind, wanted_id, name, node)
    default = node.attrib.pop("default", None)
    for flow in piece.leaving(node.get("id", "")):
        piece.move_source(flow, gateway)
    if default is not None:
        gateway.set("default", default)
    piece.add_flow(node, gateway)
    return gateway
