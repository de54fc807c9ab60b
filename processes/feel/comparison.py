"""Equality, order and membership, three-valued: null where two values cannot be compared."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from processes.feel import limits
from processes.feel.meter import Meter
from processes.feel.values import Range, YearsMonths

PLAIN = frozenset({Decimal, str, bool, date, timedelta, YearsMonths})  # equal by Python's `==`
ORDERED = frozenset({Decimal, str, date, timedelta, YearsMonths})  # ordered by Python's `<`
_CLOCKED = (datetime, time)


def equal(left: Any, right: Any, meter: Meter, depth: int = 0) -> bool | None:
    """`=`: null for values of different kinds, false for null and anything else."""
    if left is None or right is None:
        return left is right
    kind = left.__class__
    if kind is not right.__class__:
        return None
    if kind in PLAIN:
        return bool(left == right)
    if kind in _CLOCKED:
        return _same_moment(left, right)
    if depth > limits.VALUE_DEPTH:
        meter.too_deep()
    compare = _COMPOUND.get(kind)
    return left is right if compare is None else compare(left, right, meter, depth)


def not_equal(left: Any, right: Any, meter: Meter) -> bool | None:
    result = equal(left, right, meter)
    return None if result is None else not result


def less(left: Any, right: Any) -> bool | None:
    """`<`: null for values that have no order between them."""
    kind = left.__class__
    if kind is not right.__class__:
        return None
    if kind in ORDERED:
        return bool(left < right)
    if kind in _CLOCKED and _offset(left) == _offset(right) is None:
        return bool(left < right) if _zone(left) == _zone(right) else None
    if kind in _CLOCKED and _offset(left) is not None and _offset(right) is not None:
        return bool(left < right)
    return None


def less_or_equal(left: Any, right: Any) -> bool | None:
    greater = less(right, left)
    return None if greater is None else not greater


def greater(left: Any, right: Any) -> bool | None:
    return less(right, left)


def greater_or_equal(left: Any, right: Any) -> bool | None:
    return less_or_equal(right, left)


def in_range(value: Any, within: Range, meter: Meter) -> bool | None:
    """Whether a value lies within a range; null where it cannot be compared with the ends."""
    if within.equals is not None:
        same = equal(value, within.start, meter)
        return same if within.equals or same is None else not same
    from_start: bool | None = True
    if within.start is not None:
        test = less_or_equal if within.start_included else less
        from_start = test(within.start, value)
    if from_start is False:
        return False
    to_end: bool | None = True
    if within.end is not None:
        test = less_or_equal if within.end_included else less
        to_end = test(value, within.end)
    if to_end is False:
        return False
    return None if from_start is None or to_end is None else True


def satisfies(value: Any, test: Any, meter: Meter) -> bool | None:
    """`value in test`: within a range, among the elements of a list, or equal."""
    if test.__class__ is Range and value.__class__ is not Range:
        return in_range(value, test, meter)
    if test.__class__ is not list:
        return equal(value, test, meter)
    if value.__class__ is list and equal(value, test, meter) is True:
        return True
    unknown = False
    for each in test:
        meter.charge(1)
        within = each.__class__ is Range and value.__class__ is not Range
        result = in_range(value, each, meter) if within else equal(value, each, meter)
        if result is True:
            return True
        unknown = unknown or result is None
    return None if unknown else False


def _equal_lists(left: list[Any], right: list[Any], meter: Meter, depth: int) -> bool | None:
    if len(left) != len(right):
        return False
    meter.charge(limits.STEPS_PER_COMPOUND + len(left))
    return _all_equal(list(zip(left, right, strict=True)), meter, depth)


def _equal_contexts(
    left: dict[str, Any], right: dict[str, Any], meter: Meter, depth: int
) -> bool | None:
    if left.keys() != right.keys():
        return False
    meter.charge(limits.STEPS_PER_COMPOUND + len(left))
    return _all_equal([(value, right[key]) for key, value in left.items()], meter, depth)


def _equal_ranges(left: Range, right: Range, meter: Meter, depth: int) -> bool | None:
    if (left.start_included, left.end_included, left.equals) != (
        right.start_included,
        right.end_included,
        right.equals,
    ):
        return False
    return _all_equal([(left.start, right.start), (left.end, right.end)], meter, depth)


def _all_equal(pairs: list[tuple[Any, Any]], meter: Meter, depth: int) -> bool | None:
    unknown = False
    for left, right in pairs:
        result = equal(left, right, meter, depth + 1)
        if result is False:
            return False
        unknown = unknown or result is None
    return None if unknown else True


def _same_moment(left: Any, right: Any) -> bool:
    if _offset(left) is None and _offset(right) is None:
        return bool(left == right) and _zone(left) == _zone(right)
    return bool(left == right)


def _offset(value: datetime | time) -> timedelta | None:
    return value.utcoffset()


def _zone(value: datetime | time) -> str | None:
    return None if value.tzinfo is None else str(value.tzinfo)


_COMPOUND: dict[type, Callable[[Any, Any, Meter, int], bool | None]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
}
