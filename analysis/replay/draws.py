"""What chance decides in one replication: routes, times and supplements of every dossier.

Numbers are drawn for every dossier and run in one order, whatever is changed, so that two plays of
one replication differ by the change alone (common random numbers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.queues.open_hours import Ints
from analysis.replay.change import Change
from analysis.replay.office_model import OfficeModel, Post, Samples, Step

NO_POST = -1


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """All dossiers of a replication and their runs, one dossier's runs side by side.

    first: of each dossier its first run, and one beyond. delay: before a run can be taken up, with
    its lag and pause. waits: for how many runs; follow: the distances to the runs that wait for it.
    finishes, resets: whether a run ends the handling, or sets the clock back when it can be taken
    up.
    """

    arrived: Ints
    procedure: Ints
    limit: Ints
    paused: Ints
    first: Ints
    dossier: Ints
    post: Ints
    work: Ints
    delay: Ints
    waits: Ints
    follow: list[tuple[int, ...]]
    finishes: NDArray[np.bool_]
    stops: NDArray[np.bool_]
    resets: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The routes of all procedures laid out one after another, with a change made.

    routes: (first, number) by procedure; first_step, steps: of each route.
    """

    routes: Ints
    first_step: Ints
    steps: Ints
    step: Ints
    post: Ints
    lag: Ints
    waits: Ints
    follow: list[tuple[int, ...]]
    finishes: NDArray[np.bool_]
    names: tuple[Step, ...]

    @classmethod
    def of(cls, model: OfficeModel, posts: Sequence[Post]) -> Self:
        number_of_post = {post: number for number, post in enumerate(posts)}
        number_of_step: dict[Step, int] = {}
        routes: list[tuple[int, int]] = []
        first_step: list[int] = []
        steps: list[int] = []
        rows: list[tuple[int, int, int, int, bool]] = []
        follow: list[tuple[int, ...]] = []
        for code in model.procedures:
            routes.append((len(first_step), len(model.routes[code])))
            for route in model.routes[code]:
                first_step.append(len(rows))
                steps.append(len(route.steps))
                after: list[list[int]] = [[] for _ in route.steps]
                for place, run in enumerate(route.steps):
                    step = number_of_step.setdefault((code, run.element_id), len(number_of_step))
                    post = NO_POST if run.post is None else number_of_post.get(run.post, NO_POST)
                    rows.append((step, post, run.lag_ws, len(run.waits_for), run.finishes))
                    for before in run.waits_for:
                        after[before].append(place - before)
                follow += map(tuple, after)
        columns = np.array(rows, dtype=np.int64).T
        return cls(
            np.array(routes, dtype=np.int64),
            np.array(first_step, dtype=np.int64),
            np.array(steps, dtype=np.int64),
            columns[0],
            columns[1],
            columns[2],
            columns[3],
            follow,
            columns[4].astype(bool),
            tuple(number_of_step),
        )


