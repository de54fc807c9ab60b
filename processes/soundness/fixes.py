"""Proposals: small changes of the drawing after which a flaw is gone. Each is tried first."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from processes.diagram import GATEWAYS, Diagram, Flow, Node, NodeKind
from processes.rule import Words
from processes.soundness import rules
from processes.soundness.exploration import Effort
from processes.soundness.proof import Fix, FixKind, Flaw

_KINDS = {
    FixKind.TO_EXCLUSIVE: NodeKind.EXCLUSIVE,
    FixKind.TO_INCLUSIVE: NodeKind.INCLUSIVE,
    FixKind.TO_PARALLEL: NodeKind.PARALLEL,
}
_WORDS = {
    FixKind.TO_EXCLUSIVE: Words(
        "Đề xuất: đổi {node} thành cổng loại trừ.", "Proposal: make {node} an exclusive gateway."
    ),
    FixKind.TO_INCLUSIVE: Words(
        "Đề xuất: đổi {node} thành cổng bao hàm.", "Proposal: make {node} an inclusive gateway."
    ),
    FixKind.TO_PARALLEL: Words(
        "Đề xuất: đổi {node} thành cổng song song.", "Proposal: make {node} a parallel gateway."
    ),
    FixKind.JOIN_BEFORE: Words(
        "Đề xuất: đặt một cổng song song trước {node} để gộp các luồng vào.",
        "Proposal: put a parallel gateway before {node} that joins the flows into it.",
    ),
}
_WAITING = frozenset({rules.DEADLOCK.code, rules.IMPROPER_COMPLETION.code})
MAX_TRIED = 30
MAX_NODES = 4_000
MAX_WORK = 60_000
"""Proposals that are tried, the elements of the diagrams tried, and the effort spent on them."""


def propose(
    diagram: Diagram, findings: tuple[Flaw, ...], prove: Callable[[Diagram, Effort], Iterator[Flaw]]
) -> tuple[Flaw, ...]:
    """The findings, each with the first proposal that mends it and breaks nothing else."""
    old = {(flaw.rule, flaw.element) for flaw in findings}
    tries = nodes = 0
    effort = Effort(MAX_WORK)
    mended: list[Flaw] = []
    for flaw in findings:
        found = flaw
        for fix in _candidates(diagram, flaw):
            if tries >= MAX_TRIED or nodes >= MAX_NODES or effort.work <= 0:
                break
            tries += 1
            nodes += len(diagram.nodes)
            rest = old - {(flaw.rule, flaw.element)}
            changed = prove(apply(fix, diagram), effort)
            if all((f.rule, f.element) in rest for f in changed):
                found = _with(flaw, fix)
                break
        mended.append(found)
    return tuple(mended)


def apply(fix: Fix, diagram: Diagram) -> Diagram:
    """A copy of the diagram with the change made."""
    if fix.kind in _KINDS:
        kind = _KINDS[fix.kind]
        nodes = tuple(
            replace(n, kind=kind, default=_default(n, kind)) if n.id == fix.element else n
            for n in diagram.nodes
        )
        return replace(diagram, nodes=nodes)
    old = diagram.by_id[fix.element]
    join = Node(_unused(diagram, f"{old.id}_join"), NodeKind.PARALLEL, "", old.parent, old.lane)
    flows = tuple(
        replace(flow, target=join.id) if flow.target == old.id else flow for flow in diagram.flows
    )
    onward = Flow(_unused(diagram, f"{join.id}_flow"), join.id, old.id, parent=old.parent)
    return replace(diagram, nodes=(*diagram.nodes, join), flows=(*flows, onward))


def _default(node: Node, kind: NodeKind) -> str | None:
    return None if kind is NodeKind.PARALLEL else node.default


def _unused(diagram: Diagram, wish: str) -> str:
    taken = {*diagram.by_id, *(flow.id for flow in diagram.flows)}
    number, name = 1, wish
    while name in taken:
        number += 1
        name = f"{wish}_{number}"
    return name


def _candidates(diagram: Diagram, flaw: Flaw) -> Iterator[Fix]:
    node = diagram.node(flaw.element or "")
    if node is None:
        return
    if flaw.rule in _WAITING and node.kind is NodeKind.PARALLEL:
        for kind in (FixKind.TO_EXCLUSIVE, FixKind.TO_INCLUSIVE):
            yield _fix(kind, node)
    elif flaw.rule == rules.LACK_OF_SYNCHRONISATION.code:
        if node.kind is NodeKind.EXCLUSIVE and len(diagram.outgoing(node.id)) == 1:
            for kind in (FixKind.TO_PARALLEL, FixKind.TO_INCLUSIVE):
                yield _fix(kind, node)
        elif node.kind not in GATEWAYS and len(diagram.incoming(node.id)) > 1:
            yield _fix(FixKind.JOIN_BEFORE, node)


def _fix(kind: FixKind, node: Node) -> Fix:
    vi, en = _WORDS[kind]
    return Fix(kind, node.id, vi.format(node=node.words.vi), en.format(node=node.words.en))


def _with(flaw: Flaw, fix: Fix) -> Flaw:
    """The flaw's sentence ends with the proposal instead of general advice."""
    vi, en = flaw.vi, flaw.en
    for advice in (rules.ADVISE_JOIN, rules.ADVISE_GATHER):
        vi, en = vi.removesuffix(advice.vi), en.removesuffix(advice.en)
    return replace(flaw, vi=f"{vi.rstrip()} {fix.vi}", en=f"{en.rstrip()} {fix.en}", fix=fix)
