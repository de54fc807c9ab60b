"""What is left of a game while it is being reduced: knots, each one or many nodes, and edges.

A knot remembers for each of its ways what moves within it, so that a walk of the residue can be
played on the drawing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from processes.soundness.net import ROOT, Entry, Mark, Net, Way
from processes.soundness.rope import NOTHING, Rope, giving, moving

TOLD_APART = Mark.OVER | Mark.THROWN
"""Marks that change what can follow; whether an end was met only names what is wrong."""


@dataclass(slots=True)
class Course:
    """A way of a knot. must, may: edge -> what happens until its token lies there.

    script: what happens before. marks: as of a Way.
    """

    must: dict[int, Rope]
    may: dict[int, Rope] = field(default_factory=dict)
    marks: Mark = Mark.NONE
    script: Rope = NOTHING

    @property
    def key(self) -> tuple[frozenset[int], frozenset[int], Mark]:
        """Ways with the same key do the same to the rest."""
        return frozenset(self.must), frozenset(self.may), self.marks

    @property
    def size(self) -> int:
        return self.script.size + sum(rope.size for rope in self.must.values())

    @property
    def is_single(self) -> bool:
        """Whether it gives one token and does nothing else."""
        return len(self.must) == 1 and not (self.may or self.marks)

    @property
    def gives_nothing(self) -> bool:
        return not (self.must or self.may)

    def rope(self, edge: int) -> Rope:
        found = self.must.get(edge)
        return self.may[edge] if found is None else found

    def copy(self) -> "Course":
        return Course(dict(self.must), dict(self.may), self.marks, self.script)


@dataclass(slots=True)
class Knot:
    """Nodes that move as one. covers: the nodes; each moves in some run once the knot does.

    ends: an end event, for which two tokens are no harm. kept: may not vanish.
    """

    entry: Entry
    ins: dict[int, None]
    courses: list[Course]
    covers: list[int]
    ends: bool = False
    kept: bool = False

    @property
    def edges(self) -> list[int]:
        """The edges out of it, each once."""
        return list(
            dict.fromkeys(e for course in self.courses for e in (*course.must, *course.may))
        )


@dataclass(slots=True)
class Residue:
    """The knots and edges. root: the knot that begins. source: None where no token ever comes."""

    root: int
    knots: dict[int, Knot]
    source: dict[int, int | None]
    target: dict[int, int]

    def producer(self, edge: int) -> Knot | None:
        source = self.source[edge]
        return None if source is None else self.knots[source]

    def joins_some(self) -> list[int]:
        """The inclusive joins that are left."""
        return [
            place
            for place, knot in self.knots.items()
            if knot.entry is Entry.SOME and len(knot.ins) > 1
        ]

    def reaching(self, targets: Iterable[int]) -> set[int]:
        """Knots from which a token can come to one of the targets, the targets among them."""
        seen: set[int] = set()
        waiting = list(targets)
        while waiting:
            place = waiting.pop()
            if place not in seen:
                seen.add(place)
                sources = (self.source[edge] for edge in self.knots[place].ins)
                waiting += [source for source in sources if source is not None]
        return seen


@dataclass(frozen=True, slots=True)
class Cut:
    """A side branch that was proved by itself: it counts as an end.

    ends: for each way in which it can end, by its marks, what happens in it. covers: its nodes.
    """

    ends: dict[Mark, Rope]
    covers: tuple[int, ...]


def residue_of(
    net: Net,
    members: Collection[int],
    entry: int | None = None,
    cuts: dict[int, Cut] | None = None,
    kept: Collection[int] = (),
    marks: Mark = TOLD_APART,
) -> Residue:
    """The nodes as they are: of the whole game, or of a part that one edge leads into.

    members: the nodes. entry: that edge. cuts: side branches by the edge that leads into them.
    marks: those that are told apart; the fewer, the more runs count as the same.
    """
    cuts = cuts or {}
    knots: dict[int, Knot] = {}
    source: dict[int, int | None] = {}
    target: dict[int, int] = {}
    root = ROOT if entry is None else len(net.nodes)
    if entry is not None:
        knots[root] = Knot(Entry.ONE, {}, [Course({entry: NOTHING})], [])
    for place in members:
        node = net.nodes[place]
        courses = [_course(place, way, marks) for way in node.ways]
        stays = place in kept or place in net.staying
        knots[place] = Knot(node.entry, dict.fromkeys(node.ins), courses, [place], node.ends, stays)
    for place, cut in cuts.items():
        courses = [Course({}, {}, met & marks, rope) for met, rope in cut.ends.items()]
        ins = dict.fromkeys(net.nodes[place].ins)
        knots[place] = Knot(Entry.ONE, ins, courses, list(cut.covers), ends=True)
    for place, knot in knots.items():
        for edge in knot.ins:
            target[edge] = place
        for edge in knot.edges:
            source[edge] = place
    for knot in knots.values():
        _dry(knot, source)
    return Residue(root, knots, source, target)


def _course(place: int, way: Way, marks: Mark) -> Course:
    return Course(
        {edge: giving(edge) for edge in way.must},
        {edge: giving(edge) for edge in way.may},
        way.marks & marks,
        moving(place),
    )


def _dry(knot: Knot, source: dict[int, int | None]) -> None:
    """Edges on which no token ever comes: a join of all waits for them, others don't."""
    for edge in list(knot.ins):
        if edge not in source:
            source[edge] = None
            if knot.entry is not Entry.ALL:
                del knot.ins[edge]
