"""Kaplan-Meier: what share lasts longer than t, with those that are not over yet counted too.

S(t) = prod over ends t_j <= t of (1 - d_j / n_j), d_j ended at t_j of n_j that were at risk then
(Kaplan and Meier 1958). Who is still open, or left for another reason, is at risk up to where he
was last seen; who was first seen at an age is at risk from there on (left truncation). Variance:
Greenwood; interval on the log(-log S) scale (Kalbfleisch and Prentice), which stays within 0 and 1.
"""

from dataclasses import dataclass
from functools import cached_property
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.comparison.intervals import LEVEL, Interval, normal_quantile, wilson

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
_NEARLY_ONE = 1e-12


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """A step function: 1 before the first time, then `survival[j]` from `times[j]` on.

    n: how many were watched. ended: of how many the end was seen; the others are censored.
    times: rising, each the end of one at least, working seconds (or what was given).
    at_risk, ends: n_j and d_j. last: the longest time anybody was watched; nothing is known behind.
    """

    n: int
    ended: int
    times: Whole
    at_risk: Whole
    ends: Whole
    survival: Real
    last: int

    def at(self, t: int) -> float:
        """S(t): the share that lasts longer than t."""
        place = int(np.searchsorted(self.times, t, side="right"))
        return 1.0 if place == 0 else float(self.survival[place - 1])

    def many(self, t: Whole) -> Real:
        """S of many times."""
        places = np.searchsorted(self.times, t, side="right")
        return np.concatenate(([1.0], self.survival))[places]

    def met(self, t: int) -> float:
        """F(t) = 1 - S(t): the share that is over by t."""
        return 1.0 - self.at(t)

    def variance(self, t: int) -> float:
        """Greenwood's: S(t)^2 sum of d / (n (n - d)); 0 where S is 0 or 1."""
        place = int(np.searchsorted(self.times, t, side="right"))
        survival = self.at(t)
        if place == 0 or survival <= _NEARLY_ONE:
            return 0.0
        return survival * survival * float(self._greenwood[place - 1])

    def interval(self, t: int, level: float = LEVEL) -> Interval:
        """In which S(t) lies.

        Greenwood's variance is 0 where S is 1 or 0. So before the first end it is Wilson's of those
        at risk up to there, and where all ended, what it was before they had: S only falls.
        """
        survival = self.at(t)
        place = int(np.searchsorted(self.times, t, side="right"))
        if not len(self.times):
            return Interval(0.0, 1.0)
        if place == 0:
            return Interval(wilson(*self._first_at_risk, level).low, 1.0)
        if survival <= _NEARLY_ONE:
            return Interval(0.0, self._before_the_last(place, level))
        spread = normal_quantile(level) * sqrt(float(self._greenwood[place - 1]))
        scale = exp(spread / abs(log(survival)))
        return Interval(survival**scale, survival ** (1 / scale))

    @property
    def _first_at_risk(self) -> tuple[int, int]:
        """Of those at risk at the first end, how many had lasted up to there: all of them."""
        at_risk = int(self.at_risk[0])
        return at_risk, at_risk

    def _before_the_last(self, place: int, level: float) -> float:
        """The upper bound at the last time at which S was above 0."""
        while place > 1 and self.survival[place - 1] <= _NEARLY_ONE:
            place -= 1
        if self.survival[place - 1] > _NEARLY_ONE:
            return self.interval(int(self.times[place - 1]), level).high
        return wilson(0, int(self.at_risk[0]), level).high

    def quantile(self, share: float) -> int | None:
        """The first time by which so large a share is over; None where too few ended to say."""
        over = np.flatnonzero(1.0 - self.survival >= share - _NEARLY_ONE)
        return int(self.times[over[0]]) if len(over) else None

    def longer_than(self, age: int, t: int) -> float | None:
        """P(T > t | T > age); None where nobody is known to have lasted that long."""
        lasted = self.at(age)
        return None if lasted <= _NEARLY_ONE else self.at(max(age, t)) / lasted

    @cached_property
    def _greenwood(self) -> Real:
        left = (self.at_risk - self.ends).astype(np.float64)
        with np.errstate(divide="ignore"):
            parts = np.where(left > 0, self.ends / (self.at_risk * left), 0.0)
        return np.cumsum(parts)


def kaplan_meier(lasted: Whole, ended: Flags, entered: Whole | None = None) -> SurvivalCurve:
    """The curve of what was watched.

    lasted: until when each was watched. ended: whether it was over then; an end and a censoring at
    the same time count in this order. entered: from which age on each was watched, 0 where not
    given; who was not watched for any time is left out.
    """
    if entered is not None:
        watched = entered < lasted
        lasted, ended, entered = lasted[watched], ended[watched], entered[watched]
    ordered = np.sort(lasted)
    times, ends = np.unique(lasted[ended], return_counts=True)
    at_risk = len(ordered) - np.searchsorted(ordered, times, side="left")
    if entered is not None:  # who enters at an age is at risk behind it
        at_risk = at_risk - (len(entered) - np.searchsorted(np.sort(entered), times, side="left"))
    survival = np.cumprod(1.0 - ends / np.maximum(at_risk, 1))
    return SurvivalCurve(
        n=len(ordered),
        ended=int(ended.sum()),
        times=times.astype(np.int64),
        at_risk=at_risk.astype(np.int64),
        ends=ends.astype(np.int64),
        survival=survival.astype(np.float64),
        last=int(ordered[-1]) if len(ordered) else 0,
    )
