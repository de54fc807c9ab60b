"""One side of a comparison: which dossiers, and what is called a difference."""

from dataclasses import dataclass

from analysis.survival.observed import Picked


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared, under a name for people: a period, a version, a unit, or all of them."""

    name: str
    picked: Picked


@dataclass(frozen=True, slots=True)
class Gates:
    """What must hold before a difference is called one: with millions of rows every p is near 0.

    n: of each side at least. share: of on-time rates, 0.01 is one point. shift_ws: of durations,
    working seconds. p: after the correction for several tests.
    """

    n: int = 30
    share: float = 0.01
    shift_ws: int = 3600
    p: float = 0.05


USUAL = Gates()
