"""Loops on which nobody does anything and nothing waits: a person is put into them."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import GATEWAYS, NodeKind, at, leaving
from processes.document import local_name
from processes.drawing import draw
from processes.repair.choices import step_name
from processes.repair.repair import Change, Kind
from processes.repair.wording import quoted, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import listed

STEP = Kind(
    "loop.person",
    "Vòng lặp qua {nodes} không có bước nào của người và không có hẹn giờ: sẽ chạy mãi. Đặt một "
    "bước trước {node}.",
    "The loop through {nodes} holds neither a person's step nor a timer: it would run for ever. A "
    "step is put before {node}.",
    answers=("qt-runaway-loop",),
)
KINDS = (STEP,)


def slow_down_loops(piece: Workpiece) -> Iterator[Change]:
    """Every loop waits for a person or for time."""
    diagram = draw(piece.document)
    if diagram is None:
        return
    waiting = {node.id for node in diagram.nodes if node.is_step or node.timer is not None}
    waiting |= {leaving(node) for node in waiting}
    for loop in diagram.graph.only(lambda vertex: vertex not in waiting).loops():
        on_loop = {at(vertex) for vertex in loop}
        members = [node for node_id, node in piece.nodes.items() if node_id in on_loop]
        node = _best(piece, members)
        if node is not None:
            nodes = listed([quoted(member) for member in members])
            repair = STEP.of(
                node.get("id"),
                nodes,
                f"userTask “{step_name(node)}” → {quoted(node)}",
                nodes=nodes,
                node=words_of(node),
            )
            yield Change(repair, partial(_put_before, piece, node, on_loop))


def _best(piece: Workpiece, members: list[Element]) -> Element | None:
    """A choosing gateway, else any gateway, else any node that flows of the loop lead to."""
    on_loop = {member.get("id", "") for member in members}
    led_to = [m for m in members if _inner(piece, m, on_loop)]
    choosing = [m for m in led_to if local_name(m) == NodeKind.EXCLUSIVE and _splits(piece, m)]
    gateways = [m for m in led_to if local_name(m) in GATEWAYS]
    return next(iter([*choosing, *gateways, *led_to]), None)


def _splits(piece: Workpiece, node: Element) -> bool:
    return len(piece.leaving(node.get("id", ""))) > 1


def _inner(piece: Workpiece, node: Element, on_loop: set[str]) -> list[Element]:
    """Flows of the loop that lead to the node."""
    return [f for f in piece.entering(node.get("id", "")) if f.get("sourceRef") in on_loop]


def _put_before(piece: Workpiece, node: Element, on_loop: set[str]) -> None:
    """Only the loop's own flows pass the step; who comes from outside does not."""
    flows = _inner(piece, node, on_loop)
    step = piece.add_node(NodeKind.USER_TASK, f"Again_{node.get('id')}", step_name(node), node)
    for flow in flows:
        piece.move_target(flow, step)
    piece.add_flow(step, node)
