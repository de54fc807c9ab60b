"""Stubborn sets: of moves that do not touch each other, one order is enough.

Valmari's strong stubborn sets (Advanced Course on Petri Nets 1996), for knots. A set holds a knot
that can move and everything that could disturb it: what competes for its tokens (nobody: every
edge leads to one knot), what must happen before another member can move, whoever could send a
second token after the one it takes, and the inclusive joins that look at where its token is.
What is left out commutes with the members, so runs that begin with it are met later.

A set of knots is a whole number here, one bit for each knot.
"""

from collections.abc import Iterable, Iterator

from processes.soundness.game import Game
from processes.soundness.net import Entry, groups_of


class Stubborn:
    """Finds small stubborn sets.

    work: knots looked at so far. all, some: the joins that wait for every token, and the inclusive
    ones. before: for each knot what is in every set that holds it. watched: knots before joins.
    """

    def __init__(self, game: Game) -> None:
        self._game = game
        self.work = 0
        residue = game.residue
        self._bit = {place: 1 << number for number, place in enumerate(residue.knots)}
        self._place = list(self._bit)
        self.some = self._mask(game.some)
        self.all = self._mask(
            place
            for place, entry in game.entry.items()
            if entry is Entry.ALL and place not in game.some
        )
        self.before = self._up_to_joins()
        self._behind = dict.fromkeys(residue.knots, 0)
        for place, feeders in game.feeders.items():
            for feeder in feeders:
                self._behind[place] |= self.before[feeder]
        self._watching = dict.fromkeys(residue.knots, 0)
        for join in game.some:
            for place in residue.reaching([join]):
                self._watching[place] |= self._bit[join]
        self.watched = self._mask(place for place, joins in self._watching.items() if joins)

    def _mask(self, places: Iterable[int]) -> int:
        found = 0
        for place in places:
            found |= self._bit[place]
        return found

    def _up_to_joins(self) -> dict[int, int]:
        """For each knot itself and whoever feeds it, and them, up to the joins on the way."""
        joins = self.all | self.some
        behind = {
            place: () if self._bit[place] & joins else feeders
            for place, feeders in self._game.feeders.items()
        }
        found: dict[int, int] = {}
        for group in groups_of(behind):
            mask = self._mask(group)
            for place in group:
                for feeder in behind[place]:
                    mask |= found.get(feeder, 0)  # none yet for those of the group itself
            for place in group:
                found[place] = mask
        return found

    def bit(self, place: int) -> int:
        return self._bit[place]

    def places(self, knots: int) -> Iterator[int]:
        """The knots of a set."""
        while knots:
            low = knots & -knots
            yield self._place[low.bit_length() - 1]
            knots ^= low

    def of(self, state: int, enabled: list[int]) -> list[int]:
        """The knots to move in this marking: of the sets tried the smallest."""
        if len(enabled) == 1:
            return enabled
        search = _Search(self, state, self._mask(enabled))
        best, least = search.able, len(enabled)
        for seed in enabled:
            if least == 1:
                break
            found = search.closure(seed, least)
            if found:
                best, least = found, (found & search.able).bit_count()
        return [place for place in enabled if best & self._bit[place]]

    def reach(self, place: int, state: int, *, able: bool) -> int:
        """Who else is in a set with a knot that can move, or with an inclusive join that waits."""
        found = self._behind[place] | self._watching[place] if able else 0
        if self._bit[place] & self.some:
            game = self._game
            for lying in game.marked(state & game.some[place].before):
                found |= self.before[game.target[lying]]
        return found

    def awaited(self, join: int, state: int) -> tuple[int, int] | None:
        """Who feeds the edges that a join of all lacks, and whom to add if none of them is in.

        None where an edge never gets a token: that join never moves.
        """
        residue, game = self._game.residue, self._game
        lacking = (edge for edge in residue.knots[join].ins if not state & game.bit[edge])
        sources = [residue.source[edge] for edge in lacking]
        known = [source for source in sources if source is not None]
        if not known or len(known) < len(sources):
            return None
        return self._mask(known), self.before[known[0]]


class _Search:
    """The sets of one marking. able: the knots that can move."""

    def __init__(self, stubborn: Stubborn, state: int, able: int) -> None:
        self._stubborn = stubborn
        self._state = state
        self.able = able
        self._lacking = stubborn.all & ~able
        self._moving = stubborn.some | able & (stubborn.all | stubborn.watched)
        self._reached: dict[int, int] = {}
        self._awaited: dict[int, tuple[int, int] | None] = {}

    def closure(self, seed: int, least: int) -> int:
        """The set of a knot; 0 as soon as so many of it can move that it is not smaller."""
        found, done = self._stubborn.before[seed], 0
        while (found & self.able).bit_count() < least:
            fresh = found & ~done & self._moving
            done |= fresh
            for place in self._stubborn.places(fresh):
                found |= self._reach(place)
            if not fresh:
                joins = found & ~done & self._lacking
                if not joins:
                    break
                done |= joins
                found |= self._fed(joins, found)
        else:
            self._stubborn.work += found.bit_count()
            return 0
        self._stubborn.work += found.bit_count()
        return found

    def _reach(self, place: int) -> int:
        if place not in self._reached:
            able = bool(self._stubborn.bit(place) & self.able)
            self._reached[place] = self._stubborn.reach(place, self._state, able=able)
        return self._reached[place]

    def _fed(self, joins: int, found: int) -> int:
        """For each join of all one edge it lacks: whoever feeds that must move before the join."""
        feeders = 0
        for join in self._stubborn.places(joins):
            if join not in self._awaited:
                self._awaited[join] = self._stubborn.awaited(join, self._state)
            awaited = self._awaited[join]
            if awaited is not None and not awaited[0] & found:
                feeders |= awaited[1]
        return feeders
