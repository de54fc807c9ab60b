"""Expressions: compiled from text once, evaluated with variables often."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from unicodedata import normalize

from processes.feel import comparison, compilation, invocation, iteration, operators, syntax
from processes.feel.compilation import INPUT, Code, Compiler, Test
from processes.feel.errors import ConditionNotBoolean, ExpressionTooCostly
from processes.feel.meter import Frame, Meter
from processes.feel.parser import clean, parse
from processes.feel.results import SIMPLE, measure
from processes.feel.scope import Scope
from processes.feel.writing import write_literal

_NO_LOCALS: dict[int, Any] = {}
_PARTS = {**compilation.PARTS, **operators.PARTS, **iteration.PARTS, **invocation.PARTS}


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    text: as written, without a leading "=".
    names: variables it surely reads. item_names: names inside filters that may be entries of the
    elements or variables, and that nobody declared.
    needs_moment: whether it uses `now()` or `today()`, so that `evaluate` must be given `at`.
    cost, depth: how many parts it has, and how many of them inside each other.
    """

    text: str
    names: frozenset[str]
    item_names: frozenset[str]
    needs_moment: bool
    cost: int
    depth: int
    _code: Code

    def evaluate(self, variables: Mapping[str, Any], *, at: datetime | None = None) -> Any:
        """The value with these variables; null (None) where the language says so.

        at: the moment for `now()` and `today()`, with a time zone.
        Raises ExpressionTooCostly, MomentMissing, UnusableValue.
        """
        meter = Meter(self.text, at)
        try:
            value = self._code(Frame(variables, _NO_LOCALS, meter, {}))
        except RecursionError:
            meter.too_deep()
        if value.__class__ not in SIMPLE:
            measure(value, meter)
        return value

    def evaluate_within(self, variables: Mapping[str, Any], meter: Meter) -> Any:
        """The value, as a part of a larger evaluation whose meter is running.

        variables: values of the language.
        """
        return self._code(Frame(variables, _NO_LOCALS, meter))


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """What a cell of a decision table says about the value of its column.

    names: variables it surely reads; the other fields: see Expression.
    """

    text: str
    names: frozenset[str]
    item_names: frozenset[str]
    needs_moment: bool
    cost: int
    depth: int
    _tests: tuple[Test, ...]
    _negated: bool
    _slot: int

    def matches(
        self, value: Any, variables: Mapping[str, Any], *, at: datetime | None = None
    ) -> bool:
        """Whether the value passes; what cannot be decided does not pass."""
        meter = Meter(self.text, at)
        try:
            tested = Frame({INPUT: value}, _NO_LOCALS, meter, {}).variable(INPUT)
            return self._matches(tested, Frame(variables, {self._slot: tested}, meter, {}))
        except RecursionError:
            meter.too_deep()

    def matches_within(self, value: Any, variables: Mapping[str, Any], meter: Meter) -> bool:
        """The same as a part of a larger evaluation; all are values of the language."""
        return self._matches(value, Frame(variables, {self._slot: value}, meter))

    def _matches(self, value: Any, frame: Frame) -> bool:
        if not self._tests:
            return True
        result = operators.any_test(frame, value, self._tests)
        return (result is False) if self._negated else (result is True)


def compile_expression(
    text: str,
    names: Collection[str] = (),
    *,
    entry_names: Collection[str] = (),
    strict: bool = True,
) -> Expression:
    """Read an expression.

    names: known variables; needed for names with spaces, and for functions among the variables.
    entry_names: names of entries of the data, needed where they contain spaces.
    strict: refuse calls that can only give null (an unknown function, a wrong number of arguments).
    Raises InvalidExpression with line, column and what was expected.
    """
    compiler = _compiler(text, names, strict=strict)
    node = parse(compiler.text, [*compiler.declared, *map(_normal, entry_names)])
    code = compiler.compile(node, Scope())
    return Expression(*_described(compiler, node), code)


def compile_unary_tests(
    text: str,
    names: Collection[str] = (),
    *,
    entry_names: Collection[str] = (),
    strict: bool = True,
) -> UnaryTests:
    """Read a cell of a decision table: "-", or tests separated by commas, or `not(...)` of them.

    `?` stands for the value tested. Arguments and errors as for `compile_expression`.
    """
    compiler = _compiler(text, names, strict=strict)
    known = [*compiler.declared, *map(_normal, entry_names)]
    node = cast("syntax.Tests", parse(compiler.text, known, "unary_tests"))
    scope, (slot,) = compiler.bind(Scope(), INPUT)
    tests = tuple(_cell_test(compiler, test, scope, slot) for test in node.tests)
    return UnaryTests(*_described(compiler, node), tests, node.negated, slot)


def _described(
    compiler: Compiler, node: syntax.Node
) -> tuple[str, frozenset[str], frozenset[str], bool, int, int]:
    """The fields that expressions and unary tests share."""
    free = frozenset(compiler.free)
    in_filters = frozenset(compiler.free_in_filters) - free
    return compiler.text, free, in_filters, compiler.needs_moment, node.cost, node.depth


def _compiler(text: str, names: Collection[str], *, strict: bool) -> Compiler:
    return Compiler(clean(text), [_normal(name) for name in names], _PARTS, strict=strict)


def _normal(name: str) -> str:
    return " ".join(normalize("NFC", name).split())


def evaluate_condition(
    expression: Expression, variables: Mapping[str, Any], *, at: datetime | None = None
) -> bool:
    """Whether a condition holds: exactly true or false.

    Raises ConditionNotBoolean otherwise, naming the variables without a value: a condition that
    cannot be decided is never taken for false.
    """
    value = expression.evaluate(variables, at=at)
    if value is True or value is False:
        return bool(value)
    missing = sorted(
        name for name in expression.names if variables.get(name) is None and name != INPUT
    )
    listed = ", ".join(missing)
    raise ConditionNotBoolean(
        expression=expression.text,
        result=_shown(value),
        missing=tuple(missing),
        missing_vi=f"Chưa có giá trị: {listed}." if missing else "",
        missing_en=f"Without a value: {listed}." if missing else "",
    )


def _cell_test(compiler: Compiler, node: syntax.Node, scope: Scope, slot: int) -> Test:
    test = operators.compile_test(compiler, node, scope)
    if isinstance(node, syntax.Bound | syntax.RangeOf | syntax.Literal):
        return test
    reads_input_before = slot in compiler.used
    compiler.used.discard(slot)
    code = compiler.compile(node, scope)
    reads_input = slot in compiler.used
    if reads_input_before:
        compiler.used.add(slot)

    def cell(frame: Frame, value: Any) -> bool | None:
        result = code(frame)
        if result.__class__ is bool and (reads_input or value.__class__ is not bool):
            return bool(result)  # a condition in its own right
        return comparison.satisfies(value, result, frame.meter)

    return cell


def _shown(value: Any) -> str:
    try:
        written = write_literal(value, Meter("", None))
    except ExpressionTooCostly:  # too large to show: only what it is
        return "{…}" if value.__class__ is dict else "[…]"
    return written if len(written) <= _SHOWN else written[:_SHOWN] + "…"


_SHOWN = 200
