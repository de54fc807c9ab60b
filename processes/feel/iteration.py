"""How `for`, `some`, `every`, filters and paths are compiled."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from processes.feel import syntax
from processes.feel.arithmetic import whole
from processes.feel.compilation import Code, Compiler, Parts
from processes.feel.meter import Frame
from processes.feel.properties import property_of
from processes.feel.scope import Scope
from processes.feel.values import Range

_Domain = Callable[[Frame], Iterable[Any] | None]
_Loop = tuple[int, _Domain, int]  # slot of the variable, what it runs over, steps of one round
_PARTIAL = "partial"


def _for(compiler: Compiler, node: syntax.For, scope: Scope) -> Code:
    scope, loops = _loops(compiler, node.iterations, scope, node.result.cost)
    scope, (partial,) = compiler.bind(scope, _PARTIAL)
    result = compiler.compile(node.result, scope)
    sees_partial = partial in compiler.used

    def run(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        for inside in _rounds(frame, loops, 0):
            if inside is None:
                return None
            if sees_partial:
                frame.meter.charge(len(results))
                inside.locals[partial] = list(results)
            results.append(result(inside))
        return results

    return run


def _quantified(compiler: Compiler, node: syntax.Quantified, scope: Scope) -> Code:
    scope, loops = _loops(compiler, node.iterations, scope, node.condition.cost)
    condition = compiler.compile(node.condition, scope)
    decided = node.some

    def run(frame: Frame) -> bool | None:
        unknown = False
        for inside in _rounds(frame, loops, 0):
            value: object = None if inside is None else condition(inside)
            if value is decided:
                return decided
            unknown = unknown or value.__class__ is not bool
        return None if unknown else not decided

    return run


def _loops(
    compiler: Compiler, iterations: tuple[syntax.Iteration, ...], scope: Scope, cost: int
) -> tuple[Scope, list[_Loop]]:
    loops: list[_Loop] = []
    for index, iteration in enumerate(iterations):
        following = iterations[index + 1].cost if index + 1 < len(iterations) else cost
        domain = _domain(compiler, iteration, scope)
        scope, (slot,) = compiler.bind(scope, iteration.name)
        loops.append((slot, domain, following + 2))
    return scope, loops


def _rounds(frame: Frame, loops: list[_Loop], index: int) -> Iterator[Frame | None]:
    """One frame for each round; None where there is nothing to run over."""
    if index == len(loops):
        yield frame
        return
    slot, domain, cost = loops[index]
    values = domain(frame)
    if values is None:
        yield None
        return
    for value in values:
        frame.meter.charge(cost)
        yield from _rounds(frame.bind(slot, value), loops, index + 1)


def _domain(compiler: Compiler, iteration: syntax.Iteration, scope: Scope) -> _Domain:
    start = compiler.compile(iteration.start, scope)
    if iteration.end is None:
        return lambda frame: _elements(start(frame))
    end = compiler.compile(iteration.end, scope)
    return lambda frame: _steps(start(frame), end(frame))


def _elements(value: Any) -> Iterable[Any] | None:
    if value.__class__ is Range:
        return _steps_within(value)
    if value is None or value.__class__ is list:
        return value
    return [value]


def _steps(start: Any, end: Any) -> Iterator[Any] | None:
    """Whole numbers or dates from one to the other, upwards or downwards."""
    if start.__class__ is date and end.__class__ is date:
        days = (end - start).days
        return (start + timedelta(days=day) for day in _counting(0, days))
    first, last = whole(start), whole(end)
    if first is None or last is None:
        return None
    return (Decimal(number) for number in _counting(first, last))


def _counting(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _steps_within(value: Range) -> Iterator[Any] | None:
    steps = _steps(value.start, value.end)
    if steps is None or value.equals is not None:
        return None
    excluded = {
        end
        for end, included in ((value.start, value.start_included), (value.end, value.end_included))
        if not included
    }
    return (step for step in steps if step not in excluded)


def _filter(compiler: Compiler, node: syntax.Filter, scope: Scope) -> Code:
    source = compiler.compile(node.source, scope)
    if isinstance(node.condition, syntax.Literal) and isinstance(node.condition.value, Decimal):
        position = node.condition.value
        return lambda frame: _at(_as_list(source(frame)), position)
    slot = compiler.slots.take()
    inner = Scope(scope, {"item": slot}, slot)
    condition = compiler.compile(node.condition, inner)
    cost = node.condition.cost

    def run(frame: Frame) -> Any:
        elements = _as_list(source(frame))
        if not elements:
            position = condition(frame.bind(slot, None))
            return None if position.__class__ is Decimal else []
        kept = []
        for element in elements:
            frame.meter.charge(cost)
            result = condition(frame.bind(slot, element))
            if result is True:
                kept.append(element)
            elif result.__class__ is Decimal:
                return _at(elements, result)
        return kept

    return run


def _as_list(value: Any) -> list[Any]:
    if value.__class__ is list:
        return value
    return [] if value is None else [value]


def _at(elements: list[Any], position: Decimal) -> Any:
    """The element at a position, from 1 on or from -1 backwards; null where there is none."""
    number = whole(position)
    if number is None or number == 0 or abs(number) > len(elements):
        return None
    return elements[number - 1 if number > 0 else number]


def _path(compiler: Compiler, node: syntax.Path, scope: Scope) -> Code:
    source = compiler.compile(node.source, scope)
    name = node.name

    def path(frame: Frame) -> Any:
        value = source(frame)
        if value.__class__ is dict:
            return value.get(name)
        if value.__class__ is list:
            frame.meter.charge(len(value))
            return [_entry(each, name) for each in value]
        return property_of(value, name)

    return path


def _entry(value: Any, name: str) -> Any:
    return value.get(name) if value.__class__ is dict else property_of(value, name)


PARTS: Parts = {
    syntax.For: _for,
    syntax.Quantified: _quantified,
    syntax.Filter: _filter,
    syntax.Path: _path,
}
