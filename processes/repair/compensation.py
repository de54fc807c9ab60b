"""Work that only undoes other work: nothing is undone by itself here, so it is set aside."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.document import bpmn
from processes.drawing import truth
from processes.repair.repair import Change, Kind
from processes.repair.sub_processes import ASIDE, set_aside
from processes.repair.wording import shown, words_of
from processes.repair.workpiece import Workpiece

HANDLER = Kind(
    "compensation.aside",
    "{node} chỉ làm khi phải hoàn trả một bước khác; hệ thống không tự hoàn trả. Đưa ra quy trình "
    "“{aside}” chỉ để xem, không ai được giao. Nếu cần, vẽ thành bước sau cổng loại trừ.",
    "{node} is only done to undo another step, and nothing is undone by itself here. It moves to "
    "the process '{aside}', for reading only. Where needed, draw it behind an exclusive gateway.",
    answers=("std-compensation-loose", "support.activity.repetition.compensation"),
)
ORDINARY = Kind(
    "compensation.ordinary",
    "{node} ghi là việc hoàn trả nhưng nối vào luồng bình thường. Thành bước bình thường.",
    "{node} is marked as compensation but connected like any step. It becomes an ordinary step.",
    answers=("std-compensation-incoming", "std-compensation-outgoing"),
)
AWAITED = Kind(
    "compensation.awaited",
    "{node} ghi không chờ việc hoàn trả làm xong; hệ thống luôn chờ. Bỏ thuộc tính đó.",
    "{node} does not wait until everything is undone; it always does here. The attribute goes.",
    answers=("support.compensation.notAwaited",),
)
KINDS = (HANDLER, ORDINARY, AWAITED)


def set_compensation_aside(piece: Workpiece) -> Iterator[Change]:
    """Activities marked `isForCompensation`."""
    for node in list(piece.nodes.values()):
        node_id = node.get("id", "")
        if not truth(node.get("isForCompensation")) or piece.nodes.get(node_id) is not node:
            continue
        if piece.complaints.at(node_id, ORDINARY.answers):
            before, after = 'isForCompensation="true"', "–"
            repair = ORDINARY.of(node_id, before, after, node=words_of(node))
            yield Change(repair, partial(node.attrib.pop, "isForCompensation", None))
        elif piece.complaints.at(node_id, HANDLER.answers):
            after = f"process “{ASIDE}”: {shown(node)}"
            repair = HANDLER.of(node_id, shown(node), after, node=words_of(node), aside=ASIDE)
            yield Change(repair, partial(set_aside, piece, node))
    for node in list(piece.nodes.values()):
        if piece.refuses(node, "compensation.notAwaited"):
            before = 'waitForCompletion="false"'
            repair = AWAITED.of(node.get("id"), before, "–", node=words_of(node))
            yield Change(repair, partial(_await, node))


def _await(event: Element) -> None:
    for definition in event.iterchildren(bpmn("compensateEventDefinition")):
        definition.attrib.pop("waitForCompletion", None)
