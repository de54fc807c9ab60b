"""Events on the border of a step that do not run: a person says which way the step ended."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, EventKind, NodeKind
from processes.document import local_name
from processes.drawing import truth
from processes.repair.events import (
    EVENT_ATTRIBUTES,
    drop_definitions,
    event_code,
    event_kind,
    event_words,
    events,
    shown_event,
    subject,
)
from processes.repair.geometry import box_of, on_border
from processes.repair.repair import Change, Kind
from processes.repair.splits import draw_split, insert_behind
from processes.repair.timers import is_usable
from processes.repair.wording import name_of, quoted, words_of
from processes.repair.workpiece import Workpiece

FORBIDDEN = (
    *("std-boundary-cancel", "std-boundary-kind", "std-boundary-none", "std-timer-none"),
    *("std-boundary-interrupting", "std-event-condition-missing"),
)
"""What the standard says of events that may not be on that border."""

CHOICE = Kind(
    "boundary.choice",
    "{node} là {kind}; hệ thống không tự bắt sự kiện này trong lúc làm bước {host}. Bỏ sự kiện "
    "gắn; khi xong bước, người thực hiện chọn: làm xong bình thường, hay việc đó đã xảy ra.",
    "{node} is a {kind}, which is not caught by itself while {host} is being done. The event is "
    "removed; when the step is done, a person chooses: done as usual, or that has happened.",
    answers=(*("support.boundaryEvent", "support.event", "support.timer", "qt-timer", *FORBIDDEN),),
)
ALSO = Kind(
    "boundary.also",
    "{node} là {kind} không ngắt bước; hệ thống không tự bắt sự kiện này. Bỏ sự kiện gắn; khi xong "
    "bước {host}, người thực hiện cho biết việc đó có xảy ra không; nếu có thì nhánh kia cũng "
    "chạy.",
    "{node} is a {kind} that leaves the step running, and is not caught by itself. The event is "
    "removed; when {host} is done, a person says whether it happened, and then that way is taken "
    "too.",
    answers=(*("support.boundaryEvent", "support.event", "support.timer", "qt-timer", *FORBIDDEN),),
)
COMPENSATION = Kind(
    "boundary.compensation",
    "{node} nối bước {host} với việc hoàn trả; hệ thống không tự hoàn trả. Bỏ sự kiện gắn; nếu "
    "cần, vẽ việc hoàn trả thành bước sau cổng loại trừ.",
    "{node} ties the step {host} to its compensation; nothing is undone by itself here. The event "
    "is removed; where needed, draw the undoing as a step behind an exclusive gateway.",
    answers=("std-boundary-compensation-flow", "std-boundary-compensation-handler"),
)
ATTACHED = Kind(
    "boundary.attached",
    "{node} chưa gắn vào bước nào, nhưng được vẽ trên biên của bước {host}. Gắn vào bước đó.",
    "{node} is attached to no step but drawn on the border of {host}. It is attached to it.",
    answers=("qt-boundary-host", "std-boundary-host", "std-boundary-event-sub-process"),
)
LOOSE = Kind(
    "boundary.loose",
    "{node} là sự kiện gắn trên bước nhưng không có bước nào. Thành mốc trung gian.",
    "{node} is an event for the border of a step, without a step. It becomes a mark on the way.",
    answers=("qt-boundary-host", "std-boundary-host", "std-boundary-event-sub-process"),
)
KINDS = (CHOICE, ALSO, COMPENSATION, ATTACHED, LOOSE)

USUAL = "Hoàn thành bình thường"
_NEAR = 12.0  # px between the event's centre and the border it is drawn on


def settle_boundaries(piece: Workpiece) -> Iterator[Change]:
    """Events on borders stand on a step of their level, and run."""
    for event in events(piece, NodeKind.BOUNDARY):
        host = piece.nodes.get(event.get("attachedToRef", ""))
        if host is None or not _holds(host, event):
            yield _without_host(piece, event)
        elif piece.complaints.at(event.get("id"), COMPENSATION.answers):
            facts = {"node": words_of(event), "host": words_of(host)}
            before = f"{shown_event(piece, event)} @ {quoted(host)}"
            repair = COMPENSATION.of(event.get("id"), before, "–", **facts)
            yield Change(repair, partial(piece.drop, event, host))
        elif _is_uncaught(piece, event) and _lead_on(piece, host, event):
            yield _choice(piece, event, host)


def _lead_on(piece: Workpiece, *nodes: Element) -> bool:
    """Whether each has a flow out; ends come first (`endings`)."""
    return all(piece.leaving(node.get("id", "")) for node in nodes)


def _holds(host: Element, event: Element) -> bool:
    return local_name(host) in ACTIVITIES and host.getparent() is event.getparent()


def _is_uncaught(piece: Workpiece, event: Element) -> bool:
    if piece.complaints.at(event.get("id"), FORBIDDEN):
        return True
    if event_kind(event) == EventKind.TIMER:
        return not is_usable(piece, event)
    return piece.refuses(event, event_code(event), "event")


def _choice(piece: Workpiece, event: Element, host: Element) -> Change:
    interrupts = truth(event.get("cancelActivity"), otherwise=True)
    kind = CHOICE if interrupts else ALSO
    happened = name_of(event) or subject(piece, event) or event_words(event).vi
    gateway = NodeKind.EXCLUSIVE if interrupts else NodeKind.INCLUSIVE
    repair = kind.of(
        event.get("id"),
        f"{shown_event(piece, event)} @ {quoted(host)}",
        f"{quoted(host)} → {gateway} → “{happened}”",
        node=words_of(event),
        host=words_of(host),
        kind=event_words(event),
    )
    return Change(repair, partial(_decide, piece, event, host, happened))


def _decide(piece: Workpiece, event: Element, host: Element, happened: str) -> None:
    """The event's flow begins at a gateway behind the step; several events share the gateway."""
    host_id = host.get("id", "")
    interrupts = truth(event.get("cancelActivity"), otherwise=True)
    wanted = f"{'After' if interrupts else 'Also'}_{host_id}"
    gateway = _behind(piece, host, wanted)
    for node in (event, host) if gateway is None else (event,):
        draw_split(piece, node)
    if gateway is None and interrupts:
        question = f"Kết quả: {name}" if (name := name_of(host)) else "Kết quả bước trước"
        gateway = insert_behind(piece, host, NodeKind.EXCLUSIVE, wanted, question)
        usual = piece.leaving(gateway.get("id", ""))[0]
        if not name_of(usual):
            usual.set("name", USUAL)
        gateway.set("default", usual.get("id", ""))
    elif gateway is None:
        gateway = insert_behind(piece, host, NodeKind.INCLUSIVE, wanted)
        piece.set_condition(piece.leaving(gateway.get("id", ""))[0], "true")
    for flow in piece.leaving(event.get("id", "")):
        if not name_of(flow):
            flow.set("name", happened)
        piece.move_source(flow, gateway)
    piece.drop(event, host)


