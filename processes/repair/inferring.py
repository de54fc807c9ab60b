"""What kind of data a name in conditions is, from what it is compared with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from processes.data_field import FieldType
from processes.feel import InvalidExpression
from processes.feel.parser import clean, parse
from processes.feel.syntax import (
    Between,
    Bound,
    Calculation,
    Call,
    Comparison,
    If,
    Junction,
    ListOf,
    Literal,
    Membership,
    Name,
    Negation,
    Node,
    RangeOf,
)

_DATES = frozenset({"date", "today", "date and time", "now"})
_TEXTS = frozenset(
    {"contains", "starts with", "ends with", "matches", "lower case", "upper case"}
    | {"string length", "substring", "replace", "split"}
)
_OPERANDS = {
    Junction: FieldType.BOOLEAN,
    If: FieldType.BOOLEAN,
    Calculation: FieldType.NUMBER,
    Negation: FieldType.NUMBER,
}
"""What a name is that stands directly in such a part."""
_ORDER = (FieldType.DATE, FieldType.NUMBER, FieldType.TEXT, FieldType.BOOLEAN)


@dataclass(slots=True)
class Inferred:
    """What conditions say of a name.

    found: the types that it is used as. answers: texts that it is compared with. only_answers:
    whether it is never used in another way.
    """

    found: set[FieldType] = field(default_factory=set)
    answers: dict[str, None] = field(default_factory=dict)
    only_answers: bool = True

    @property
    def type(self) -> FieldType:
        """The type that fits the uses best; text where nothing is known."""
        if self.answers and self.only_answers and self.found == {FieldType.TEXT}:
            return FieldType.CHOICE
        return next((type_ for type_ in _ORDER if type_ in self.found), FieldType.TEXT)


def infer_types(conditions: Iterable[str]) -> dict[str, Inferred]:
    """Name -> what all these FEEL conditions together say of it."""
    known: dict[str, Inferred] = {}
    for text in conditions:
        try:
            node = parse(clean(text), ())
        except InvalidExpression:
            continue
        _weigh(node, known)
        waiting = [node]
        while waiting:
            part = waiting.pop()
            _look(part, known)
            waiting += part.parts()
    return known


def _look(part: Node, known: dict[str, Inferred]) -> None:
    """Evidence in one part of a condition."""
    if isinstance(part, Comparison):
        _compare(part.operator, part.left, part.right, known)
        _compare(part.operator, part.right, part.left, known)
    elif isinstance(part, Between):
        _compare("<", part.value, part.start, known)
        _compare("<", part.value, part.end, known)
    elif isinstance(part, Membership):
        for test in part.tests:
            _belong(part.value, test, known)
    elif isinstance(part, Call) and isinstance(part.function, Name):
        _call(part.function.name, part.arguments, known)
    else:
        for operand in _operands(part):
            _use(operand, _OPERANDS[type(part)], known)


def _operands(part: Node) -> tuple[Node, ...]:
    if type(part) not in _OPERANDS:
        return ()
    return (part.condition,) if isinstance(part, If) else tuple(part.parts())


def _weigh(part: Node, known: dict[str, Inferred]) -> None:
    """A name on its own where true or false is wanted."""
    _use(part, FieldType.BOOLEAN, known)


def _call(function: str, arguments: tuple[Node, ...], known: dict[str, Inferred]) -> None:
    for argument in arguments:
        if function == "not":
            _weigh(argument, known)
        elif function in _TEXTS:
            _use(argument, FieldType.TEXT, known)


def _belong(value: Node, test: Node, known: dict[str, Inferred]) -> None:
    if isinstance(test, ListOf):
        for element in test.elements:
            _compare("=", value, element, known)
    elif isinstance(test, RangeOf):
        _compare("<", value, test.start, known)
    elif isinstance(test, Bound):
        _compare(test.operator, value, test.value, known)
    else:
        _compare("=", value, test, known)


def _compare(operator: str, part: Node, other: Node, known: dict[str, Inferred]) -> None:
    """`part` is compared with `other`."""
    if not isinstance(part, Name):
        return
    value = other.value if isinstance(other, Literal) else None
    if isinstance(value, bool):
        _use(part, FieldType.BOOLEAN, known)
    elif isinstance(value, str) and operator in ("=", "!="):
        inferred = known.setdefault(part.name, Inferred())
        inferred.found.add(FieldType.TEXT)
        if value.strip():
            inferred.answers[value] = None
        else:
            inferred.only_answers = False
    elif isinstance(value, str):
        _use(part, FieldType.TEXT, known)
    elif isinstance(value, date) or _is_date(other):
        _use(part, FieldType.DATE, known)
    elif isinstance(value, Decimal) or isinstance(other, Calculation | Negation):
        _use(part, FieldType.NUMBER, known)


def _is_date(part: Node) -> bool:
    called = part.function if isinstance(part, Call) else None
    return isinstance(called, Name) and called.name in _DATES


def _use(part: Node, type_: FieldType, known: dict[str, Inferred]) -> None:
    if isinstance(part, Name):
        inferred = known.setdefault(part.name, Inferred())
        inferred.found.add(type_)
        inferred.only_answers = False
