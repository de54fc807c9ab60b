"""Puts the parts of an expression together while the parser recognises them.

The methods are named after the rules of the grammar; each is given what the rule matched.
"""

import re
from decimal import Decimal, DecimalException
from typing import Any, TypeVar, cast

from lark import Token

from processes.feel import limits, syntax, temporal
from processes.feel.arithmetic import negate, round_to_digits
from processes.feel.type_names import FeelType

Children = list[Any]
_Node = TypeVar("_Node", bound=syntax.Node)


class Refused(Exception):
    """Something is wrong at a position of the text."""

    def __init__(self, position: int, vi: str, en: str) -> None:
        super().__init__(en)
        self.position, self.vi, self.en = position, vi, en


class Builder:
    """One method for each rule that stands for a part."""

    def expression(self, children: Children) -> syntax.Node:
        (node,) = children
        return _bounded(cast("syntax.Node", node))

    def any_value(self, children: Children) -> syntax.Tests:
        return syntax.Tests(_position(children), (), negated=False)

    def alternatives(self, children: Children) -> syntax.Tests:
        (tests,) = children
        return _bounded(syntax.Tests(tests[0].position, tests, negated=False))

    def negated_tests(self, children: Children) -> syntax.Tests:
        (tests,) = _nodes(children)
        return _bounded(syntax.Tests(_position(children), tests, negated=True))

    def tests(self, children: Children) -> tuple[syntax.Node, ...]:
        return _nodes(children)

    several_tests = tests

    def iterations(self, children: Children) -> tuple[syntax.Node, ...]:
        iterations = _nodes(children)
        if len(iterations) > limits.ITERATIONS:
            raise Refused(
                iterations[limits.ITERATIONS].position,
                f"hơn {limits.ITERATIONS} biến lặp.",
                f"more than {limits.ITERATIONS} variables to run over.",
            )
        return iterations

    def if_(self, children: Children) -> syntax.Node:
        condition, then, otherwise = _nodes(children)
        return _bounded(syntax.If(_position(children), condition, then, otherwise))

    def for_(self, children: Children) -> syntax.Node:
        iterations, result = _nodes(children)
        return _bounded(syntax.For(_position(children), iterations, result))

    def quantified(self, children: Children) -> syntax.Node:
        some = children[0].type == "SOME"
        iterations, condition = _nodes(children)
        return _bounded(syntax.Quantified(_position(children), some, iterations, condition))

    def over_list(self, children: Children) -> syntax.Node:
        (source,) = _nodes(children)
        return syntax.Iteration(_position(children), str(children[0]), source, None)

    def over_range(self, children: Children) -> syntax.Node:
        start, end = _nodes(children)
        return syntax.Iteration(_position(children), str(children[0]), start, end)

    def definition(self, children: Children) -> syntax.Node:
        *parameters, body = _nodes(children)
        return _bounded(syntax.Definition(_position(children), tuple(parameters), body))

    def parameter(self, children: Children) -> tuple[str, FeelType | None]:
        types = _nodes(children)
        return str(children[0]), types[0] if types else None

    def disjunction(self, children: Children) -> syntax.Node:
        return _bounded(syntax.Junction(_position(children), True, _nodes(children)))

    def conjunction(self, children: Children) -> syntax.Node:
        return _bounded(syntax.Junction(_position(children), False, _nodes(children)))

    def comparison(self, children: Children) -> syntax.Node:
        left, operator, right = children
        return _bounded(syntax.Comparison(left.position, str(operator), left, right))

    def between(self, children: Children) -> syntax.Node:
        value, start, end = _nodes(children)
        return _bounded(syntax.Between(value.position, value, start, end))

    def membership(self, children: Children) -> syntax.Node:
        value, test = _nodes(children)
        return _bounded(syntax.Membership(value.position, value, (test,)))

    def membership_in_tests(self, children: Children) -> syntax.Node:
        value, tests = _nodes(children)
        return _bounded(syntax.Membership(value.position, value, tests))

    def bound(self, children: Children) -> syntax.Node:
        operator, value = children
        return _bounded(syntax.Bound(_position(children), str(operator), value))

    def sum(self, children: Children) -> syntax.Node:
        first, *rest = children
        pairs = zip(rest[::2], rest[1::2], strict=True)
        chain = tuple((str(operator), operand) for operator, operand in pairs)
        return _bounded(syntax.Calculation(first.position, first, chain))

    def product(self, children: Children) -> syntax.Node:
        return self.sum(children)

    def power(self, children: Children) -> syntax.Node:
        return self.sum(children)

    def negation(self, children: Children) -> syntax.Node:
        (value,) = _nodes(children)
        if isinstance(value, syntax.Literal) and isinstance(value.value, Decimal):
            return syntax.Literal(_position(children), negate(value.value))
        return _bounded(syntax.Negation(_position(children), value))

    def instance(self, children: Children) -> syntax.Node:
        value, type_ = _nodes(children)
        return _bounded(syntax.InstanceOf(value.position, value, type_))

    def path(self, children: Children) -> syntax.Node:
        source, _, name = children
        return _bounded(syntax.Path(source.position, source, str(name)))

    def filter(self, children: Children) -> syntax.Node:
        source, condition = _nodes(children)
        return _bounded(syntax.Filter(source.position, source, condition))

    def call(self, children: Children) -> syntax.Node:
        function, *arguments = _nodes(children)
        named = [each for each in arguments if isinstance(each, tuple)]
        names = tuple(name for name, _ in named)
        values = tuple(value for _, value in named) if named else tuple(arguments)
        return _bounded(syntax.Call(function.position, function, values, names))

    def named(self, children: Children) -> tuple[str, syntax.Node]:
        name, _, value = children
        return str(name), value

    def name(self, children: Children) -> syntax.Node:
        return syntax.Name(_position(children), str(children[0]))

    def number(self, children: Children) -> syntax.Node:
        position, value = _position(children), Decimal(children[0])
        try:
            rounded = round_to_digits(value)
        except DecimalException:
            rounded = None
        if rounded is None or rounded != value:
            raise Refused(
                position,
                f"số có hơn {limits.DIGITS} chữ số.",
                f"a number of more than {limits.DIGITS} digits.",
            )
        return syntax.Literal(position, rounded)

    def string(self, children: Children) -> syntax.Node:
        return syntax.Literal(_position(children), _unescaped(children[0]))

    def at_literal(self, children: Children) -> syntax.Node:
        (token,) = children
        value = temporal.read(token[2:-1])
        if value is None:
            raise Refused(
                _position(children),
                f"“{token}” không phải là ngày, giờ hay khoảng thời gian.",
                f"'{token}' is no date, time or duration.",
            )
        return syntax.Literal(_position(children), value)

    def true(self, children: Children) -> syntax.Node:
        return syntax.Literal(_position(children), True)

    def false(self, children: Children) -> syntax.Node:
        return syntax.Literal(_position(children), False)

    def null(self, children: Children) -> syntax.Node:
        return syntax.Literal(_position(children), None)

    def grouped(self, children: Children) -> syntax.Node:
        (inner,) = _nodes(children)
        return cast("syntax.Node", inner)

    def list(self, children: Children) -> syntax.Node:
        return _bounded(syntax.ListOf(_position(children), _nodes(children)))

    def context(self, children: Children) -> syntax.Node:
        entries = _nodes(children)
        seen: set[str] = set()
        for entry in entries:
            if entry.key in seen:
                raise Refused(
                    entry.position,
                    f"mục “{entry.key}” đã có ở trước.",
                    f"the entry '{entry.key}' is already there.",
                )
            seen.add(entry.key)
        return _bounded(syntax.ContextOf(_position(children), entries))

    def entry(self, children: Children) -> syntax.Node:
        key, _, value = children
        name = _unescaped(key) if key.type == "STRING" else str(key)
        return syntax.Entry(_position(children), name, value)

    def range(self, children: Children) -> syntax.Node:
        opening, start, _, end, closing = children
        return _bounded(
            syntax.RangeOf(
                _position(children), start, end, opening.type == "LSQB", closing.type == "RSQB"
            )
        )

    def named_type(self, children: Children) -> FeelType:
        return FeelType(".".join(name for name in children if name.type != "DOT"))

    def generic_type(self, children: Children) -> FeelType:
        members = _nodes(children)
        types = tuple(type_ for _, type_ in members if type_ is not None)
        return FeelType(str(children[0]), types, tuple(key for key, _ in members if key))

    def type_member(self, children: Children) -> tuple[str, FeelType]:
        key = str(children[0]) if isinstance(children[0], Token) else ""
        return key, children[-1]

    def result_type(self, children: Children) -> tuple[str, FeelType]:
        return "", children[-1]


