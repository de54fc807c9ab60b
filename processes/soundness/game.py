"""The token game of a residue, fast: a marking is a whole number, one bit for each edge.

No edge ever holds two tokens here: a move that would put a second one there, or a second one in
front of a node that takes any, ends the run with a meeting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from processes.soundness.net import Entry, Mark, groups_of
from processes.soundness.residue import Course, Knot, Residue
from processes.soundness.rope import Rope

MAX_CHOICES = 4_096
"""Ways of one knot, subsets counted, beyond which a game is not played."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a knot can do. gives, marks: bits. crowds: edges into each node it feeds."""

    gives: int
    marks: int
    course: Course
    chosen: tuple[int, ...]
    crowds: tuple[int, ...]

    @property
    def macro(self) -> Rope:
        """What moves in it."""
        rope = self.course.script
        for edge in (*self.course.must, *self.chosen):
            rope += self.course.rope(edge)
        return rope


class Game:
    """The moves of a residue.

    bit: edge -> its bit; the marks that were met lie above them. idle: edges before sub-processes
    that never complete. is_partial: a knot has more than MAX_CHOICES ways, so some were left out.
    spared: edges before ends and side branches, where two tokens are no harm. feeders: who gives
    tokens to a knot.
    """

    def __init__(self, residue: Residue) -> None:
        self.residue = residue
        self.bit = {edge: 1 << place for place, edge in enumerate(residue.target)}
        self.tokens = (1 << len(self.bit)) - 1
        self.target = [residue.target[edge] for edge in self.bit]
        self.edge = list(self.bit)
        self.into = {p: self._mask(knot.ins) for p, knot in residue.knots.items()}
        self.entry = {p: knot.entry for p, knot in residue.knots.items()}
        self.feeders = {
            place: tuple(dict.fromkeys(s for e in knot.ins if (s := residue.source[e]) is not None))
            for place, knot in residue.knots.items()
        }
        self.some = {p: _Upstream(self, p) for p in residue.joins_some()}
        idle = (e for knot in residue.knots.values() if not knot.courses for e in knot.ins)
        self.idle = sum(self.bit[edge] for edge in idle)
        ends = (e for knot in residue.knots.values() if knot.ends for e in knot.ins)
        self.spared = sum(self.bit[edge] for edge in ends)
        self.is_partial = False
        self._choices: dict[int, tuple[Choice, ...]] = {}

    def _mask(self, edges: dict[int, None]) -> int:
        return sum(self.bit[edge] for edge in edges)

    def choices(self, place: int) -> tuple[Choice, ...]:
        """What the knot can do; of too many ways those with few tokens, and with all."""
        if place not in self._choices:
            self._choices[place] = tuple(self._spread(self.residue.knots[place]))
        return self._choices[place]

    def _spread(self, knot: Knot) -> Iterator[Choice]:
        many = sum(1 << len(course.may) for course in knot.courses) > MAX_CHOICES
        self.is_partial = self.is_partial or many
        for course in knot.courses:
            marks = course.marks << len(self.bit)
            numbers = range(len(course.may) + 1)
            for number in {0, min(1, len(course.may)), len(course.may)} if many else numbers:
                for chosen in combinations(course.may, number):
                    edges = dict.fromkeys((*course.must, *chosen))
                    crowds = {
                        self.into[target]: None
                        for edge in edges
                        if len(self.residue.knots[target := self.residue.target[edge]].ins) > 1
                        and self.entry[target] is Entry.ONE
                        and not self.residue.knots[target].ends
                    }
                    yield Choice(self._mask(edges), marks, course, chosen, tuple(crowds))

    def marks(self, state: int) -> Mark:
        """What tokens have met before."""
        return Mark(state >> len(self.bit))

    def marked(self, state: int) -> Iterator[int]:
        """Places of the edges that hold a token."""
        tokens = state & self.tokens
        while tokens:
            low = tokens & -tokens
            yield low.bit_length() - 1
            tokens ^= low

    def enabled(self, state: int) -> list[int]:
        """The knots that can move."""
        targets = dict.fromkeys(self.target[place] for place in self.marked(state))
        return [place for place in targets if self.can_move(place, state)]

    def can_move(self, place: int, state: int) -> bool:
        """Whether a knot with a token before it can move."""
        entry = self.entry[place]
        if not self.residue.knots[place].courses:
            return False
        if entry is Entry.ALL:
            return state & self.into[place] == self.into[place]
        return place not in self.some or not self.some[place].waits(state)

    def takes(self, place: int, state: int) -> int:
        """The bits of the tokens that the knot takes."""
        return state & self.into[place]

    def meeting(self, rest: int, choice: Choice) -> int | None:
        """The knot at which two tokens would meet if the choice gave its tokens to the rest."""
        twice = rest & choice.gives & ~self.spared
        if twice:
            return self.target[(twice & -twice).bit_length() - 1]
        for crowd in choice.crowds:
            both = (rest | choice.gives) & crowd
            if both.bit_count() > 1:
                return self.target[both.bit_length() - 1]
        return None


class _Upstream:
    """For an inclusive join: from which edges tokens can still come, without passing it.

    BPMN 2.0, 13.4.3: it waits while a token can reach one of its empty flows, unless the same token
    can reach one of its flows that hold a token.
    """

    def __init__(self, game: Game, place: int) -> None:
        residue = game.residue
        self.into = game.into[place]
        before = _before(game, place)
        self.ways: list[tuple[int, int]] = []
        for edge in residue.knots[place].ins:
            bit, source = game.bit[edge], residue.source[edge]
            self.ways.append((bit, bit | before.get(source, 0)))
        everything = 0
        for _, mask in self.ways:
            everything |= mask
        self.before = everything & ~self.into
        """Edges from which a token can come, its own flows not among them."""

    def waits(self, state: int) -> bool:
        to_empty = to_marked = 0
        for bit, mask in self.ways:
            if state & bit:
                to_marked |= mask
            else:
                to_empty |= mask
        return bool(state & to_empty & ~to_marked)


def _before(game: Game, place: int) -> dict[int | None, int]:
    """For each knot the edges from which a token can come to it without passing a join."""
    sources = {knot: feeders for knot, feeders in game.feeders.items() if knot != place}
    behind = {knot: [f for f in feeders if f != place] for knot, feeders in sources.items()}
    found: dict[int | None, int] = {}
    for group in groups_of(behind):
        mask = 0
        for knot in group:
            mask |= game.into[knot]
            for feeder in behind[knot]:
                mask |= found.get(feeder, 0)  # none yet for those of the group itself
        for knot in group:
            found[knot] = mask
    return found
