"""The logic of a decision once it is read: something that gives a value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from processes.feel.invocation import bounded
from processes.feel.meter import Meter
from processes.feel.values import FeelFunction

Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Logic:
    """Gives a value from variables (values of the language) under a meter.

    names: variables it needs; cost, depth: of the expressions in it, all together and inside
    each other.
    """

    run: Callable[[Variables, Meter], Any]
    names: frozenset[str] = frozenset()
    cost: int = 1
    depth: int = 1


def combined(
    run: Callable[[Variables, Meter], Any], parts: Iterable[Logic], hidden: Iterable[str] = ()
) -> Logic:
    """Logic made of parts; hidden: names that it binds for them itself."""
    parts = list(parts)
    names = frozenset().union(*(part.names for part in parts)) - frozenset(hidden)
    return Logic(
        run,
        names,
        1 + sum(part.cost for part in parts),
        1 + max((part.depth for part in parts), default=0),
    )


def function_of(
    name: str, parameters: tuple[str, ...], body: Logic, variables: Variables
) -> FeelFunction:
    """A function value: its body sees the variables around it and its parameters."""

    def run(meter: Meter, *arguments: Any) -> Any:
        return body.run({**variables, **dict(zip(parameters, arguments, strict=True))}, meter)

    return FeelFunction(parameters, bounded(run, body.depth, body.cost), name)
