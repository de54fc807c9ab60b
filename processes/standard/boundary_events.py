"""Boundary events: on an activity, without a way in, with a way out unless they compensate."""

from collections import Counter
from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import ACTIVITY_KINDS, Model

HOST = Constraint(
    "std-boundary-host",
    Severity.ERROR,
    "{node} chưa được gắn vào bước nào. Gắn vào một bước hoặc quy trình con cùng cấp.",
    "{node} is attached to no step. Attach it to a step or sub-process of the same level.",
    "10.5.4",
)
EVENT_SUB_PROCESS = Constraint(
    "std-boundary-event-sub-process",
    Severity.ERROR,
    "{node} được gắn trên {host} (quy trình con theo sự kiện), điều này không được phép. Bỏ sự "
    "kiện này.",
    "{node} is attached to {host}, an event sub-process, which is not allowed. Remove the event.",
    "10.3.5",
)
INCOMING = Constraint(
    "std-boundary-incoming",
    Severity.ERROR,
    "{flow} đi vào {node}, nhưng không luồng nào được vào sự kiện gắn trên bước. Nối vào chính "
    "bước đó.",
    "{flow} leads into {node}, but no flow may enter a boundary event. Lead it to the step itself.",
    "10.5.4",
)
CANCEL = Constraint(
    "std-boundary-cancel",
    Severity.ERROR,
    "{node} là sự kiện hủy, chỉ được gắn trên quy trình con giao dịch. Đổi loại sự kiện hoặc dùng "
    "giao dịch.",
    "{node} is a cancel event, which belongs on the border of a transaction only. Change its kind, "
    "or use a transaction.",
    "10.5.4",
)
SEVERAL_CANCELS = Constraint(
    "std-boundary-cancel-twice",
    Severity.WARNING,
    "{host} có {count} sự kiện hủy gắn trên biên. Chỉ giữ một.",
    "{host} has {count} cancel events on its border. Keep one.",
    "10.3.5",
)
NOT_INTERRUPTING = Constraint(
    "std-boundary-interrupting",
    Severity.ERROR,
    "{node} là sự kiện {event}, luôn ngắt bước mà nó gắn vào. Bỏ cancelActivity là false.",
    "{node} is of the kind {event}, which always interrupts its step. Remove cancelActivity=false.",
    "10.5.4",
)
COMPENSATION_FLOW = Constraint(
    "std-boundary-compensation-flow",
    Severity.ERROR,
    "{node} là sự kiện bù trừ nên không được có luồng ra. Nối với bước bù trừ bằng đường nối "
    "(association).",
    "{node} is a compensation event, so no flow may leave it. Connect the compensation activity "
    "with an association.",
    "10.5.4",
)
COMPENSATION_HANDLER = Constraint(
    "std-boundary-compensation-handler",
    Severity.ERROR,
    "{node} là sự kiện bù trừ nhưng nối với {count} bước bù trừ; phải đúng một. Nối bằng đường nối "
    "(association) với một bước bù trừ.",
    "{node} is a compensation event connected with {count} compensation activities; it needs "
    "exactly one, by an association.",
    "10.7.1",
)
RULES = (
    *(HOST, EVENT_SUB_PROCESS, INCOMING, CANCEL, SEVERAL_CANCELS, NOT_INTERRUPTING),
    *(COMPENSATION_FLOW, COMPENSATION_HANDLER),
)

_ALWAYS_INTERRUPT = {"error": Words("lỗi", "error"), "cancel": Words("hủy", "cancel")}


def judge_boundary_events(model: Model) -> Iterator[Finding]:
    """Findings about events on the border of activities (10.5.4, 10.7.1)."""
    cancels: Counter[Element] = Counter()
    for event in model.of("boundaryEvent"):
        for flow in model.incoming.get(event, ()):
            facts = {"flow": model.words(flow.element), "node": model.words(event)}
            yield INCOMING.at(model.id_of(flow.element), **facts)
        host = model.resolve(event.get("attachedToRef", ""))
        beside = host is not None and model.parent.get(host) is model.parent[event]
        if host is None or model.kind[host] not in ACTIVITY_KINDS or not beside:
            yield HOST.at(model.id_of(event), node=model.words(event))
            continue
        cancels[host] += "cancel" in model.event_kinds(event)
        yield from _event(model, event, host)
    for host, count in cancels.items():
        if count > 1:
            yield SEVERAL_CANCELS.at(model.id_of(host), host=model.words(host), count=count)


def _event(model: Model, event: Element, host: Element) -> Iterator[Finding]:
    where, words = model.id_of(event), model.words(event)
    kinds = model.event_kinds(event)
    if model.is_event_sub_process(host):
        yield EVENT_SUB_PROCESS.at(where, node=words, host=model.words(host))
    if "cancel" in kinds and model.kind[host] != "transaction":
        yield CANCEL.at(where, node=words)
    for kind in kinds:
        if kind in _ALWAYS_INTERRUPT and event.get("cancelActivity") == "false":
            yield NOT_INTERRUPTING.at(where, node=words, event=_ALWAYS_INTERRUPT[kind])
    if kinds == ("compensate",):
        yield from _compensation(model, event)


def _compensation(model: Model, event: Element) -> Iterator[Finding]:
    where, words = model.id_of(event), model.words(event)
    if model.outgoing.get(event):
        yield COMPENSATION_FLOW.at(where, node=words)
    handlers = [
        other
        for other in dict.fromkeys(model.associated.get(event, ()))
        if model.kind[other] in ACTIVITY_KINDS
    ]
    if len(handlers) != 1:
        yield COMPENSATION_HANDLER.at(where, node=words, count=len(handlers))
