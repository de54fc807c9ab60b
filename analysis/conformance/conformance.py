"""A whole log against a diagram: how many cases go its ways, and what the others do instead."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from analysis.conformance.alignment import (
    MOST_PAIRS,
    MOST_PAIRS_IN_ALL,
    UNKNOWN,
    Ahead,
    AlignedMove,
    Alignment,
    align,
    shortest_way,
)
from analysis.conformance.game import Game, Marking, TooManyMarkings, game_of
from analysis.conformance.likeness import proposed
from analysis.conformance.mapping import Activities, mapped
from analysis.conformance.positions import Positions
from analysis.conformance.token_replay import Foresight, Replay, replay
from analysis.event_log.findings import Tally
from analysis.event_log.log import EventLog
from analysis.event_log.step_runs import step_runs
from analysis.log_ends import case_ends
from analysis.variants import Variant, variants
from processes.diagram import Diagram

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class VariantConformance:
    """One way that n cases went. replay, alignment.cost: None where it was given up."""

    activities: tuple[str, ...]
    n: int
    replay: Replay | None
    alignment: Alignment

    @property
    def fits(self) -> bool:
        return self.alignment.cost == 0


@dataclass(frozen=True, slots=True)
class Deviation:
    """What is done otherwise, in `cases` cases, `times` in all. added: an activity of the log that
    the diagram does not allow there; else a step (element) of the diagram that was not done.
    """

    added: bool
    name: str
    element: str | None
    cases: int
    times: int


@dataclass(frozen=True, slots=True)
class Conformance:
    """cases: laid against it. open_cases: left aside, as they have not ended. fitting: of `cases`
    go a way of the diagram, by alignment. given_up: cases that were too much to align; they are in
    no average.

    alignment, replay: mean fitness of cases. alignment_of_log: 1 - all costs / all worst costs;
    replay_of_log: the same formula over the tokens of all cases. shortest: steps of the shortest
    way. variants: by falling number. deviations: those in most cases first. not_in_log: steps of
    the diagram that no activity of the log is. silent: automatic steps that the log does not have;
    they are taken as done. steps: what an activity can be, element -> name. proposals: for unknown
    activities, the step whose name is most like theirs; nothing is counted by it.
    """

    cases: int
    open_cases: int
    fitting: int
    given_up: int
    alignment: float | None
    alignment_of_log: float | None
    replay: float | None
    replay_of_log: float | None
    replay_given_up: int
    shortest: int
    activities: Activities
    variants: tuple[VariantConformance, ...]
    deviations: tuple[Deviation, ...]
    not_in_log: tuple[str, ...]
    silent: tuple[str, ...]
    steps: Mapping[str, str]
    proposals: Mapping[str, str]

    def to_data(self) -> dict[str, Any]:
        """Plain data under the keys that docs/reference/analyse.md describes."""
        elements = self.activities.elements
        return {
            "cases": self.cases,
            "open_cases": self.open_cases,
            "fitting": self.fitting,
            "given_up": self.given_up,
            "alignment_fitness": self.alignment,
            "alignment_fitness_of_log": self.alignment_of_log,
            "replay_fitness": self.replay,
            "replay_fitness_of_log": self.replay_of_log,
            "replay_given_up": self.replay_given_up,
            "shortest_way": self.shortest,
            "elements": {name: list(found) for name, found in elements.items()},
            "unknown_activities": sorted(self.activities.unknown),
            "left_out": sorted(self.activities.left_out),
            "not_in_log": list(self.not_in_log),
            "taken_as_done": list(self.silent),
            "steps": [{"element": id_, "name": name} for id_, name in self.steps.items()],
            "proposed": dict(self.proposals),
            "deviations": [
                {
                    "kind": "added" if each.added else "missing",
                    "name": each.name,
                    "element": each.element,
                    "cases": each.cases,
                    "times": each.times,
                }
                for each in self.deviations
            ],
        }


def conformance(
    log: EventLog,
    diagram: Diagram,
    told: Mapping[str, str] = MappingProxyType({}),
    *,
    most: int = MOST_PAIRS,
    in_all: int = MOST_PAIRS_IN_ALL,
    open_too: bool = True,
    progress: Progress = lambda *_: None,
) -> Conformance:
    """Compare the completed steps of every case with the diagram, the usual ways first.

    told: activity -> element, where names do not say it (`read_mapping`). most: pairs looked at
    for one variant before it is given up; in_all: for all together. open_too: also cases that have
    not ended, whose steps to come are then missing. progress: is told how many
    ways are done, of how many. Raises `DiagramNotPlayable`.
    """
    tally = Tally()
    cases = [step_runs(trace, tally) for trace in log.traces]
    under_way = [not open_too and still for still in case_ends(log, cases).open]
    ways = variants(
        [run for run in runs if run.completed and not run.undone]
        for runs, aside in zip(cases, under_way, strict=True)
        if not aside
    )
    game = game_of(diagram)
    activities = mapped((run.activity for runs in cases for run in runs), diagram, game.steps, told)
    names = _named(game.steps, diagram)
    seen = {element for found in activities.elements.values() for element in found}
    not_in_log = tuple(sorted(set(game.steps) - seen))
    silent = tuple(
        element
        for element in not_in_log
        if (node := diagram.node(element)) is not None and not node.is_step
    )
    game = game_of(diagram, frozenset(silent))
    laid = _Laid(game, activities, _labels(game.steps, activities), most, in_all)
    found = []
    for done, way in enumerate(ways, start=1):
        found.append(laid.variant(way))
        progress(done, len(ways))
    return Conformance(
        **_numbers(found),
        open_cases=sum(under_way),
        shortest=laid.shortest,
        activities=activities,
        variants=tuple(found),
        deviations=_deviations(found, diagram, activities),
        not_in_log=not_in_log,
        silent=silent,
        steps=names,
        proposals=proposed(activities.unknown, names),
    )


def _named(steps: Iterable[str], diagram: Diagram) -> dict[str, str]:
    """Element -> name of each step, by name; one without a name is called by its id."""
    nodes = {element: diagram.node(element) for element in steps}
    names = {element: node.name or element if node else element for element, node in nodes.items()}
    return dict(sorted(names.items(), key=lambda each: (each[1].casefold(), each[0])))


class _Laid:
    """The diagram, ready to have one variant after the other laid against it."""

    def __init__(
        self,
        game: Game,
        activities: Activities,
        labels: Mapping[str, int],
        most: int,
        in_all: int,
    ) -> None:
        self._game, self._activities, self._labels, self._most = game, activities, labels, most
        self._left = in_all
        try:
            self._positions: Positions | None = Positions(game, labels)
        except TooManyMarkings:
            self._positions = None
        self.shortest = 0 if self._positions is None else self._shortest()

    def _shortest(self) -> int:
        assert self._positions is not None
        try:
            return shortest_way(self._positions, self._most)
        except TooManyMarkings:
            return 0

    def variant(self, way: Variant) -> VariantConformance:
        elements = self._activities.elements
        compared = _compared(way.activities, self._activities)
        case = [elements.get(name, ()) for name in compared]
        labels = [self._labels[each[0]] if each else UNKNOWN for each in case]
        aligned = self._aligned(labels)
        played = replay(self._game, case, self._foresight(aligned, labels))
        return VariantConformance(way.activities, way.n, played, aligned)

    def _foresight(self, aligned: Alignment, labels: Sequence[int]) -> Foresight:
        """Of a case that fits the way is known; else what can still go right."""
        positions = self._positions
        if positions is None:
            return lambda *_: 0
        ahead = Ahead(positions, labels)

        def foresee(marking: Marking, place: int) -> int:
            number = positions.number_of(marking)
            if aligned.cost == 0:
                return 0 if number == aligned.path[place] else 1
            return 0 if number is None else ahead(number, place)

        return foresee

    def _aligned(self, labels: Sequence[int]) -> Alignment:
        if self._positions is None:
            return Alignment(None, len(labels))
        try:
            found = align(self._positions, labels, self.shortest, min(self._most, self._left))
        except TooManyMarkings:
            return Alignment(None, len(labels) + self.shortest)
        self._left = max(0, self._left - found.pairs)
        return found


def _compared(names: Sequence[str], activities: Activities) -> list[str]:
    """The activities of a case that are compared, in order."""
    return [name for name in names if name not in activities.left_out]


def _numbers(found: Sequence[VariantConformance]) -> dict[str, Any]:
    aligned = [way for way in found if way.alignment.cost is not None]
    played = [(way.n, way.replay) for way in found if way.replay is not None]
    cases, of_aligned = sum(way.n for way in found), sum(way.n for way in aligned)
    cost = sum(way.n * (way.alignment.cost or 0) for way in aligned)
    worst = sum(way.n * way.alignment.worst for way in aligned)
    of_played = sum(n for n, _ in played)
    return {
        "cases": cases,
        "fitting": sum(way.n for way in found if way.fits),
        "given_up": cases - of_aligned,
        "alignment": _mean([(way.n, way.alignment.fitness or 0.0) for way in aligned]),
        "alignment_of_log": None if not aligned else 1 - cost / worst if worst else 1.0,
        "replay": _mean([(n, each.fitness) for n, each in played]),
        "replay_of_log": _together(played),
        "replay_given_up": cases - of_played,
    }


def _mean(weighed: Sequence[tuple[int, float]]) -> float | None:
    whole = sum(n for n, _ in weighed)
    return sum(n * value for n, value in weighed) / whole if whole else None


def _together(played: Sequence[tuple[int, Replay]]) -> float | None:
    """The fitness of all cases as if they were one."""
    if not played:
        return None
    totals = (
        sum(n * getattr(each, name) for n, each in played)
        for name in ("produced", "consumed", "missing", "remaining", "unknown")
    )
    return Replay(*totals).fitness


def _deviations(
    found: Sequence[VariantConformance], diagram: Diagram, activities: Activities
) -> tuple[Deviation, ...]:
    cases: Counter[tuple[bool, str, str | None]] = Counter()
    times: Counter[tuple[bool, str, str | None]] = Counter()
    for way in found:
        names = _compared(way.activities, activities)
        keys = [
            _deviation(move, names, diagram) for move in way.alignment.moves if move.kind != "both"
        ]
        for key in keys:
            times[key] += way.n
        for key in set(keys):
            cases[key] += way.n
    rows = [Deviation(*key, cases[key], times[key]) for key in cases]
    return tuple(sorted(rows, key=lambda row: (-row.cases, -row.times, row.name, row.added)))


def _deviation(
    move: AlignedMove, names: Sequence[str], diagram: Diagram
) -> tuple[bool, str, str | None]:
    if move.place is not None:
        return True, names[move.place], None
    node = diagram.node(move.element or "")
    return False, (move.element or "") if node is None else node.name or node.id, move.element


def _labels(steps: Mapping[str, object], activities: Activities) -> dict[str, int]:
    """Steps that one activity can be have one label; every other its own."""
    group: dict[str, str] = {element: element for element in steps}

    def root(element: str) -> str:
        while group[element] != element:
            element = group[element]
        return element

    for elements in activities.elements.values():
        for element in elements[1:]:
            group[root(element)] = root(elements[0])
    numbers: dict[str, int] = {}
    return {element: numbers.setdefault(root(element), len(numbers)) for element in sorted(steps)}
