"""Timers: values in other engines' words, values in the event's name, and no value at all."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import EventKind, NodeKind
from processes.dialects import named_limit, read_timer
from processes.document import bpmn, local_name, qt_children
from processes.repair.events import (
    EVENT_ATTRIBUTES,
    drop_definitions,
    drop_event_data,
    event_kind,
    events,
    shown_event,
)
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words
from processes.support import CONSTRUCTS, Verdict
from processes.time_limit import TimeLimit
from processes.timer import Timer, TimerKind

VALUE = Kind(
    "timer.value",
    "{node} ghi thời gian theo cách của công cụ khác: “{before}”. Ghi lại theo ISO 8601: {after}.",
    "{node} states its time in another tool's way: '{before}'. It is written as ISO 8601: {after}.",
    answers=("qt-timer",),
)
ONCE = Kind(
    "timer.once",
    "{node} lặp lại theo chu kỳ “{before}”; ở đây hẹn giờ chỉ báo một lần. Dùng chu kỳ thứ nhất: "
    "{after}.",
    "{node} repeats ('{before}'); timers fire once here. Its first turn is used: {after}.",
    answers=(
        "support.timer.timeCycle",
        "qt-timer",
    ),
)
FROM_NAME = Kind(
    "timer.from-name",
    "{node} là hẹn giờ chưa ghi thời gian dùng được, nhưng tên sự kiện nói {limit}. Ghi thời gian "
    "đó.",
    "{node} is a timer without a usable time, but its name says {limit}. That is written down.",
    answers=("qt-timer",),
)
PERSON = Kind(
    "timer.person",
    "{node} là hẹn giờ chưa ghi thời gian dùng được ({text}). Thành bước của người thực hiện: "
    "người này xác nhận khi hết thời gian chờ.",
    "{node} is a timer without a usable time ({text}). It becomes a person's step: somebody says "
    "when the waiting is over.",
    answers=(
        "qt-timer",
        "support.timer.timeCycle",
    ),
)
KINDS = (VALUE, ONCE, FROM_NAME, PERSON)

_UNUSABLE = ("qt-timer", "support.timer.timeCycle")
_TAGS = (TimerKind.DATE, TimerKind.DURATION, TimerKind.CYCLE)


def set_timers(piece: Workpiece) -> Iterator[Change]:
    """Timers that run state a date, a duration or a limit; waiting without a time is a step.

    Boundary timers that state nothing are left to `boundary`; a qt:limit that cannot be read is
    for its designer to mend.
    """
    for event in events(piece, NodeKind.START, NodeKind.CATCH, NodeKind.BOUNDARY):
        own = next(qt_children(event, "limit"), None) is not None
        if event_kind(event) == EventKind.TIMER and not own and not is_usable(piece, event):
            yield from _change(piece, event)


def is_usable(piece: Workpiece, event: Element) -> bool:
    """Whether the check is content with what the timer event states."""
    return not piece.complaints.at(event.get("id") or None, _UNUSABLE)


def has_time(event: Element) -> bool:
    """Whether what the timer states, or its name, can be read as a time."""
    kind, text = _stated(event)
    return (
        read_timer(kind, text, _cycles_run()) is not None or named_limit(name_of(event)) is not None
    )


def _stated(event: Element) -> tuple[TimerKind, str]:
    """The first kind that has a text, else UNSET."""
    for child in _values(event):
        if text := "".join(child.itertext()).strip():
            return TimerKind(local_name(child)), text
    return TimerKind.UNSET, ""


def _values(event: Element) -> list[Element]:
    definitions = event.iterchildren(bpmn("timerEventDefinition"))
    return [child for d in definitions for child in d.iterchildren(*map(bpmn, _TAGS))]


def _change(piece: Workpiece, event: Element) -> Iterator[Change]:
    kind, text = _stated(event)
    node, name = words_of(event), name_of(event)
    if (read := read_timer(kind, text, _cycles_run())) is not None:
        once = kind is TimerKind.CYCLE and read.kind is not TimerKind.CYCLE
        rule = ONCE if once else VALUE
        repair = rule.of(event.get("id"), text, read.text, node=node)
        yield Change(repair, partial(_write, piece, event, read))
    elif (limit := named_limit(name)) is not None:
        words = Words(limit.format("vi"), limit.format("en"))
        repair = FROM_NAME.of(event.get("id"), text or "–", words.vi, node=node, limit=words)
        yield Change(repair, partial(_limit, piece, event, limit))
    elif local_name(event) == NodeKind.CATCH:
        name = name or "Chờ"
        before = f"{shown_event(piece, event)} {text}".strip()
        after = f"userTask “{name}”"
        repair = PERSON.of(event.get("id"), before, after, node=node, text=text or "–")
        yield Change(repair, partial(wait_for_a_person, piece, event, name))


def _cycles_run() -> bool:
    return CONSTRUCTS["timer.timeCycle"].verdict is Verdict.RUNS


def _write(piece: Workpiece, event: Element, timer: Timer) -> None:
    """The first value gets the text and the tag that fits it; empty ones beside it go."""
    first, *others = _values(event)
    for other in others:
        parent = other.getparent()
        if parent is not None:
            parent.remove(other)
    first.tag = bpmn(timer.kind)
    first.attrib.pop("language", None)
    for child in list(first):
        first.remove(child)
    first.text = timer.text
    _answered(piece, event)


def _limit(piece: Workpiece, event: Element, limit: TimeLimit) -> None:
    _answered(piece, event)
    stated = piece.extension(event, "limit")
    stated.set("amount", f"{limit.amount.normalize():f}")
    stated.set("unit", limit.unit.value)


def _answered(piece: Workpiece, event: Element) -> None:
    for rule in _UNUSABLE:
        piece.complaints.answered(event.get("id"), rule)


def wait_for_a_person(piece: Workpiece, event: Element, name: str) -> None:
    """An event becomes a step that somebody completes when it has happened."""
    drop_definitions(piece, event)
    drop_event_data(piece, event)
    event.set("name", name)
    piece.change_kind(event, NodeKind.USER_TASK, *EVENT_ATTRIBUTES)
