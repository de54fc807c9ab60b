"""How likely an open dossier is to pass its limit: P(T > L | T > a), by its current step.

Asked are the past runs of the same step that lay as long as this one has, and of these how many
had, counted from the beginning of the step, more to come than this dossier has left: Kaplan-Meier
of the rest, left-truncated at the age in the step, open ones counted as far as they have come.
Unlike the forecast that staff sees (engine/risk) it needs no independence of a step and what
follows it, and it knows the open ones; it costs more. So it judges and calibrates that one
(`analysis/survival/calibration.py`) and draws the reform team's list.
Fewer than 30 such runs: the answer is shrunk to that of the whole procedure, by n / 30.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.facts.facts import Facts
from analysis.survival.history import History, Runs, StepKey, history
from analysis.survival.kaplan_meier import Real, SurvivalCurve, Whole, kaplan_meier
from analysis.survival.observed import Picked, dossiers_watched

ENOUGH = 30
"""Of fewer runs the answer leans on the whole procedure's; of fewer dossiers there is none."""
LIKELY = 0.5
"""From this chance on a dossier is more likely than not to be late."""
_LANDMARKS = 24
_KEPT = 20_000  # of each step, of the latest
_PARTS, _PART = 16, 400  # into so many at most, of so many runs at least
_FEW = 10  # where fewer lasted so long, it is asked how those went on that lasted a little less


@dataclass(frozen=True, eq=False)
class _Tail:
    """A curve that is asked by age and by what is left.

    dependable: the age up to which ten at least were watched.
    """

    curve: SurvivalCurve
    dependable: int

    @classmethod
    def of(cls, curve: SurvivalCurve, lasted: Whole) -> "_Tail":
        few = min(_FEW, len(lasted))
        dependable = int(np.partition(lasted, len(lasted) - few)[len(lasted) - few]) if few else 0
        return cls(curve, max(dependable - 1, 0))

    def longer(self, ages: Whole, allowed: Whole) -> Real:
        """P(T > allowed | T > age); from the dependable age on, with the same left."""
        asked = np.minimum(ages, self.dependable)
        lasted = self.curve.many(asked)
        goes_on = self.curve.many(asked + np.maximum(allowed - ages, 0))
        share = np.divide(goes_on, lasted, out=np.ones_like(lasted), where=lasted > 0)
        return np.where(ages >= allowed, 1.0, share)


@dataclass(frozen=True, eq=False)
class _AtAge:
    """Of runs whose dossiers were about as old when they began: curves of the rest.

    landmarks: ages that the runs of each curve lay at least, rising from 0. numbers: of how many
    runs each is.
    """

    landmarks: Whole
    numbers: Whole
    tails: tuple[_Tail, ...]

    @classmethod
    def of(cls, runs: Runs) -> "_AtAge":
        """Runs whose own age is censored before a landmark do not tell whether they reached it."""
        even = np.arange(_LANDMARKS) / _LANDMARKS
        late = 1 - np.geomspace(1, ENOUGH / max(runs.n, ENOUGH), _LANDMARKS)
        ages = np.unique(np.quantile(runs.own, np.concatenate((even, late)), method="lower"))
        landmarks: list[int] = []
        numbers: list[int] = []
        tails: list[_Tail] = []
        for age in (-1, *ages.tolist()):
            lasted = runs.own > age
            number = int(lasted.sum())
            if landmarks and number < ENOUGH:
                break
            rest = runs.rest[lasted]
            landmarks.append(max(age, 0))
            numbers.append(number)
            tails.append(_Tail.of(kaplan_meier(rest, runs.rest_ended[lasted]), rest))
        return cls(np.array(landmarks), np.array(numbers), tuple(tails))

    def late_shares(self, ages: Whole, allowed: Whole) -> tuple[Real, Whole]:
        """Share and number of runs asked. ages: in the step; allowed: from its beginning.

        Between two landmarks the answer lies between theirs.
        """
        places = np.searchsorted(self.landmarks, ages, side="right") - 1
        after = np.minimum(places + 1, len(self.tails) - 1)
        apart = np.maximum(self.landmarks[after] - self.landmarks[places], 1)
        weight = np.where(after > places, (ages - self.landmarks[places]) / apart, 0.0)
        below, above = (self._asked(at, ages, allowed) for at in (places, after))
        return below + weight * (above - below), self.numbers[places]

    def _asked(self, places: Whole, ages: Whole, allowed: Whole) -> Real:
        shares = np.ones(len(ages))
        for place in np.unique(places):
            here = places == place
            shares[here] = self.tails[place].longer(ages[here], allowed[here])
        return shares


