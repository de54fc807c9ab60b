"""Who decides in a rehearsal what happens next: the order of things, chance, or a goal."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.rehearsal.readiness import Part
from engine.rehearsal.ways import choose_ways
from processes.diagram import Flow, Node, NodeKind

STEP, TIMER, EVENT = "step", "timer", "event"
_EARLY = 0.15  # how often chance lets something happen before people have answered


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can happen now. pool: number of the part; name: of a message or signal."""

    kind: str
    pool: int
    token: int
    element: str
    name: str = ""


class Director(Protocol):
    """Chooses among what can happen; `ways` are the variables of decisions that are its own.

    start: the start event that a pool begins with; None leaves it to the pool.

    reports: it also chooses what only a person can report: errors, escalations, conditions.
    """

    reports: bool

    def start(self, pool: int) -> str | None: ...

    def choose(self, possible: Sequence[Act]) -> Act: ...

    def ways(self) -> Mapping[str, bool]: ...

    def seen(self, pool: int, elements: Sequence[str], flows: Sequence[str]) -> None: ...


class InOrder:
    """People answer at once, the first first; then timers, the earliest first; then the outside.

    `possible` comes in that order.
    """

    reports = False

    def start(self, pool: int) -> str | None:  # noqa: ARG002 - each begins as it is drawn
        return None

    def choose(self, possible: Sequence[Act]) -> Act:
        return possible[0]

    def ways(self) -> Mapping[str, bool]:
        return {}

    def seen(self, pool: int, elements: Sequence[str], flows: Sequence[str]) -> None:
        """Nothing is learnt."""


class ByChance(InOrder):
    """Anybody may be first; now and then something happens before people have answered.

    parts: of a diagram whose decisions are ours; none where the data decide.
    """

    def __init__(self, chance: random.Random, parts: Sequence[Part] = ()) -> None:
        self._chance = chance
        self._parts = parts

    def choose(self, possible: Sequence[Act]) -> Act:
        first = [act for act in possible if act.kind == possible[0].kind]
        if first[0].kind == TIMER:
            return first[0]
        early = self._chance.random() < _EARLY
        return self._chance.choice(possible if early else first)

    def ways(self) -> Mapping[str, bool]:
        found: dict[str, bool] = {}
        for part in self._parts:
            found |= choose_ways(part.diagram, self._some)
        return found

    def _some(self, node: Node, after: Sequence[Flow]) -> Collection[Flow]:
        """One flow, or any number where several may be taken."""
        number = 1 if node.kind is NodeKind.EXCLUSIVE else self._chance.randint(1, len(after))
        return self._chance.sample(list(after), number)
