"""Positions of a game as numbers, found as they are asked for, with what still can come of each."""

from collections import deque
from collections.abc import Mapping

from analysis.conformance.game import Game, Marking, fired

MOST_POSITIONS = 5_000
"""So many are looked at beforehand; a diagram with more is searched without knowing the rest."""
FAR = 10**9


class Positions:
    """The positions of a game, numbered. labels: step -> the number of what a log calls it.

    left: for each position the least number of steps to an end, FAR where none is reached; reach:
    the labels (a bit each) that can still come. Without them (`known` is false) nothing is
    promised: 0 steps, every label.
    """

    def __init__(self, game: Game, labels: Mapping[str, int]) -> None:
        self._game = game
        self._labels = labels
        self._number: dict[Marking, int] = {}
        self.markings: list[Marking] = []
        self._after: list[tuple[tuple[int, str, int], ...] | None] = []
        self.initial = self._numbers(game.initial)
        self.left: list[int] = []
        self.reach: list[int] = []
        self.known = self._look_ahead()

    def after(self, position: int) -> tuple[tuple[int, str, int], ...]:
        """What can be done: label, step, the position it leads to."""
        found = self._after[position]
        if found is None:
            marking = self.markings[position]
            found = tuple(
                dict.fromkeys(
                    (self._labels[move.element or ""], move.element or "", target)
                    for move in self._game.visible(marking)
                    for target in self._numbers((fired(marking, move),))
                )
            )
            self._after[position] = found
        return found

    def number_of(self, marking: Marking) -> int | None:
        """The number of a marking, None where no run of the diagram comes to it."""
        return self._number.get(marking)

    def ends(self, position: int) -> bool:
        """Whether the run is over there: no token is left."""
        return not self.markings[position]

    def _numbers(self, starts: tuple[Marking, ...]) -> tuple[int, ...]:
        return tuple(self._numbered(marking) for marking in self._game.positions(starts))

    def _numbered(self, marking: Marking) -> int:
        known = self._number.get(marking)
        if known is None:
            known = self._number[marking] = len(self.markings)
            self.markings.append(marking)
            self._after.append(None)
        return known

    def _look_ahead(self) -> bool:
        position = 0
        while position < len(self.markings):
            if position >= MOST_POSITIONS:
                return False
            self.after(position)
            position += 1
        before: list[list[tuple[int, int]]] = [[] for _ in self.markings]
        for number in range(len(self.markings)):
            for label, _, target in self.after(number):
                before[target].append((number, 1 << label))
        self.left = _distances(before, [n for n in range(len(before)) if self.ends(n)])
        self.reach = _reachable(before)
        return True


def _distances(before: list[list[tuple[int, int]]], ends: list[int]) -> list[int]:
    left = [FAR] * len(before)
    waiting = deque(ends)
    for end in ends:
        left[end] = 0
    while waiting:
        position = waiting.popleft()
        for source, _ in before[position]:
            if left[source] == FAR:
                left[source] = left[position] + 1
                waiting.append(source)
    return left


def _reachable(before: list[list[tuple[int, int]]]) -> list[int]:
    reach = [0] * len(before)
    waiting = deque(range(len(before)))
    while waiting:
        position = waiting.popleft()
        for source, bit in before[position]:
            grown = reach[source] | bit | reach[position]
            if grown != reach[source]:
                reach[source] = grown
                waiting.append(source)
    return reach
