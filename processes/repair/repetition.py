"""Activities done several times: a person says whether there is another turn."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, NodeKind
from processes.dialects import Untranslatable, read_collection, to_feel
from processes.document import bpmn, local_name
from processes.drawing import truth
from processes.repair.endings import REPEAT
from processes.repair.repair import Change, Kind
from processes.repair.splits import draw_split, insert_behind
from processes.repair.wording import name_of, quoted, shown, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words

LOOP = Kind(
    "activity.loop",
    "{node} có dấu lặp{condition}; hệ thống không chạy dấu lặp. Vẽ vòng lặp bằng cổng loại trừ có "
    "luồng quay lại.",
    "{node} has a loop marker{condition}, which does not run here. The loop is drawn with an "
    "exclusive gateway and a flow back.",
    answers=(
        "std-loop-twice",
        "std-loop-maximum",
        "support.activity.standardLoop",
        "support.activity.repetition.expression",
    ),
)
INSTANCES = Kind(
    "activity.instances",
    "{node} làm nhiều lượt{of}; hệ thống không tự nhân bước. Vẽ vòng lặp: sau mỗi lượt, người "
    "thực hiện cho biết còn lượt nào không. Các lượt làm lần lượt.",
    "{node} is done several times{of}; steps are not multiplied here. A loop is drawn: after "
    "each turn a person says whether there is another. The turns follow each other.",
    answers=(
        "std-multi-instance-both",
        "std-multi-instance-neither",
        "support.activity.multiInstance",
        "support.activity.repetition.expression",
    ),
)
KINDS = (LOOP, INSTANCES)

_STANDARD, _MULTI = "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"
_FIRST = "testBefore"
MORE = "Còn lượt nữa?"
_NOTHING = Words("", "")


def draw_repetitions(piece: Workpiece) -> Iterator[Change]:
    """Loop and multi-instance markers become a flow back behind an exclusive gateway."""
    for node in list(piece.nodes.values()):
        if local_name(node) not in ACTIVITIES or not piece.leaving(node.get("id", "")):
            continue
        loop = node.find(bpmn(_STANDARD))
        instances = node.find(bpmn(_MULTI))
        if loop is not None and piece.complaints.at(node.get("id"), LOOP.answers):
            yield _loop(piece, node, loop)
        elif instances is not None and piece.complaints.at(node.get("id"), INSTANCES.answers):
            yield _instances(piece, node, instances)


def _loop(piece: Workpiece, node: Element, loop: Element) -> Change:
    stated = loop.find(bpmn("loopCondition"))
    text = " ".join("".join(stated.itertext()).split()) if stated is not None else ""
    most = loop.get("loopMaximum", "").strip()
    before = " ".join(filter(None, (shown(node), _STANDARD, text, most and f"≤ {most}")))
    repair = LOOP.of(
        node.get("id"),
        before,
        f"{quoted(node)} → exclusiveGateway → {quoted(node)}",
        node=words_of(node),
        condition=Words(f" ({text})", f" ({text})") if text else _NOTHING,
    )
    is_first = truth(loop.get(_FIRST))
    return Change(repair, partial(_draw, piece, node, loop, text, is_first))


def _instances(piece: Workpiece, node: Element, instances: Element) -> Change:
    of = read_collection(instances).of
    words = Words(f", mỗi lượt cho một phần của “{of}”", f", once for each of '{of}'")
    repair = INSTANCES.of(
        node.get("id"),
        " ".join(filter(None, (shown(node), _MULTI, of))),
        f"{quoted(node)} → exclusiveGateway → {quoted(node)}",
        node=words_of(node),
        of=words if of else _NOTHING,
    )
    return Change(repair, partial(_draw, piece, node, instances, "", False))


def _draw(piece: Workpiece, node: Element, marker: Element, text: str, is_first: bool) -> None:
    """The flow back holds the condition where it can be said in FEEL, else a person chooses.

    is_first: the condition is weighed before the first turn too.
    """
    draw_split(piece, node)
    gateway = insert_behind(piece, node, NodeKind.EXCLUSIVE, f"Again_{node.get('id')}", MORE)
    (onward,) = piece.leaving(gateway.get("id", ""))
    if is_first:
        for flow in piece.entering(node.get("id", "")):
            piece.move_target(flow, gateway)
    if not name_of(onward):
        onward.set("name", "Tiếp tục")
    back = piece.add_flow(gateway, node, name=REPEAT)
    try:
        condition = to_feel(text) if text else ""
    except Untranslatable:
        condition = ""
    if condition:
        piece.set_condition(back, condition)
    elif text:
        back.set("name", f"{REPEAT}: {text}")
    gateway.set("default", onward.get("id", ""))
    piece.drop(marker, node)
