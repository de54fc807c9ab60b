"""Whether forecasts come true: of those said to be late with 30 %, are 30 of 100 late?

The facts are rewound to earlier moments; what was open then is forecast from what was known then,
and what became of it is looked up. Brier score: mean square of forecast minus outcome (Brier 1950).
Reliability table: the forecasts in ten equal parts of their order, said against happened.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.survival.history import History, Runs, StepKey, history
from analysis.survival.kaplan_meier import Flags, Real
from analysis.survival.late_risk import late_risk, open_of
from analysis.survival.rewound import rewound
from engine.risk.outlook import ENOUGH, Past

PARTS = 10
_KEPT_RUNS = 1_000  # of a step, as the engine keeps them


@dataclass(frozen=True, slots=True)
class Part:
    """One tenth of the forecasts, of n: said is their mean, happened the share that was late."""

    n: int
    low: float
    high: float
    said: float
    happened: float
    interval: Interval

    @property
    def gap(self) -> float:
        return abs(self.said - self.happened)


@dataclass(frozen=True, slots=True)
class Calibration:
    """brier: of the forecasts; base: of saying the same share of all. unknown: what became of so
    many cannot be told yet. unsaid: for so many nothing was forecast.
    """

    n: int
    brier: float | None
    base: float | None
    parts: tuple[Part, ...]
    unknown: int = 0
    unsaid: int = 0

    @property
    def worst_gap(self) -> float | None:
        """The largest distance of said and happened in any tenth."""
        return max((part.gap for part in self.parts), default=None)


Forecast = Callable[[Facts, History], Callable[[StepKey, Runs], Real]]
"""Learns from facts; then says of open runs of a step how likely each is late, NaN for unsaid."""


def calibrate(
    said: Real, late: Flags, *, parts: int = PARTS, unknown: int = 0, unsaid: int = 0
) -> Calibration:
    """Judge forecasts by what happened; equal forecasts may be divided between two parts."""
    n = len(said)
    if n == 0:
        return Calibration(0, None, None, (), unknown, unsaid)
    happened = late.astype(np.float64)
    order = np.argsort(said, kind="stable")
    cut = [part for part in np.array_split(order, parts) if len(part)]
    share = float(happened.mean())
    return Calibration(
        n=n,
        brier=float(((said - happened) ** 2).mean()),
        base=share * (1 - share),
        parts=tuple(_part(said[part], happened[part]) for part in cut),
        unknown=unknown,
        unsaid=unsaid,
    )


def judge(facts: Facts, moments: Iterable[int], forecast: Forecast) -> Calibration:
    """Forecast at each of the moments (microseconds) what was open then, and look what became of
    it. Dossiers past their limit by then are no forecast and are left out.
    """
    became = history(facts).steps
    said: list[Real] = []
    late: list[Flags] = []
    unknown = unsaid = 0
    for moment in moments:
        with rewound(facts, moment) as then:
            known = history(then)
            asked = forecast(then, known)
        for key, runs in known.steps.items():
            in_hand = open_of(runs)
            in_hand = in_hand.where(in_hand.own < in_hand.allowed)
            shares = asked(key, in_hand)
            over, told = _outcome(in_hand, became[key])
            silent = np.isnan(shares)
            unsaid += int(silent.sum())
            unknown += int((~told & ~silent).sum())
            said.append(shares[told & ~silent])
            late.append(over[told & ~silent])
    if not said:
        return Calibration(0, None, None, (), unknown, unsaid)
    return calibrate(np.concatenate(said), np.concatenate(late), unknown=unknown, unsaid=unsaid)


def _outcome(in_hand: Runs, became: Runs) -> tuple[Flags, Flags]:
    """Whether each was late in the end, and whether that is known by now."""
    places: Any = pc.index_in(in_hand.run_ids, value_set=became.run_ids.combine_chunks())
    at = pc.fill_null(places, -1).to_numpy().astype(np.int64)
    over = (at >= 0) & (became.rest[at] > in_hand.allowed)
    return over, over | ((at >= 0) & became.rest_ended[at])


def of_analysis(facts: Facts, known: History) -> Callable[[StepKey, Runs], Real]:
    """The forecast of `late_risk`."""
    past = late_risk(facts, known)
    return lambda key, runs: past.shares(key, runs)[0]


def of_engine(_facts: Facts, known: History) -> Callable[[StepKey, Runs], Real]:
    """The forecast that staff sees, learnt as the engine learns: finished dossiers, the last 1,000
    runs of each step.
    """
    pasts = {key: _past(runs) for key, runs in known.steps.items()}

    def shares(key: StepKey, runs: Runs) -> Real:
        past = pasts.get(key)
        if past is None or not past.enough:
            return np.full(runs.n, np.nan)
        asked = zip(runs.own.tolist(), runs.allowed.tolist(), strict=True)
        return np.array([past.late_share(age, allowed) for age, allowed in asked])

    return shares


def _past(runs: Runs) -> Past:
    """The last runs in the order in which their dossiers were finished."""
    whole = np.flatnonzero(runs.own_ended & runs.rest_ended)
    whole = whole[np.argsort(runs.over_us[whole], kind="stable")][-_KEPT_RUNS:]
    if len(whole) < ENOUGH:
        return Past(len(whole), (), ())
    own, rest = runs.own[whole], runs.rest[whole]
    return Past.of(own.tolist(), (rest - own).tolist())


def _part(said: Real, happened: Real) -> Part:
    late, n = int(happened.sum()), len(said)
    return Part(
        n,
        float(said.min()),
        float(said.max()),
        float(said.mean()),
        late / n,
        wilson(late, n),
    )
