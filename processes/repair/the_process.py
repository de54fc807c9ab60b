"""Which process of the file runs: marked as executable, the others as shown only."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES
from processes.document import FLOW_NODES, bpmn, local_name, qt_children
from processes.drawing import flow_elements, truth
from processes.repair.repair import UNASKED, Change, Kind
from processes.repair.wording import quoted
from processes.repair.workpiece import Workpiece
from processes.rule import Words, listed

EXECUTABLE = Kind(
    "process.executable",
    "Quy trình {name} chưa được đánh dấu thực thi (isExecutable), nên không công cụ nào chạy nó. "
    "{why}",
    "The process {name} is not marked as executable, so no engine would run it. {why}",
    answers=UNASKED,
)
OUTSIDE = Kind(
    "process.outside",
    "Tệp có nhiều quy trình thực thi; một tệp là một quy trình nội bộ. Quy trình {chosen} có nhiều "
    "bước nhất nên được chọn; {name} thành bên liên quan, chỉ hiển thị, không ai được giao việc.",
    "The file has several executable processes; a file is one procedure. {chosen} has the most "
    "work and is chosen; {name} becomes an outside party: shown, with nobody assigned to it.",
    answers=("support.process.second",),
)
KINDS = (EXECUTABLE, OUTSIDE)


def mark_the_process(piece: Workpiece) -> Iterator[Change]:
    """One executable process: the one with the most work among those that may run."""
    processes = list(piece.root.iterchildren(bpmn("process")))
    marked = [p for p in processes if truth(p.get("isExecutable"))]
    working = [p for p in processes if _nodes(p)]
    if not working:
        return
    may_run = [p for p in working if p in marked] or working
    called = {e.get("calledElement", "").rpartition(":")[2] for e in _calls(piece.root)}
    may_run = [p for p in may_run if p.get("id", "") not in called] or may_run
    chosen = max(may_run, key=_weight)
    others = [p for p in working if p is not chosen]
    if chosen not in marked:
        yield _mark(piece, chosen, others)
    for other in marked:
        if other is not chosen and (other in others or chosen not in marked):
            yield _unmark(piece, other, chosen)


def _mark(piece: Workpiece, chosen: Element, others: list[Element]) -> Change:
    why = Words("Đánh dấu thực thi.", "It is marked as executable.")
    if others:
        names = listed([quoted(p) for p in others])
        why = Words(
            f"Chọn quy trình này vì có nhiều bước nhất; {names} chỉ hiển thị như bên liên quan.",
            f"It is chosen for having the most work; {names} are shown as outside parties.",
        )
    before = f'isExecutable="{chosen.get("isExecutable", "–")}"'
    repair = EXECUTABLE.of(
        chosen.get("id") or None, before, 'isExecutable="true"', name=quoted(chosen), why=why
    )
    return Change(repair, partial(_set, piece, chosen, "true"))


def _unmark(piece: Workpiece, other: Element, chosen: Element) -> Change:
    repair = OUTSIDE.of(
        other.get("id") or None,
        'isExecutable="true"',
        'isExecutable="false"',
        name=quoted(other),
        chosen=quoted(chosen),
    )
    return Change(repair, partial(_set, piece, other, "false"))


def _set(piece: Workpiece, process: Element, value: str) -> None:
    process.set("isExecutable", value)
    piece.changed_outside()


def _weight(process: Element) -> tuple[bool, int, int]:
    nodes = _nodes(process)
    work = sum(local_name(node) in ACTIVITIES for node in nodes)
    return next(qt_children(process, "procedure"), None) is not None, work, len(nodes)


def _nodes(process: Element) -> list[Element]:
    return [e for e, _ in flow_elements(process) if local_name(e) in FLOW_NODES]


def _calls(root: Element) -> Iterator[Element]:
    return root.iter(bpmn("callActivity"))
