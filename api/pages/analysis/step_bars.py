"""Waiting, handling and paused of each step as one bar, with the step's limit as a tick.

Bars show means, because means of parts add up to the mean of the whole; medians do not. All bars
of a page share one scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.queues.step_times import StepTimes, Times

_ROOM = 1.02  # of the longest: so that its end is seen
_HIDDEN = 0.15  # per cent of the width: thinner parts are not drawn


@dataclass(frozen=True, slots=True)
class BarPart:
    """A part of a bar. x, width: per cent. kind: waiting | handling | paused."""

    kind: str
    x: float
    width: float
    mean_ws: int


@dataclass(frozen=True, slots=True)
class StepBar:
    """The bar of one step. limit_x: where the tick stands, None without one on the scale."""

    step: StepTimes
    parts: tuple[BarPart, ...]
    limit_x: float | None
    mean_ws: int
    over: bool


def step_bars(steps: Sequence[StepTimes]) -> tuple[StepBar, ...]:
    """The bars, in the order given."""
    longest = max((_whole(step) for step in steps), default=0)
    limits = [step.limit_ws for step in steps if step.limit_ws and step.limit_ws <= 3 * longest]
    scale = max([longest, *limits, 1]) * _ROOM
    return tuple(_bar(step, scale) for step in steps)


def mean_ws(times: Times) -> int:
    """The mean in whole working seconds, 0 where nothing is known."""
    return times.sum_ws // times.n if times.n else 0


def _means(step: StepTimes) -> dict[str, int]:
    return {
        "waiting": mean_ws(step.waiting),
        "handling": mean_ws(step.handling),
        "paused": mean_ws(step.paused),
    }


def _whole(step: StepTimes) -> int:
    return sum(_means(step).values())


def _bar(step: StepTimes, scale: float) -> StepBar:
    parts, x = [], 0.0
    for kind, seconds in _means(step).items():
        width = 100 * seconds / scale
        if width > _HIDDEN:
            parts.append(BarPart(kind, round(x, 3), round(width, 3), seconds))
            x += width
    limit = step.limit_ws
    tick = 100 * limit / scale if limit else None
    counted = mean_ws(step.waiting) + mean_ws(step.handling)
    return StepBar(
        step,
        tuple(parts),
        None if tick is None or tick > 100 else round(tick, 3),  # noqa: PLR2004  # per cent
        _whole(step),
        bool(limit and counted > limit),
    )
