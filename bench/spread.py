"""Figures of several passes as their median and their range."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, lowest and highest of `passes` passes."""

    median: float
    low: float
    high: float
    passes: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        found = sorted(values)
        return cls(median(found), found[0], found[-1], len(found))

    def __str__(self) -> str:
        if self.low == self.high:
            return shown(self.median)
        return f"{shown(self.median)} ({shown(self.low)}-{shown(self.high)})"

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def spreads(passes: Sequence[Mapping[str, float]]) -> dict[str, Spread]:
    """One spread for each figure; every pass has the same figures."""
    return {name: Spread.of(each[name] for each in passes) for name in passes[0]}


def quantile(values: Sequence[float], share: float) -> float:
    """Element ceil(n q) of the sorted values."""
    return sorted(values)[max(0, ceil(len(values) * share) - 1)]


def shown(value: float) -> str:
    """A figure with about three digits that mean something."""
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
