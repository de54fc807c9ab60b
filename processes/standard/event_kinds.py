"""Which event definitions each kind of event may have: the tables of 10.5.2 to 10.5.4."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import SUB_PROCESS_KINDS, Model

START = Constraint(
    "std-start-kind",
    Severity.ERROR,
    "{node}: sự kiện bắt đầu của quy trình không được là loại {event}. Dùng loại thông điệp, hẹn "
    "giờ, điều kiện, tín hiệu, hoặc không loại.",
    "{node}: a process cannot start with the event kind {event}. Use message, timer, conditional, "
    "signal or none.",
    "10.5.2",
)
SUB_PROCESS_START = Constraint(
    "std-sub-process-start-kind",
    Severity.ERROR,
    "{node}: quy trình con bắt đầu khi luồng tới, nên sự kiện bắt đầu bên trong không được có loại "
    "({event}). Bỏ loại sự kiện.",
    "{node}: a sub-process begins when its flow arrives, so the start event inside has no kind "
    "({event}). Remove it.",
    "10.5.2",
)
EVENT_SUB_PROCESS_START = Constraint(
    "std-event-sub-process-start-kind",
    Severity.ERROR,
    "{node}: sự kiện bắt đầu của quy trình con theo sự kiện không được là loại {event}. Chọn loại "
    "khác.",
    "{node}: the start of an event sub-process cannot be of the kind {event}. Choose another.",
    "10.5.2",
)
END = Constraint(
    "std-end-kind",
    Severity.ERROR,
    "{node}: sự kiện kết thúc không được là loại {event}. Chọn loại khác hoặc không loại.",
    "{node}: an end event cannot be of the kind {event}. Choose another kind, or none.",
    "10.5.3",
)
CATCH = Constraint(
    "std-catch-kind",
    Severity.ERROR,
    "{node}: sự kiện trung gian chờ không được là loại {event}. Dùng thông điệp, hẹn giờ, điều "
    "kiện, tín hiệu hoặc liên kết.",
    "{node}: an intermediate catch event cannot be of the kind {event}. Use message, timer, "
    "conditional, signal or link.",
    "10.5.4",
)
CATCH_NONE = Constraint(
    "std-catch-none",
    Severity.ERROR,
    "{node}: sự kiện trung gian chờ chưa nói chờ điều gì. Chọn loại sự kiện.",
    "{node}: the intermediate catch event does not say what it waits for. Choose its kind.",
    "10.5.4",
)
THROW = Constraint(
    "std-throw-kind",
    Severity.ERROR,
    "{node}: sự kiện trung gian phát không được là loại {event}. Dùng thông điệp, tín hiệu, báo "
    "cấp trên, bù trừ, liên kết hoặc không loại.",
    "{node}: an intermediate throw event cannot be of the kind {event}. Use message, signal, "
    "escalation, compensation, link or none.",
    "10.5.4",
)
BOUNDARY = Constraint(
    "std-boundary-kind",
    Severity.ERROR,
    "{node}: sự kiện gắn trên bước không được là loại {event}. Chọn loại khác.",
    "{node}: a boundary event cannot be of the kind {event}. Choose another.",
    "10.5.4",
)
BOUNDARY_NONE = Constraint(
    "std-boundary-none",
    Severity.ERROR,
    "{node}: sự kiện gắn trên bước chưa nói chờ điều gì. Chọn loại sự kiện.",
    "{node}: the boundary event does not say what it waits for. Choose its kind.",
    "10.5.4",
)
PARALLEL_MULTIPLE = Constraint(
    "std-parallel-multiple",
    Severity.WARNING,
    "{node} đòi nhiều sự kiện cùng lúc (parallelMultiple) nhưng chỉ có {count} loại. Thêm loại sự "
    "kiện hoặc bỏ thuộc tính.",
    "{node} asks for several events at once (parallelMultiple) but has {count}. Add event "
    "definitions or remove the attribute.",
    "10.5.1",
)
RULES = (
    *(START, SUB_PROCESS_START, EVENT_SUB_PROCESS_START, END, CATCH, CATCH_NONE, THROW),
    *(BOUNDARY, BOUNDARY_NONE, PARALLEL_MULTIPLE),
)

_WORDS = {
    "cancel": Words("hủy", "cancel"),
    "compensate": Words("bù trừ", "compensation"),
    "conditional": Words("điều kiện", "conditional"),
    "error": Words("lỗi", "error"),
    "escalation": Words("báo cấp trên", "escalation"),
    "link": Words("liên kết", "link"),
    "message": Words("thông điệp", "message"),
    "signal": Words("tín hiệu", "signal"),
    "terminate": Words("chấm dứt", "terminate"),
    "timer": Words("hẹn giờ", "timer"),
}
_AT_THE_TOP = frozenset({"message", "timer", "conditional", "signal"})
_IN_EVENT_SUB_PROCESS = _AT_THE_TOP | {"error", "escalation", "compensate"}
_ALLOWED = {
    "endEvent": (
        END,
        frozenset(
            {
                *("message", "error", "escalation", "cancel", "compensate"),
                *("signal", "terminate"),
            }
        ),
    ),
    "intermediateCatchEvent": (CATCH, _AT_THE_TOP | {"link"}),
    "intermediateThrowEvent": (
        THROW,
        frozenset({"message", "escalation", "compensate", "link", "signal"}),
    ),
    "boundaryEvent": (BOUNDARY, _IN_EVENT_SUB_PROCESS | {"cancel"}),
}
_SEVERAL = 2
_NEVER_NONE = {"intermediateCatchEvent": CATCH_NONE, "boundaryEvent": BOUNDARY_NONE}


def judge_event_kinds(model: Model) -> Iterator[Finding]:
    """Findings about events of a kind that their place does not allow (10.5.2 to 10.5.4)."""
    for event in model.events:
        if event not in model.flowing:
            continue  # choreographies have tables of their own
        kind = model.kind[event]
        found = model.event_kinds(event)
        rule, allowed = _ALLOWED[kind] if kind != "startEvent" else _start(model, event)
        for each in dict.fromkeys(found):
            if each not in allowed:
                words = _WORDS.get(each, Words(each, each))
                yield rule.at(model.id_of(event), node=model.words(event), event=words)
        refers = bool(model.children(event, "eventDefinitionRef"))
        if not found and not refers and kind in _NEVER_NONE:
            yield _NEVER_NONE[kind].at(model.id_of(event), node=model.words(event))
        if event.get("parallelMultiple") == "true" and len(found) < _SEVERAL:
            facts = {"node": model.words(event), "count": len(found)}
            yield PARALLEL_MULTIPLE.at(model.id_of(event), **facts)


def _start(model: Model, event: Element) -> tuple[Constraint, frozenset[str]]:
    around = model.parent[event]
    if model.is_event_sub_process(around):
        return EVENT_SUB_PROCESS_START, _IN_EVENT_SUB_PROCESS
    if model.kind[around] in SUB_PROCESS_KINDS:
        return SUB_PROCESS_START, frozenset()
    return START, _AT_THE_TOP
