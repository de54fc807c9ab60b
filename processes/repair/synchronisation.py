"""Branches that wait for ever or meet too early: the gateway that soundness proposes instead.

The proposals are those of `processes.soundness`: each was tried on a copy, and after it the flaw is
gone and no other has come. They are looked for last, in a file that is mended otherwise.
"""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.document import local_name
from processes.reader import read
from processes.repair.repair import Change, Kind
from processes.repair.wording import shown
from processes.repair.workpiece import Workpiece
from processes.rule import Words
from processes.soundness import Fix, FixKind, Flaw, prove, rules

_FLAWS = (
    *(rules.DEADLOCK.code, rules.LACK_OF_SYNCHRONISATION.code),
    rules.IMPROPER_COMPLETION.code,
)

GATEWAY = Kind(
    "gateway.synchronised",
    "{flaw} Đã thử trên bản sao: lỗi này hết và không có lỗi mới.",
    "{flaw} Tried on a copy: the flaw is gone and no other has come.",
    answers=_FLAWS,
)
JOIN = Kind(
    "gateway.joined",
    "{flaw} Đã thử trên bản sao: lỗi này hết và không có lỗi mới.",
    "{flaw} Tried on a copy: the flaw is gone and no other has come.",
    answers=_FLAWS,
)
KINDS = (GATEWAY, JOIN)

_GATEWAYS = {
    FixKind.TO_EXCLUSIVE: NodeKind.EXCLUSIVE,
    FixKind.TO_INCLUSIVE: NodeKind.INCLUSIVE,
    FixKind.TO_PARALLEL: NodeKind.PARALLEL,
}


def synchronise(piece: Workpiece) -> Iterator[Change]:
    """The proposals for the file as it stands; more may come when these are made."""
    diagram = read(piece.document).diagram
    if diagram is None or not piece.is_certain:
        return
    for flaw in prove(diagram).findings:
        if flaw.fix is not None and flaw.fix.element in piece.nodes:
            yield _change(piece, flaw, flaw.fix)


def _change(piece: Workpiece, flaw: Flaw, fix: Fix) -> Change:
    node = piece.nodes[fix.element]
    facts = {"flaw": Words(flaw.vi, flaw.en)}
    if fix.kind is FixKind.JOIN_BEFORE:
        after = f"parallelGateway → {shown(node)}"
        repair = JOIN.of(fix.element, shown(node), after, fix.kind.value, **facts)
        return Change(repair, partial(_join_before, piece, node))
    kind = _GATEWAYS[fix.kind]
    after = shown(node).replace(local_name(node), kind.value, 1)
    repair = GATEWAY.of(fix.element, shown(node), after, fix.kind.value, **facts)
    without = ("default",) if kind is NodeKind.PARALLEL else ()
    return Change(repair, partial(piece.change_kind, node, kind, *without))


def _join_before(piece: Workpiece, node: Element) -> None:
    entering = list(piece.entering(node.get("id", "")))
    join = piece.add_node(NodeKind.PARALLEL, f"{node.get('id')}_join", "", node)
    for flow in entering:
        piece.move_target(flow, join)
    piece.add_flow(join, node)
