"""What was found in a reduced game, played on the drawing: a walk of tokens, move by move."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from processes.soundness.exploration import Step
from processes.soundness.net import Entry, Net, Role
from processes.soundness.proof import Move
from processes.soundness.reduction import resolved
from processes.soundness.rope import Fired

MAX_MOVES = 100_000


class CannotPlay(Exception):  # never seen; the caller says "undecided", not nothing
    """A path of the reduced game has no counterpart in the drawing."""


@dataclass(slots=True)
class Board:
    """A net being played. tokens: edge -> where its tokens lie in the drawing, one flow each.

    spared: edges on which two tokens are no harm (side branches). met: the element at which two
    tokens met; nothing is played after that. ended: whether an end was reached.
    """

    net: Net
    spared: frozenset[int] = frozenset()
    tokens: dict[int, list[str | None]] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    met: str | None = None
    ended: bool = False

    @property
    def marking(self) -> tuple[str, ...]:
        """Ids of the flows that hold tokens."""
        return tuple(
            flow for edge in sorted(self.tokens) for flow in self.tokens[edge] if flow is not None
        )

    def lying_at(self, element: str) -> list[str | None]:
        """The tokens in front of an element, or at work in it."""
        net = self.net
        return [
            flow
            for edge, flows in self.tokens.items()
            if net.nodes[net.edges[edge].target].element == element
            for flow in flows
        ]

    def play(self, fired: Iterable[Fired]) -> None:
        """Let nodes move, until two tokens meet."""
        for node, outs in fired:
            if self.met is None:
                self._move(node, outs)

    def settle(self) -> None:
        """Let joins of all move that hold all their tokens; a reduced game does that late."""
        moved = True
        while moved and len(self.moves) < MAX_MOVES:
            moved = False
            for edge in list(self.tokens):
                place = self.net.edges[edge].target
                node = self.net.nodes[place]
                joins = node.entry is Entry.ALL and not node.acts
                if joins and all(self.tokens.get(e) for e in node.ins):
                    self.play([(place, node.ways[0].must)])
                    moved = True

    def _move(self, place: int, outs: tuple[int, ...]) -> None:
        node = self.net.nodes[place]
        if node.role is Role.EVENT or (node.parks and not outs):
            return
        if node.role is Role.ROOT:
            self._give(outs)
            return
        taken = self.take(place)
        self.ended = self.ended or not outs
        if node.role is Role.GATHER:
            self.tokens.setdefault(outs[0], []).extend(taken)
            return
        takes = tuple(flow for flow in taken if flow is not None)
        event = next((edge for edge in outs if self._is_event(edge)), None)
        still = next((edge for edge in outs if self.net.stays(edge)), None)
        if event is None:
            gives = tuple(flow for edge in outs if (flow := self.net.edges[edge].flow) is not None)
            self.moves.append(Move(node.element, takes, gives))
            self._give(outs)
            return
        if still is not None:
            self.tokens.setdefault(still, []).extend(taken)
        self._fire(event, takes if still is None else ())

    def _is_event(self, edge: int) -> bool:
        return self.net.nodes[self.net.edges[edge].target].role is Role.EVENT

    def _fire(self, edge: int, takes: tuple[str, ...]) -> None:
        """A boundary event fires; what it gives is given in the same moment."""
        event = self.net.nodes[self.net.edges[edge].target]
        outs = event.ways[0].must
        gives = tuple(flow for out in outs if (flow := self.net.edges[out].flow) is not None)
        self.ended = self.ended or not outs
        self.moves.append(Move(event.element, takes, gives))
        self._give(outs)

    def take(self, place: int) -> list[str | None]:
        """Take the tokens that the node needs; raises CannotPlay where they are not."""
        node = self.net.nodes[place]
        marked = [edge for edge in node.ins if self.tokens.get(edge)]
        if not marked or (node.entry is Entry.ALL and len(marked) < len(node.ins)):
            raise CannotPlay
        if node.entry is Entry.ONE:
            del marked[1:]
        if node.role is Role.WATCH and self._gathers(node.element):
            return [flow for edge in marked for flow in self.tokens.pop(edge)]  # all of its start
        taken = [self.tokens[edge].pop() for edge in marked]
        for edge in marked:
            if not self.tokens[edge]:
                del self.tokens[edge]
        return taken

    def _gathers(self, element: str) -> bool:
        return self.net.nodes[self.net.arriving[element]].entry is Entry.ALL

    def _give(self, outs: tuple[int, ...]) -> None:
        for edge in outs:
            self.tokens.setdefault(edge, []).append(self.net.edges[edge].flow)
        for edge in outs:
            self._meet(edge)

    def _meet(self, edge: int) -> None:
        """Two tokens in front of one node meet; a join holds one on each of its flows."""
        node = self.net.nodes[self.net.edges[edge].target]
        if node.ends or edge in self.spared or self.met is not None:
            return
        lying = self.lying_at(node.element)
        join = self.net.nodes[self.net.arriving[node.element]].entry is not Entry.ONE
        if (lying.count(self.net.edges[edge].flow) if join else len(lying)) > 1:
            self.met = node.element


def fired_in(steps: Iterable[Step], net: Net) -> Iterator[Fired]:
    """The nodes that move in the steps of a reduced game, in order."""
    for _, choice in steps:
        yield from resolved(choice.macro, net)


def shortened(board: Board) -> tuple[tuple[Move, ...], tuple[str, ...]]:
    """The moves without which two tokens would not have met, and the marking after them.

    All moves where leaving one out might change what the others do: inclusive joins look around,
    and an event that does not interrupt needs an activity at work.
    """
    net = board.net
    whole = tuple(board.moves), board.marking
    if any(
        node.role is Role.WATCH or (node.entry is Entry.SOME and len(node.ins) > 1)
        for node in net.nodes
    ):
        return whole
    crowd = Counter(flow for flow in board.lying_at(board.met or "") if flow is not None)
    kept: list[Move] = []
    for move in reversed(board.moves):
        useful = [flow for flow in move.gives if crowd[flow] > 0]
        if useful:
            crowd.subtract(useful)
            crowd.update(move.takes)
            kept.append(move)
    kept.reverse()
    marking = Counter[str]()
    for move in kept:
        marking.subtract(move.takes)
        marking.update(move.gives)
        if move is not kept[-1] and max(marking.values()) > 1:
            return whole
    return tuple(kept), tuple(marking.elements())
