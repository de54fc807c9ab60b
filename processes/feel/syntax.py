"""The parts an expression is made of, as the parser finds them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from processes.feel.type_names import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    position: of its first character; depth: parts inside each other; cost: number of parts in it.
    """

    position: int
    depth: int = field(init=False)
    cost: int = field(init=False)

    def __post_init__(self) -> None:
        parts = list(self.parts())
        object.__setattr__(self, "depth", 1 + max((part.depth for part in parts), default=0))
        object.__setattr__(self, "cost", 1 + sum(part.cost for part in parts))

    def parts(self) -> Iterable["Node"]:
        """The parts directly inside this one."""
        return ()


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    elements: tuple[Node, ...]

    def parts(self) -> Iterable[Node]:
        return self.elements


@dataclass(frozen=True, slots=True)
class Entry(Node):
    key: str
    value: Node

    def parts(self) -> Iterable[Node]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[Entry, ...]

    def parts(self) -> Iterable[Node]:
        return self.entries


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    start: Node
    end: Node
    start_included: bool
    end_included: bool

    def parts(self) -> Iterable[Node]:
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """A test such as `> 5`: a range with one end, or (not) one value."""

    operator: str
    value: Node

    def parts(self) -> Iterable[Node]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node

    def parts(self) -> Iterable[Node]:
        return (self.condition, self.then, self.otherwise)


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """`name in start`, or `name in start .. end`."""

    name: str
    start: Node
    end: Node | None

    def parts(self) -> Iterable[Node]:
        return (self.start,) if self.end is None else (self.start, self.end)


@dataclass(frozen=True, slots=True)
class For(Node):
    iterations: tuple[Iteration, ...]
    result: Node

    def parts(self) -> Iterable[Node]:
        return (*self.iterations, self.result)


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` (any is true) or `every`."""

    some: bool
    iterations: tuple[Iteration, ...]
    condition: Node

    def parts(self) -> Iterable[Node]:
        return (*self.iterations, self.condition)


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """A function written in the expression."""

    parameters: tuple[tuple[str, FeelType | None], ...]
    body: Node

    def parts(self) -> Iterable[Node]:
        return (self.body,)


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """A chain of `and` (decided by false) or of `or` (decided by true)."""

    decided_by: bool
    operands: tuple[Node, ...]

    def parts(self) -> Iterable[Node]:
        return self.operands


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node

    def parts(self) -> Iterable[Node]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    start: Node
    end: Node

    def parts(self) -> Iterable[Node]:
        return (self.value, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """`value in test`, or in any of several tests."""

    value: Node
    tests: tuple[Node, ...]

    def parts(self) -> Iterable[Node]:
        return (self.value, *self.tests)


@dataclass(frozen=True, slots=True)
class Calculation(Node):
    """A chain of one precedence, from left to right: `first (operator operand)+`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def parts(self) -> Iterable[Node]:
        return (self.first, *(operand for _, operand in self.rest))


@dataclass(frozen=True, slots=True)
class Negation(Node):
    value: Node

    def parts(self) -> Iterable[Node]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: FeelType

    def parts(self) -> Iterable[Node]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class Path(Node):
    source: Node
    name: str

    def parts(self) -> Iterable[Node]:
        return (self.source,)


@dataclass(frozen=True, slots=True)
class Filter(Node):
    source: Node
    condition: Node

    def parts(self) -> Iterable[Node]:
        return (self.source, self.condition)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function applied to arguments; names is empty for arguments by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]

    def parts(self) -> Iterable[Node]:
        return (self.function, *self.arguments)


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests of a decision table's cell; negated for `not(...)`, empty tests for "-"."""

    tests: tuple[Node, ...]
    negated: bool

    def parts(self) -> Iterable[Node]:
        return self.tests
