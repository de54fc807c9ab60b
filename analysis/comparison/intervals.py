"""Intervals in which a share or a quantile lies, so that few cases are seen to be few.

Share: Wilson (1927), the score interval; its ends stay between 0 and 1 and it needs no
correction at 0 or n. Difference of two shares: Newcombe (1998), method 10, out of two Wilson
intervals. Quantile: the ranks between which it lies, from the binomial distribution (David and
Nagaraja, Order Statistics, 7.1); nothing is assumed of the distribution.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt

from scipy.special import bdtr, ndtri

LEVEL = 0.95
"""How sure intervals are where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From low to high, both included."""

    low: float
    high: float

    def meets(self, other: "Interval") -> bool:
        """Whether the two have anything in common."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Ranks:
    """Ordered elements (from 1) between which a quantile lies.

    high is None where so few values have no upper bound of that confidence; low is None likewise.
    """

    low: int | None
    high: int | None


def normal_quantile(level: float) -> float:
    """Z of a two-sided interval.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(ndtri(0.5 + level / 2))


def wilson(part: int, whole: int, level: float = LEVEL) -> Interval:
    """The interval of a share; from 0 to 1 where there is nothing to divide by.

    >>> found = wilson(8, 10)
    >>> round(found.low, 4), round(found.high, 4)
    (0.4902, 0.9433)
    """
    assert 0 <= part <= whole, f"{part} of {whole} is no share"
    if whole == 0:
        return Interval(0.0, 1.0)
    z, p = normal_quantile(level), part / whole
    middle = p + z * z / (2 * whole)
    half = z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    low = 0.0 if part == 0 else (middle - half) / scale
    high = 1.0 if part == whole else (middle + half) / scale
    return Interval(low, high)


def newcombe(
    part_a: int, whole_a: int, part_b: int, whole_b: int, level: float = LEVEL
) -> Interval:
    """The interval of share a minus share b.

    >>> found = newcombe(56, 70, 48, 80)  # Newcombe 1998, table II (a)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    if whole_a == 0 or whole_b == 0:
        return Interval(-1.0, 1.0)
    p, q = part_a / whole_a, part_b / whole_b
    a, b = wilson(part_a, whole_a, level), wilson(part_b, whole_b, level)
    low = p - q - sqrt((p - a.low) ** 2 + (b.high - q) ** 2)
    high = p - q + sqrt((a.high - p) ** 2 + (q - b.low) ** 2)
    return Interval(max(low, -1.0), min(high, 1.0))


def quantile_ranks(n: int, share: float, level: float = LEVEL) -> Ranks:
    """Between which of n ordered values the quantile lies, at that confidence or a higher one.

    The quantile lies below element r with the chance that at least r of n values do: so each bound
    leaves out at most half of what the level allows.

    >>> quantile_ranks(100, 0.5)
    Ranks(low=40, high=61)
    >>> quantile_ranks(10, 0.95)  # no element lies above it surely enough
    Ranks(low=8, high=None)
    """
    assert 0 < share < 1, f"{share} is no share"
    spare = (1 - level) / 2
    low = _first_rank(n, lambda r: float(bdtr(r - 1, n, share)) > spare) - 1
    high = _first_rank(n, lambda r: float(bdtr(r - 1, n, share)) >= 1 - spare)
    return Ranks(low if low >= 1 else None, high if high <= n else None)


def _first_rank(n: int, holds: Callable[[int], bool]) -> int:
    """The first rank from 1 for which it holds, n + 1 where for none; once true it stays true."""
    low, high = 1, n + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def rank_of(n: int, share: float) -> int:
    """The element that is the quantile: ceil(n share), from 1.

    >>> rank_of(100, 0.95)
    95
    """
    return max(1, ceil(n * share - 1e-9))
