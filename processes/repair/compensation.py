"""Work that only undoes other work: nothing is undone by itself here, so it is set aside."""

from collections.abc import Iterator
from functools import partial

from processes.drawing import truth
from processes.repair.events import is_refused
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
    answers=("support.activity.compensation",),
)
ORDINARY = Kind(
    "compensation.ordinary",
    "{node} ghi là việc hoàn trả nhưng nối vào luồng bình thường. Thành bước bình thường.",
    "{node} is marked as compensation but connected like any step. It becomes an ordinary step.",
    answers=("support.activity.compensation",),
)
KINDS = (HANDLER, ORDINARY)


def set_compensation_aside(piece: Workpiece) -> Iterator[Change]:
    """Activities marked `isForCompensation`."""
    if not is_refused("activity.compensation"):
        return
    for node in list(piece.nodes.values()):
        node_id = node.get("id", "")
        if not truth(node.get("isForCompensation")) or piece.nodes.get(node_id) is not node:
            continue
        if piece.entering(node_id) or piece.leaving(node_id):
            before, after = 'isForCompensation="true"', "–"
            repair = ORDINARY.of(node_id, before, after, node=words_of(node))
            yield Change(repair, partial(node.attrib.pop, "isForCompensation", None))
        else:
            after = f"process “{ASIDE}”: {shown(node)}"
            repair = HANDLER.of(node_id, shown(node), after, node=words_of(node), aside=ASIDE)
            yield Change(repair, partial(set_aside, piece, node))
