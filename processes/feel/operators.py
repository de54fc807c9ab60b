"""How operators are compiled: logic, comparison, arithmetic, membership, ranges."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from processes.feel import arithmetic, comparison, syntax
from processes.feel.compilation import Code, Compiler, Parts, Test
from processes.feel.meter import Frame, Meter
from processes.feel.scope import Scope
from processes.feel.values import Range

_Compare = Callable[[Any, Any, Meter], bool | None]
_ORDER: dict[str, tuple[Callable[[Any, Any], bool], Callable[[Any, Any], bool | None]]] = {
    "<": (operator.lt, comparison.less),
    "<=": (operator.le, comparison.less_or_equal),
    ">": (operator.gt, comparison.greater),
    ">=": (operator.ge, comparison.greater_or_equal),
}
_CALCULATE: dict[str, Callable[[Any, Any], Any]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}


def _junction(compiler: Compiler, node: syntax.Junction, scope: Scope) -> Code:
    operands = compiler.all_of(node.operands, scope)
    decided = node.decided_by
    neutral = not decided

    def junction(frame: Frame) -> bool | None:
        unknown = False
        for operand in operands:
            value: object = operand(frame)
            if value is decided:
                return decided
            if value is not neutral:
                unknown = True
        return None if unknown else neutral

    return junction


def _comparison(compiler: Compiler, node: syntax.Comparison, scope: Scope) -> Code:
    left = compiler.compile(node.left, scope)
    plain, quick, careful = _comparing(node.operator)
    if isinstance(node.right, syntax.Literal) and node.right.value.__class__ in plain:
        return _against_literal(left, node.right.value, quick, careful)
    right = compiler.compile(node.right, scope)

    def compare(frame: Frame) -> bool | None:
        first, second = left(frame), right(frame)
        kind = first.__class__
        if kind is second.__class__ and kind in plain:
            return quick(first, second)
        return careful(first, second, frame.meter)

    return compare


def _against_literal(
    left: Code, literal: Any, quick: Callable[[Any, Any], bool], careful: _Compare
) -> Code:
    kind = literal.__class__

    def compare(frame: Frame) -> bool | None:
        value = left(frame)
        if value.__class__ is kind:
            return quick(value, literal)
        return careful(value, literal, frame.meter)

    return compare


def _comparing(
    written: str,
) -> tuple[frozenset[type], Callable[[Any, Any], bool], _Compare]:
    if written == "=":
        return comparison.PLAIN, operator.eq, comparison.equal
    if written == "!=":
        return comparison.PLAIN, operator.ne, comparison.not_equal
    quick, careful = _ORDER[written]
    return comparison.ORDERED, quick, lambda left, right, _meter: careful(left, right)


def _between(compiler: Compiler, node: syntax.Between, scope: Scope) -> Code:
    value, start, end = compiler.all_of((node.value, node.start, node.end), scope)

    def between(frame: Frame) -> bool | None:
        tested = value(frame)
        return _both(
            comparison.less_or_equal(start(frame), tested),
            comparison.less_or_equal(tested, end(frame)),
        )

    return between


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _calculation(compiler: Compiler, node: syntax.Calculation, scope: Scope) -> Code:
    first = compiler.compile(node.first, scope)
    rest = [
        (_CALCULATE[written], compiler.compile(operand, scope)) for written, operand in node.rest
    ]

    def calculate(frame: Frame) -> Any:
        value = first(frame)
        for compute, operand in rest:
            value = compute(value, operand(frame))
            if value.__class__ is str:
                frame.meter.text(value)
        return value

    return calculate


def _negation(compiler: Compiler, node: syntax.Negation, scope: Scope) -> Code:
    value = compiler.compile(node.value, scope)
    return lambda frame: arithmetic.negate(value(frame))


def _range(compiler: Compiler, node: syntax.RangeOf, scope: Scope) -> Code:
    start, end = compiler.all_of((node.start, node.end), scope)

    def range_of(frame: Frame) -> Range | None:
        low, high = start(frame), end(frame)
        if comparison.less(low, high) is None:
            return None  # ends that have no order between them make no range
        return Range(low, high, node.start_included, node.end_included)

    return range_of


def _bound(compiler: Compiler, node: syntax.Bound, scope: Scope) -> Code:
    """`(> 5)` as a value."""
    value = compiler.compile(node.value, scope)

    def bound(frame: Frame) -> Range | None:
        end = value(frame)
        if node.operator in ("=", "!="):
            return Range(end, None, equals=node.operator == "=")
        if end is None:
            return None
        included = node.operator.endswith("=")
        if node.operator.startswith(">"):
            return Range(end, None, start_included=included, end_included=False)
        return Range(None, end, start_included=False, end_included=included)

    return bound


def _membership(compiler: Compiler, node: syntax.Membership, scope: Scope) -> Code:
    value = compiler.compile(node.value, scope)
    tests = [compile_test(compiler, test, scope) for test in node.tests]
    return lambda frame: any_test(frame, value(frame), tests)


def any_test(frame: Frame, value: Any, tests: Sequence[Test]) -> bool | None:
    """Whether the value passes one of the tests; null when none is passed and one gave null."""
    unknown = False
    for test in tests:
        result = test(frame, value)
        if result is True:
            return True
        unknown = unknown or result is None
    return None if unknown else False


def compile_test(compiler: Compiler, node: syntax.Node, scope: Scope) -> Test:
    """What stands right of `in`, or in a cell of a decision table."""
    if isinstance(node, syntax.Bound):
        return _bound_test(compiler, node, scope)
    tested = compiler.compile(node, scope)
    if isinstance(node, syntax.RangeOf):
        return lambda frame, value: _within(frame, value, tested(frame))
    return lambda frame, value: comparison.satisfies(value, tested(frame), frame.meter)


def _within(frame: Frame, value: Any, within: Range | None) -> bool | None:
    return None if within is None else comparison.satisfies(value, within, frame.meter)


def _bound_test(compiler: Compiler, node: syntax.Bound, scope: Scope) -> Test:
    end = compiler.compile(node.value, scope)
    _, _, compare = _comparing(node.operator)
    return lambda frame, value: compare(value, end(frame), frame.meter)


PARTS: Parts = {
    syntax.Junction: _junction,
    syntax.Comparison: _comparison,
    syntax.Between: _between,
    syntax.Calculation: _calculation,
    syntax.Negation: _negation,
    syntax.RangeOf: _range,
    syntax.Bound: _bound,
    syntax.Membership: _membership,
}
