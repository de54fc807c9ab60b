"""Numbers of the language: decimals of 34 digits (IEEE 754 decimal128), and calculating with them.

What has no numeric result (division by zero, overflow, a wrong type) gives null, as the standard
says.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from processes.feel import limits, temporal_arithmetic
from processes.feel.values import YearsMonths

CONTEXT = Context(
    prec=limits.DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
ZERO = Decimal(0)
ONE = Decimal(1)
_DURATIONS = (YearsMonths, timedelta)


def round_to_digits(value: Decimal) -> Decimal:
    """The nearest number the language can hold; raises DecimalException when there is none."""
    return CONTEXT.plus(value)


def add(left: Any, right: Any) -> Any:
    """`+`: numbers, texts (put together), durations, moments and durations."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return _number(CONTEXT.add, left, right)
    if left.__class__ is str and right.__class__ is str:
        return left + right
    return temporal_arithmetic.add(left, right)


def subtract(left: Any, right: Any) -> Any:
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return _number(CONTEXT.subtract, left, right)
    return temporal_arithmetic.subtract(left, right)


def multiply(left: Any, right: Any) -> Any:
    """`*`: numbers, durations with numbers."""
    if left.__class__ is Decimal:
        if right.__class__ is Decimal:
            return _number(CONTEXT.multiply, left, right)
        left, right = right, left
    if left.__class__ in _DURATIONS and right.__class__ is Decimal:
        product = _number(CONTEXT.multiply, temporal_arithmetic.amount(left), right)
        return None if product is None else temporal_arithmetic.from_amount(left, product)
    return None


def divide(left: Any, right: Any) -> Any:
    """`/`: numbers, durations by numbers, durations by durations of the same kind."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return _number(CONTEXT.divide, left, right)
    if left.__class__ not in _DURATIONS:
        return None
    amount = temporal_arithmetic.amount(left)
    if right.__class__ is Decimal:
        quotient = _number(CONTEXT.divide, amount, right)
        return None if quotient is None else temporal_arithmetic.from_amount(left, quotient)
    if right.__class__ is left.__class__:
        return _number(CONTEXT.divide, amount, temporal_arithmetic.amount(right))
    return None


def power(left: Any, right: Any) -> Any:
    """`**` of numbers."""
    if left.__class__ is not Decimal or right.__class__ is not Decimal:
        return None
    return ONE if right == ZERO else _number(CONTEXT.power, left, right)


def negate(value: Any) -> Any:
    if value.__class__ is Decimal:
        return CONTEXT.minus(value)
    return temporal_arithmetic.negate(value)


def whole(value: Any) -> int | None:
    """A number as an int, None when it is broken or no number or too large to count with."""
    if value.__class__ is not Decimal or not -_COUNTABLE < value < _COUNTABLE:
        return None
    return int(value) if value == value.to_integral_value() else None


def _number(
    compute: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal | None:
    try:
        return compute(left, right)
    except DecimalException:
        return None


_COUNTABLE = Decimal(10) ** 18
