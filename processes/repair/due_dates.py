"""Due dates of other engines: a stated length of time becomes the step's limit."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import STEPS
from processes.dialects import read_due_limit
from processes.document import local_name, qt, qt_children
from processes.layout.names import add_element
from processes.reader.aliases import alias_limits
from processes.repair.repair import Change, Kind
from processes.repair.wording import words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words
from processes.time_limit import TimeLimit

LIMIT = Kind(
    "limit.due-date",
    "{node} có hạn hoàn thành ở công cụ khác: “{before}”. Ghi làm thời hạn của bước: {limit}.",
    "{node} has a due date of another tool: '{before}'. It becomes the step's limit: {limit}.",
    answers=("qt-limit-missing",),
)
KINDS = (LIMIT,)


def take_over_due_dates(piece: Workpiece) -> Iterator[Change]:
    """Steps without a limit whose due date states a length. Others stay for their designer."""
    for node in list(piece.nodes.values()):
        if local_name(node) not in STEPS or _has_limit(node):
            continue
        if (found := read_due_limit(node)) is not None:
            text, limit = found
            words = Words(limit.format("vi"), limit.format("en"))
            repair = LIMIT.of(node.get("id"), text, words.vi, node=words_of(node), limit=words)
            yield Change(repair, partial(_state, piece, node, limit))


def _has_limit(node: Element) -> bool:
    stated = (step.find(qt("limit")) for step in qt_children(node, "step"))
    return any(limit is not None for limit in stated) or next(alias_limits(node), None) is not None


def _state(piece: Workpiece, node: Element, limit: TimeLimit) -> None:
    stated = add_element(piece.extension(node, "step"), qt("limit"))
    stated.set("amount", f"{limit.amount.normalize():f}")
    stated.set("unit", limit.unit.value)
