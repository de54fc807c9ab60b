"""The way of a run as moves of tokens along the drawing, so that a page can play it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from processes.diagram import Diagram, Node, NodeKind
from processes.soundness import Move

MOST_MOVES = 500
_JOINING = (NodeKind.PARALLEL, NodeKind.INCLUSIVE, NodeKind.COMPLEX)


class Walk:
    """Moves as they happen; `moves` holds the first MOST_MOVES of them."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self.moves: list[Move] = []

    def passed(self, diagram: Diagram, node: Node, gives: Sequence[str]) -> None:
        """A token has passed the node and gone on by these flows."""
        takes = tuple(self._taken(diagram, node))
        self._held.subtract(takes)
        self._held.update(gives)
        if len(self.moves) < MOST_MOVES:
            self.moves.append(Move(node.id, takes, tuple(gives)))

    def over(self) -> None:
        """The run is at its end: what an end event or an interruption took away is seen no more."""
        left = tuple(flow for flow, number in self._held.items() for _ in range(number))
        if left and self.moves:
            last = self.moves[-1]
            self.moves[-1] = Move(last.element, (*last.takes, *left), last.gives)

    def _taken(self, diagram: Diagram, node: Node) -> Iterator[str]:
        """The flows whose tokens the node takes: of a joining gateway all, else one."""
        entered = node.id
        if node.kind is NodeKind.BOUNDARY:
            if not node.interrupting or node.attached_to is None:
                return
            entered = node.attached_to
        held = [flow.id for flow in diagram.incoming(entered) if self._held[flow.id] > 0]
        yield from held if node.kind in _JOINING else held[:1]
