"""A decision table as the file writes it."""

from lxml.etree import _Element as Element

from processes.dmn.boxed import LogicReader
from processes.dmn.decision_table import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    Input,
    Output,
    Rule,
)
from processes.dmn.document import child, children, name_of, text_of, wrong
from processes.dmn.logic import Logic, combined

_NEEDS_RANKS = (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)


def read_table(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    """The logic of a decision table. Raises InvalidDecisionModel."""
    policy = _policy(element)
    aggregation = _aggregation(element, policy)
    inputs = tuple(_input(reader, each, names) for each in children(element, "input"))
    found = list(children(element, "output"))
    outputs = tuple(_output(reader, each, names) for each in found)
    _check_outputs(element, outputs, policy, aggregation)
    rules = tuple(
        _rule(reader, each, names, len(inputs), found, outputs)
        for each in children(element, "rule")
    )
    name = element.get("outputLabel") or _name_around(element)
    table = DecisionTable(name, inputs, outputs, rules, policy, aggregation, reader.strict)
    return _as_logic(table)


def _as_logic(table: DecisionTable) -> Logic:
    parts = [column.value for column in table.inputs]
    parts += [column.default for column in table.outputs if column.default is not None]
    parts += [result for rule in table.rules for result in rule.results]
    tests = [cell for rule in table.rules for cell in rule.tests]
    logic = combined(table.decide, parts)
    names = logic.names.union(*(cell.names for cell in tests))
    depth = max([logic.depth, *(cell.depth for cell in tests)])
    return Logic(table.decide, names, logic.cost + sum(cell.cost for cell in tests), depth)


def _policy(element: Element) -> HitPolicy:
    written = element.get("hitPolicy", HitPolicy.UNIQUE).replace("_", " ")
    if written not in set(HitPolicy):
        raise wrong(
            element, f"không có hit policy “{written}”.", f"there is no hit policy '{written}'."
        )
    return HitPolicy(written)


def _aggregation(element: Element, policy: HitPolicy) -> Aggregation | None:
    written = element.get("aggregation")
    if written is None:
        return None
    if policy is not HitPolicy.COLLECT or written not in set(Aggregation):
        raise wrong(
            element,
            f"phép gộp “{written}” không dùng được với {policy}.",
            f"the aggregation '{written}' cannot be used with {policy}.",
        )
    return Aggregation(written)


def _input(reader: LogicReader, element: Element, names: frozenset[str]) -> Input:
    expression = child(element, "inputExpression")
    text = text_of(expression)
    if expression is None or not text:
        raise wrong(element, "cột điều kiện chưa có biểu thức.", "an input has no expression.")
    allowed = child(element, "inputValues")
    label = element.get("label") or text
    value = reader.typed(
        reader.expression(expression, text, names), label, expression.get("typeRef"), element
    )
    if allowed is None or not text_of(allowed):
        return Input(label, value)
    return Input(label, value, reader.tests(allowed, text_of(allowed), names))


def _output(reader: LogicReader, element: Element, names: frozenset[str]) -> Output:
    values, default = child(element, "outputValues"), child(element, "defaultOutputEntry")
    ranked = None
    if values is not None and text_of(values):
        ranked = reader.expression(values, f"[{text_of(values)}]", names)
    answer = None
    if default is not None and text_of(default):
        answer = reader.expression(default, text_of(default), names)
    return Output(name_of(element), ranked, answer)


def _check_outputs(
    element: Element,
    outputs: tuple[Output, ...],
    policy: HitPolicy,
    aggregation: Aggregation | None,
) -> None:
    if not outputs:
        raise wrong(element, "bảng không có cột kết quả.", "the table has no output.")
    names = [column.name for column in outputs]
    if len(outputs) > 1 and (not all(names) or len(set(names)) < len(names)):
        raise wrong(
            element,
            "mỗi cột kết quả phải có một tên riêng.",
            "each output must have a name of its own.",
        )
    if policy in _NEEDS_RANKS and all(column.ranked is None for column in outputs):
        raise wrong(
            element,
            f"{policy} cần danh sách giá trị kết quả theo thứ tự ưu tiên.",
            f"{policy} needs the list of output values in their order of priority.",
        )
    if aggregation is not None and len(outputs) > 1:
        raise wrong(
            element,
            f"{aggregation} chỉ dùng với một cột kết quả.",
            f"{aggregation} can be used with one output only.",
        )


def _rule(
    reader: LogicReader,
    element: Element,
    names: frozenset[str],
    inputs: int,
    found: list[Element],
    outputs: tuple[Output, ...],
) -> Rule:
    tests = tuple(
        reader.tests(cell, text_of(cell), names) for cell in children(element, "inputEntry")
    )
    results = tuple(_result(reader, cell, names) for cell in children(element, "outputEntry"))
    if (len(tests), len(results)) != (inputs, len(outputs)):
        raise wrong(
            element,
            f"luật có {len(tests)} điều kiện và {len(results)} kết quả, "
            f"cần {inputs} và {len(outputs)}.",
            f"the rule has {len(tests)} conditions and {len(results)} results, "
            f"{inputs} and {len(outputs)} are needed.",
        )
    typed = (
        reader.typed(result, column.name, head.get("typeRef"), element)
        for result, column, head in zip(results, outputs, found, strict=True)
    )
    return Rule(tests, tuple(typed))


def _result(reader: LogicReader, cell: Element, names: frozenset[str]) -> Logic:
    text = text_of(cell)
    if not text:
        return Logic(lambda _variables, _meter: None)
    return reader.expression(cell, text, names)


def _name_around(element: Element) -> str:
    at: Element | None = element
    while at is not None:
        if name_of(at):
            return name_of(at)
        at = at.getparent()
    return ""
