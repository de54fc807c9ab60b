"""Sub-processes that do not run as drawn: empty, transaction, ad hoc, started by an event."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, SUB_PROCESSES, NodeKind
from processes.document import BPMN, bpmn, local_name
from processes.drawing import truth
from processes.layout.names import add_element
from processes.repair.events import event_code
from processes.repair.expressions import EXPRESSION
from processes.repair.repair import Change, Kind
from processes.repair.timers import has_time
from processes.repair.wording import name_of, quoted, shown, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words, listed

EVENT_SUB_PROCESS = (
    *("std-event-sub-process-flow", "std-event-sub-process-starts", "std-event-sub-process-kind"),
    *("std-event-sub-process-trigger", "std-event-sub-process-interrupting"),
    *("std-event-sub-process-compensation", "std-event-sub-process-compensation-twice"),
    "std-event-sub-process-start-kind",
)
EMPTY = Kind(
    "sub-process.empty",
    "{node} là quy trình con không có bước nào bên trong. Đổi thành một bước của người thực hiện.",
    "{node} is a sub-process with nothing inside. It becomes one step that a person does.",
    answers=("start-event-required",),
)
AD_HOC = Kind(
    "sub-process.ad-hoc",
    "{node} là quy trình con tùy biến: làm các bước theo thứ tự nào cũng được. Đổi thành quy trình "
    "con thường, {order}.",
    "{node} is an ad-hoc sub-process, whose steps are done in any order. It becomes an ordinary "
    "sub-process, {order}.",
    answers=(
        "support.adHocSubProcess",
        "std-ad-hoc-empty",
        "support.activity.repetition.expression",
    ),
)
BY_EVENT = Kind(
    "sub-process.event",
    "{node} là quy trình con do sự kiện khởi động, nhưng sự kiện đó không dùng được. Đưa ra quy "
    "trình “{aside}” chỉ để xem; các bước không còn được giao: {steps}. Nếu cần, vẽ lại bằng sự "
    "kiện hẹn giờ gắn trên bước hoặc cổng loại trừ.",
    "{node} is started by an event, but that event cannot be used. It moves to the process "
    "'{aside}', for reading only; steps no longer assigned: {steps}. Where needed, draw it with a "
    "boundary timer or an exclusive gateway.",
    answers=(*("support.event", "support.startEvent", "qt-timer", *EVENT_SUB_PROCESS),),
)
KINDS = (EMPTY, AD_HOC, BY_EVENT)

ASIDE = "Phần không chạy"
_IN_TURN = Words("các bước nối tiếp nhau", "one step after another")
_SIDE_BY_SIDE = Words("các bước làm song song", "its steps side by side")
_ARTIFACTS = (
    *("textAnnotation", "association", "group"),
    *("dataObject", "dataObjectReference", "dataStoreReference"),
)


def mend_sub_processes(piece: Workpiece) -> Iterator[Change]:
    """Each becomes an ordinary sub-process, a step, or is set aside."""
    for node in piece.of_kind(*SUB_PROCESSES):
        if piece.nodes.get(node.get("id", "")) is not node:
            continue  # went with an outer one
        kind = local_name(node)
        if truth(node.get("triggeredByEvent")) and _starts_wrongly(piece, node):
            yield _by_event(piece, node)
        elif not piece.inside(node) and piece.complaints.at(node.get("id"), EMPTY.answers):
            repair = EMPTY.of(
                node.get("id"), shown(node), f"userTask {quoted(node)}", node=words_of(node)
            )
            yield Change(repair, partial(_to_step, piece, node))
        elif kind == NodeKind.AD_HOC_SUB_PROCESS and piece.refuses(node, kind, EXPRESSION):
            yield _ad_hoc(piece, node)


def _starts_wrongly(piece: Workpiece, node: Element) -> bool:
    """Whether the event that begins it cannot be used; a name may still say the time (`timers`)."""
    if piece.complaints.at(node.get("id"), EVENT_SUB_PROCESS):
        return True
    return any(
        piece.refuses(start, event_code(start), "event")
        or piece.complaints.at(start.get("id"), EVENT_SUB_PROCESS)
        or (piece.complaints.at(start.get("id"), ("qt-timer",)) and not has_time(start))
        for start in piece.inside(node)
        if local_name(start) == NodeKind.START
    )


def _to_step(piece: Workpiece, node: Element) -> None:
    """Notes and data inside move out; nothing else can be in it."""
    around = node.getparent()
    assert around is not None  # a node stands in a process
    for child in list(node.iterchildren(f"{{{BPMN}}}*")):
        if local_name(child) in ("laneSet", "sequenceFlow", "completionCondition"):
            piece.drop(child, node)
        elif local_name(child) in _ARTIFACTS:
            around.append(child)
    without = ("triggeredByEvent", "method", "ordering", "cancelRemainingInstances")
    piece.change_kind(node, "userTask", *without)


def _ad_hoc(piece: Workpiece, node: Element) -> Change:
    in_turn = node.get("ordering") == "Sequential"
    repair = AD_HOC.of(
        node.get("id"),
        shown(node),
        f"subProcess {quoted(node)}",
        node=words_of(node),
        order=_IN_TURN if in_turn else _SIDE_BY_SIDE,
    )
    return Change(repair, partial(_ordinary, piece, node, in_turn))


def _ordinary(piece: Workpiece, node: Element, in_turn: bool) -> None:
    for condition in list(node.iterchildren(bpmn("completionCondition"))):
        text = " ".join("".join(condition.itertext()).split())
        piece.say(node, f"Hoàn thành khi: {text}" if text else "")
        piece.drop(condition, node)
    piece.change_kind(node, "subProcess", "ordering", "cancelRemainingInstances")
    if not in_turn:
        return  # without a start all begin side by side (`entries`)
    loose = [
        inner
        for inner in piece.inside(node)
        if local_name(inner) in ACTIVITIES
        and not piece.entering(inner.get("id", ""))
        and not piece.leaving(inner.get("id", ""))
    ]
    for source, target in pairwise(loose):
        piece.add_flow(source, target)


def _by_event(piece: Workpiece, node: Element) -> Change:
    steps = [
        name_of(inner) or inner.get("id", "")
        for inner in node.iterdescendants(f"{{{BPMN}}}*")
        if local_name(inner) in ACTIVITIES
    ]
    node_id = node.get("id", "")
    cut = dict.fromkeys((*piece.entering(node_id), *piece.leaving(node_id)))
    before = (shown(node), *(flow.get("id", "") for flow in cut), *_in_lanes(piece, node))
    repair = BY_EVENT.of(
        node_id,
        " ".join(filter(None, before)),
        f"process “{ASIDE}”: {shown(node)}",
        node=words_of(node),
        aside=ASIDE,
        steps=listed(steps, at_most=20),
    )
    return Change(repair, partial(set_aside, piece, node))


def _in_lanes(piece: Workpiece, node: Element) -> list[str]:
    """Ids of what stands in it and in a lane, which ends with its leaving."""
    listed_there = {
        (stated.text or "").strip().rpartition(":")[2]
        for stated in piece.root.iter(bpmn("flowNodeRef"))
    }
    inside = (inner.get("id", "") for inner in node.iterdescendants(f"{{{BPMN}}}*"))
    return [inner for inner in inside if inner in listed_there]


def set_aside(piece: Workpiece, node: Element) -> None:
    """Move a node into a process that does not run: kept whole, drawn as before, never assigned."""
    process = piece.process
    assert process is not None  # the node stands in it
    node_id = node.get("id", "")
    for flow in dict.fromkeys((*piece.leaving(node_id), *piece.entering(node_id))):
        piece.remove_flow(flow)
    piece.leave_lanes(node_id)
    _aside(piece, process).append(node)
    piece.changed_outside()


def _aside(piece: Workpiece, process: Element) -> Element:
    for other in piece.root.iterchildren(bpmn("process")):
        if other.get("name") == ASIDE and other is not process:
            return other
    aside = add_element(piece.root, bpmn("process"))
    aside.set("id", piece.new_id(f"{process.get('id', 'Process')}_not_run"))
    aside.set("name", ASIDE)
    aside.set("isExecutable", "false")
    process.addnext(aside)
    return aside
