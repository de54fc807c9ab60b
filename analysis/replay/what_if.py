"""What if: the past played as it was and as it would have been, many times, and the difference.

First the replay has to show that it knows the office: its median and 95th percentile of consumed
time and its share in time are compared with those observed, as told on the day of the facts; where
one is more than a tenth off, the answer says that it cannot be relied on. Then both are played to
their end with common random numbers, and the interval is that of the paired differences (Student,
95 %). Source: Law, Simulation Modeling and Analysis, 10.2 and 11.2.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scipy.special import stdtrit

from analysis.comparison.intervals import Interval
from analysis.facts.facts import Facts
from analysis.queues.open_hours import OpenHours
from analysis.queues.scope import Scope
from analysis.replay.change import AS_IT_WAS, Change, InvalidChange, NoSupplementsKnown
from analysis.replay.draws import Draws, Workload
from analysis.replay.figures import Figures, figures_of, observed
from analysis.replay.office_model import WARM_UP_US, NothingToReplay, OfficeModel, office_model
from analysis.replay.play import play
from analysis.replay.staff import Staff
from engine.calendar import Calendar

REPLICATIONS = 30
NEAR = 0.1
"""How far a figure of the replay may lie from the one observed."""
_RUN_OUT_US = 365 * 86_400_000_000
_COLUMNS = (
    *("arrived", "procedure", "limit", "paused", "post", "work", "delay", "waits"),
    *("finishes", "stops", "resets"),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure of the past and of its replay (mean over replications).

    lowest, highest: of the replications; a past within them may be off by chance alone.
    """

    measure: str
    observed: float | None
    replayed: float | None
    lowest: float | None
    highest: float | None

    @property
    def gap(self) -> float | None:
        """How far the replay is off, relative to the past; None where nothing can be compared."""
        if self.observed is None or self.replayed is None:
            return None
        if self.observed == 0:
            return 0.0 if self.replayed == 0 else 1.0
        return abs(self.replayed - self.observed) / self.observed

    @property
    def near(self) -> bool:
        return self.gap is not None and self.gap <= NEAR


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure as it was and as it would be, both replayed; changed by how much, and how surely.

    None where no dossier gives the figure: nobody finishes, nothing comes. interval: of the
    difference; None with fewer than two replications.
    """

    measure: str
    as_it_was: float | None
    changed: float | None
    difference: float | None
    interval: Interval | None

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out that nothing changes."""
        return self.interval is not None and not self.interval.low <= 0 <= self.interval.high


