"""The time of a step shared out among its tasks.

The one-stop software counted deadlines by steps only; the times of tasks were a plan. Here
each task is a step with a limit of its own, so the limits of a step's tasks must add up to
the step's time: 2 days of [0, 1] become [1, 1], 1 day of [0, 6, 1] becomes [0, 0.75, 0.25].
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

_UNITS = (Decimal("0.25"), Decimal("0.05"), Decimal("0.01"))  # two hours first: offices plan so


def shared(total: Decimal, times: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Limits that add up to the total. times: what the tasks state; 0 = nothing stated.

    Times that fit are kept. What is left over goes to the tasks that state nothing, in equal
    shares, else to the longest one. Times that are too long shrink in proportion.
    """
    stated = sum(times, Decimal(0))
    if not times or stated == total:
        return tuple(times)
    if stated > total:
        return _portions(total, times)
    unstated = [number for number, time in enumerate(times) if time == 0]
    limits = list(times)
    if unstated:
        shares = _portions(total - stated, [Decimal(1)] * len(unstated))
        for number, share in zip(unstated, shares, strict=True):
            limits[number] = share
    else:
        limits[limits.index(max(limits))] += total - stated
    return tuple(limits)


def _portions(total: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """The total in portions as the weights, in the largest unit that gives everyone something."""
    whole = sum(weights)
    heavy = sum(weight > 0 for weight in weights)
    if total == 0 or whole == 0:
        return (Decimal(0),) * len(weights)
    fitting = [unit for unit in _UNITS if total % unit == 0 and total / unit >= heavy]
    unit = fitting[0] if fitting else _UNITS[-1]
    units = int(total / unit)
    exact = [units * weight / whole for weight in weights]
    parts = [int(part.to_integral_value(ROUND_DOWN)) for part in exact]
    least = 1 if units >= heavy else 0
    parts = [max(part, least) if w > 0 else 0 for part, w in zip(parts, weights, strict=True)]
    while sum(parts) != units:
        step = 1 if sum(parts) < units else -1
        gaps = [
            (step * (exact[n] - parts[n]), -n)
            for n in range(len(parts))
            if weights[n] > 0 and parts[n] + step >= least
        ]
        parts[-max(gaps)[1]] += step
    return tuple(part * unit for part in parts)
