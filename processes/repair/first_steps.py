"""Events that are waited for before any step: a dossier is received at a step of a person first."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.drawing import draw
from processes.lint.reception import waits_first
from processes.repair.repair import Change, Kind
from processes.repair.splits import insert_behind
from processes.repair.wording import quoted, words_of
from processes.repair.workpiece import Workpiece

STEP = Kind(
    "reception.step",
    "Hồ sơ được tiếp nhận ở một bước của người, nhưng {node} được chờ trước mọi bước. Thêm bước "
    "“Tiếp nhận hồ sơ” sau {start}.",
    "A dossier is received at a step of a person, but {node} is waited for before any step. A "
    "step “Tiếp nhận hồ sơ” (reception) is put behind {start}.",
    answers=("qt-opens-with-wait",),
)
KINDS = (STEP,)
NAME = "Tiếp nhận hồ sơ"


def receive_first(piece: Workpiece) -> Iterator[Change]:
    """A start event from which the dossier would wait at once gets a reception step."""
    diagram = draw(piece.document)
    if diagram is None:
        return
    for begun in diagram.starts():
        start = piece.nodes.get(begun.id)
        waited = [piece.nodes[node.id] for node in waits_first(diagram, begun)]
        if start is not None and waited:
            yield _step(piece, start, waited[0])


def _step(piece: Workpiece, start: Element, waited: Element) -> Change:
    targets = " | ".join(quoted(piece.target(f)) for f in piece.leaving(start.get("id", "")))
    repair = STEP.of(
        start.get("id"),
        f"{quoted(start)} → {targets}",
        f"{quoted(start)} → userTask “{NAME}” → {targets}",
        start=words_of(start),
        node=words_of(waited),
    )
    behind = partial(insert_behind, piece, start, NodeKind.USER_TASK)
    return Change(repair, partial(behind, f"Receive_{start.get('id')}", NAME))
