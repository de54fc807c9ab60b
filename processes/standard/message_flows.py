"""Message flows: between pools, from what sends to what receives."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import ACTIVITY_KINDS, EVENT_KINDS, GATEWAY_KINDS, Model

DANGLING = Constraint(
    "std-message-flow-dangling",
    Severity.ERROR,
    "{flow} chỉ tới phần tử không có trong tệp ({missing}). Nối lại hoặc xóa đi.",
    "{flow} points to something that is not in the file ({missing}). Connect or remove it.",
    "9.4",
)
ONE_POOL = Constraint(
    "std-message-flow-one-pool",
    Severity.ERROR,
    "{flow} nối {source} với {target} trong cùng một bể. Trong một bể chỉ dùng luồng tuần tự.",
    "{flow} joins {source} and {target} within one pool. Inside a pool use a sequence flow.",
    "7.6.2",
)
GATEWAY = Constraint(
    "std-message-flow-gateway",
    Severity.ERROR,
    "{flow} nối vào {end} (cổng), nhưng cổng không gửi và không nhận thông điệp. Nối vào bước hoặc "
    "sự kiện.",
    "{flow} is connected to {end}, a gateway, which neither sends nor receives. Connect it to a "
    "step or an event.",
    "7.6.2",
)
NOT_A_PARTNER = Constraint(
    "std-message-flow-end",
    Severity.ERROR,
    "{flow} nối vào {end}, nhưng luồng thông điệp chỉ nối bể, bước và sự kiện. Nối lại.",
    "{flow} is connected to {end}, but message flows join pools, steps and events only. Connect "
    "it again.",
    "7.6.2",
)
FROM_START = Constraint(
    "std-message-flow-from-start",
    Severity.ERROR,
    "{flow} đi ra từ {end} (sự kiện bắt đầu), nhưng sự kiện bắt đầu không gửi gì. Đổi chiều hoặc "
    "nối từ một bước.",
    "{flow} comes from {end}, a start event, which sends nothing. Turn it round, or start it at a "
    "step.",
    "10.5.2",
)
INTO_END = Constraint(
    "std-message-flow-into-end",
    Severity.ERROR,
    "{flow} đi vào {end} (sự kiện kết thúc), nhưng sự kiện kết thúc không nhận gì. Đổi chiều hoặc "
    "nối vào một bước.",
    "{flow} leads to {end}, an end event, which receives nothing. Turn it round, or lead it to a "
    "step.",
    "10.5.3",
)
FROM_CATCH = Constraint(
    "std-message-flow-from-catch",
    Severity.ERROR,
    "{flow} đi ra từ {end}, một sự kiện chờ chỉ nhận chứ không gửi. Đổi chiều, hoặc dùng sự kiện "
    "phát.",
    "{flow} comes from {end}, an event that waits and sends nothing. Turn it round, or use a "
    "throwing event.",
    "10.5.4",
)
INTO_THROW = Constraint(
    "std-message-flow-into-throw",
    Severity.ERROR,
    "{flow} đi vào {end}, một sự kiện phát chỉ gửi chứ không nhận. Đổi chiều, hoặc dùng sự kiện "
    "chờ.",
    "{flow} leads to {end}, an event that sends and receives nothing. Turn it round, or use a "
    "catching event.",
    "10.5.4",
)
NO_MESSAGE = Constraint(
    "std-message-flow-no-message",
    Severity.WARNING,
    "{flow} nối vào {end}, nhưng sự kiện này không phải loại thông điệp. Đổi loại sự kiện thành "
    "thông điệp.",
    "{flow} is connected to {end}, which is not a message event. Make it one.",
    "10.5.1",
)
RULES = (
    *(DANGLING, ONE_POOL, GATEWAY, NOT_A_PARTNER, FROM_START, INTO_END),
    *(FROM_CATCH, INTO_THROW, NO_MESSAGE),
)

_PARTNERS = ACTIVITY_KINDS | EVENT_KINDS | {"participant"}
_CONVERSATIONS = frozenset({"conversation", "subConversation", "callConversation"})
_ONE_WAY = {
    ("sourceRef", "startEvent"): FROM_START,
    ("sourceRef", "intermediateCatchEvent"): FROM_CATCH,
    ("sourceRef", "boundaryEvent"): FROM_CATCH,
    ("targetRef", "endEvent"): INTO_END,
    ("targetRef", "intermediateThrowEvent"): INTO_THROW,
}


def judge_message_flows(model: Model) -> Iterator[Finding]:
    """Findings about the ends of message flows (7.6.2, 9.4)."""
    for flow in model.of("messageFlow"):
        where, words = model.id_of(flow), model.words(flow)
        ends: list[Element] = []
        for side in ("sourceRef", "targetRef"):
            text = flow.get(side, "")
            end = model.resolve(text)
            if end is not None:
                ends.append(end)
                yield from _end(model, flow, side, end)
            elif not model.is_foreign(flow, text):
                yield DANGLING.at(where, flow=words, missing=text or "–")
        if _same_pool(model, ends):
            facts = {"source": model.words(ends[0]), "target": model.words(ends[1])}
            yield ONE_POOL.at(where, flow=words, **facts)


def _end(model: Model, flow: Element, side: str, end: Element) -> Iterator[Finding]:
    kind = model.kind[end]
    rule = _ONE_WAY.get((side, kind))
    if kind in GATEWAY_KINDS:
        rule = GATEWAY
    elif kind not in _PARTNERS and kind not in _CONVERSATIONS:
        rule = NOT_A_PARTNER
    elif rule is None and kind in EVENT_KINDS:
        kinds = model.event_kinds(end)
        rule = None if "message" in kinds or len(kinds) > 1 else NO_MESSAGE
    if rule is not None:
        yield rule.at(model.id_of(flow), flow=model.words(flow), end=model.words(end))


def _pool(model: Model, end: Element) -> Element | None:
    """The process of a pool or of what stands in it; the pool itself where it is a black box."""
    if model.kind[end] != "participant":
        return model.process_of(end)
    process = model.resolve(end.get("processRef", ""))
    return end if process is None else process


def _same_pool(model: Model, ends: list[Element]) -> bool:
    pools = [_pool(model, end) for end in ends]
    return len(pools) > 1 and pools[0] is not None and pools[0] is pools[1]
