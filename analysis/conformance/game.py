"""The token game of a whole diagram, played by what a log can show: which steps were done.

The nets of soundness (`processes.soundness.net`), those of sub-processes put into the one around
them. A move is seen where a step is completed, else silent. Silent moves that take nothing away
from others are made at once (choices in every way), so a position is a marking in which only steps
wait; that keeps positions few and loses no run, since a run may always choose earlier.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from analysis.conformance.invalid_conformance import DiagramNotPlayable
from processes.diagram import SUB_PROCESSES, Diagram, Node, Repetition
from processes.soundness.drawn_net import net_of
from processes.soundness.net import Entry, Mark, Net, NetNode, Role, Way
from processes.soundness.scope import NoGame

Marking = tuple[int, ...]
"""The edges that hold a token, in order; one that holds two stands twice."""
Tokens = tuple[int, int, int]
"""Produced, consumed, and how many of the moves were ends."""
_MOST_CHOICES = 10  # of an inclusive gateway: a thousand ways
_MOST_MARKINGS = 20_000  # passed silently from one position
_MOST_TOKENS = 1_000  # put down silently: where that goes on there is no end of it
_TOKENS = 16  # of a marking that costs twice as much to look at as a short one

MOST_IN_ALL = 2_000_000
"""Markings looked at for a whole log: half a minute at most."""


class TooManyMarkings(Exception):
    """More silent moves from one position, or of a whole log, than are looked at."""


@dataclass(slots=True)
class Budget:
    """How much may still be looked at."""

    left: int

    def spend(self, looked: int) -> None:
        self.left -= looked
        if self.left < 0:
            raise TooManyMarkings


@dataclass(frozen=True, slots=True)
class GameMove:
    """takes: edges that lose a token. gives: edges that get one. element: the step it completes,
    None for a silent move. clears: edges that lose all. only_if_empty: edges that must hold none.
    """

    takes: tuple[int, ...]
    gives: tuple[int, ...]
    element: str | None = None
    clears: frozenset[int] = frozenset()
    only_if_empty: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Gathering:
    """An inclusive join: it moves when no token can come to it any more.

    ins: its edges. before: edges from which a token can come to one of them.
    """

    ins: tuple[int, ...]
    before: frozenset[int]
    gives: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Game:
    """initial: in which markings a run can begin. at_once: edge -> groups of silent moves of which
    one is made as soon as it can. gatherings: inclusive joins. later: silent moves that may be
    made, or not: events that interrupt. seen: completions of steps.
    """

    initial: tuple[Marking, ...]
    at_once: Mapping[int, tuple[tuple[GameMove, ...], ...]]
    gatherings: tuple[_Gathering, ...]
    later: Mapping[int, tuple[GameMove, ...]]
    seen: Mapping[int, tuple[GameMove, ...]]
    markings: Budget = field(default_factory=lambda: Budget(MOST_IN_ALL))

    @cached_property
    def steps(self) -> dict[str, tuple[GameMove, ...]]:
        """The moves that complete each step."""
        found: dict[str, list[GameMove]] = {}
        for moves in self.seen.values():
            for move in moves:
                found.setdefault(move.element or "", []).append(move)
        return {element: tuple(moves) for element, moves in found.items()}

    def positions(self, starts: Iterable[Marking]) -> dict[Marking, Tokens]:
        """The markings in which only steps wait, that silent moves reach from the starts; with
        the tokens of these moves on the way found first.
        """
        self.markings.spend(0)
        counts: dict[Marking, Tokens] = dict.fromkeys(starts, (0, 0, 0))
        try:
            return self._silently(counts)
        finally:
            self.markings.spend(sum(1 + len(marking) // _TOKENS for marking in counts))

    def _silently(self, counts: dict[Marking, Tokens]) -> dict[Marking, Tokens]:
        """The same; counts: the starts, then every marking on the way."""
        longest = max(map(len, counts), default=0) + _MOST_TOKENS
        waiting = list(counts)
        found: dict[Marking, Tokens] = {}
        while waiting:
            marking = waiting.pop()
            produced, consumed, ended = counts[marking]
            moves = self._must(marking)
            if moves is None:
                found[marking] = counts[marking]
                moves = self._enabled(self.later, marking)
            for move in moves:
                after = fired(marking, move)
                if after not in counts:
                    gone = len(marking) + len(move.gives) - len(after)
                    counts[after] = (
                        produced + len(move.gives), consumed + gone, ended + (not move.gives)
                    )  # fmt: skip
                    waiting.append(after)
            if len(counts) > _MOST_MARKINGS or len(marking) > longest:
                raise TooManyMarkings
        return found

    def visible(self, marking: Marking) -> Iterator[GameMove]:
        """Steps that can be completed."""
        return self._enabled(self.seen, marking)

    def _must(self, marking: Marking) -> Iterable[GameMove] | None:
        """The first group of silent moves that can be made at once, None where only steps wait."""
        for edge in dict.fromkeys(marking):
            for group in self.at_once.get(edge, ()):
                if can(marking, group[0]):
                    return group
        held = set(marking)
        for gathering in self.gatherings:
            here = held.intersection(gathering.ins)
            if here and held.isdisjoint(gathering.before):
                takes = tuple(sorted(here))
                return [GameMove(takes, gives) for gives in gathering.gives]
        return None

    def _enabled(
        self, moves: Mapping[int, tuple[GameMove, ...]], marking: Marking
    ) -> Iterator[GameMove]:
        for edge in dict.fromkeys(marking):
            for move in moves.get(edge, ()):
                if can(marking, move):
                    yield move


def can(marking: Marking, move: GameMove) -> bool:
    """Whether a move can be made."""
    if len(move.takes) == 1:
        held = move.takes[0] in marking
    else:
        held = all(edge in marking for edge in move.takes)
    return held and (not move.only_if_empty or move.only_if_empty.isdisjoint(marking))


def fired(marking: Marking, move: GameMove) -> Marking:
    """The marking after a move; tokens that it lacks are not there to be taken."""
    left = list(marking)
    for edge in move.takes:
        if edge in left:
            left.remove(edge)
    if move.clears:
        left = [edge for edge in left if edge not in move.clears]
    return tuple(sorted([*left, *move.gives]))


def game_of(diagram: Diagram, silent: Collection[str] = ()) -> Game:
    """The game of a diagram; refuses one that is not a game (`DiagramNotPlayable`).

    silent: steps that are done without being seen.
    """
    making = _Making(diagram, silent)
    initial = making.enter(None)
    return Game(
        tuple(sorted({tuple(sorted(gives)) for gives in initial})),
        {edge: tuple(groups) for edge, groups in making.at_once.items()},
        tuple(making.gatherings),
        {edge: tuple(moves) for edge, moves in making.later.items()},
        {edge: tuple(moves) for edge, moves in making.seen.items()},
    )


class _Making:
    """Puts the nets of all scopes together; edges are numbered through."""

    def __init__(self, diagram: Diagram, silent: Collection[str]) -> None:
        self._silent = silent
        self.at_once: dict[int, list[tuple[GameMove, ...]]] = {}
        self.later: dict[int, list[GameMove]] = {}
        self.seen: dict[int, list[GameMove]] = {}
        self.gatherings: list[_Gathering] = []
        self._diagram = diagram
        self._edges = 0
        self._scopes: dict[str, tuple[list[tuple[int, ...]], frozenset[int]]] = {}

    def enter(self, scope: str | None) -> list[tuple[int, ...]]:
        """The ways in which a scope begins; its moves are made known."""
        net = net_of(self._diagram, scope, {})
        if isinstance(net, NoGame):
            at = self._diagram.node(net.element or "")
            where = net.element or self._diagram.process_id if at is None else at.words.vi
            raise DiagramNotPlayable(where=where, vi=net.reason.vi, en=net.reason.en)
        base = self._edges
        self._edges += len(net.edges)
        first = self._edges
        for place, node in enumerate(net.nodes):
            if node.role is not Role.ROOT:
                self._node(net, base, place, node)
        mine = frozenset((*range(base, base + len(net.edges)), *range(first, self._edges)))
        self._ends(net, base, mine)
        root = next(node for node in net.nodes if node.role is Role.ROOT)
        return [self._shifted(base, gives) for way in root.ways for gives in _gives(way)]

    def _node(self, net: Net, base: int, place: int, node: NetNode) -> None:
        drawn = self._diagram.node(node.element)
        if drawn is not None and drawn.kind in SUB_PROCESSES and node.acts and not _gather(node):
            self._sub_process(net, base, node, drawn)
            return
        if node.entry is Entry.SOME and len(node.ins) > 1:
            self._gathering(net, base, place, node)
            return
        step = node.acts and not _gather(node) and node.element not in self._silent
        for takes in self._entries(base, node):
            ways = [way for way in node.ways if not way.marks & (Mark.OVER | Mark.THROWN)]
            if step:
                self._step(net, base, node, drawn, takes, ways)
            elif ways:
                group = tuple(
                    GameMove(takes, self._shifted(base, gives))
                    for way in ways
                    for gives in _gives(way)
                )
                self.at_once.setdefault(takes[0], []).append(group)

    def _step(
        self, net: Net, base: int, node: NetNode, drawn: Node | None, takes: tuple[int, ...],
        ways: list[Way],
    ) -> None:  # fmt: skip
        for way in ways:
            for gives in _gives(way):
                move = GameMove(takes, self._shifted(base, gives))
                if _by_event(net, way):
                    self.later.setdefault(takes[0], []).append(move)
                else:
                    done = GameMove(takes, move.gives, node.element)
                    self.seen.setdefault(takes[0], []).append(done)
        if drawn is not None and drawn.repetition is not None:
            again = GameMove(takes, takes, node.element)
            self.seen.setdefault(takes[0], []).append(again)

    def _sub_process(self, net: Net, base: int, node: NetNode, drawn: Node) -> None:
        begun, inside = self._inner(drawn.id)
        busy = self._edges
        self._edges += 1
        entering = [tuple(sorted((busy, *gives))) for gives in begun]
        for edge in node.ins:
            gives = [(busy,)] if net.stays(edge) else entering
            group = tuple(GameMove((base + edge,), each) for each in gives)
            self.at_once.setdefault(base + edge, []).append(group)
        moves = self.later.setdefault(busy, [])
        for way in node.ways:
            if way.marks & (Mark.OVER | Mark.THROWN):
                continue
            for each in _gives(way):
                gives_out = self._shifted(base, each)
                if not _by_event(net, way):
                    moves.append(GameMove((busy,), gives_out, only_if_empty=inside))
                elif _goes_on(net, node, way):
                    moves.append(GameMove((busy,), gives_out))
                else:
                    moves.append(GameMove((busy,), gives_out, clears=inside))
        if drawn.repetition is not None:
            moves += [GameMove((busy,), each, only_if_empty=inside) for each in entering]
            if drawn.repetition is Repetition.EACH_AT_ONCE:
                moves += [GameMove((busy,), each) for each in entering]

    def _inner(self, scope: str) -> tuple[list[tuple[int, ...]], frozenset[int]]:
        """The ways in which a sub-process begins, and its edges; made once for all of its nodes:
        while it goes on beside an event that fired, it is still the same one.
        """
        if scope not in self._scopes:
            first = self._edges
            begun = self.enter(scope)
            self._scopes[scope] = begun, frozenset(range(first, self._edges))
        return self._scopes[scope]

    def _gathering(self, net: Net, base: int, place: int, node: NetNode) -> None:
        """Tokens come from every edge whose target can reach the join without passing it."""
        others = set(range(len(net.nodes))) - {place}
        near = {net.edges[edge].source for edge in node.ins}
        reaching = {other for other in others if near & net.reachable([other], others)}
        before = {
            base + number
            for number, edge in enumerate(net.edges)
            if edge.target in reaching and number not in node.ins
        }
        gives = tuple(self._shifted(base, each) for way in node.ways for each in _gives(way))
        ins = tuple(base + edge for edge in node.ins)
        self.gatherings.append(_Gathering(ins, frozenset(before), gives))

    def _ends(self, net: Net, base: int, mine: frozenset[int]) -> None:
        """Ends that end the whole scope, whatever else goes on in it."""
        for node in net.nodes:
            if node.acts or not any(way.marks & (Mark.OVER | Mark.THROWN) for way in node.ways):
                continue
            for takes in self._entries(base, node):
                over = GameMove(takes, (), clears=mine)
                self.at_once.setdefault(takes[0], []).append((over,))

    def _entries(self, base: int, node: NetNode) -> list[tuple[int, ...]]:
        ins = [base + edge for edge in node.ins]
        if node.entry is Entry.ALL:
            return [tuple(ins)] if ins else []
        return [(edge,) for edge in ins]

    @staticmethod
    def _shifted(base: int, edges: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(base + edge for edge in edges))


def _gather(node: NetNode) -> bool:
    return node.role is Role.GATHER


def _gives(way: Way) -> Iterator[tuple[int, ...]]:
    """The edges that get a token, for each choice of those that may."""
    if len(way.may) > _MOST_CHOICES:
        vi, en = "cổng có quá nhiều nhánh chọn", "a gateway chooses among too many branches"
        raise DiagramNotPlayable(where="–", vi=vi, en=en)
    for number in range(len(way.may) + 1):
        for some in combinations(way.may, number):
            yield (*way.must, *some)


def _by_event(net: Net, way: Way) -> bool:
    """Whether the way is that of a boundary event and not of the completion."""
    targets = (net.nodes[net.edges[edge].target] for edge in way.must)
    return any(target.role is Role.EVENT for target in targets)


def _goes_on(net: Net, node: NetNode, way: Way) -> bool:
    """Whether the activity goes on beside the event."""
    return any(net.nodes[net.edges[edge].target].element == node.element for edge in way.must)
