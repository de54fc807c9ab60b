"""Event definitions: what each kind of event must say so that it can happen."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import bpmn, qt_children
from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import ACTIVITY_KINDS, Model

TIMER_SEVERAL = Constraint(
    "std-timer-several",
    Severity.ERROR,
    "{node} ghi nhiều thời gian cùng lúc ({times}). Chỉ giữ một: mốc, khoảng thời gian hoặc chu "
    "kỳ.",
    "{node} states several times at once ({times}). Keep one: a date, a duration or a cycle.",
    "10.5.5",
)
TIMER_NONE = Constraint(
    "std-timer-none",
    Severity.ERROR,
    "{node} thuộc quy trình thực thi nhưng chưa ghi thời gian. Ghi timeDate, timeDuration hoặc "
    "timeCycle.",
    "{node} is part of an executable process but states no time. State a timeDate, timeDuration or "
    "timeCycle.",
    "10.5.5",
)
CONDITION_NONE = Constraint(
    "std-event-condition-missing",
    Severity.ERROR,
    "{node} đợi một điều kiện nhưng chưa ghi điều kiện nào. Ghi điều kiện.",
    "{node} waits for a condition but states none. State the condition.",
    "10.5.5",
)
MESSAGE_NONE = Constraint(
    "std-event-message-missing",
    Severity.WARNING,
    "{node} thuộc quy trình thực thi nhưng chưa chọn thông điệp. Chọn thông điệp.",
    "{node} is part of an executable process but names no message. Choose the message.",
    "10.5.5",
)
SIGNAL_NONE = Constraint(
    "std-event-signal-missing",
    Severity.WARNING,
    "{node} thuộc quy trình thực thi nhưng chưa chọn tín hiệu. Chọn tín hiệu.",
    "{node} is part of an executable process but names no signal. Choose the signal.",
    "10.5.5",
)
ERROR_CODE = Constraint(
    "std-error-code-missing",
    Severity.WARNING,
    "{node} phát lỗi trong quy trình thực thi nhưng lỗi chưa có mã (errorCode). Chọn lỗi có mã.",
    "{node} throws an error in an executable process, but the error has no errorCode. Give it one.",
    "8.4.3",
)
ESCALATION_CODE = Constraint(
    "std-escalation-code-missing",
    Severity.WARNING,
    "{node} báo cấp trên trong quy trình thực thi nhưng chưa có mã (escalationCode). Chọn việc báo "
    "có mã.",
    "{node} escalates in an executable process, but without an escalationCode. Give it one.",
    "8.4.5",
)
CANCEL_END = Constraint(
    "std-end-cancel",
    Severity.ERROR,
    "{node} là sự kiện kết thúc hủy, chỉ được dùng trong quy trình con giao dịch. Đổi loại sự "
    "kiện.",
    "{node} is a cancel end event, which belongs inside a transaction only. Change its kind.",
    "10.5.3",
)
NOTHING_TO_COMPENSATE = Constraint(
    "std-compensation-handler-missing",
    Severity.WARNING,
    "{node} bù trừ {activity}, nhưng ở đó không có sự kiện bù trừ hay quy trình con bù trừ nào. "
    "Thêm vào, hoặc bỏ việc bù trừ.",
    "{node} compensates {activity}, which has no compensation event and no compensation "
    "sub-process. Add one, or do not compensate.",
    "10.7",
)
SHARED_PLACE = Constraint(
    "std-event-definition-place",
    Severity.ERROR,
    "{node} dùng chung định nghĩa sự kiện “{reference}” đang nằm trong một sự kiện khác. Chỉ định "
    "nghĩa đặt ngay dưới definitions mới dùng chung được.",
    "{node} shares the event definition '{reference}', which stands inside another event. Only "
    "those directly under definitions can be shared.",
    "10.5.5",
)
RULES = (
    *(TIMER_SEVERAL, TIMER_NONE, CONDITION_NONE, MESSAGE_NONE, SIGNAL_NONE, ERROR_CODE),
    *(ESCALATION_CODE, CANCEL_END, NOTHING_TO_COMPENSATE, SHARED_PLACE),
)

_TIMES = ("timeDate", "timeDuration", "timeCycle")
_THROWING = frozenset({"endEvent", "intermediateThrowEvent"})
_CODES = {
    "error": ("errorRef", "errorCode", ERROR_CODE),
    "escalation": ("escalationRef", "escalationCode", ESCALATION_CODE),
}
_NAMED = {"message": ("messageRef", MESSAGE_NONE), "signal": ("signalRef", SIGNAL_NONE)}


def judge_event_definitions(model: Model) -> Iterator[Finding]:
    """Findings about timers, conditions, messages, codes and compensation (10.5.5, 8.4)."""
    undoable = _undoable(model)
    for event, definitions in model.events.items():
        for kind, definition in definitions:
            yield from _definition(model, event, kind, definition)
            if kind == "compensate":
                yield from _compensation(model, event, definition, undoable)
        yield from _shared(model, event)


def _definition(model: Model, event: Element, kind: str, definition: Element) -> Iterator[Finding]:
    throws = model.kind[event] in _THROWING
    if kind == "timer":
        yield from _timer(model, event, definition)
    elif kind == "conditional" and _lacks_condition(model, event, definition):
        yield CONDITION_NONE.at(model.id_of(event), node=model.words(event))
    elif kind in _NAMED and model.is_executable(event):
        yield from _named(model, event, definition, kind)
    elif kind in _CODES and throws and model.is_executable(event):
        yield from _coded(model, event, definition, kind)
    elif kind == "cancel" and model.kind[event] == "endEvent":
        yield from _cancel(model, event)


def _shared(model: Model, event: Element) -> Iterator[Finding]:
    for reference in model.children(event, "eventDefinitionRef"):
        shared = model.resolve(reference.text or "")
        if shared is not None and model.parent.get(shared) is not model.root:
            facts = {"node": model.words(event), "reference": (reference.text or "").strip()}
            yield SHARED_PLACE.at(model.id_of(event), **facts)


def _lacks_condition(model: Model, event: Element, definition: Element) -> bool:
    """Drawings may leave the condition empty, what is executed may not."""
    condition = definition.find(bpmn("condition"))
    empty = condition is None or not "".join(condition.itertext()).strip()
    return empty and (condition is None or model.is_executable(event))


def _timer(model: Model, event: Element, definition: Element) -> Iterator[Finding]:
    times = [tag for tag in _TIMES if definition.find(bpmn(tag)) is not None]
    if len(times) > 1:
        facts = {"node": model.words(event), "times": ", ".join(times)}
        yield TIMER_SEVERAL.at(model.id_of(event), **facts)
    stated = times or next(qt_children(event, "limit"), None) is not None
    if not stated and model.is_executable(event):
        yield TIMER_NONE.at(model.id_of(event), node=model.words(event))


def _named(model: Model, event: Element, definition: Element, kind: str) -> Iterator[Finding]:
    attribute, rule = _NAMED[kind]
    if not definition.get(attribute, "").strip():
        yield rule.at(model.id_of(event), node=model.words(event))


def _coded(model: Model, event: Element, definition: Element, kind: str) -> Iterator[Finding]:
    attribute, code, rule = _CODES[kind]
    thrown = model.resolve(definition.get(attribute, ""))
    unresolved = thrown is None and definition.get(attribute, "").strip()
    if unresolved:
        return  # said as a reference
    if thrown is None or not thrown.get(code, "").strip():
        yield rule.at(model.id_of(event), node=model.words(event))


def _cancel(model: Model, event: Element) -> Iterator[Finding]:
    around = model.parent[event]
    while model.kind.get(around) in ("subProcess", "adHocSubProcess"):
        around = model.parent[around]
    if model.kind.get(around) != "transaction":
        yield CANCEL_END.at(model.id_of(event), node=model.words(event))


def _compensation(
    model: Model, event: Element, definition: Element, undoable: frozenset[Element]
) -> Iterator[Finding]:
    if model.kind[event] not in _THROWING:
        return
    activity = model.resolve(definition.get("activityRef", ""))
    if activity is None or model.kind[activity] not in ACTIVITY_KINDS:
        return
    if activity in undoable:
        return
    facts = {"node": model.words(event), "activity": model.words(activity)}
    yield NOTHING_TO_COMPENSATE.at(model.id_of(event), **facts)


def _undoable(model: Model) -> frozenset[Element]:
    """Activities with a compensation event on their border, or in them (sub-processes)."""
    found: set[Element] = set()
    for event in model.of("startEvent", "boundaryEvent"):
        if "compensate" not in model.event_kinds(event):
            continue
        host = model.resolve(event.get("attachedToRef", ""))
        around = model.parent.get(event) if host is None else host
        while around is not None and around not in found:
            found.add(around)
            around = model.parent.get(around)
    return frozenset(found)
