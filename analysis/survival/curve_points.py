"""The curve of how long dossiers take as a table, for who draws it elsewhere."""

from dataclasses import dataclass

from analysis.survival.kaplan_meier import SurvivalCurve

MOST = 200
"""Points at most; a curve of more times is told at evenly spaced ones of them."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """done: the share that is over by lasted_ws, between low and high (95 %).

    at_risk: how many were still watched just before it.
    """

    lasted_ws: int
    done: float
    low: float
    high: float
    at_risk: int


def points(curve: SurvivalCurve, most: int = MOST) -> tuple[CurvePoint, ...]:
    """The curve at the times at which anything ended, the last one included."""
    if not len(curve.times):
        return ()
    n = len(curve.times)
    chosen = (
        range(n) if n <= most else sorted({round(k * (n - 1) / (most - 1)) for k in range(most)})
    )
    return tuple(_point(curve, place) for place in chosen)


def _point(curve: SurvivalCurve, place: int) -> CurvePoint:
    lasted = int(curve.times[place])
    lasts = curve.interval(lasted)
    return CurvePoint(
        lasted, curve.met(lasted), 1 - lasts.high, 1 - lasts.low, int(curve.at_risk[place])
    )
