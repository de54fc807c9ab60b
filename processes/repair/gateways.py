"""Gateways that do not run as drawn: complex ones, those that wait for events, idle conditions."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import EventKind, NodeKind
from processes.document import bpmn, local_name
from processes.repair.conditions import UNREAD, is_unsayable, keep_as_name
from processes.repair.events import event_kind
from processes.repair.expressions import EXPRESSION
from processes.repair.messages import make_a_mark
from processes.repair.repair import Change, Kind
from processes.repair.timers import is_usable
from processes.repair.wording import condition_of, name_of, quoted, shown, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import listed

EVENT_GATEWAY = (
    *("std-event-gateway-outgoing", "std-event-gateway-target", "std-event-gateway-mix"),
    *("std-event-gateway-target-incoming", "std-event-gateway-boundary"),
    "std-event-gateway-parallel",
)
COMPLEX = Kind(
    "gateway.complex",
    "{node} là cổng phức hợp, hệ thống không chạy được. Thành cổng bao hàm: làm một hoặc nhiều "
    "nhánh, gộp khi các nhánh đã làm đều xong.",
    "{node} is a complex gateway, which does not run here. It becomes an inclusive one: some of "
    "the ways are taken, and joined when all those are done.",
    answers=("support.complexGateway", "support.activity.repetition.expression", *UNREAD),
)
INSTANTIATING = Kind(
    "gateway.instantiate",
    "{node} tự mở hồ sơ ({before}); ở đây hồ sơ mở khi được tiếp nhận. Thành cổng theo sự kiện "
    "thường, đặt sau sự kiện bắt đầu.",
    "{node} opens a dossier by itself ({before}); here a dossier begins when it is received. It "
    "becomes an ordinary event-based gateway, behind a start event.",
    answers=("support.eventBasedGateway.instantiate", "std-event-gateway-instantiate"),
)
EVENT_BASED = Kind(
    "gateway.event-based",
    "{node} chờ xem việc nào xảy ra trước ({exits}). Thành bước của người thực hiện ghi nhận việc "
    "đã xảy ra; hẹn giờ gắn ngay trên bước đó.",
    "{node} waits for what happens first ({exits}). It becomes a person's step that records what "
    "happened; timers are put on the step itself.",
    answers=("support.eventBasedGateway", *EVENT_GATEWAY),
)
IDLE_CONDITION = Kind(
    "condition.idle",
    "{flow} có điều kiện “{before}”, nhưng ra từ {node} nên điều kiện không được xét. Bỏ điều "
    "kiện, giữ làm tên luồng nếu luồng chưa có tên.",
    "{flow} has the condition '{before}', which is not weighed behind {node}. It is taken out, and "
    "kept as the flow's name where it has none.",
    answers=("support.sequenceFlow",),
)
KINDS = (COMPLEX, INSTANTIATING, EVENT_BASED, IDLE_CONDITION)

_GATEWAY_ATTRIBUTES = ("gatewayDirection", "instantiate", "eventGatewayType", "default")
_INSTANTIATING = ("instantiate", "eventGatewayType")
_EVENTS = (NodeKind.START, NodeKind.CATCH, NodeKind.THROW, NodeKind.BOUNDARY)


def make_gateways_run(piece: Workpiece) -> Iterator[Change]:
    """Complex gateways become inclusive, waiting ones a step; idle conditions go."""
    for node in piece.of_kind(NodeKind.COMPLEX):
        if piece.refuses(node, NodeKind.COMPLEX, EXPRESSION) or _is_unsayable(piece, node):
            after = f"inclusiveGateway {quoted(node)}"
            repair = COMPLEX.of(node.get("id"), shown(node), after, node=words_of(node))
            yield Change(repair, partial(_to_inclusive, piece, node))
    for node in piece.of_kind(NodeKind.EVENT_BASED):
        stated = {name: node.get(name, "") for name in _INSTANTIATING if node.get(name)}
        if stated and piece.refuses(node, "eventBasedGateway.instantiate"):
            before = " ".join(f'{name}="{value}"' for name, value in stated.items())
            repair = INSTANTIATING.of(node.get("id"), before, "–", node=words_of(node))
            yield Change(repair, partial(_unset, piece, node, *stated))
        elif _waits_wrongly(piece, node) and piece.leaving(node.get("id", "")):
            yield _event_based(piece, node)
    for flow in piece.flows:
        source = piece.source(flow)
        if flow.find(bpmn("conditionExpression")) is not None and _is_idle(piece, flow, source):
            text = condition_of(flow)
            facts = {"flow": words_of(flow), "node": words_of(source)}
            repair = IDLE_CONDITION.of(flow.get("id"), text or "–", "–", **facts)
            yield Change(repair, partial(_clear, piece, flow, text))


def _waits_wrongly(piece: Workpiece, node: Element) -> bool:
    """Whether it, a flow out of it or what it leads to is complained of."""
    flows = piece.leaving(node.get("id", ""))
    said_at = [node, *flows, *(piece.target(flow) for flow in flows)]
    return piece.refuses(node, NodeKind.EVENT_BASED) or any(
        piece.complaints.at(each.get("id"), EVENT_GATEWAY) for each in said_at
    )


def _unset(piece: Workpiece, node: Element, *attributes: str) -> None:
    for attribute in attributes:
        node.attrib.pop(attribute, None)
    for rule in INSTANTIATING.answers:
        piece.complaints.answered(node.get("id"), rule)


def _is_unsayable(piece: Workpiece, node: Element) -> bool:
    return any(is_unsayable(piece, flow) for flow in piece.leaving(node.get("id", "")))


def _is_idle(piece: Workpiece, flow: Element, source: Element) -> bool:
    """Whether the standard gives a condition no effect there, or it has no text.

    Conditions on several flows out of one node decide between them (`splits`).
    """
    kind = local_name(source)
    if kind in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE, NodeKind.COMPLEX):
        return False
    if not condition_of(flow) or kind in (NodeKind.PARALLEL, NodeKind.EVENT_BASED):
        return True
    return kind in _EVENTS and len(piece.leaving(source.get("id", ""))) == 1


def _to_inclusive(piece: Workpiece, node: Element) -> None:
    for condition in list(node.iterchildren(bpmn("activationCondition"))):
        text = " ".join("".join(condition.itertext()).split())
        piece.say(node, f"Điều kiện gộp trong sơ đồ gốc: {text}" if text else "")
        piece.drop(condition, node)
    piece.change_kind(node, NodeKind.INCLUSIVE)


def _clear(piece: Workpiece, flow: Element, text: str) -> None:
    if text and not name_of(flow):
        flow.set("name", " ".join(text.split()))
    piece.clear_condition(flow)


def _event_based(piece: Workpiece, node: Element) -> Change:
    targets = [piece.target(flow) for flow in piece.leaving(node.get("id", ""))]
    name = name_of(node) or "Ghi nhận việc xảy ra trước"
    timed = _timed(piece, node)
    on_step = " | ".join(f"{flow.get('id')} ⇢ @ {quoted(piece.target(flow))}" for flow in timed)
    flows = piece.leaving(node.get("id", ""))
    conditions = [text for flow in flows if (text := condition_of(flow))]
    repair = EVENT_BASED.of(
        node.get("id"),
        " | ".join((shown(node), *conditions)),
        f"userTask “{name}”" + (f" | {on_step}" if on_step else ""),
        node=words_of(node),
        exits=listed([quoted(target) for target in targets]),
    )
    return Change(repair, partial(_ask_what_happened, piece, node, name))


def _ask_what_happened(piece: Workpiece, node: Element, name: str) -> None:
    """The gateway becomes a step; timers sit on it, for the rest a person says which it was."""
    node_id = node.get("id", "")
    for flow in piece.leaving(node_id):
        keep_as_name(piece, flow, condition_of(flow))
    timed = _timed(piece, node)
    node.set("name", name)
    piece.change_kind(node, NodeKind.USER_TASK, *_GATEWAY_ATTRIBUTES)
    for flow in timed:
        timer = piece.target(flow)
        piece.remove_flow(flow)
        timer.set("attachedToRef", node_id)
        piece.change_kind(timer, NodeKind.BOUNDARY)
        piece.redrawn.add(timer.get("id", ""))
    rest = piece.leaving(node_id)
    for flow in rest:
        event = piece.target(flow)
        if not name_of(flow) and name_of(event):
            flow.set("name", name_of(event))
        single = len(piece.entering(event.get("id", ""))) == 1
        if local_name(event) == NodeKind.CATCH and single:
            make_a_mark(piece, event)
    if len(rest) > 1:
        choice = piece.add_node(NodeKind.EXCLUSIVE, f"Which_{node_id}", "Việc đã xảy ra", node)
        for flow in rest:
            piece.move_source(flow, choice)
        piece.add_flow(node, choice)


def _timed(piece: Workpiece, node: Element) -> list[Element]:
    """Flows to timers that can sit on the step; where all wait for times, a person says which."""
    flows = piece.leaving(node.get("id", ""))
    timed = [flow for flow in flows if _is_own_timer(piece, flow)]
    return [] if len(timed) == len(flows) else timed


def _is_own_timer(piece: Workpiece, flow: Element) -> bool:
    """Whether the flow leads to a timer that has a time and that nothing else leads to."""
    event = piece.target(flow)
    return (
        local_name(event) == NodeKind.CATCH
        and event_kind(event) == EventKind.TIMER
        and is_usable(piece, event)
        and len(piece.entering(event.get("id", ""))) == 1
    )
