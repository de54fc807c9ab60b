"""Every way once: a run after the other goes for what no run has passed yet.

The decisions are the rehearsal's, so that a way is taken whatever its condition says. A goal is a
flow or a boundary event; each decision goes the shortest way to it, and where there is none, the
way that was taken least. So loops are left as soon as nothing new lies in them. Where several ways
can be taken at once, a last run takes them all.
"""

import random
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.rehearsal.acting import STEP, Act
from engine.rehearsal.readiness import Ready
from engine.rehearsal.ways import choose_ways, decisions
from processes.diagram import ACTIVITIES, Diagram, Flow, Node, NodeKind, leaving

MOST_RUNS = 200
_FAR = 1_000_000
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class _Goal:
    """pool: number of the part; flow: id of the flow wanted; vertex: where it begins."""

    pool: int
    vertex: str
    flow: str = ""


class Explorer:
    """Directs runs until nothing new can be reached. `missed`: flows that no run passed."""

    reports = True

    def __init__(self, ready: Ready) -> None:
        self._diagrams = [part.diagram for part in ready.parts]
        self._back = [diagram.graph.reversed().successors for diagram in self._diagrams]
        self._taken: Counter[str] = Counter()
        self._goal: _Goal | None = None
        self._far: Mapping[str, int] = {}
        self._given_up: set[_Goal] = set()
        self._all_at_once = False
        self._can_take_several = any(
            node.kind is not NodeKind.EXCLUSIVE
            for diagram in self._diagrams
            for node in decisions(diagram)
        )
        self._left = dict.fromkeys(
            goal for n, diagram in enumerate(self._diagrams) for goal in _goals(n, diagram)
        )

    @property
    def missed(self) -> tuple[str, ...]:
        """Flows and boundary events that no run has passed, in file order."""
        return tuple(goal.flow or goal.vertex for goal in self._left)

    def aim(self) -> bool:
        """Choose what the next run goes for; False when nothing is left to try."""
        self._goal = next((goal for goal in self._left if goal not in self._given_up), None)
        if self._goal is None:
            before, self._all_at_once = self._all_at_once, self._can_take_several
            return self._all_at_once and not before
        self._given_up.add(self._goal)  # tried once; another run may still pass it
        self._far = self._distances(self._goal)
        return True

    def start(self, pool: int) -> str | None:
        """Of several start events the one nearest to the goal."""
        starts = [start.id for start in self._diagrams[pool].starts()]
        if len(starts) < _SEVERAL or self._goal is None or self._goal.pool != pool:
            return None
        nearest = min(starts, key=lambda start: self._far.get(start, _FAR))
        return nearest if self._far.get(nearest, _FAR) < self._far.get(starts[0], _FAR) else None

    def choose(self, possible: Sequence[Act]) -> Act:
        return min(possible, key=lambda act: (self._distance(act), act.kind != STEP))

    def ways(self) -> Mapping[str, bool]:
        found: dict[str, bool] = {}
        for number, diagram in enumerate(self._diagrams):
            here = self._goal is not None and self._goal.pool == number
            found |= choose_ways(diagram, self._near if here else self._least_taken)
        return found

    def _near(self, node: Node, after: Sequence[Flow]) -> Collection[Flow]:
        """The way to the goal."""
        wanted = self._goal.flow if self._goal is not None else ""

        def length(flow: Flow) -> tuple[bool, int, int]:
            return flow.id != wanted, self._far.get(flow.target, _FAR), self._taken[flow.id]

        return after if self._together(node) else (min(after, key=length),)

    def _least_taken(self, node: Node, after: Sequence[Flow]) -> Collection[Flow]:
        if self._together(node):
            return after
        return (min(after, key=lambda flow: self._taken[flow.id]),)

    def _together(self, node: Node) -> bool:
        """Whether all ways are taken at once: where that is possible, in the last run."""
        return self._all_at_once and node.kind is not NodeKind.EXCLUSIVE

    def seen(self, pool: int, elements: Sequence[str], flows: Sequence[str]) -> None:
        self._taken.update(flows)
        for goal in (*(_Goal(pool, each) for each in elements), *self._flow_goals(pool, flows)):
            self._left.pop(goal, None)
        if self._goal is not None and self._goal not in self._left:
            self._goal = next((goal for goal in self._left if goal not in self._given_up), None)
            self._far = self._distances(self._goal) if self._goal is not None else {}

    def _flow_goals(self, pool: int, flows: Sequence[str]) -> Iterator[_Goal]:
        by_id = {flow.id: flow for flow in self._diagrams[pool].flows}
        for each in flows:
            yield _Goal(pool, _before(self._diagrams[pool], by_id[each]), each)

    def _distance(self, act: Act) -> int:
        if self._goal is None or act.pool != self._goal.pool:
            return _FAR
        vertex = leaving(act.element) if act.kind == STEP else act.element
        return self._far.get(vertex, _FAR)

    def _distances(self, goal: _Goal) -> Mapping[str, int]:
        """How far each vertex is from the goal, along the flows."""
        found = {goal.vertex: 0}
        waiting = deque([goal.vertex])
        while waiting:
            vertex = waiting.popleft()
            for before in self._back[goal.pool].get(vertex, ()):
                if before not in found:
                    found[before] = found[vertex] + 1
                    waiting.append(before)
        return found


def _goals(pool: int, diagram: Diagram) -> Iterator[_Goal]:
    for flow in diagram.connecting:
        yield _Goal(pool, _before(diagram, flow), flow.id)
    for node in diagram.nodes:
        if node.kind is NodeKind.BOUNDARY:
            yield _Goal(pool, node.id)


def _before(diagram: Diagram, flow: Flow) -> str:
    """Where a token is about to take a flow; behind an event gateway that is the event."""
    source: Node = diagram.by_id[flow.source]
    if source.kind is NodeKind.EVENT_BASED:
        return flow.target
    return leaving(source.id) if source.kind in ACTIVITIES else source.id


def entries_of(seed: int, number: int) -> random.Random:
    """Chance for what people enter while ways are chosen: the same for the same run."""
    return random.Random(f"{seed}/path/{number}")  # noqa: S311 - repeatability is the purpose
