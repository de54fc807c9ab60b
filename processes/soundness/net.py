"""The token game of one process or sub-process as a net: nodes that move, edges that hold tokens.

Each element becomes one node; an activity with non-interrupting events becomes one more for each of
them. Edges are the sequence flows, and a few that no drawing shows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntFlag, auto
from functools import cached_property

ROOT = 0
"""The node that begins the game; it stands for no element."""


class Entry(Enum):
    """Which tokens a node needs on the edges into it."""

    ONE = auto()  # a token on any edge: activities, events, exclusive gateways
    ALL = auto()  # one on each: parallel gateways
    SOME = auto()  # one at least, and no more can come: inclusive gateways


class Mark(IntFlag):
    """What a token has met that leaves no token behind."""

    NONE = 0
    ENDED = 1  # an end
    OVER = 2  # a terminate end: the whole game may be over at once
    THROWN = 4  # an error end: what comes behind the scope is up to the scope around


class Role(Enum):
    """What a node's move is in the drawing."""

    ELEMENT = auto()  # the element's own move
    WATCH = auto()  # the own move of an activity while whose work events may fire
    GATHER = auto()  # nothing: leads tokens on to the edge of a flow
    EVENT = auto()  # a boundary event: fired in the same moment as the move that leads to it
    ROOT = auto()  # nothing


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a node can go on.

    must: edges that get a token. may: edges of which any number gets one. marks: what is met.
    """

    must: tuple[int, ...]
    may: tuple[int, ...] = ()
    marks: Mark = Mark.NONE

    @property
    def edges(self) -> tuple[int, ...]:
        return self.must + self.may


@dataclass(frozen=True, slots=True)
class NetNode:
    """A node. element: its id in the drawing. waits: a person, time or the world must act first.

    ends: an end event, for which two tokens are no harm. parks: a terminate end; its move is not
    shown in walks, its token stays. Without ways: a sub-process that never completes. acts: an
    activity, which may change the dossier's data.
    """

    element: str
    entry: Entry
    ins: tuple[int, ...]
    ways: tuple[Way, ...]
    role: Role = Role.ELEMENT
    waits: bool = False
    ends: bool = False
    parks: bool = False
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge. flow: the id of the sequence flow, None for one that is not drawn."""

    source: int
    target: int
    flow: str | None = None


@dataclass(frozen=True)
class Net:
    """The game of one scope. scope: id of the sub-process, None for the process."""

    scope: str | None
    nodes: tuple[NetNode, ...]
    edges: tuple[Edge, ...]
    arriving: dict[str, int]
    """Element id -> node at which tokens arrive."""

    @cached_property
    def successors(self) -> tuple[tuple[int, ...], ...]:
        """Nodes that each node can give a token to."""
        return tuple(
            tuple({self.edges[edge].target: None for way in node.ways for edge in way.edges})
            for node in self.nodes
        )

    @cached_property
    def staying(self) -> frozenset[int]:
        """Nodes of activities to which their own events can bring a second token."""
        found: set[int] = set()
        for element, place in self.arriving.items():
            if self.nodes[place].role is Role.WATCH:
                later = {p for p in self.successors[place] if self.nodes[p].element == element}
                events = {p for p in self.successors[place] if self.nodes[p].role is Role.EVENT}
                if place in self.reachable(events, set(range(len(self.nodes))) - later):
                    found |= later
        return frozenset(found)

    def stays(self, edge: int) -> bool:
        """Whether a token on the edge is still at work where it was."""
        ends = self.nodes[self.edges[edge].source], self.nodes[self.edges[edge].target]
        return self.edges[edge].flow is None and ends[0].element == ends[1].element

    def reachable(self, starts: Iterable[int], within: Collection[int] | None = None) -> set[int]:
        """Nodes on any way from the starts, the starts among them."""
        seen: set[int] = set()
        waiting = list(starts)
        while waiting:
            node = waiting.pop()
            if node not in seen and (within is None or node in within):
                seen.add(node)
                waiting += self.successors[node]
        return seen

    def loops(self, within: Collection[int] | None = None) -> list[list[int]]:
        """Groups of nodes that can reach each other (strongly connected), loops only."""
        keep = set(range(len(self.nodes))) if within is None else within
        return loops_of({node: [s for s in self.successors[node] if s in keep] for node in keep})


def loops_of(successors: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Strongly connected groups that hold a loop."""
    return [
        group
        for group in groups_of(successors)
        if len(group) > 1 or group[0] in successors[group[0]]
    ]


def groups_of(successors: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Strongly connected groups, each after all that it leads to (Tarjan 1972, no recursion)."""
    search = _Search(successors)
    for start in successors:
        search.from_(start)
    return search.found


class _Search:
    """The depth-first walk of `groups_of`. low: the earliest number that can be reached."""

    def __init__(self, successors: Mapping[int, Sequence[int]]) -> None:
        self.found: list[list[int]] = []
        self._successors = successors
        self._number: dict[int, int] = {}
        self._low: dict[int, int] = {}
        self._stack: list[int] = []
        self._standing: set[int] = set()

    def from_(self, start: int) -> None:
        path = [] if start in self._number else [(start, 0)]
        while path:
            node, place = path.pop()
            if place == 0:
                self._enter(node)
            after = self._successors[node]
            if place:
                self._look(node, after[place - 1])
            while place < len(after) and after[place] in self._number:
                self._look(node, after[place])
                place += 1
            if place < len(after):
                path += [(node, place + 1), (after[place], 0)]
            else:
                self._leave(node)

    def _enter(self, node: int) -> None:
        self._number[node] = self._low[node] = len(self._number)
        self._stack.append(node)
        self._standing.add(node)

    def _look(self, node: int, after: int) -> None:
        if after in self._standing:
            self._low[node] = min(self._low[node], self._low[after])

    def _leave(self, node: int) -> None:
        if self._low[node] != self._number[node]:
            return
        group = [self._stack.pop()]
        while group[-1] != node:
            group.append(self._stack.pop())
        self._standing.difference_update(group)
        self.found.append(group)
