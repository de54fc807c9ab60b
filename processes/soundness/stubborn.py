"""Stubborn sets: of moves that do not touch each other, one order is enough.

Valmari's strong stubborn sets (Advanced Course on Petri Nets 1996), for knots. A set holds a knot
that can move and everything that could disturb it: what competes for its tokens (nobody: every
edge leads to one knot), what must happen before another member can move, whoever could send a
second token after the one it takes, and the inclusive joins that look at where its token is.
What is left out commutes with the members, so runs that begin with it are met later.
"""

from processes.soundness.game import Game
from processes.soundness.net import Entry


class Stubborn:
    """Finds small stubborn sets. work: knots looked at so far."""

    def __init__(self, game: Game) -> None:
        self._game = game
        self.work = 0
        residue = game.residue
        self._feeders = game.feeders
        watching: dict[int, list[int]] = {place: [] for place in residue.knots}
        for join in game.some:
            for place in residue.reaching([join]):
                watching[place].append(join)
        self._watching = watching

    def of(self, state: int, enabled: list[int]) -> list[int]:
        """The knots to move in this marking: of the sets tried the smallest."""
        able = frozenset(enabled)
        best = enabled
        for seed in enabled:
            if len(best) == 1:
                break
            found = self._closure(state, able, seed)
            moving = [place for place in enabled if place in found]
            if len(moving) < len(best):
                best = moving
        return best

    def _closure(self, state: int, able: frozenset[int], seed: int) -> set[int]:
        found: set[int] = set()
        waiting = [seed]
        joins: list[int] = []
        while waiting or joins:
            if not waiting:
                waiting += self._awaited(joins, state, found)
                continue
            place = waiting.pop()
            if place in found:
                continue
            found.add(place)
            if place in able:
                waiting += self._feeders[place]
                waiting += self._watching[place]
                if place in self._game.some:
                    waiting += self._upstream(place, state)
            elif place in self._game.some:
                waiting += self._upstream(place, state)
            elif self._game.entry[place] is Entry.ALL:
                joins.append(place)
            else:
                waiting += self._feeders[place]
        self.work += len(found)
        return found

    def _upstream(self, join: int, state: int) -> list[int]:
        """Who must move before an inclusive join can see less, or more."""
        return [
            self._game.target[p] for p in self._game.marked(state & self._game.some[join].before)
        ]

    def _awaited(self, joins: list[int], state: int, found: set[int]) -> list[int]:
        """For each join of all one edge it lacks: whoever feeds that must move before the join."""
        residue = self._game.residue
        feeders: list[int] = []
        while joins:
            join = joins.pop()
            lacking = [e for e in residue.knots[join].ins if not state & self._game.bit[e]]
            sources = [residue.source[edge] for edge in lacking]
            if not any(source is None or source in found for source in sources):
                feeders.append(next(source for source in sources if source is not None))
        return feeders
