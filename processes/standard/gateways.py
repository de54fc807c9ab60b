"""Gateways: as many flows as their declared direction says, and enough to decide something."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import GATEWAY_KINDS, Model

CONVERGING = Constraint(
    "std-gateway-converging",
    Severity.WARNING,
    "{node} khai báo là cổng gộp (Converging) nhưng có {incoming} luồng vào, {outgoing} luồng ra. "
    "Sửa gatewayDirection hoặc các luồng.",
    "{node} is declared Converging but has {incoming} flows in and {outgoing} out. Correct its "
    "gatewayDirection or its flows.",
    "8.4.9",
)
DIVERGING = Constraint(
    "std-gateway-diverging",
    Severity.WARNING,
    "{node} khai báo là cổng tách (Diverging) nhưng có {incoming} luồng vào, {outgoing} luồng ra. "
    "Sửa gatewayDirection hoặc các luồng.",
    "{node} is declared Diverging but has {incoming} flows in and {outgoing} out. Correct its "
    "gatewayDirection or its flows.",
    "8.4.9",
)
MIXED = Constraint(
    "std-gateway-mixed",
    Severity.WARNING,
    "{node} khai báo là cổng vừa gộp vừa tách (Mixed) nhưng có {incoming} luồng vào, {outgoing} "
    "luồng ra. Sửa gatewayDirection hoặc các luồng.",
    "{node} is declared Mixed but has {incoming} flows in and {outgoing} out. Correct its "
    "gatewayDirection or its flows.",
    "8.4.9",
)
DIRECTION = Constraint(
    "std-gateway-direction",
    Severity.WARNING,
    "{node}: gatewayDirection “{direction}” không có trong chuẩn. Dùng Unspecified, Converging, "
    "Diverging hoặc Mixed.",
    "{node}: the standard has no gatewayDirection '{direction}'. Use Unspecified, Converging, "
    "Diverging or Mixed.",
    "8.4.9",
)
IDLE = Constraint(
    "std-gateway-idle",
    Severity.WARNING,
    "{node} không tách và không gộp luồng nào ({incoming} vào, {outgoing} ra). Bỏ cổng, hoặc nối "
    "thêm luồng còn thiếu.",
    "{node} neither splits nor joins ({incoming} in, {outgoing} out). Remove it, or connect the "
    "missing flow.",
    "10.6",
)
ACTIVATION = Constraint(
    "std-complex-gateway-activation",
    Severity.WARNING,
    "{node} gộp nhiều luồng nhưng chưa ghi điều kiện kích hoạt (activationCondition). Ghi điều "
    "kiện, hoặc dùng cổng bao hàm.",
    "{node} joins several flows but states no activationCondition. State it, or use an inclusive "
    "gateway.",
    "10.6.5",
)
RULES = (CONVERGING, DIVERGING, MIXED, DIRECTION, IDLE, ACTIVATION)

_MANY = 2
_DIRECTIONS = frozenset({"", "Unspecified", "Converging", "Diverging", "Mixed"})


def judge_gateways(model: Model) -> Iterator[Finding]:
    """Findings about the flows of gateways (8.4.9, 10.6)."""
    for gateway in model.of(*sorted(GATEWAY_KINDS)):
        if gateway in model.flowing:
            yield from _gateway(model, gateway)


def _gateway(model: Model, gateway: Element) -> Iterator[Finding]:
    incoming = len(model.incoming.get(gateway, ()))
    outgoing = len(model.outgoing.get(gateway, ()))
    direction = gateway.get("gatewayDirection", "").strip()
    where = model.id_of(gateway)
    facts = {"node": model.words(gateway), "incoming": incoming, "outgoing": outgoing}
    if direction not in _DIRECTIONS:
        yield DIRECTION.at(where, node=facts["node"], direction=direction)
    elif direction == "Converging" and (outgoing > 1 or incoming < _MANY):
        yield CONVERGING.at(where, **facts)
    elif direction == "Diverging" and (incoming > 1 or outgoing < _MANY):
        yield DIVERGING.at(where, **facts)
    elif direction == "Mixed" and (incoming < _MANY or outgoing < _MANY):
        yield MIXED.at(where, **facts)
    elif incoming < _MANY and outgoing < _MANY:
        yield IDLE.at(where, **facts)
    complex_join = model.kind[gateway] == "complexGateway" and incoming >= _MANY
    if complex_join and not model.children(gateway, "activationCondition"):
        yield ACTIVATION.at(where, node=facts["node"])
