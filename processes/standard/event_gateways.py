"""Event-based gateways: two ways or more, each to something that waits for this gateway only."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.drawing import truth
from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import Model

OUTGOING = Constraint(
    "std-event-gateway-outgoing",
    Severity.ERROR,
    "{node} có {count} luồng ra; cổng theo sự kiện cần ít nhất hai. Thêm sự kiện chờ, hoặc bỏ "
    "cổng.",
    "{node} has {count} outgoing flows; an event-based gateway needs at least two. Add an event to "
    "wait for, or remove the gateway.",
    "10.6.6",
)
TARGET = Constraint(
    "std-event-gateway-target",
    Severity.ERROR,
    "{node} dẫn tới {target}, nhưng sau cổng theo sự kiện chỉ được là sự kiện chờ (thông điệp, tín "
    "hiệu, hẹn giờ, điều kiện) hoặc bước nhận.",
    "{node} leads to {target}, but behind an event-based gateway only events that wait (message, "
    "signal, timer, condition) and receive tasks may stand.",
    "10.6.6",
)
SHARED_TARGET = Constraint(
    "std-event-gateway-target-incoming",
    Severity.ERROR,
    "{target} đứng sau {node} (cổng theo sự kiện) nhưng còn có luồng vào khác. Bỏ luồng vào khác.",
    "{target} stands behind {node}, an event-based gateway, but is reached by another flow too. "
    "Remove the other flow.",
    "10.6.6",
)
MIX = Constraint(
    "std-event-gateway-mix",
    Severity.ERROR,
    "{node} vừa dẫn tới sự kiện chờ thông điệp vừa dẫn tới bước nhận. Chỉ dùng một trong hai kiểu.",
    "{node} leads both to message events and to receive tasks. Use only one of the two.",
    "10.6.6",
)
BOUNDARY = Constraint(
    "std-event-gateway-boundary",
    Severity.ERROR,
    "{target} là bước nhận sau {node} (cổng theo sự kiện) nên không được có sự kiện gắn trên biên. "
    "Bỏ sự kiện đó.",
    "{target} is a receive task behind {node}, an event-based gateway, so nothing may be attached "
    "to its border. Remove that event.",
    "10.6.6",
)
INSTANTIATE = Constraint(
    "std-event-gateway-instantiate",
    Severity.ERROR,
    "{node} mở quy trình (instantiate) nên không được có luồng vào. Bỏ luồng vào hoặc thuộc tính "
    "instantiate.",
    "{node} starts the process (instantiate), so no flow may lead into it. Remove the flow or the "
    "attribute.",
    "10.6.6",
)
PARALLEL = Constraint(
    "std-event-gateway-parallel",
    Severity.ERROR,
    "{node} là cổng theo sự kiện song song (Parallel), chỉ được dùng để mở quy trình. Đặt "
    "instantiate là true hoặc đổi sang Exclusive.",
    "{node} is a parallel event-based gateway, which may only start a process. Set instantiate to "
    "true, or make it Exclusive.",
    "10.6.6",
)
STARTING_TARGET = Constraint(
    "std-event-gateway-start-target",
    Severity.WARNING,
    "{node} mở quy trình song song, nên {target} phải là sự kiện thông điệp hoặc bước nhận. Đổi "
    "loại sự kiện.",
    "{node} starts the process in parallel, so {target} has to be a message event or a receive "
    "task. Change its kind.",
    "10.6.6",
)
RULES = (
    *(OUTGOING, TARGET, SHARED_TARGET, MIX, BOUNDARY),
    *(INSTANTIATE, PARALLEL, STARTING_TARGET),
)

_MANY = 2
_WAITED_FOR = frozenset({"message", "signal", "timer", "conditional"})


def judge_event_gateways(model: Model) -> Iterator[Finding]:
    """Findings about event-based gateways and what follows them (10.6.6)."""
    for gateway in model.of("eventBasedGateway"):
        where, words = model.id_of(gateway), model.words(gateway)
        flows = model.outgoing.get(gateway, [])
        targets = [flow.target for flow in flows if flow.target is not None]
        starts = truth(gateway.get("instantiate"))
        if len(flows) < _MANY:
            yield OUTGOING.at(where, node=words, count=len(flows))
        if starts and model.incoming.get(gateway):
            yield INSTANTIATE.at(where, node=words)
        parallel = gateway.get("eventGatewayType") == "Parallel"
        if parallel and not starts:
            yield PARALLEL.at(where, node=words)
        for target in targets:
            yield from _target(model, gateway, target, starts=starts and parallel)
        receives = any(model.kind[target] == "receiveTask" for target in targets)
        if receives and any("message" in model.event_kinds(target) for target in targets):
            yield MIX.at(where, node=words)


def _target(model: Model, gateway: Element, target: Element, *, starts: bool) -> Iterator[Finding]:
    facts = {"node": model.words(gateway), "target": model.words(target)}
    kinds = model.event_kinds(target)
    where = model.id_of(target)
    receives = model.kind[target] == "receiveTask"
    waits = model.kind[target] == "intermediateCatchEvent" and set(kinds) <= _WAITED_FOR
    if not receives and not waits:
        yield TARGET.at(model.id_of(gateway), **facts)
    elif starts and not receives and "message" not in kinds:
        yield STARTING_TARGET.at(where, **facts)
    if len(model.incoming.get(target, ())) > 1:
        yield SHARED_TARGET.at(where, **facts)
    if receives and model.attached.get(target):
        yield BOUNDARY.at(where, **facts)