@dataclass(frozen=True, eq=False)
class StepOutlook:
    """Of one step. bounds: ages of dossiers at its beginning that part its runs, where there are
    many: a dossier that was slow before is likely to be slow again.
    """

    bounds: Whole
    parts: tuple[_AtAge, ...]

    @classmethod
    def of(cls, runs: Runs) -> "StepOutlook":
        runs = runs.latest(_KEPT)
        most = min(_PARTS, max(1, runs.n // _PART))
        cuts = np.quantile(runs.entry, np.arange(1, most) / most, method="lower")
        bounds = np.unique(cuts).astype(np.int64)
        place = np.searchsorted(bounds, runs.entry)
        if np.bincount(place, minlength=len(bounds) + 1).min() < _PART // 2:
            bounds, place = bounds[:0], np.zeros(runs.n, dtype=np.int64)
        parts = (runs.where(place == part) for part in range(len(bounds) + 1))
        return cls(bounds, tuple(_AtAge.of(part) for part in parts))

    def late_shares(self, runs: Runs) -> tuple[Real, Whole]:
        """Of runs in hand: the share of past ones like each that passed what it has left."""
        place = np.searchsorted(self.bounds, runs.entry)
        shares, numbers = np.ones(runs.n), np.zeros(runs.n, dtype=np.int64)
        for part in np.unique(place):
            here = place == part
            shares[here], numbers[here] = self.parts[part].late_shares(
                runs.own[here], runs.allowed[here]
            )
        return shares, numbers


@dataclass(frozen=True, eq=False)
class LateRisk:
    """The past, ready to be asked: of each step, and of each procedure as a whole."""

    steps: Mapping[StepKey, StepOutlook]
    procedures: Mapping[str, _Tail]

    def shares(self, key: StepKey, runs: Runs) -> tuple[Real, Whole]:
        """P(late) of open runs of a step, NaN where nothing can be said, and the n behind each.

        What is past its limit is late for certain, however little is known of others.
        """
        outlook, whole = self.steps.get(key), self.procedures.get(key[0])
        behind = np.where(runs.own >= runs.allowed, 1.0, np.nan)  # what is late, is late
        if whole is not None and whole.curve.n >= ENOUGH:
            behind = whole.longer(runs.entry + runs.own, runs.limit)
        if outlook is None:
            return behind, np.zeros(runs.n, dtype=np.int64)
        shares, numbers = outlook.late_shares(runs)
        weight = np.minimum(numbers / ENOUGH, 1.0)
        leaning = np.where(weight < 1.0, weight * shares + (1 - weight) * behind, shares)
        return leaning, numbers


def late_risk(facts: Facts, known: History | None = None) -> LateRisk:
    """The past of these facts; runs that are open are in it as far as they have come."""
    known = known or history(facts)
    steps = {key: StepOutlook.of(runs) for key, runs in known.steps.items()}
    tails = {}
    for code in sorted({code for code, _ in steps}):
        watched = dossiers_watched(facts, Picked(procedure_code=code))
        if watched.n:
            tails[code] = _Tail.of(watched.curve(), watched.lasted)
    return LateRisk(steps, tails)


@dataclass(frozen=True, slots=True)
class OpenRisk:
    """An open step of a dossier. share: None where there is not enough past.

    n: past runs of the step that lay as long; below 30 the share leans on the procedure's.
    """

    procedure_code: str
    element_id: str
    step_run_id: str
    age_ws: int
    left_ws: int
    share: float | None
    n: int


def late_risks(facts: Facts, procedure_code: str | None = None) -> tuple[OpenRisk, ...]:
    """Open steps of dossiers that have a limit, the likeliest to be late first."""
    known = history(facts, procedure_code)
    past = late_risk(facts, known)
    found = [risk for key, runs in known.steps.items() for risk in _risks(key, open_of(runs), past)]
    return tuple(
        sorted(found, key=lambda risk: (-(risk.share or 0), risk.left_ws, risk.step_run_id))
    )


def likely_late(facts: Facts, procedure_code: str | None = None) -> tuple[OpenRisk, ...]:
    """Those that are more likely than not to be late."""
    return tuple(risk for risk in late_risks(facts, procedure_code) if (risk.share or 0) >= LIKELY)


def _risks(key: StepKey, runs: Runs, past: LateRisk) -> list[OpenRisk]:
    shares, numbers = past.shares(key, runs)
    left = runs.allowed - runs.own
    ids = [str(each) for each in runs.run_ids.to_pylist()]
    return [
        OpenRisk(
            *key, ids[at], int(runs.own[at]), int(left[at]), _said(shares[at]), int(numbers[at])
        )
        for at in range(runs.n)
    ]


def _said(share: float) -> float | None:
    return None if np.isnan(share) else float(share)


def open_of(runs: Runs) -> Runs:
    """Those in hand whose dossier has a limit."""
    return runs.where(runs.open & (runs.limit >= 0))
