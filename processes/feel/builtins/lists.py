"""Functions of lists (DMN 1.3, 10.3.4.4), and `sort`."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from processes.feel import comparison, limits
from processes.feel.arithmetic import CONTEXT, ZERO, whole
from processes.feel.builtins.registry import builtin, gathering, repeating
from processes.feel.meter import Meter
from processes.feel.values import FeelFunction

_List = list[Any]
_TWO = 2  # arguments of the functions that compare


@builtin("list contains", "list: list", "element: any")
def list_contains(meter: Meter, elements: _List, element: Any) -> bool:
    return any(comparison.equal(each, element, meter) is True for each in elements)


@builtin("count", "list: list")
def count(_meter: Meter, elements: _List) -> Decimal:
    return Decimal(len(elements))


@gathering("min")
def minimum(_meter: Meter, elements: _List) -> Any:
    return _furthest(elements, comparison.less)


@gathering("max")
def maximum(_meter: Meter, elements: _List) -> Any:
    return _furthest(elements, comparison.greater)


def _furthest(elements: _List, beats: Callable[[Any, Any], bool | None]) -> Any:
    best = elements[0] if elements else None
    for each in elements:
        further = beats(each, best)
        if further is None:
            return None
        best = each if further else best
    return best


@gathering("sum")
def total(_meter: Meter, elements: _List) -> Decimal | None:
    return _folded(elements, CONTEXT.add)


@gathering("product")
def product(_meter: Meter, elements: _List) -> Decimal | None:
    return _folded(elements, CONTEXT.multiply)


@gathering("mean")
def mean(_meter: Meter, elements: _List) -> Decimal | None:
    added = _folded(elements, CONTEXT.add)
    return None if added is None else CONTEXT.divide(added, Decimal(len(elements)))


@gathering("median")
def median(_meter: Meter, elements: _List) -> Decimal | None:
    if not elements or not _all_numbers(elements):
        return None
    ordered = sorted(elements)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    if len(ordered) % 2:
        return Decimal(low)
    return CONTEXT.divide(CONTEXT.add(low, high), Decimal(2))


@gathering("stddev")
def standard_deviation(_meter: Meter, elements: _List) -> Decimal | None:
    """Of a sample: the divisor is one less than the number of elements."""
    if len(elements) < 2 or not _all_numbers(elements):  # noqa: PLR2004 - one has no deviation
        return None
    size = Decimal(len(elements))
    middle = CONTEXT.divide(_sum(elements), size)
    squares = (CONTEXT.power(CONTEXT.subtract(each, middle), Decimal(2)) for each in elements)
    return CONTEXT.sqrt(CONTEXT.divide(_sum(squares), CONTEXT.subtract(size, Decimal(1))))


@gathering("mode")
def mode(_meter: Meter, elements: _List) -> _List | None:
    if not _all_numbers(elements):
        return None
    times: dict[Decimal, int] = {}
    for each in elements:
        times[each] = times.get(each, 0) + 1
    most = max(times.values(), default=0)
    return sorted(each for each, number in times.items() if number == most)


@gathering("all")
def every(_meter: Meter, elements: _List) -> bool | None:
    if any(each is False for each in elements):
        return False
    return True if all(each is True for each in elements) else None


@gathering("any")
def some(_meter: Meter, elements: _List) -> bool | None:
    if any(each is True for each in elements):
        return True
    return False if all(each is False for each in elements) else None


@builtin("sublist", "list: list", "start position: number", "length?: number")
def sublist(
    _meter: Meter, elements: _List, start: Decimal, length: Decimal | None = None
) -> _List | None:
    first = _index(elements, start)
    if first is None:
        return None
    if length is None:
        return elements[first:]
    number = whole(length)
    if number is None or number < 0 or first + number > len(elements):
        return None
    return elements[first : first + number]


@repeating("append", "list: list", "item: any")
def append(meter: Meter, *arguments: Any) -> _List | None:
    start, *items = arguments
    if start is None:
        return None
    meter.charge(len(items))
    return [*(start if start.__class__ is list else [start]), *items]


@repeating("concatenate", "list: list")
def concatenate(meter: Meter, *lists: Any) -> _List | None:
    if any(each is None for each in lists):
        return None
    joined: _List = []
    for each in lists:
        joined.extend(each if each.__class__ is list else [each])
    meter.charge(len(joined))
    return joined


@repeating("union", "list: list")
def union(meter: Meter, *lists: Any) -> _List | None:
    joined = concatenate(meter, *lists)
    return None if joined is None else distinct_values(meter, joined)


@builtin("insert before", "list: list", "position: number", "newItem: any")
def insert_before(_meter: Meter, elements: _List, position: Decimal, item: Any) -> _List | None:
    index = _index(elements, position)
    return None if index is None else [*elements[:index], item, *elements[index:]]


@builtin("remove", "list: list", "position: number")
def remove(_meter: Meter, elements: _List, position: Decimal) -> _List | None:
    index = _index(elements, position)
    return None if index is None else [*elements[:index], *elements[index + 1 :]]


@builtin("list replace", "list: list", "position: number", "newItem: any")
def replace_at(_meter: Meter, elements: _List, position: Decimal, item: Any) -> _List | None:
    index = _index(elements, position)
    return None if index is None else [*elements[:index], item, *elements[index + 1 :]]


@builtin("list replace", "list: list", "match: function", "newItem: any")
def replace_matching(meter: Meter, elements: _List, match: FeelFunction, item: Any) -> _List | None:
    if len(match.parameters) != _TWO:
        return None
    replaced = []
    for each in elements:
        fits = match.run(meter, each, item)
        if fits.__class__ is not bool:
            return None
        replaced.append(item if fits else each)
    return replaced


@builtin("reverse", "list: list")
def reverse(_meter: Meter, elements: _List) -> _List:
    return elements[::-1]


@builtin("index of", "list: list", "match: any")
def index_of(meter: Meter, elements: _List, match: Any) -> _List:
    return [
        Decimal(index)
        for index, each in enumerate(elements, start=1)
        if comparison.equal(each, match, meter) is True
    ]


@builtin("distinct values", "list: list")
def distinct_values(meter: Meter, elements: _List) -> _List:
    seen: _List = []
    plain: set[tuple[type, Any]] = set()
    compound: _List = []
    for each in elements:
        if each is None or each.__class__ in comparison.PLAIN:
            if (each.__class__, each) in plain:
                continue
            plain.add((each.__class__, each))
        else:
            meter.charge(len(compound))
            if any(comparison.equal(each, other, meter) is True for other in compound):
                continue
            compound.append(each)
        seen.append(each)
    return seen


@builtin("flatten", "list: list")
def flatten(meter: Meter, elements: _List) -> _List:
    flat: _List = []
    _flatten_into(flat, elements, meter, 0)
    return flat


def _flatten_into(flat: _List, elements: _List, meter: Meter, depth: int) -> None:
    if depth > limits.VALUE_DEPTH:
        meter.too_deep()
    meter.charge(len(elements))
    for each in elements:
        if each.__class__ is list:
            _flatten_into(flat, each, meter, depth + 1)
        else:
            flat.append(each)


@builtin("sort", "list: list", "precedes: function")
def sort(meter: Meter, elements: _List, precedes: FeelFunction) -> _List | None:
    """Stable; `precedes(x, y)` says whether x comes before y."""
    if len(precedes.parameters) != _TWO:
        return None

    def compare(left: Any, right: Any) -> int:
        if precedes.run(meter, left, right) is True:
            return -1
        return 1 if precedes.run(meter, right, left) is True else 0

    return sorted(elements, key=cmp_to_key(compare))


def _index(elements: _List, position: Decimal) -> int | None:
    """The index of a position: from 1 on, or from -1 backwards."""
    number = whole(position)
    if number is None or number == 0 or abs(number) > len(elements):
        return None
    return number - 1 if number > 0 else len(elements) + number


def _folded(elements: _List, combine: Callable[[Decimal, Decimal], Decimal]) -> Decimal | None:
    if not elements or not _all_numbers(elements):
        return None
    result: Decimal = elements[0]
    for each in elements[1:]:
        result = combine(result, each)
    return result


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    added = ZERO
    for each in numbers:
        added = CONTEXT.add(added, each)
    return added


def _all_numbers(elements: _List) -> bool:
    return all(each.__class__ is Decimal for each in elements)
