"""The size of a result, counted before it is handed out."""

from decimal import Decimal
from types import NoneType
from typing import Any

from processes.feel import limits
from processes.feel.meter import Meter
from processes.feel.values import Range

SIMPLE = frozenset({bool, Decimal, str, NoneType})  # bounded by themselves


def measure(value: Any, meter: Meter) -> None:
    """Charge a result for all that is in it, so that no small expression makes a huge answer."""
    inside = [(value, 0)]
    while inside:
        each, depth = inside.pop()
        if depth > limits.VALUE_DEPTH:
            meter.too_deep()
        kind = each.__class__
        if kind is list:
            meter.charge(len(each))
            inside += [(element, depth + 1) for element in each]
        elif kind is dict:
            meter.charge(len(each))
            inside += [(entry, depth + 1) for entry in each.values()]
        elif kind is str:
            meter.charge(len(each) // limits.CHARACTERS_PER_STEP)
        elif kind is Range:
            inside += [(each.start, depth + 1), (each.end, depth + 1)]
