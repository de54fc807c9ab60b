"""The proof that a diagram is sound, or the walks that show why not."""

from collections.abc import Iterator
from functools import partial

from processes.diagram import SUB_PROCESSES, Diagram, Node
from processes.finding import Severity
from processes.soundness.drawn_net import Body, NoGame, net_of
from processes.soundness.examination import Examined, can_end, examine, path_to
from processes.soundness.fixes import propose
from processes.soundness.judging import Game, Opening, judge, undecided
from processes.soundness.loops import waits_always
from processes.soundness.net import ROOT, Net
from processes.soundness.proof import Flaw, Move, Proof, Verdict
from processes.soundness.walk import Board, CannotPlay, fired_in


def prove(diagram: Diagram, *, proposals: bool = True) -> Proof:
    """Judge whether every run of the diagram ends well. Never raises, whatever is drawn.

    Each sub-process is judged by itself, as a process that must come to its own end; around it,
    it is one activity. proposals: try changes that would mend what is found.
    """
    proving = _Proving(diagram)
    findings = tuple(proving.findings())
    if any(flaw.severity is Severity.ERROR for flaw in findings):
        verdict = Verdict.UNSOUND
        if proposals:
            findings = propose(diagram, findings, partial(prove, proposals=False))
    else:
        verdict = Verdict.UNDECIDED if findings else Verdict.SOUND
    return Proof(findings, verdict, proving.states)


class _Proving:
    """The games of a diagram, inner ones first, and how runs come into them."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._games: dict[str | None, tuple[Net, Examined]] = {}
        self._obstacles: dict[str | None, NoGame] = {}
        self._openings: dict[str | None, Opening | None] = {None: Opening()}
        self._order: list[str | None] = [None]
        for scope in self._order:  # grows while it is read
            self._order += [n.id for n in diagram.children(scope) if n.kind in SUB_PROCESSES]
        bodies: dict[str, Body] = {}
        for scope in reversed(self._order):
            body = self._play(scope, bodies)
            if scope is not None:
                bodies[scope] = body

    @property
    def states(self) -> int:
        return sum(examined.states for _, examined in self._games.values())

    def _play(self, scope: str | None, bodies: dict[str, Body]) -> Body:
        net = net_of(self._diagram, scope, bodies)
        if isinstance(net, NoGame):
            self._obstacles[scope] = net
            return Body()
        examined = examine(net)
        self._games[scope] = net, examined
        return Body(can_end(net, examined), waits_always(net))

    def findings(self) -> Iterator[Flaw]:
        """What is wrong in the scopes that a run can come to, outer ones first."""
        for scope in self._order:
            if not self._is_met(scope):
                continue
            if scope in self._obstacles:
                obstacle = self._obstacles[scope]
                yield undecided(self._diagram, obstacle.element, obstacle.reason)
                continue
            net, examined = self._games[scope]
            found = list(judge(Game(self._diagram, net, examined, Opening())))
            if found and scope is not None:
                opening = self._opening(scope)
                if opening is None:
                    continue
                found = list(judge(Game(self._diagram, net, examined, opening)))
            yield from found

    def _is_met(self, scope: str | None) -> bool:
        """Whether a run comes into a scope, as far as is known."""
        while scope is not None:
            node = self._diagram.by_id[scope]
            if node.parent not in self._games:
                return False
            net, examined = self._games[node.parent]
            if not node.reacts and net.arriving[scope] not in examined.moved:
                return False
            scope = node.parent
        return True

    def _opening(self, scope: str) -> Opening | None:
        """A short walk into a sub-process."""
        if scope not in self._openings:
            node = self._diagram.by_id[scope]
            around = self._opening(node.parent) if node.parent is not None else Opening()
            self._openings[scope] = None if around is None else self._enter(node, around)
        return self._openings[scope]

    def _enter(self, node: Node, around: Opening) -> Opening | None:
        net, examined = self._games[node.parent]
        board = Board(net, examined.spared)
        if node.reacts:
            return _react(board, node, around)
        place = net.arriving[node.id]
        path = path_to(net, examined, place)
        if path is None:
            return None
        try:
            board.play(fired_in(path, net))
            taken = tuple(flow for flow in board.take(place) if flow is not None)
        except CannotPlay:
            return None
        moves = (*around.moves, *board.moves, Move(node.id, taken, ()))
        return Opening(moves, around.marking + board.marking)


def _react(board: Board, node: Node, around: Opening) -> Opening:
    """An event starts its sub-process as soon as the scope around it runs."""
    net = board.net
    board.play([(ROOT, net.nodes[ROOT].ways[0].must)])
    for edge in net.nodes[ROOT].ways[0].must:
        start = net.edges[edge].target
        board.play([(start, net.nodes[start].ways[0].must)])
    moves = (*around.moves, *board.moves, Move(node.id, (), ()))
    return Opening(moves, around.marking + board.marking)