class Draws:
    """Draws workloads of a model under a change; what chance does not decide is laid out once."""

    def __init__(self, model: OfficeModel, posts: Sequence[Post], change: Change) -> None:
        self._model = model
        self._ways = Ways.of(model, posts)
        nothing = Samples(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), stops=False)
        samples = [model.samples.get(name, nothing) for name in self._ways.names]
        sizes = np.array([len(each.work) for each in samples], dtype=np.int64)
        self._sizes, self._begins = sizes, np.cumsum(sizes) - sizes
        self._work = np.concatenate([each.work for each in samples])
        self._delay = np.concatenate([each.delay for each in samples])
        dropped = {(each.procedure_code, each.element_id) for each in change.dropped}
        self._dropped = np.array([name in dropped for name in self._ways.names])
        self._stops = np.array([each.stops for each in samples])
        self._limits = {each.procedure_code: each.limit_ws for each in change.limits}
        self._shares = {each.procedure_code: each.share for each in change.supplements}
        self._factors = _factors(model, change)

    def layers(self) -> int:
        """How many times the real arrivals are gone through, for more arrivals than there were."""
        return max(1, int(np.ceil(self._factors.max(initial=0))))

    def workload(self, chance: np.random.Generator, layer: int) -> Workload:
        """One layer of a replication: of dossiers beyond the factor of arrivals none.

        Layer 0 are the real arrivals; in others each comes at some moment of the same day.
        """
        model, ways = self._model, self._ways
        number = len(model.arrived)
        kept = chance.random(number) < self._factors[model.procedure] - layer
        moved = chance.random(number)
        arrived = model.arrived if layer == 0 else _elsewhere_in_the_day(model, moved)
        begin, of = ways.routes[model.procedure].T
        route = begin + (chance.random(number) * of).astype(np.int64)
        steps = ways.steps[route]
        whole = np.cumsum(steps)
        place = np.arange(whole[-1]) + np.repeat(ways.first_step[route] - whole + steps, steps)
        step = ways.step[place]
        picked = self._begins[step] + (chance.random(len(step)) * self._sizes[step]).astype(
            np.int64
        )
        dropped = self._dropped[step]
        work = np.where(dropped, 0, self._work[picked])
        delay = np.where(dropped, 0, self._delay[picked]) + ways.lag[place]
        first = np.append(whole - steps, whole[-1])
        paused, at_run, resets = self._pauses(chance, first, step)
        delay[at_run] += paused[paused > 0]
        limit = self._limited()
        run_resets = np.zeros(len(step), dtype=bool)
        run_resets[at_run] = resets[paused > 0]
        made = Workload(
            arrived,
            model.procedure,
            limit,
            paused,
            first,
            np.repeat(np.arange(number), steps),
            np.where(dropped, NO_POST, ways.post[place]),
            work,
            delay,
            ways.waits[place],
            [ways.follow[each] for each in place.tolist()],
            ways.finishes[place],
            self._stops[step],
            run_resets,
        )
        return made if kept.all() else _kept(made, kept)

    def _limited(self) -> Ints:
        limit = self._model.limit.copy()
        for code, limit_ws in self._limits.items():
            if code in self._model.procedures:
                limit[self._model.procedure == self._model.procedures.index(code)] = limit_ws
        return limit

    def _pauses(
        self, chance: np.random.Generator, first: Ints, step: Ints
    ) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """Pause of each dossier, the runs before which there is one, and whether it resets."""
        model, number = self._model, len(self._model.arrived)
        asked, picked = chance.random(number), chance.random(number)
        paused = np.zeros(number, dtype=np.int64)
        wanted = np.full(number, -1, dtype=np.int64)
        resets = np.zeros(number, dtype=bool)
        names = {name: place for place, name in enumerate(self._ways.names)}
        for place, code in enumerate(model.procedures):
            known = model.supplements.get(code)
            if known is None or not len(known.paused_ws):
                continue
            own = (model.procedure == place) & (asked < self._shares.get(code, known.share))
            which = (picked[own] * len(known.paused_ws)).astype(np.int64)
            paused[own] = known.paused_ws[which]
            steps = np.array([names.get((code, each), -1) for each in known.steps], dtype=np.int64)
            wanted[own] = steps[which]
            resets[own] = known.resets
        return paused, _first_run(first, step, wanted)[paused > 0], resets


def _first_run(first: Ints, step: Ints, wanted: Ints) -> Ints:
    """Of each dossier its first run of the step wanted, else its first run of all."""
    runs = np.arange(len(step))
    dossier = np.repeat(np.arange(len(wanted)), np.diff(first))
    at = np.where(step == wanted[dossier], runs, len(step))
    found = np.minimum.reduceat(at, first[:-1])
    return np.where(found < len(step), found, first[:-1])


def _factors(model: OfficeModel, change: Change) -> NDArray[np.float64]:
    """How many times the real arrivals there are, by procedure."""
    factors = np.ones(len(model.procedures))
    for each in change.arrivals:
        for place, code in enumerate(model.procedures):
            if each.procedure_code in {None, code}:
                factors[place] *= each.factor
    return factors


def _elsewhere_in_the_day(model: OfficeModel, share: NDArray[np.float64]) -> Ints:
    day = model.hours.day_at(model.arrived)
    begin, length = model.hours.day_clock[day], np.diff(model.hours.day_clock)[day]
    return np.asarray(begin + (share * length).astype(np.int64), dtype=np.int64)


def _kept(made: Workload, kept: NDArray[np.bool_]) -> Workload:
    """The workload of some of its dossiers."""
    runs = kept[made.dossier]
    steps = np.diff(made.first)[kept]
    places = np.flatnonzero(runs).tolist()
    return Workload(
        made.arrived[kept],
        made.procedure[kept],
        made.limit[kept],
        made.paused[kept],
        np.concatenate(([0], np.cumsum(steps))),
        np.repeat(np.arange(len(steps)), steps),
        made.post[runs],
        made.work[runs],
        made.delay[runs],
        made.waits[runs],
        [made.follow[place] for place in places],
        made.finishes[runs],
        made.stops[runs],
        made.resets[runs],
    )
