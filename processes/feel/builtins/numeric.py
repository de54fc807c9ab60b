"""Functions of numbers (DMN 1.3, 10.3.4.5)."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from processes.feel.arithmetic import CONTEXT, ONE, ZERO
from processes.feel.builtins.registry import builtin
from processes.feel.meter import Meter
from processes.feel.temporal_arithmetic import negate
from processes.feel.values import YearsMonths

_WIDEST_SCALE = 6176  # of decimal128
_TWO = Decimal(2)


def _rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal | None:
    places = ZERO if scale is None else scale.to_integral_value(ROUND_DOWN)
    if not -_WIDEST_SCALE < places < _WIDEST_SCALE:
        return None
    step = ONE.scaleb(-int(places), CONTEXT)
    if number.is_zero() or number.as_tuple().exponent >= -int(places):  # type: ignore[operator]  # finite
        return number
    return number.quantize(step, rounding, CONTEXT)


@builtin("decimal", "n: number", "scale: number")
def decimal(_meter: Meter, number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_HALF_EVEN)


@builtin("floor", "n: number", "scale?: number")
def floor(_meter: Meter, number: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return _rounded(number, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number", "scale?: number")
def ceiling(_meter: Meter, number: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return _rounded(number, scale, ROUND_CEILING)


@builtin("round up", "n: number", "scale: number")
def round_up(_meter: Meter, number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_UP)


@builtin("round down", "n: number", "scale: number")
def round_down(_meter: Meter, number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_DOWN)


@builtin("round half up", "n: number", "scale: number")
def round_half_up(_meter: Meter, number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale: number")
def round_half_down(_meter: Meter, number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number")
def absolute(_meter: Meter, number: Decimal) -> Decimal:
    return CONTEXT.abs(number)


@builtin("abs", "n: duration")
def absolute_duration(_meter: Meter, duration: object) -> object:
    zero = YearsMonths(0) if isinstance(duration, YearsMonths) else type(duration)()
    return negate(duration) if duration < zero else duration  # type: ignore[operator]  # its own kind


@builtin("modulo", "dividend: number", "divisor: number")
def modulo(_meter: Meter, dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the sign of the divisor."""
    rest = CONTEXT.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = CONTEXT.add(rest, divisor)
    return rest


@builtin("sqrt", "number: number")
def square_root(_meter: Meter, number: Decimal) -> Decimal:
    return CONTEXT.sqrt(number)


@builtin("log", "number: number")
def logarithm(_meter: Meter, number: Decimal) -> Decimal | None:
    return CONTEXT.ln(number) if number > 0 else None


@builtin("exp", "number: number")
def exponential(_meter: Meter, number: Decimal) -> Decimal:
    return CONTEXT.exp(number)


@builtin("odd", "number: number")
def odd(_meter: Meter, number: Decimal) -> bool | None:
    return _leaves(number, ONE)


@builtin("even", "number: number")
def even(_meter: Meter, number: Decimal) -> bool | None:
    return _leaves(number, ZERO)


def _leaves(number: Decimal, rest: Decimal) -> bool | None:
    if number != number.to_integral_value():
        return None  # a broken number is neither odd nor even
    return abs(CONTEXT.remainder(number, _TWO)) == rest
