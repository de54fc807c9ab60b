"""Quantiles of measured values, by the two definitions in use, and never mixed up.

`nearest_rank` is the product's own: element number ceil(n q), a value that really occurred.
`interpolated` is that of spreadsheets and of most process mining tools.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

_WHOLE = 100


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """Element ceil(n * percent / 100) of ordered values, counted from 1.

    >>> nearest_rank([10, 20, 30, 40], 50)
    20
    """
    _check(ordered, percent)
    return ordered[(len(ordered) * percent + 99) // 100 - 1]


def interpolated(ordered: Sequence[int], percent: int) -> float:
    """The value at rank 1 + (n - 1) * percent / 100, on a line between its neighbours.

    >>> interpolated([10, 20, 30, 40], 50)
    25.0
    """
    _check(ordered, percent)
    below, hundredths = divmod((len(ordered) - 1) * percent, 100)
    if hundredths == 0:
        return float(ordered[below])
    return ordered[below] + (ordered[below + 1] - ordered[below]) * hundredths / 100


@dataclass(frozen=True, slots=True)
class Spread:
    """How measured durations spread, in seconds.

    median, p80, p95: interpolated; the `_rank` ones are nearest-rank.
    """

    n: int
    mean: float
    median: float
    p80: float
    p95: float
    max: float
    sum: float
    median_rank: float
    p80_rank: float
    p95_rank: float

    @classmethod
    def of(cls, durations_us: Sequence[int]) -> Self | None:
        """The spread of durations in microseconds, None where there are none."""
        if not durations_us:
            return None
        ordered, n = sorted(durations_us), len(durations_us)
        total = sum(ordered)
        return cls(
            n,
            total / n / 1e6,
            interpolated(ordered, 50) / 1e6,
            interpolated(ordered, 80) / 1e6,
            interpolated(ordered, 95) / 1e6,
            ordered[-1] / 1e6,
            total / 1e6,
            nearest_rank(ordered, 50) / 1e6,
            nearest_rank(ordered, 80) / 1e6,
            nearest_rank(ordered, 95) / 1e6,
        )

    def to_data(self) -> dict[str, Any]:
        """Plain data; the nearest-rank quantiles stand apart under their name."""
        return {
            "n": self.n,
            "mean": self.mean,
            "median": self.median,
            "p80": self.p80,
            "p95": self.p95,
            "max": self.max,
            "sum": self.sum,
            "nearest_rank": {
                "median": self.median_rank,
                "p80": self.p80_rank,
                "p95": self.p95_rank,
            },
        }


def _check(ordered: Sequence[int], percent: int) -> None:
    assert ordered, "nothing has no quantile"
    assert 1 <= percent <= _WHOLE, f"{percent} is not a percentage"