@dataclass(frozen=True, slots=True)
class Busy:
    """One post: its people, and how long a run waits for one of them on average (open seconds).

    None where nobody takes up any.
    """

    unit: str | None
    position: str | None
    people_before: int
    people_after: int
    wait_before_ws: float | None
    wait_after_ws: float | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer. trusted: every check is near; otherwise differences are only a hint.

    never_before, never_after: dossiers of the period that do not finish in the play, mean over the
    replications; the percentiles know nothing of them.
    """

    observed: Figures
    checks: tuple[Checked, ...]
    differences: tuple[Difference, ...]
    never_before: float
    never_after: float
    posts: tuple[Busy, ...]
    replications: int
    dossiers: int
    seed: int

    @property
    def trusted(self) -> bool:
        return all(check.near for check in self.checks)


def replay_hours(calendar: Calendar, scope: Scope) -> OpenHours:
    """The opening hours that a replay needs: of its period, of the warm-up, and a year after."""
    return OpenHours.of(calendar, scope.start_us - WARM_UP_US, scope.end_us + _RUN_OUT_US)


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """All that a replay needs of the past, without the facts; a process of its own can take it."""

    model: OfficeModel
    observed: Figures
    procedure_code: str | None


def past_of(
    facts: Facts, agency: str, scope: Scope, hours: OpenHours, resets: Collection[str] = ()
) -> Past:
    """Read the past of an office off its facts (NothingToReplay).

    The whole office is read, for its people do not work on one procedure alone; figures are of the
    scope's procedure where it names one. hours: as `replay_hours` makes them. resets: codes of
    procedures whose limit starts anew after a supplement.
    """
    model = office_model(facts, agency, scope, hours, resets)
    if scope.procedure_code is not None and scope.procedure_code not in model.routes:
        raise NothingToReplay
    found = observed(facts, agency, scope, model)
    if not found.received:
        raise NothingToReplay
    return Past(model, found, scope.procedure_code)


def what_if(past: Past, change: Change, *, seed: int, replications: int = REPLICATIONS) -> WhatIf:
    """Play the past as it was and changed, and compare (InvalidChange)."""
    check(past, change)
    model = past.model
    before = tuple(_replications(past, AS_IT_WAS, seed, replications))
    changed = change != AS_IT_WAS
    after = tuple(_replications(past, change, seed, replications)) if changed else before
    own = [figures.at_cut.measures() for figures in before]
    return WhatIf(
        past.observed,
        tuple(
            _checked(name, value, [each[name] for each in own])
            for name, value in past.observed.measures().items()
        ),
        tuple(_differences(before, after)),
        _never(before),
        _never(after),
        tuple(_posts(model, change, before, after)),
        replications,
        len(model.arrived),
        seed,
    )


def check(past: Past, change: Change) -> None:
    """Refuse what the past does not know (InvalidChange)."""
    model = past.model
    codes = [each.procedure_code for each in change.limits]
    codes += [each.procedure_code for each in change.supplements]
    codes += [each.procedure_code for each in change.arrivals if each.procedure_code is not None]
    for code in codes:
        if code not in model.routes:
            raise InvalidChange(what=code)
    for asked in change.supplements:
        known = model.supplements.get(asked.procedure_code)
        if asked.share > 0 and (known is None or not len(known.paused_ws)):
            raise NoSupplementsKnown(what=asked.procedure_code, procedure=asked.procedure_code)
    for dropped in change.dropped:
        if (dropped.procedure_code, dropped.element_id) not in model.samples:
            raise InvalidChange(what=f"{dropped.procedure_code}/{dropped.element_id}")
    Staff.of(model, change.people)


@dataclass(frozen=True, slots=True)
class _Replication:
    at_cut: Figures
    at_end: Figures
    waited: tuple[int, ...]
    runs: tuple[int, ...]


def _replications(past: Past, change: Change, seed: int, number: int) -> Iterator[_Replication]:
    model = past.model
    staff = Staff.of(model, change.people)
    draws = Draws(model, staff.posts, change)
    end = model.hours.open_s
    for replication in range(number):
        load = _joined(
            [
                draws.workload(np.random.default_rng((seed, replication, layer)), layer)
                for layer in range(draws.layers())
            ]
        )
        played = play(load, staff)
        yield _Replication(
            figures_of(model, load, played, model.cut, past.procedure_code),
            figures_of(model, load, played, end, past.procedure_code),
            tuple(played.waited),
            tuple(played.runs),
        )


def _joined(layers: Sequence[Workload]) -> Workload:
    """All layers of a replication as one workload."""
    if len(layers) == 1:
        return layers[0]
    runs = np.cumsum([0, *(len(layer.dossier) for layer in layers)])
    dossiers = np.cumsum([0, *(len(layer.arrived) for layer in layers)])
    columns = {
        name: np.concatenate([getattr(layer, name) for layer in layers]) for name in _COLUMNS
    }
    return Workload(
        **columns,
        first=np.concatenate(
            [layer.first[:-1] + at for layer, at in zip(layers, runs, strict=False)] + [runs[-1:]]
        ),
        dossier=np.concatenate(
            [layer.dossier + at for layer, at in zip(layers, dossiers, strict=False)]
        ),
        follow=[each for layer in layers for each in layer.follow],
    )


def _checked(name: str, past: float | None, replayed: Sequence[float | None]) -> Checked:
    known = [value for value in replayed if value is not None]
    return Checked(name, past, _mean(replayed), min(known, default=None), max(known, default=None))


def _differences(
    before: Sequence[_Replication], after: Sequence[_Replication]
) -> Iterator[Difference]:
    told = [(a.at_end.measures(), b.at_end.measures()) for a, b in zip(before, after, strict=True)]
    for name in before[0].at_end.measures():
        yield _difference(name, [(a[name], b[name]) for a, b in told])


def _difference(name: str, pairs: Sequence[tuple[float | None, float | None]]) -> Difference:
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not known:
        was, becomes = (_mean(side) for side in zip(*pairs, strict=True))
        return Difference(name, was, becomes, None, None)
    gaps = np.array([b - a for a, b in known])
    mean, n = float(gaps.mean()), len(gaps)
    interval = None
    if n > 1:
        half = float(stdtrit(n - 1, 0.975) * gaps.std(ddof=1) / np.sqrt(n))
        interval = Interval(mean - half, mean + half)
    return Difference(name, fmean(a for a, _ in known), fmean(b for _, b in known), mean, interval)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _never(replications: Sequence[_Replication]) -> float:
    """Dossiers of the period that had not finished when a play was over, on average."""
    return fmean(each.at_end.received - each.at_end.finished for each in replications)


def _posts(
    model: OfficeModel,
    change: Change,
    before: Sequence[_Replication],
    after: Sequence[_Replication],
) -> Iterator[Busy]:
    was, becomes = Staff.of(model), Staff.of(model, change.people)
    for number, (unit, position) in enumerate(was.posts):
        waits = (_mean_wait(each, number) for each in (before, after))
        people = (len(staff.members[number]) for staff in (was, becomes))
        yield Busy(unit, position, *people, *waits)


def _mean_wait(replications: Sequence[_Replication], post: int) -> float | None:
    """Open seconds that a run waited for somebody of the post."""
    runs = sum(each.runs[post] for each in replications)
    return sum(each.waited[post] for each in replications) / runs if runs else None
