"""Several flows out of a step or an event: the gateway that decides between them, drawn."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, GATEWAYS, NodeKind
from processes.document import local_name
from processes.repair.endings import add_end
from processes.repair.events import is_refused
from processes.repair.repair import Change, Kind
from processes.repair.wording import condition_of, quoted, words_of
from processes.repair.workpiece import Workpiece

PARALLEL = Kind(
    "split.parallel",
    "{node} có {count} luồng ra không điều kiện: theo chuẩn BPMN tất cả cùng chạy. Thêm cổng song "
    "song sau đó.",
    "{node} has {count} outgoing flows without conditions: by the standard all are taken. A "
    "parallel gateway is put behind it.",
    answers=("no-implicit-split",),
)
INCLUSIVE = Kind(
    "split.inclusive",
    "{node} có {count} luồng ra, một số có điều kiện: theo chuẩn BPMN mọi luồng có điều kiện đúng "
    "đều chạy. Thêm cổng bao hàm sau đó; luồng không điều kiện luôn chạy.",
    "{node} has {count} outgoing flows, some with conditions: by the standard every one whose "
    "condition holds is taken. An inclusive gateway is put behind it; flows without conditions are "
    "always taken.",
    answers=("no-implicit-split",),
)
CONDITIONAL = Kind(
    "split.conditional",
    "Luồng ra duy nhất của {node} có điều kiện “{before}”: khi sai thì hồ sơ dừng ở đó. Thêm cổng "
    "loại trừ sau đó và một kết thúc cho trường hợp còn lại.",
    "The only flow out of {node} has the condition '{before}': where it does not hold the dossier "
    "ends there. An exclusive gateway is put behind it, with an end for the other case.",
    answers=("support.sequenceFlow.conditionAfterActivity",),
)
KINDS = (PARALLEL, INCLUSIVE, CONDITIONAL)


def draw_splits(piece: Workpiece) -> Iterator[Change]:
    """Nodes that are no gateways keep one flow out, without a condition."""
    for node in list(piece.nodes.values()):
        flows = piece.leaving(node.get("id", ""))
        if local_name(node) in GATEWAYS or local_name(node) == NodeKind.END or not flows:
            continue
        conditional = [flow for flow in flows if condition_of(flow)]
        if len(flows) > 1 and piece.complaints.at(node.get("id"), PARALLEL.answers):
            yield _several(piece, node, flows)
        elif len(flows) == 1 and conditional and _is_refused_behind(node):
            before, after = condition_of(flows[0]), f"{quoted(node)} → exclusiveGateway"
            repair = CONDITIONAL.of(node.get("id"), before, after, node=words_of(node))
            yield Change(repair, partial(_conditional, piece, node))


def _is_refused_behind(node: Element) -> bool:
    """Whether a single flow out of the node may not have a condition."""
    return local_name(node) in ACTIVITIES and is_refused("sequenceFlow.conditionAfterActivity")


def draw_split(piece: Workpiece, node: Element) -> None:
    """Where several flows leave the node, a gateway that does the same; else nothing."""
    flows = piece.leaving(node.get("id", ""))
    if len(flows) > 1:
        _split(piece, node, _gateway(node, flows))


def _gateway(node: Element, flows: list[Element]) -> NodeKind:
    """By the standard all flows are taken, of those with conditions all whose condition holds."""
    decided = node.get("default") is not None or any(map(condition_of, flows))
    return NodeKind.INCLUSIVE if decided else NodeKind.PARALLEL


def _several(piece: Workpiece, node: Element, flows: list[Element]) -> Change:
    gateway = _gateway(node, flows)
    kind = PARALLEL if gateway is NodeKind.PARALLEL else INCLUSIVE
    targets = " | ".join(quoted(piece.target(flow)) for flow in flows)
    repair = kind.of(
        node.get("id"),
        f"{quoted(node)} → {targets}",
        f"{quoted(node)} → {gateway} → {targets}",
        node=words_of(node),
        count=len(flows),
    )
    return Change(repair, partial(_split, piece, node, gateway))


def _split(piece: Workpiece, node: Element, kind: NodeKind) -> None:
    split = insert_behind(piece, node, kind, f"Split_{node.get('id')}")
    if kind is not NodeKind.INCLUSIVE:
        return
    for flow in piece.leaving(split.get("id", "")):
        if not condition_of(flow) and flow.get("id") != split.get("default"):
            piece.set_condition(flow, "true")


def _conditional(piece: Workpiece, node: Element) -> None:
    split = insert_behind(piece, node, NodeKind.EXCLUSIVE, f"Split_{node.get('id')}")
    end = add_end(piece, split)
    otherwise = piece.entering(end.get("id", ""))[0]
    split.set("default", otherwise.get("id", ""))


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
