"""Who can be asked before a gateway decides: the nearest people on every way to it."""

from dataclasses import dataclass

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, STEPS, SUB_PROCESSES, NodeKind
from processes.document import local_name
from processes.repair.workpiece import Workpiece

_MOST_STEPS = 3  # more are asked once, by a step of their own
_MOST_NODES = 80  # looked at on the way back
_CHOOSING = (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE)
_GATHERING = (NodeKind.PARALLEL, NodeKind.INCLUSIVE, NodeKind.COMPLEX)
_PASSED = (NodeKind.END, NodeKind.THROW, NodeKind.CATCH, *_CHOOSING, NodeKind.PARALLEL)


@dataclass(frozen=True, slots=True)
class Asked:
    """The people nearest before a gateway.

    steps: one on every way. reception: a way begins at the start event, where whoever receives the
    dossier is asked. always: everyone asked goes on to this gateway and nowhere else.
    """

    steps: tuple[Element, ...]
    reception: bool
    always: bool


def nearest_people(piece: Workpiece, gateway: Element) -> Asked | None:
    """Who is asked before the gateway; None where a step of its own has to be put there."""
    walk = _Walk(piece)
    return walk.back_from(gateway)


class _Walk:
    """A walk against the flows, from the gateway to the nearest steps."""

    def __init__(self, piece: Workpiece) -> None:
        self._piece = piece
        self._steps: dict[str, Element] = {}
        self._reception = False
        self._always = True
        self._seen: set[str] = set()
        self._waiting: list[Element] = []

    def back_from(self, gateway: Element) -> Asked | None:
        kind = local_name(gateway)
        if kind in ACTIVITIES:  # its own conditions: who does it knows
            return self._nearest() if self._meet(gateway) else None
        gathers = kind in _GATHERING and len(self._piece.entering(gateway.get("id", ""))) > 1
        if gathers or not self._before(gateway):
            return None
        self._seen.add(gateway.get("id", ""))
        return self._nearest()

    def _nearest(self) -> Asked | None:
        while self._waiting:
            node = self._waiting.pop()
            if node.get("id", "") in self._seen:
                continue
            self._seen.add(node.get("id", ""))
            if len(self._seen) > _MOST_NODES or not self._meet(node):
                return None
        if len(self._steps) > _MOST_STEPS or not (self._steps or self._reception):
            return None
        return Asked(tuple(self._steps.values()), self._reception, self._always)

    def _before(self, node: Element) -> bool:
        """Go on to what leads to a node; False where nothing does."""
        found = [self._piece.source(flow) for flow in self._piece.entering(node.get("id", ""))]
        self._waiting += found
        return bool(found)

    def _meet(self, node: Element) -> bool:
        """Whether somebody can be asked on this way."""
        kind = local_name(node)
        if kind in STEPS:
            self._steps[node.get("id", "")] = node
            return True
        if kind in SUB_PROCESSES:
            inner = self._piece.inside(node)
            last = [each for each in inner if not self._piece.leaving(each.get("id", ""))]
            self._waiting += last
            return bool(last)
        if kind == NodeKind.START:
            return self._begin(node)
        return self._passes(node, kind) and self._before(node)

    def _passes(self, node: Element, kind: str) -> bool:
        """Whether whoever stands before the node has finished when it is passed."""
        node_id = node.get("id", "")
        if kind not in _PASSED:
            return False  # on a border: the step before was not completed
        if kind in _GATHERING and len(self._piece.entering(node_id)) > 1:
            return False
        if kind in _CHOOSING and len(self._piece.leaving(node_id)) > 1:
            self._always = False
        return True

    def _begin(self, start: Element) -> bool:
        around = start.getparent()
        if around is not None and local_name(around) in SUB_PROCESSES:
            return self._before(around)
        self._reception = True
        return True
