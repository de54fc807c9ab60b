"""Conditions: every way out of a choosing gateway is decided, by FEEL over declared fields."""

import re
from collections.abc import Iterator, Mapping

from processes.data_field import DataField, FieldType
from processes.diagram import ACTIVITIES, Diagram, Flow, Node, NodeKind, at
from processes.finding import Finding, Severity
from processes.lint.expressions import Expressions, names_of
from processes.procedure import Procedure
from processes.rule import Rule

UNCONDITIONAL = Rule(
    "conditional-flows",
    Severity.ERROR,
    "{flow} ra từ {node} chưa có điều kiện và không phải luồng mặc định. Ghi điều kiện FEEL hoặc "
    "đặt làm luồng mặc định.",
    "{flow} out of {node} has no condition and is not the default. Write a FEEL condition or make "
    "it the default flow.",
)
NO_DEFAULT = Rule(
    "qt-gateway-default",
    Severity.WARNING,
    "{node} không có luồng mặc định: nếu không điều kiện nào đúng, hồ sơ sẽ dừng lại. Đặt một "
    "luồng làm mặc định.",
    "{node} has no default flow: if no condition holds, the dossier stops there. Make one flow the "
    "default.",
)
UNKNOWN_DEFAULT = Rule(
    "qt-default-unknown",
    Severity.ERROR,
    "Luồng mặc định “{default}” của {node} không ra từ phần tử này. Chọn lại luồng mặc định.",
    "The default flow '{default}' of {node} does not leave it. Choose the default flow again.",
)
DEFAULT_CONDITION = Rule(
    "qt-default-condition",
    Severity.WARNING,
    "{flow} là luồng mặc định của {node}, nên điều kiện của nó không được xét. Xóa điều kiện đó.",
    "{flow} is the default flow of {node}, so its condition is never weighed. Delete it.",
)
EARLY = Rule(
    "qt-condition-early",
    Severity.WARNING,
    "{node} xét “{name}”, nhưng có đường đến đó mà chưa ai nhập trường này. Ghi giá trị mặc định "
    "(default) cho trường, hoặc cho nhập ở bước trước.",
    "{node} weighs '{name}', but a way leads there on which nobody has entered it. Give the field "
    "a default, or have it entered before.",
)
RULES = (UNCONDITIONAL, NO_DEFAULT, UNKNOWN_DEFAULT, DEFAULT_CONDITION, EARLY)

_CHOOSING = (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE)
_EQUALS = re.compile(r'=?\s*([^\W\d]\w*)\s*=\s*("[^"\\]*"|true|false)\s*')


def judge_conditions(
    procedure: Procedure, diagram: Diagram, expressions: Expressions
) -> Iterator[Finding]:
    """Findings about the flows that conditions decide."""
    fields = _fields(procedure)
    entered = _entered(procedure, diagram)
    for node in diagram.nodes:
        outgoing = diagram.outgoing(node.id)
        if node.default and all(flow.id != node.default for flow in outgoing):
            yield UNKNOWN_DEFAULT.at(node.id, node=node.words, default=node.default)
        if node.kind not in _CHOOSING:
            yield from _weighed(node, outgoing, expressions)
            continue
        for flow in outgoing:
            yield from _flow(node, flow, len(outgoing), expressions)
        if any(flow.condition for flow in outgoing):
            if node.default is None and not _is_complete(outgoing, fields):
                yield NO_DEFAULT.at(node.id, node=node.words)
            yield from _early(node, outgoing, expressions, entered.get(node.id, frozenset()))


def _weighed(node: Node, outgoing: tuple[Flow, ...], expressions: Expressions) -> Iterator[Finding]:
    """Conditions behind a step or a complex gateway; a flow without one is always taken."""
    if node.kind in ACTIVITIES or node.kind is NodeKind.COMPLEX:
        for flow in outgoing:
            if flow.condition is not None:
                element = flow.id or node.id
                yield from expressions.judge(flow.condition, element, flow.words, flow.language)


