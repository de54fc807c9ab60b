"""The values of the language, each a Python value.

number: Decimal; string: str; boolean: bool; null: None; list: list; context: dict with string keys;
date, time, date and time: the classes of `datetime`; days and time duration: timedelta;
years and months duration: YearsMonths; range: Range; function: FeelFunction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration in whole months (years are twelve of them); may be negative."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two ends; a missing end (None) is no bound on that side.

    equals: set for the test "= value" (True) and "!= value" (False); the value is `start` then.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    equals: bool | None = None


@dataclass(frozen=True, slots=True)
class FeelFunction:
    """A function value: parameter names and what it does with the arguments in that order.

    depth: nesting of its body, counted when functions call each other; cost: nodes of its body.
    """

    parameters: tuple[str, ...]
    run: Callable[..., Any]
    name: str = "function"
    depth: int = 1
    cost: int = 1
