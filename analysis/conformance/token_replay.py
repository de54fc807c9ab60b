"""Token replay: play a case on the diagram, lend it the tokens it lacks, count what is left.

Fitness = (1 - missing / consumed) / 2 + (1 - remaining / produced) / 2 (Rozinat and van der Aalst
2008). Silent moves are chosen with foresight: of the ways to play on, the `_KEPT` that promise most
are kept in mind. A step that the diagram does not know is passed over and told; such a case does
not fit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from analysis.conformance.game import Game, Marking, TooManyMarkings, can, fired

_KEPT = 64


@dataclass(frozen=True, slots=True)
class Replay:
    """unknown: events that are no step of the diagram."""

    produced: int
    consumed: int
    missing: int
    remaining: int
    unknown: int

    @property
    def fitness(self) -> float:
        return (1 - self.missing / max(self.consumed, 1)) / 2 + (
            1 - self.remaining / max(self.produced, 1)
        ) / 2

    @property
    def fits(self) -> bool:
        return not (self.missing or self.remaining or self.unknown)


Counts = tuple[int, int, int, int]
"""Produced, consumed, missing, ends that were reached."""


Foresight = Callable[[Marking, int], int]
"""A marking and the place of the next event: how much of the rest is known to go wrong."""


def replay(
    game: Game, case: Sequence[tuple[str, ...]], foresee: Foresight = lambda *_: 0
) -> Replay | None:
    """Play a case: of each event the steps it can be, none for one that is unknown.

    None where there are too many ways to look at.
    """
    try:
        start = {marking: (len(marking), 0, 0, 0) for marking in game.initial}
        ways = _settled(game, start, foresee, 0)
        unknown = 0
        for place, elements in enumerate(case, start=1):
            if elements:
                ways = _settled(game, _done(game, ways, elements), foresee, place)
            else:
                unknown += 1
    except TooManyMarkings:
        return None
    return min((_ended(marking, counts, unknown) for marking, counts in ways.items()), key=_badness)


def _badness(found: Replay) -> tuple[float, int, int]:
    return -found.fitness, found.produced, found.consumed


def _settled(
    game: Game, ways: dict[Marking, Counts], foresee: Foresight, place: int
) -> dict[Marking, Counts]:
    """Every position that silent moves lead to; the best that is known of each."""
    found: dict[Marking, Counts] = {}
    for marking, (produced, consumed, missing, ended) in ways.items():
        for after, (more, gone, ends) in game.positions((marking,)).items():
            counts = produced + more, consumed + gone, missing, ended + ends
            if after not in found or _rank(counts) < _rank(found[after]):
                found[after] = counts
    if len(found) <= _KEPT:
        return found

    def promise(way: tuple[Marking, Counts]) -> tuple[int, int, Marking]:
        return way[1][2] + foresee(way[0], place), len(way[0]), way[0]

    return dict(nsmallest(_KEPT, found.items(), key=promise))


def _rank(counts: Counts) -> tuple[int, int]:
    return counts[2], counts[0]


def _done(
    game: Game, ways: dict[Marking, Counts], elements: tuple[str, ...]
) -> dict[Marking, Counts]:
    """A step is done; where no way allows it, with the fewest tokens lent."""
    found: dict[Marking, Counts] = {}
    lent: list[tuple[int, Marking, Counts]] = []
    for marking, (produced, consumed, missing, ended) in ways.items():
        for element in elements:
            for move in game.steps.get(element, ()):
                lacking = sum(edge not in marking for edge in move.takes)
                after = fired(marking, move)
                counts = (
                    produced + len(move.gives),
                    consumed + len(move.takes),
                    missing + lacking,
                    ended + (not move.gives),
                )
                if can(marking, move):
                    if after not in found or _rank(counts) < _rank(found[after]):
                        found[after] = counts
                else:
                    lent.append((lacking, after, counts))
    if found:
        return found
    least = min(lacking for lacking, _, _ in lent)
    return {after: counts for lacking, after, counts in lent if lacking == least}


def _ended(marking: Marking, counts: Counts, unknown: int) -> Replay:
    """A case that does not come to an end lacks the token that would have ended it."""
    produced, consumed, missing, ended = counts
    lacking = 0 if ended else 1
    return Replay(produced, consumed + lacking, missing + lacking, len(marking), unknown)