def _flow(node: Node, flow: Flow, count: int, expressions: Expressions) -> Iterator[Finding]:
    element = flow.id or node.id
    default = flow.id == node.default
    if flow.condition is None:
        if count > 1 and not default:
            yield UNCONDITIONAL.at(element, flow=flow.words, node=node.words)
        return
    if default:
        yield DEFAULT_CONDITION.at(element, flow=flow.words, node=node.words)
    yield from expressions.judge(flow.condition, element, flow.words, flow.language)


def _is_complete(outgoing: tuple[Flow, ...], fields: Mapping[str, DataField]) -> bool:
    """Whether one of the conditions surely holds: all answers of one field are asked for."""
    asked: dict[str, set[str]] = {}
    for flow in outgoing:
        equals = _EQUALS.fullmatch(flow.condition or "")
        if equals is not None:
            asked.setdefault(equals[1], set()).add(equals[2].strip('"'))
    return any(
        code in fields and _answers(fields[code]) <= values for code, values in asked.items()
    )


def _answers(field: DataField) -> set[str]:
    """Every value the field can have; one that is left empty has none of them."""
    if not field.required and field.default is None:
        return {""}  # no condition compares with the empty text: never complete
    if field.type is FieldType.BOOLEAN:
        return {"true", "false"}
    if field.type is FieldType.CHOICE and field.options:
        return {option.value for option in field.options}
    return {""}


def _fields(procedure: Procedure) -> dict[str, DataField]:
    everything = (procedure.fields, *(step.fields for step in procedure.steps))
    return {field.code: field for fields in everything for field in fields}


def _early(
    node: Node, outgoing: tuple[Flow, ...], expressions: Expressions, entered: frozenset[str]
) -> Iterator[Finding]:
    names: set[str] = set()
    for flow in outgoing:
        if flow.condition and flow.id != node.default:
            names |= names_of(expressions.compiled(flow.condition))
    for name in sorted(names.intersection(expressions.known) - entered):
        yield EARLY.at(node.id, node=node.words, name=name)


def _entered(procedure: Procedure, diagram: Diagram) -> dict[str, frozenset[str]]:
    """Node id -> codes of the fields that have a value on every way to the node.

    The meet over all ways: sets only shrink, so the rounds end. Sets are bits of whole numbers,
    which keeps 500 nodes with thousands of fields quick.
    """
    bits = {code: 1 << place for place, code in enumerate(_fields(procedure))}
    certain = _certain(procedure)
    given = sum(bits[code] for code in certain if code in bits)
    gives = {
        step.element_id: sum({bits[f.code] for f in step.fields if f.required or f.default})
        for step in procedure.steps
    }
    graph = diagram.graph
    before = graph.reversed().successors
    after = dict.fromkeys(graph.successors, -1)  # -1: all bits, as long as no way is known
    starts = {start.id for start in diagram.starts()}
    left, _ = graph.depth_first(starts)
    changed = True
    while changed:
        changed = False
        for vertex in reversed(left):
            value = given if vertex in starts else -1
            for predecessor in before[vertex]:
                value &= after[predecessor]
            value |= _gives(vertex, gives)
            if value != after[vertex]:
                after[vertex] = value
                changed = True
    return {
        vertex: frozenset(code for code, bit in bits.items() if after[vertex] & bit)
        for vertex in left
        if vertex == at(vertex) and diagram.by_id[vertex].kind in _CHOOSING
    }


def _gives(vertex: str, gives: Mapping[str, int]) -> int:
    """A step's fields are entered when it is left, not when it is reached."""
    return gives.get(at(vertex), 0) if vertex != at(vertex) else 0


def _certain(procedure: Procedure) -> frozenset[str]:
    """Fields with a value from reception on, and those that a default fills."""
    received = {f.code for f in procedure.fields if f.required or f.default is not None}
    defaults = {f.code for step in procedure.steps for f in step.fields if f.default is not None}
    return frozenset(received | defaults)
