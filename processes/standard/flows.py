"""Sequence flows: two nodes of one level joined, conditions only where something can weigh them."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import FLOW_NODES
from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import ACTIVITY_KINDS, EVENT_KINDS, Flow, Model

DANGLING = Constraint(
    "std-flow-dangling",
    Severity.ERROR,
    "{flow} chỉ tới phần tử không có trong tệp ({missing}). Nối lại luồng hoặc xóa đi.",
    "{flow} points to something that is not in the file ({missing}). Connect or remove it.",
    "8.4.13",
)
NOT_A_NODE = Constraint(
    "std-flow-not-a-node",
    Severity.ERROR,
    "{flow} nối vào {end}, nhưng luồng chỉ nối bước, sự kiện và cổng. Dùng đường nối "
    "(association), hoặc xóa luồng.",
    "{flow} is connected to {end}, but flows join steps, events and gateways only. Use an "
    "association, or remove the flow.",
    "7.6.1",
)
CROSSES_POOL = Constraint(
    "std-flow-crosses-pool",
    Severity.ERROR,
    "{flow} đi từ {source} sang {target} ở bể khác. Giữa các bể chỉ dùng luồng thông điệp.",
    "{flow} leads from {source} to {target} in another pool. Between pools use a message flow.",
    "7.6.1",
)
CROSSES = Constraint(
    "std-flow-crosses",
    Severity.ERROR,
    "{flow} đi xuyên qua biên của quy trình con. Nối với chính quy trình con.",
    "{flow} crosses the border of a sub-process. Connect it to the sub-process itself.",
    "7.6.1",
)
ELSEWHERE = Constraint(
    "std-flow-elsewhere",
    Severity.WARNING,
    "{flow} được ghi trong {container}, không cùng chỗ với các bước mà nó nối. Lưu lại sơ đồ bằng "
    "công cụ vẽ BPMN.",
    "{flow} is written in {container}, not where the steps are that it joins. Save the diagram "
    "again with a BPMN tool.",
    "8.4.7",
)
DEFAULT_UNKNOWN = Constraint(
    "std-default-unknown",
    Severity.ERROR,
    "Luồng mặc định “{default}” của {node} không ra từ phần tử này. Chọn lại luồng mặc định.",
    "The default flow '{default}' of {node} does not leave it. Choose the default flow again.",
    "8.4.13",
)
DEFAULT_CONDITION = Constraint(
    "std-default-condition",
    Severity.WARNING,
    "{flow} là luồng mặc định của {node}, nên điều kiện của nó không được xét. Xóa điều kiện đó.",
    "{flow} is the default flow of {node}, so its condition is never weighed. Delete it.",
    "8.4.13",
)
DEFAULT_ELSEWHERE = Constraint(
    "std-default-elsewhere",
    Severity.WARNING,
    "{node} không được có luồng mặc định. Chỉ bước và cổng loại trừ, bao hàm, phức hợp mới có; bỏ "
    "dấu mặc định.",
    "{node} cannot have a default flow; steps and exclusive, inclusive and complex gateways can. "
    "Remove the mark.",
    "8.4.13",
)
SINGLE_CONDITION = Constraint(
    "std-condition-single",
    Severity.ERROR,
    "{flow} là luồng ra duy nhất của {node} mà lại có điều kiện: điều kiện sai thì không còn lối "
    "đi. Bỏ điều kiện hoặc thêm luồng khác.",
    "{flow} is the only flow out of {node}, yet it has a condition: when that fails there is no "
    "way on. Remove the condition or add another flow.",
    "8.4.13",
)
EVENT_CONDITION = Constraint(
    "std-condition-event",
    Severity.ERROR,
    "{flow} ra từ {node} (sự kiện) nên không được có điều kiện. Chuyển điều kiện sang cổng loại "
    "trừ.",
    "{flow} leaves {node}, an event, so it must have no condition. Move it behind an exclusive "
    "gateway.",
    "10.5.2",
)
PARALLEL_CONDITION = Constraint(
    "std-condition-parallel",
    Severity.ERROR,
    "{flow} ra từ {node} (cổng song song) nên không được có điều kiện. Bỏ điều kiện, hoặc dùng "
    "cổng bao hàm.",
    "{flow} leaves {node}, a parallel gateway, so it must have no condition. Remove it, or use an "
    "inclusive gateway.",
    "10.6.4",
)
EVENT_GATEWAY_CONDITION = Constraint(
    "std-condition-event-gateway",
    Severity.ERROR,
    "{flow} ra từ {node} (cổng theo sự kiện) nên không được có điều kiện: sự kiện nào đến trước "
    "quyết định lối đi. Bỏ điều kiện.",
    "{flow} leaves {node}, an event-based gateway, so it must have no condition: the first event "
    "decides. Remove it.",
    "10.6.6",
)
UNLISTED = Constraint(
    "std-flow-unlisted",
    Severity.WARNING,
    "{node} không ghi {flow} trong các luồng {side} của mình. Lưu lại sơ đồ bằng công cụ vẽ BPMN.",
    "{node} does not list {flow} among its {side} flows. Save the diagram again with a BPMN tool.",
    "8.4.13",
)
UNKNOWN_LISTED = Constraint(
    "std-listed-flow-unknown",
    Severity.WARNING,
    "{node} ghi luồng {side} “{flow}”, nhưng không có luồng đó. Lưu lại sơ đồ bằng công cụ vẽ "
    "BPMN.",
    "{node} lists the {side} flow '{flow}', which does not exist. Save the diagram again with a "
    "BPMN tool.",
    "8.4.13",
)
CONTRADICTED = Constraint(
    "std-listed-flow-contradicts",
    Severity.ERROR,
    "{node} ghi {flow} là luồng {side}, nhưng luồng đó nối chỗ khác. Nối lại luồng cho đúng.",
    "{node} lists {flow} as {side}, but that flow is connected elsewhere. Reconnect the flow.",
    "8.4.13",
)
IMMEDIATE = Constraint(
    "std-flow-immediate",
    Severity.WARNING,
    "{flow} có isImmediate là false, không được dùng trong quy trình thực thi. Bỏ thuộc tính này.",
    "{flow} has isImmediate set to false, which executable processes must not use. Remove it.",
    "8.4.13",
)
RULES = (
    *(DANGLING, NOT_A_NODE, CROSSES_POOL, CROSSES, ELSEWHERE, DEFAULT_UNKNOWN, DEFAULT_CONDITION),
    *(DEFAULT_ELSEWHERE, SINGLE_CONDITION, EVENT_CONDITION, PARALLEL_CONDITION),
    *(EVENT_GATEWAY_CONDITION, UNLISTED, UNKNOWN_LISTED, CONTRADICTED, IMMEDIATE),
)

_MAY_DEFAULT = ACTIVITY_KINDS | {"exclusiveGateway", "inclusiveGateway", "complexGateway"}
_INCOMING = Words("vào", "incoming")
_OUTGOING = Words("ra", "outgoing")


def judge_flows(model: Model) -> Iterator[Finding]:
    """Findings about sequence flows and what their nodes say of them (7.6.1, 8.4.13)."""
    for flow in model.flows:
        if not _is_plain(model, flow):
            yield from _ends(model, flow)
        if flow.element in model.inner:
            yield from _condition(model, flow)
        if flow.element.get("isImmediate") == "false" and model.is_executable(flow.element):
            yield IMMEDIATE.at(model.id_of(flow.element), flow=model.words(flow.element))
    for node in model.nodes:
        if node.get("default") is not None:
            yield from _default(model, node)
        if node in model.inner:
            yield from _listed(model, node, "incoming", _INCOMING, model.incoming.get(node, []))
            yield from _listed(model, node, "outgoing", _OUTGOING, model.outgoing.get(node, []))


def _is_plain(model: Model, flow: Flow) -> bool:
    """Between two nodes of the level that it is written in: nearly every flow is."""
    source, target = flow.source, flow.target
    if source is None or target is None:
        return False
    home = model.parent[flow.element]
    together = model.parent.get(source) is home and model.parent.get(target) is home
    return together and model.kind[source] in FLOW_NODES and model.kind[target] in FLOW_NODES


def _ends(model: Model, flow: Flow) -> Iterator[Finding]:
    element, source, target = flow.element, flow.source, flow.target
    if source is None or target is None:
        missing = element.get("sourceRef" if source is None else "targetRef") or "–"
        yield DANGLING.at(model.id_of(element), flow=model.words(element), missing=missing)
        return
    apart = next((end for end in (source, target) if model.kind[end] not in FLOW_NODES), None)
    if apart is not None:
        facts = {"flow": model.words(element), "end": model.words(apart)}
        yield NOT_A_NODE.at(model.id_of(element), **facts)
        return
    around = model.parent[source]
    if around is not model.parent[target]:
        yield _crossing(model, element, source, target)
    elif model.parent[element] is not around:
        facts = {"flow": model.words(element), "container": model.words(model.parent[element])}
        yield ELSEWHERE.at(model.id_of(element), **facts)


def _crossing(model: Model, element: Element, source: Element, target: Element) -> Finding:
    where, words = model.id_of(element), model.words(element)
    if model.process_of(source) is model.process_of(target):
        return CROSSES.at(where, flow=words)
    ends = {"source": model.words(source), "target": model.words(target)}
    return CROSSES_POOL.at(where, flow=words, **ends)


def _condition(model: Model, flow: Flow) -> Iterator[Finding]:
    source = flow.source
    if source is None or not model.children(flow.element, "conditionExpression"):
        return
    kind = model.kind[source]
    rule = None
    if kind in ACTIVITY_KINDS:
        rule = SINGLE_CONDITION if len(model.outgoing[source]) == 1 else None
    elif kind in EVENT_KINDS:
        rule = EVENT_CONDITION
    elif kind == "parallelGateway":
        rule = PARALLEL_CONDITION
    elif kind == "eventBasedGateway":
        rule = EVENT_GATEWAY_CONDITION
    if rule is not None:
        facts = {"flow": model.words(flow.element), "node": model.words(source)}
        yield rule.at(model.id_of(flow.element), **facts)


def _default(model: Model, node: Element) -> Iterator[Finding]:
    default = node.get("default", "").strip()
    if not default:
        return
    where, words = model.id_of(node), model.words(node)
    if model.kind[node] not in _MAY_DEFAULT:
        yield DEFAULT_ELSEWHERE.at(where, node=words)
        return
    chosen = next((f for f in model.outgoing.get(node, ()) if f.element.get("id") == default), None)
    if chosen is None:
        yield DEFAULT_UNKNOWN.at(where, node=words, default=default)
    elif model.children(chosen.element, "conditionExpression"):
        flow = model.words(chosen.element)
        yield DEFAULT_CONDITION.at(model.id_of(chosen.element), flow=flow, node=words)


def _listed(
    model: Model, node: Element, tag: str, side: Words, flows: list[Flow]
) -> Iterator[Finding]:
    """What the node says of its flows, against what the flows say; it may leave it all out."""
    listed = {(child.text or "").strip() for child in model.children(node, tag)}
    if not listed or listed == {flow.element.get("id") for flow in flows}:
        return
    own = dict.fromkeys(flow.element for flow in flows)
    named = {text: model.resolve(text) for text in sorted(listed)}
    for text, flow in named.items():
        if flow is None or model.kind[flow] != "sequenceFlow":
            facts = {"node": model.words(node), "side": side, "flow": text or "–"}
            yield UNKNOWN_LISTED.at(model.id_of(node), **facts)
        elif flow not in own:
            facts = {"node": model.words(node), "side": side, "flow": model.words(flow)}
            yield CONTRADICTED.at(model.id_of(node), **facts)
    known = set(named.values())
    for flow in (flow for flow in own if flow not in known):
        facts = {"node": model.words(node), "side": side, "flow": model.words(flow)}
        yield UNLISTED.at(model.id_of(node), **facts)
