"""The least that must be changed in a case so that it goes a way of the diagram (alignment).

A step done in the log and not allowed there costs 1, so does a step that the diagram demands and
the log does not have; silent moves cost nothing. A* over the product of the game and the case
(Adriansyah 2014). Fitness = 1 - cost / worst, the worst being to change everything: all events of
the case and the shortest way through the diagram. Bounded by the number of pairs looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.conformance.positions import FAR, Positions

MOST_PAIRS = 200_000
"""Pairs of a position and a place in the case that are looked at, of one case."""
MOST_PAIRS_IN_ALL = 2_000_000
"""Pairs that are come to, of all cases of a log together: half a minute or so."""
_COME_TO = 2  # times so many pairs as are looked at; each is kept in memory
UNKNOWN = -1
"""The label of an event that is no step of the diagram."""

Kind = Literal["both", "log", "diagram"]


@dataclass(frozen=True, slots=True)
class AlignedMove:
    """kind: done in both; only in the log (place: of the event, from 0); only in the diagram
    (element: the step that is missing).
    """

    kind: Kind
    place: int | None
    element: str | None


@dataclass(frozen=True, slots=True)
class Alignment:
    """cost: None where the search was given up. worst: events and shortest way together.

    path: the position before each event of the case and at the end. pairs: that were come to.
    """

    cost: int | None
    worst: int
    moves: tuple[AlignedMove, ...] = ()
    path: tuple[int, ...] = ()
    pairs: int = 0

    @property
    def fitness(self) -> float | None:
        """From 0 to 1; None where it was given up."""
        if self.cost is None:
            return None
        return 1.0 if self.worst == 0 else 1 - self.cost / self.worst


def align(
    positions: Positions, labels: Sequence[int], shortest: int, most: int = MOST_PAIRS
) -> Alignment:
    """The best alignment of a case; labels: of its events in order. shortest: `shortest_way`."""
    worst = len(labels) + shortest
    if len(labels) >= most:  # even a case that fits has a pair for each event
        return Alignment(None, worst)
    search = _Search(positions, labels)
    goal = search.run(most)
    if goal is None:
        return Alignment(None, worst, pairs=len(search.cost))
    return Alignment(search.cost[goal], worst, *search.way_to(goal), pairs=len(search.cost))


def shortest_way(positions: Positions, most: int = MOST_PAIRS) -> int:
    """The least number of steps from the beginning to an end; 0 where no end is found."""
    if positions.known:
        found = min((positions.left[each] for each in positions.initial), default=FAR)
        return 0 if found >= FAR else found
    search = _Search(positions, ())
    goal = search.run(most)
    return 0 if goal is None else search.cost[goal]


Pair = tuple[int, int]
_MOST_KEPT = 256  # arrays as long as the case


class Ahead:
    """What the rest of a case costs at least, by what is known of the positions."""

    def __init__(self, positions: Positions, labels: Sequence[int]) -> None:
        self._positions, self._labels = positions, labels
        self._place = np.array(labels, dtype=np.int64)
        self._lost: dict[int, NDArray[np.int32]] = {}

    def __call__(self, position: int, place: int) -> int:
        """Events that can no longer be steps are changed, and steps for which there are not enough
        events; FAR where no end can be reached.
        """
        if not self._positions.known:
            return 0
        left = self._positions.left[position]
        if left >= FAR:
            return FAR
        lost = int(self._lost_from(self._positions.reach[position])[place])
        return lost + max(0, left - (len(self._labels) - place - lost))

    def _lost_from(self, reach: int) -> "NDArray[np.int32]":
        """For each place of the case, how many of the events from there cannot come any more."""
        lost = self._lost.get(reach)
        if lost is None:
            can = [reach >> label & 1 == 1 for label in range(max(self._labels, default=0) + 1)]
            gone = ~np.array([*can, False])[self._place]  # UNKNOWN is the last of them
            lost = np.zeros(len(gone) + 1, np.int32)
            lost[:-1] = np.cumsum(gone[::-1])[::-1]
            if len(self._lost) >= _MOST_KEPT:
                self._lost.clear()
            self._lost[reach] = lost
        return lost


class _Search:
    """cost: the least known to each pair of position and place. came: from where, by what."""

    def __init__(self, positions: Positions, labels: Sequence[int]) -> None:
        self.cost: dict[Pair, int] = {}
        self._came: dict[Pair, tuple[Pair, AlignedMove]] = {}
        self._positions, self._labels = positions, labels
        self._ahead = Ahead(positions, labels)
        self._queue: list[tuple[int, int, int]] = []

    def run(self, most: int) -> Pair | None:
        """The cheapest pair at the end of both, None where it was given up or there is none."""
        for position in self._positions.initial:
            self._reach((position, 0), 0, None)
        done: set[Pair] = set()
        while self._queue:
            _, back, position = heappop(self._queue)
            pair = position, -back
            if pair in done:
                continue
            done.add(pair)
            if len(done) > most or len(self.cost) > _COME_TO * most:
                return None
            if -back == len(self._labels) and self._positions.ends(position):
                return pair
            self._go_on(pair)
        return None

    def way_to(self, pair: Pair) -> tuple[tuple[AlignedMove, ...], tuple[int, ...]]:
        """The moves that lead to a pair, and the positions before each event and at the end."""
        moves, path = [], [pair[0]]
        while pair in self._came:
            before, move = self._came[pair]
            if move.place is not None:
                path.append(before[0])
            moves.append(move)
            pair = before
        return tuple(reversed(moves)), tuple(reversed(path))

    def _go_on(self, pair: Pair) -> None:
        position, place = pair
        cost = self.cost[pair]
        label = self._labels[place] if place < len(self._labels) else None
        if label is not None:
            only_log = AlignedMove("log", place, None)
            self._reach((position, place + 1), cost + 1, (pair, only_log))
        for name, element, target in self._positions.after(position):
            if name == label:
                both = AlignedMove("both", place, element)
                self._reach((target, place + 1), cost, (pair, both))
            missing = AlignedMove("diagram", None, element)
            self._reach((target, place), cost + 1, (pair, missing))

    def _reach(self, pair: Pair, cost: int, came: tuple[Pair, AlignedMove] | None) -> None:
        if pair in self.cost and self.cost[pair] <= cost:
            return
        ahead = self._ahead(*pair)
        if ahead >= FAR:
            return
        self.cost[pair] = cost
        if came is not None:
            self._came[pair] = came
        # of equal estimates the pair that is further on is looked at first
        heappush(self._queue, (cost + ahead, -pair[1], pair[0]))
