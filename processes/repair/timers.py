"""Timers: values in other engines' words, values in the event's name, and no value at all."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import EventKind, NodeKind
from processes.dialects import named_limit, read_timer
from processes.document import BPMN, bpmn, local_name, qt_children
from processes.errors import InvalidInput
from processes.layout.names import add_element
from processes.repair.events import (
    EVENT_ATTRIBUTES,
    drop_definitions,
    drop_event_data,
    event_kind,
    events,
    is_refused,
    shown_event,
)
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words
from processes.time_limit import InvalidTimeLimit, TimeLimit
from processes.timer import Timer, TimerKind
from processes.vocabulary import read_limit

VALUE = Kind(
    "timer.value",
    "{node} ghi thời gian theo cách của công cụ khác: “{before}”. Ghi lại theo ISO 8601: {after}.",
    "{node} states its time in another tool's way: '{before}'. It is written as ISO 8601: {after}.",
)
ONCE = Kind(
    "timer.once",
    "{node} lặp lại theo chu kỳ “{before}”; ở đây hẹn giờ chỉ báo một lần. Dùng chu kỳ thứ nhất: "
    "{after}.",
    "{node} repeats ('{before}'); timers fire once here. Its first turn is used: {after}.",
)
FROM_NAME = Kind(
    "timer.from-name",
    "{node} là hẹn giờ chưa ghi thời gian dùng được, nhưng tên sự kiện nói {limit}. Ghi thời gian "
    "đó.",
    "{node} is a timer without a usable time, but its name says {limit}. That is written down.",
)
PERSON = Kind(
    "timer.person",
    "{node} là hẹn giờ chưa ghi thời gian dùng được ({before}). Thành bước của người thực hiện: "
    "người này xác nhận khi hết thời gian chờ.",
    "{node} is a timer without a usable time ({before}). It becomes a person's step: somebody says "
    "when the waiting is over.",
)
KINDS = (VALUE, ONCE, FROM_NAME, PERSON)

_TAGS = (TimerKind.DATE, TimerKind.DURATION, TimerKind.CYCLE)


def set_timers(piece: Workpiece) -> Iterator[Change]:
    """Timers that run state a date, a duration or a limit; others become a person's step."""
    for event in events(piece, NodeKind.CATCH, NodeKind.BOUNDARY):
        if event_kind(event) != EventKind.TIMER or is_usable(event):
            continue
        yield _change(piece, event)


def is_usable(event: Element) -> bool:
    """Whether the timer event has a value that runs."""
    limits = list(qt_children(event, "limit"))
    if limits:
        return _reads(limits[0])
    kind, text = _stated(event)
    timer = Timer(kind, text)
    try:
        if kind is TimerKind.DATE:
            timer.date()
        elif kind is TimerKind.DURATION:
            timer.duration()
    except InvalidInput:
        return False
    return kind in (TimerKind.DATE, TimerKind.DURATION) or (
        kind is TimerKind.CYCLE and not is_refused("timer.timeCycle")
    )


def _reads(limit: Element) -> bool:
    try:
        read_limit(limit)
    except InvalidTimeLimit:
        return False
    return True


def _stated(event: Element) -> tuple[TimerKind, str]:
    """The first kind that has a text, else UNSET."""
    for definition in event.iterchildren(bpmn("timerEventDefinition")):
        for child in definition.iterchildren(f"{{{BPMN}}}*"):
            text = "".join(child.itertext()).strip()
            if local_name(child) in set(_TAGS) and text:
                return TimerKind(local_name(child)), text
    return TimerKind.UNSET, ""


def _change(piece: Workpiece, event: Element) -> Change:
    kind, text = _stated(event)
    node = words_of(event)
    read = None if next(qt_children(event, "limit"), None) is not None else read_timer(kind, text)
    if read is not None:
        rule = ONCE if kind is TimerKind.CYCLE else VALUE
        repair = rule.of(event.get("id"), text, read.text, node=node)
        return Change(repair, partial(_write, event, read))
    before = text or "–"
    if (limit := named_limit(name_of(event))) is not None:
        words = Words(limit.format("vi"), limit.format("en"))
        repair = FROM_NAME.of(event.get("id"), before, words.vi, node=node, limit=words)
        return Change(repair, partial(_limit, piece, event, limit))
    if local_name(event) == NodeKind.BOUNDARY:
        from processes.repair.boundary import to_choice

        return to_choice(piece, event)
    name = name_of(event) or "Chờ"
    repair = PERSON.of(
        event.get("id"), f"{shown_event(piece, event)} {text}", f"userTask “{name}”", node=node
    )
    return Change(repair, partial(_to_step, piece, event, name))