def _behind(piece: Workpiece, host: Element, wanted: str) -> Element | None:
    """The gateway of that id directly behind the step, or behind one that an event put there."""
    node = host
    for _ in range(2):
        flows = piece.leaving(node.get("id", ""))
        if not flows:
            return None
        node = piece.target(flows[0])
        if node.get("id") == wanted:
            return node
    return None


def _without_host(piece: Workpiece, event: Element) -> Change:
    node = words_of(event)
    host = _drawn_on(piece, event)
    if host is not None:
        after = f"{shown_event(piece, event)} @ {quoted(host)}"
        before = f"{shown_event(piece, event)} @ {event.get('attachedToRef', '–')}"
        repair = ATTACHED.of(event.get("id"), before, after, node=node, host=words_of(host))
        return Change(repair, partial(event.set, "attachedToRef", host.get("id", "")))
    after = f"intermediateThrowEvent none {quoted(event)}"
    repair = LOOSE.of(event.get("id"), shown_event(piece, event), after, node=node)
    return Change(repair, partial(_to_mark, piece, event))


def _to_mark(piece: Workpiece, event: Element) -> None:
    if event_kind(event) == EventKind.TIMER and is_usable(piece, event):
        kind = NodeKind.CATCH
    else:
        drop_definitions(piece, event)
        kind = NodeKind.THROW
    piece.change_kind(event, kind, *EVENT_ATTRIBUTES)


def _drawn_on(piece: Workpiece, event: Element) -> Element | None:
    """The step of its level on whose border the event is drawn."""
    box = box_of(piece, event)
    for node in piece.nodes.values() if box is not None else ():
        around = box_of(piece, node) if _holds(node, event) else None
        if around is not None and box is not None and on_border(around, box, _NEAR):
            return node
    return None
