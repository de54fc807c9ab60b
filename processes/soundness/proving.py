"""The proof that a diagram is sound, or the walks that show why not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from processes.diagram import SUB_PROCESSES, Diagram, Node, NodeKind
from processes.finding import Severity
from processes.soundness import rules
from processes.soundness.collaboration import MOST_POOLS, judge_collaboration
from processes.soundness.drawn_net import net_of, thrown_by
from processes.soundness.examination import Examined, can_end, examine, path_to
from processes.soundness.exploration import Effort
from processes.soundness.fixes import propose
from processes.soundness.judging import Game, Opening, judge, unproved
from processes.soundness.loops import waits_always
from processes.soundness.net import ROOT, Mark, Net
from processes.soundness.pools import Playable
from processes.soundness.proof import Flaw, Move, Proof, Verdict
from processes.soundness.residue import TOLD_APART
from processes.soundness.scope import Body, NoGame, doubts, is_interrupted, members
from processes.soundness.walk import Board, CannotPlay, fired_in

MAX_FLAWS = 50  # a designer mends some and asks again


def prove(diagram: Diagram, *, proposals: bool = True, effort: Effort | None = None) -> Proof:
    """Judge whether every run of the diagram ends well. Never raises, whatever is drawn.

    Each sub-process is judged by itself, as a process that must come to its own end; around it,
    it is one activity. So is a process of the same file that is called, once for all calls.
    proposals: try changes that would mend what is found. effort: what may be spent on it; where
    that is not enough, a finding says that soundness stays unproved.
    """
    family = _family_of(diagram, effort or Effort())
    proving = _Proving(diagram, family)
    findings = tuple(islice(proving.findings(), MAX_FLAWS))
    if any(flaw.severity is Severity.ERROR for flaw in findings):
        verdict = Verdict.UNSOUND
        if proposals:
            findings = propose(diagram, findings, _Again(diagram, proving, family))
    else:
        findings += tuple(_between_pools(diagram, proving, family))
        proved = all(flaw.rule != rules.UNPROVED.code for flaw in findings)
        verdict = Verdict.SOUND if proved else Verdict.UNPROVED
    called = (each for each in family.known.values() if each is not None)
    return Proof(findings, verdict, proving.states + sum(each.states for each in called))


def _between_pools(diagram: Diagram, proving: "_Proving", family: "_Family") -> Iterator[Flaw]:
    """What is wrong in the exchange of messages with pools that are drawn and not called."""
    speaking = {end for flow in diagram.messages for end in (flow.source, flow.target)}
    partners = [
        other
        for other in diagram.others
        if other.process_id not in family.known and not speaking.isdisjoint(other.by_id)
    ]
    if not partners or len(partners) >= MOST_POOLS:
        return
    sides = [proving, *(_Proving(partner, family) for partner in partners)]
    playables = [side.playable for side in sides]
    sound = [playable for playable in playables if playable is not None]
    yield from judge_collaboration(diagram, sound)


@dataclass(slots=True)
class _Family:
    """The processes of a file by id, and what is known of those that are called.

    None stands for one that is being looked at. earlier: what was known of them, and of the
    process that is proved, before one gateway was changed.
    """

    processes: dict[str, Diagram]
    known: dict[str, "_Proving | None"] = field(default_factory=dict)
    effort: Effort = field(default_factory=Effort)
    earlier: "dict[str, _Proving]" = field(default_factory=dict)


def _family_of(diagram: Diagram, effort: Effort) -> _Family:
    processes = {each.process_id: each for each in (*diagram.others, diagram)}
    return _Family(processes, {diagram.process_id: None}, effort)


class _Again:
    """Finds what is wrong after a change of one gateway; what that leaves as it was is known."""

    def __init__(self, diagram: Diagram, proving: "_Proving", family: _Family) -> None:
        known = {name: each for name, each in family.known.items() if each is not None}
        self._earlier = {**known, diagram.process_id: proving}

    def __call__(self, diagram: Diagram, effort: Effort) -> Iterator[Flaw]:
        family = _family_of(diagram, effort)
        family.earlier = self._earlier
        yield from islice(_Proving(diagram, family).findings(), MAX_FLAWS)


class _Proving:
    """The games of one process, inner ones first, and how runs come into them."""

    def __init__(self, diagram: Diagram, family: _Family, *, is_called: bool = False) -> None:
        self._diagram = diagram
        self._family = family
        self._games: dict[str | None, tuple[Net, Examined]] = {}
        self._obstacles: dict[str | None, NoGame] = {}
        self._openings: dict[str | None, Opening | None] = {None: Opening()}
        self._called: dict[str, _Proving] = {}
        self._doubts: dict[str | None, list[NoGame]] = {}
        self._flaws: dict[str | None, list[Flaw]] = {}
        self._outcomes: dict[str | None, tuple[bool, bool]] = {}
        self._kept: set[str | None] = set()
        self._earlier = family.earlier.get(diagram.process_id)
        self._is_called = is_called
        self._judged = False
        self._bodies: dict[str, Body] = {}
        self._order: list[str | None] = [None]
        for scope in self._order:  # grows while it is read
            self._order += [n.id for n in diagram.children(scope) if n.kind in SUB_PROCESSES]
        for scope in reversed(self._order):
            body = self._play(scope)
            if scope is not None:
                self._bodies[scope] = body
            else:
                self.body = body

    @property
    def states(self) -> int:
        return sum(examined.states for _, examined in self._games.values())

    @property
    def playable(self) -> Playable | None:
        """The outermost game, where it is sound by itself."""
        net, examined = self._games.get(None, (None, None))
        if net is None or examined is None or not examined.is_sound:
            return None
        return Playable(self._diagram, net, examined)

    def _play(self, scope: str | None) -> Body:
        self._doubts[scope] = list(doubts(self._diagram, scope))
        for node in members(self._diagram, scope):
            if node.kind is NodeKind.CALL_ACTIVITY:
                self._call(node)
        net = net_of(self._diagram, scope, self._bodies)
        if isinstance(net, NoGame):
            self._obstacles[scope] = net
            return Body()
        if self._earlier is not None and self._earlier._knows(scope, net):  # noqa: SLF001  its own kind
            self._kept.add(scope)
            self._games[scope] = self._earlier._games[scope]  # noqa: SLF001
            return self._body(scope, *self._games[scope])
        examined = examine(net, self._family.effort)
        if examined.explored is not None and examined.explored.stuck:
            exact = examine(net, self._family.effort, marks=TOLD_APART | Mark.ENDED)
            examined = exact if exact.complete else examined
        self._games[scope] = net, examined
        return self._body(scope, net, examined)

    def _knows(self, scope: str | None, net: Net) -> bool:
        """Whether it was found out what the runs of this very game do."""
        known = self._games.get(scope)
        return known is not None and not known[1].gave_up and known[0] == net

    def _body(self, scope: str | None, net: Net, examined: Examined) -> Body:
        """What the scope around needs to know; around the process that is proved there is none."""
        if scope is None and not self._is_called:
            return Body()
        thrown: set[str] = set()
        if not examined.ends or any(Mark.THROWN in marks for marks in examined.ends):
            for node in members(self._diagram, scope):
                if net.arriving[node.id] in examined.moved or not examined.complete:
                    body = self._bodies.get(node.id, Body())
                    thrown |= thrown_by(self._diagram, node, body)
        back = bool(examined.ends) and all(Mark.THROWN in marks for marks in examined.ends)
        interrupted = any(
            start.interrupting
            for node in self._diagram.children(scope)
            if node.reacts
            for start in self._diagram.starts(node.id)
        )
        ends, waits = self._outcome(scope, net, examined)
        completes = interrupted or (ends and not (back and examined.complete))
        return Body(completes, waits, frozenset(thrown))

    def _outcome(self, scope: str | None, net: Net, examined: Examined) -> tuple[bool, bool]:
        """Whether some run ends, and whether each waits for somebody before."""
        if self._earlier is not None and scope in self._kept:
            self._outcomes[scope] = self._earlier._outcomes[scope]  # noqa: SLF001  its own kind
        else:
            ends = can_end(net, examined)
            self._outcomes[scope] = ends, waits_always(net, self._family.effort)
        return self._outcomes[scope]

    def _call(self, node: Node) -> None:
        """Look at the called process, if it is in the file and not one that is calling."""
        process = self._family.processes.get(node.called) if node.called else None
        if process is None:
            return
        known = self._family.known
        if node.called in known and known[node.called] is None:
            self._doubts[node.parent].append(NoGame(node.id, rules.CALLS_ITSELF))
            return
        known.setdefault(node.called, None)
        called = known[node.called] or _Proving(process, self._family, is_called=True)
        known[node.called] = called
        self._called[node.id] = called
        self._bodies[node.id] = called.body

    def findings(self) -> Iterator[Flaw]:
        """What is wrong in the scopes that a run can come to, outer ones first."""
        self._judged = True
        for scope in self._order:
            if not self._is_met(scope):
                continue
            if scope in self._obstacles:
                obstacle = self._obstacles[scope]
                yield unproved(self._diagram, obstacle.element, obstacle.reason)
                continue
            for doubt in self._doubts[scope]:
                yield unproved(self._diagram, doubt.element, doubt.reason)
            yield from self._judge(scope)
            yield from self._in_called(scope)

    def _judge(self, scope: str | None) -> Iterator[Flaw]:
        if self._earlier is not None and scope in self._kept:
            self._flaws[scope] = self._earlier._flaws_of(scope)  # noqa: SLF001  its own kind
        yield from self._flaws_of(scope)

    def _flaws_of(self, scope: str | None) -> list[Flaw]:
        if scope not in self._flaws:
            net, examined = self._games[scope]
            interrupted = is_interrupted(self._diagram, scope)
            # Where the way in is not known no opening is found: the flaw stands without it.
            game = Game(
                self._diagram,
                net,
                examined,
                lambda: self._opening(scope) or Opening(),
                interrupted,
            )
            self._flaws[scope] = list(judge(game))
        return self._flaws[scope]

    def _in_called(self, scope: str | None) -> Iterator[Flaw]:
        """What is wrong in the processes that are called from a scope, each said once."""
        _, examined = self._games[scope]
        for node in members(self._diagram, scope):
            called = self._called.get(node.id)
            met = self._games[scope][0].arriving[node.id] in examined.moved
            if called is not None and met and not called._judged:  # noqa: SLF001  its own kind
                called._openings[None] = self._enter(node, self._opening(scope) or Opening())  # noqa: SLF001
                yield from called.findings()

    def _is_met(self, scope: str | None) -> bool:
        """Whether a run comes into a scope, as far as is known."""
        while scope is not None:
            node = self._diagram.by_id[scope]
            if node.parent not in self._games:
                return False
            net, examined = self._games[node.parent]
            if not node.reacts and net.arriving.get(scope) not in examined.moved:
                return False
            scope = node.parent
        return True

    def _opening(self, scope: str | None) -> Opening | None:
        """A short walk into a sub-process."""
        if scope not in self._openings:
            node = self._diagram.by_id[scope or ""]
            around = self._opening(node.parent)
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