def _bounded(node: _Node) -> _Node:
    if node.depth > limits.NESTING:
        raise Refused(
            node.position,
            f"lồng nhau quá {limits.NESTING} tầng; hãy tách thành các biểu thức nhỏ hơn.",
            f"nested more than {limits.NESTING} levels; split it into smaller expressions.",
        )
    return node


def _position(children: Children) -> int:
    first = children[0]
    return int(first.start_pos or 0) if isinstance(first, Token) else int(first.position)


def _nodes(children: Children) -> tuple[Any, ...]:
    return tuple(child for child in children if not isinstance(child, Token))


def _unescaped(token: Token) -> str:
    """The text that a string in quotes stands for."""
    return _ESCAPE.sub(lambda found: _character(token, found), token[1:-1])


def _character(token: Token, found: re.Match[str]) -> str:
    written = found.group()
    if len(written) == 2:  # noqa: PLR2004 - a backslash and a letter
        if written[1] in _ESCAPES:
            return _ESCAPES[written[1]]
        raise Refused(
            int(token.start_pos or 0) + 1 + found.start(),
            f"“{written}” không có nghĩa trong chuỗi; dấu \\ viết là \\\\.",
            f"'{written}' means nothing in a text; a backslash is written \\\\.",
        )
    code = int(f"0x{written[2:]}", base=0)
    return "\ufffd" if code > _LAST_CHARACTER or code in _HALVES else chr(code)


_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\"}
_LAST_CHARACTER = 0x10FFFF
_HALVES = range(0xD800, 0xE000)  # of surrogate pairs: no characters of their own
