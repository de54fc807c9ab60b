"""Sub-processes of every kind: what may and what must stand in them."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.drawing import truth
from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import (
    ACTIVITY_KINDS,
    CHOREOGRAPHY_KINDS,
    SUB_PROCESS_KINDS,
    Model,
)

DATA = Constraint(
    "std-sub-process-io",
    Severity.WARNING,
    "{node} có ioSpecification, điều này không dùng cho quy trình con. Dùng dữ liệu ở cấp ngoài.",
    "{node} has an ioSpecification, which sub-processes do not use. Use the data around it.",
    "10.4.2",
)
CHOREOGRAPHY = Constraint(
    "std-choreography-activity",
    Severity.ERROR,
    "{node} là hoạt động biên đạo, không được nằm trong quy trình. Đổi thành bước.",
    "{node} is a choreography activity, which cannot stand in a process. Make it a step.",
    "10.2",
)
AD_HOC_EMPTY = Constraint(
    "std-ad-hoc-empty",
    Severity.ERROR,
    "{node} là quy trình con tùy biến nhưng không có bước nào. Thêm ít nhất một bước.",
    "{node} is an ad-hoc sub-process without a step. Add at least one.",
    "10.3.5",
)
AD_HOC_START = Constraint(
    "std-ad-hoc-start",
    Severity.ERROR,
    "{node} nằm trong quy trình con tùy biến {around}, nơi không được có sự kiện bắt đầu. Xóa đi.",
    "{node} stands in the ad-hoc sub-process {around}, which must have no start event. Remove it.",
    "10.3.5",
)
AD_HOC_END = Constraint(
    "std-ad-hoc-end",
    Severity.ERROR,
    "{node} nằm trong quy trình con tùy biến {around}, nơi không được có sự kiện kết thúc. Xóa đi.",
    "{node} stands in the ad-hoc sub-process {around}, which must have no end event. Remove it.",
    "10.3.5",
)
AD_HOC_COMPLETION = Constraint(
    "std-ad-hoc-completion",
    Severity.WARNING,
    "{node} thuộc quy trình thực thi nhưng không nói khi nào thì xong. Ghi completionCondition.",
    "{node} is part of an executable process but does not say when it is done. State a "
    "completionCondition.",
    "10.3.5",
)
TRIGGER_INCOMING = Constraint(
    "std-event-sub-process-flow",
    Severity.ERROR,
    "{flow} nối {side} {node} (quy trình con theo sự kiện), điều này không được phép: chính sự "
    "kiện mở nó. Xóa luồng.",
    "{flow} leads {side} {node}, an event sub-process, which is not allowed: its event starts it. "
    "Remove the flow.",
    "10.3.5",
)
TRIGGER_STARTS = Constraint(
    "std-event-sub-process-starts",
    Severity.ERROR,
    "{node} là quy trình con theo sự kiện nhưng có {count} sự kiện bắt đầu; phải đúng một.",
    "{node} is an event sub-process with {count} start events; it must have exactly one.",
    "10.3.5",
)
TRIGGER_NONE = Constraint(
    "std-event-sub-process-trigger",
    Severity.ERROR,
    "{node} mở quy trình con theo sự kiện {around} nhưng không nói chờ sự kiện gì. Chọn loại sự "
    "kiện.",
    "{node} starts the event sub-process {around}, but does not say by which event. Choose its "
    "kind.",
    "10.3.5",
)
TRIGGER_INTERRUPTS = Constraint(
    "std-event-sub-process-interrupting",
    Severity.ERROR,
    "{node} là sự kiện {event}, luôn ngắt phần xung quanh. Bỏ isInterrupting là false.",
    "{node} is of the kind {event}, which always interrupts. Remove isInterrupting=false.",
    "10.5.2",
)
TRIGGER_COMPENSATES = Constraint(
    "std-event-sub-process-compensation",
    Severity.ERROR,
    "{node} là quy trình con bù trừ, phải nằm trong một quy trình con khác. Chuyển vào quy trình "
    "con cần bù trừ.",
    "{node} is a compensation event sub-process, which has to stand in another sub-process. Move "
    "it into the one that it undoes.",
    "10.7.1",
)
TRIGGER_COMPENSATES_TWICE = Constraint(
    "std-event-sub-process-compensation-twice",
    Severity.ERROR,
    "{around} có {count} quy trình con bù trừ; chỉ được một.",
    "{around} has {count} compensation event sub-processes; one is allowed.",
    "10.7.1",
)
TRIGGER_KIND = Constraint(
    "std-event-sub-process-kind",
    Severity.ERROR,
    "{node} được mở bằng sự kiện nhưng không phải quy trình con thường. Dùng quy trình con thường.",
    "{node} is started by an event but is no plain sub-process. Use a plain sub-process.",
    "10.3.5",
)
RULES = (
    *(DATA, CHOREOGRAPHY, AD_HOC_EMPTY, AD_HOC_START, AD_HOC_END, AD_HOC_COMPLETION),
    *(TRIGGER_INCOMING, TRIGGER_STARTS, TRIGGER_NONE, TRIGGER_INTERRUPTS),
    *(TRIGGER_COMPENSATES, TRIGGER_COMPENSATES_TWICE, TRIGGER_KIND),
)

_ALWAYS_INTERRUPT = {
    "error": Words("lỗi", "error"),
    "compensate": Words("bù trừ", "compensation"),
}


def judge_sub_processes(model: Model) -> Iterator[Finding]:
    """Findings about what stands in sub-processes, and how they start (10.3.5, 10.7.1)."""
    for choreography in model.of(*sorted(CHOREOGRAPHY_KINDS)):
        if model.process_of(choreography) is not None:
            facts = {"node": model.words(choreography)}
            yield CHOREOGRAPHY.at(model.id_of(choreography), **facts)
    for inner in model.of(*sorted(SUB_PROCESS_KINDS)):
        if inner not in model.flowing:
            continue
        where, words = model.id_of(inner), model.words(inner)
        if model.children(inner, "ioSpecification"):
            yield DATA.at(where, node=words)
        if model.kind[inner] == "adHocSubProcess":
            yield from _ad_hoc(model, inner)
        if model.is_event_sub_process(inner):
            yield from _triggered(model, inner)
    yield from _compensations(model)


def _ad_hoc(model: Model, inner: Element) -> Iterator[Finding]:
    where, words = model.id_of(inner), model.words(inner)
    if not model.children(inner, *ACTIVITY_KINDS):
        yield AD_HOC_EMPTY.at(where, node=words)
    for kind, rule in (("startEvent", AD_HOC_START), ("endEvent", AD_HOC_END)):
        for event in model.children(inner, kind):
            yield rule.at(where, node=model.words(event), around=words)
    stated = model.children(inner, "completionCondition")
    if not stated and model.is_executable(inner):
        yield AD_HOC_COMPLETION.at(where, node=words)


def _triggered(model: Model, inner: Element) -> Iterator[Finding]:
    where, words = model.id_of(inner), model.words(inner)
    if model.kind[inner] != "subProcess":
        yield TRIGGER_KIND.at(where, node=words)
    into = (Words("vào", "into"), model.incoming.get(inner, ()))
    out_of = (Words("ra từ", "out of"), model.outgoing.get(inner, ()))
    for side, flows in (into, out_of):
        for flow in flows:
            facts = {"flow": model.words(flow.element), "side": side, "node": words}
            yield TRIGGER_INCOMING.at(model.id_of(flow.element), **facts)
    starts = model.children(inner, "startEvent")
    if len(starts) != 1:
        yield TRIGGER_STARTS.at(where, node=words, count=len(starts))
    for start in starts:
        kinds = model.event_kinds(start)
        shown = {"node": model.words(start)}
        if not kinds and not model.children(start, "eventDefinitionRef"):
            yield TRIGGER_NONE.at(model.id_of(start), around=words, **shown)
        for kind in kinds:
            if kind in _ALWAYS_INTERRUPT and start.get("isInterrupting") == "false":
                event = _ALWAYS_INTERRUPT[kind]
                yield TRIGGER_INTERRUPTS.at(model.id_of(start), event=event, **shown)


def _compensations(model: Model) -> Iterator[Finding]:
    """Event sub-processes that undo: in a sub-process, and one of them."""
    undoing: dict[Element, list[Element]] = {}
    for inner in model.of("subProcess"):
        if inner not in model.flowing or not truth(inner.get("triggeredByEvent")):
            continue
        starts = model.children(inner, "startEvent")
        if any("compensate" in model.event_kinds(start) for start in starts):
            undoing.setdefault(model.parent[inner], []).append(inner)
    for around, found in undoing.items():
        if model.kind[around] == "process":
            for inner in found:
                yield TRIGGER_COMPENSATES.at(model.id_of(inner), node=model.words(inner))
        elif len(found) > 1:
            facts = {"around": model.words(around), "count": len(found)}
            yield TRIGGER_COMPENSATES_TWICE.at(model.id_of(around), **facts)
