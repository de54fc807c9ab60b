"""Events that wait for or send something: a person confirms that it came or went."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import EventKind, NodeKind
from processes.document import bpmn, local_name
from processes.repair.events import (
    EVENT_ATTRIBUTES,
    drop_definitions,
    drop_event_data,
    event_code,
    event_kind,
    event_words,
    events,
    shown_event,
    subject,
)
from processes.repair.repair import Change, Kind
from processes.repair.timers import wait_for_a_person
from processes.repair.wording import name_of, quoted, words_of
from processes.repair.workpiece import Workpiece
from processes.support.table import MULTIPLE, NONE

FORBIDDEN = (
    *("std-catch-kind", "std-catch-none", "std-throw-kind", "std-end-kind", "std-end-cancel"),
    "std-event-condition-missing",
)
"""What the standard says of events that may not be there."""

WAITING = Kind(
    "event.awaited",
    "{node} là {kind}; hệ thống không tự nhận. Thành bước của người thực hiện: xác nhận khi việc "
    "đó đã xảy ra.",
    "{node} is a {kind}; nothing arrives by itself here. It becomes a person's step: somebody "
    "confirms that it has happened.",
    answers=("support.intermediateCatchEvent", "support.event", *FORBIDDEN),
)
SENDING = Kind(
    "event.sent",
    "{node} là {kind}; hệ thống không tự gửi. Thành bước của người thực hiện: gửi rồi xác nhận.",
    "{node} is a {kind}; nothing is sent by itself here. It becomes a person's step: somebody "
    "sends it and confirms.",
    answers=("support.intermediateThrowEvent", "support.event", *FORBIDDEN),
)
SENDING_END = Kind(
    "end.sent",
    "{node} là {kind}; hệ thống không tự gửi. Thêm một bước gửi trước đó; kết thúc thành loại "
    "thường.",
    "{node} is a {kind}; nothing is sent by itself here. A step that sends it is put before, and "
    "the end becomes a plain one.",
    answers=("support.endEvent", "support.event", *FORBIDDEN),
)
PLAIN_END = Kind(
    "end.plain",
    "{node} là {kind}; hệ thống không chạy loại này. Thành sự kiện kết thúc thường; đường đi khi "
    "việc đó xảy ra do người chọn.",
    "{node} is a {kind}, which does not run here. It becomes a plain end; the way taken then is "
    "chosen by a person.",
    answers=("support.endEvent", "support.event", *FORBIDDEN),
)
PLAIN = Kind(
    "event.plain",
    "{node} chưa nói chờ hay phát gì. Thành mốc trung gian: hồ sơ đi qua ngay.",
    "{node} does not say what it waits for or sends. It becomes a mark that dossiers pass at once.",
    answers=(
        "support.intermediateCatchEvent.none",
        "support.intermediateThrowEvent",
        "support.implicitThrowEvent",
        "support.event",
    ),
)
KINDS = (WAITING, SENDING, SENDING_END, PLAIN_END, PLAIN)

_ACTS = (EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION, EventKind.COMPENSATE)
_SENDS = {
    EventKind.MESSAGE: "Gửi thông báo",
    EventKind.SIGNAL: "Gửi thông báo",
    EventKind.ESCALATION: "Báo cấp trên",
    EventKind.COMPENSATE: "Khắc phục, hoàn trả",
}


def confirm_events(piece: Workpiece) -> Iterator[Change]:
    """Catching and throwing events and ends that do not run."""
    for event in piece.of_kind(NodeKind.IMPLICIT_THROW, NodeKind.ANY_EVENT):
        if piece.refuses(event, local_name(event)):
            yield _plain(piece, event)
    for event in events(piece, NodeKind.CATCH):
        if _stands(piece, event):
            yield _plain(piece, event) if event_kind(event) == NONE else _waiting(piece, event)
    for event in events(piece, NodeKind.THROW):
        if _stands(piece, event):
            yield _thrown(piece, event)
    for event in events(piece, NodeKind.END):
        if _stands(piece, event):
            yield _end(piece, event)


def _stands(piece: Workpiece, event: Element) -> bool:
    """Whether it is refused; links and waiting timers have their own repairs."""
    kind = event_kind(event)
    link = kind == EventKind.LINK and local_name(event) != NodeKind.END
    timer = kind == EventKind.TIMER and local_name(event) == NodeKind.CATCH
    refused = piece.refuses(event, event_code(event), "event")
    return (refused or piece.complaints.at(event.get("id"), FORBIDDEN)) and not link and not timer


def _plain(piece: Workpiece, event: Element) -> Change:
    after = f"intermediateThrowEvent none {quoted(event)}"
    before = shown_event(piece, event)
    repair = PLAIN.of(event.get("id"), before, after, node=words_of(event))
    return Change(repair, partial(make_a_mark, piece, event))


def make_a_mark(piece: Workpiece, event: Element) -> None:
    """An event that dossiers pass at once."""
    drop_definitions(piece, event)
    drop_event_data(piece, event)
    piece.change_kind(event, NodeKind.THROW, *EVENT_ATTRIBUTES)


def _waiting(piece: Workpiece, event: Element) -> Change:
    about = subject(piece, event)
    conditional = event_kind(event) == EventKind.CONDITIONAL
    wait = "Chờ" if conditional or event_kind(event) == MULTIPLE else "Chờ nhận"
    name = name_of(event) or (f"{wait}: {about}" if about else wait)
    return _step(piece, event, WAITING, name)


def _thrown(piece: Workpiece, event: Element) -> Change:
    kind = event_kind(event)
    if kind not in _ACTS and kind != MULTIPLE:  # terminate, error...: no such event between
        return _plain(piece, event)
    return _step(piece, event, SENDING, _sending_name(piece, event))


def _sending_name(piece: Workpiece, event: Element) -> str:
    kind = event_kind(event)
    act = _SENDS[EventKind(kind)] if kind in _ACTS else _SENDS[EventKind.MESSAGE]
    about = subject(piece, event)
    return name_of(event) or (f"{act}: {about}" if about else act)


def _step(piece: Workpiece, event: Element, kind: Kind, name: str) -> Change:
    repair = kind.of(
        event.get("id"),
        shown_event(piece, event),
        f"userTask “{name}”",
        node=words_of(event),
        kind=event_words(event),
    )
    return Change(repair, partial(wait_for_a_person, piece, event, name))


def _end(piece: Workpiece, event: Element) -> Change:
    facts = {"node": words_of(event), "kind": event_words(event)}
    before, after = shown_event(piece, event), f"endEvent none {quoted(event)}"
    if event_kind(event) not in _ACTS:
        repair = PLAIN_END.of(event.get("id"), before, after, **facts)
        return Change(repair, partial(_make_plain, piece, event))
    act = _SENDS[EventKind(event_kind(event))]
    about = name_of(event) or subject(piece, event)
    name = f"{act}: {about}" if about else act
    repair = SENDING_END.of(event.get("id"), before, f"userTask “{name}” → {after}", **facts)
    return Change(repair, partial(_send_first, piece, event, name))


def _make_plain(piece: Workpiece, event: Element) -> None:
    """Of several definitions only terminate, which runs, is kept."""
    if event_kind(event) == MULTIPLE and event.find(bpmn("terminateEventDefinition")) is not None:
        for definition in list(event.iterchildren("{*}*")):
            name = local_name(definition)
            if name.endswith("EventDefinition") and name != "terminateEventDefinition":
                piece.drop(definition, event)
        return
    drop_definitions(piece, event)
    drop_event_data(piece, event)


def _send_first(piece: Workpiece, event: Element, name: str) -> None:
    step = piece.add_node(NodeKind.USER_TASK, f"Send_{event.get('id')}", name, event)
    for flow in piece.entering(event.get("id", "")):
        piece.move_target(flow, step)
    _make_plain(piece, event)
    piece.add_flow(step, event)
