"""The flaws of one game, each with the walk that shows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from processes.diagram import ACTIVITIES, Diagram
from processes.rule import Rule, Words
from processes.soundness import rules
from processes.soundness.examination import Examined
from processes.soundness.exploration import Explored, Step
from processes.soundness.loops import Loop, Unknown, restless_loops
from processes.soundness.net import ROOT, Net
from processes.soundness.proof import Flaw, Move
from processes.soundness.walk import Board, CannotPlay, fired_in, shortened

_MOST_STUCK = 100  # markings looked at for joins that wait; each join is named once


@dataclass(frozen=True, slots=True)
class Opening:
    """How a run comes into a scope. marking: the flows outside that then hold a token."""

    moves: tuple[Move, ...] = ()
    marking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Game:
    """A scope of the diagram with its net and what was found out about it.

    opening: finds how a run comes into it. interrupted: whether something from outside can end it,
    so that a loop in it needs no way out.
    """

    diagram: Diagram
    net: Net
    examined: Examined
    opening: Callable[[], Opening]
    interrupted: bool = False


def judge(game: Game) -> Iterator[Flaw]:
    """Everything that is wrong in a scope, and whether something stayed open."""
    explored = game.examined.explored
    if explored is not None:
        yield from _meetings(game, explored)
        yield from _stuck(game, explored)
    restless = list(_restless(game))
    yield from restless
    endless = any(flaw.rule == rules.ENDLESS_LOOP.code for flaw in restless)
    if explored is not None and not game.interrupted and not endless:
        yield from _no_way_out(game, explored)
    yield from _dead_steps(game)
    if not game.examined.complete:
        yield unproved(game.diagram, game.net.scope, rules.TOO_LARGE)


def unproved(diagram: Diagram, element: str | None, reason: Words) -> Flaw:
    facts = {"where": rules.named(diagram, element), "reason": reason}
    return _flaw(rules.UNPROVED, element or diagram.process_id or None, facts)


def _flaw(rule: Rule, element: str | None, facts: dict[str, Words]) -> Flaw:
    found = rule.at(element, **facts)
    return Flaw(found.rule, found.severity, found.element, found.vi, found.en)


def _shown(game: Game, flaw: Flaw, moves: tuple[Move, ...], marking: tuple[str, ...]) -> Flaw:
    opening = game.opening()
    return replace(flaw, walk=opening.moves + moves, marking=opening.marking + marking)


def _board(game: Game, steps: list[Step]) -> Board:
    board = Board(game.net, game.examined.spared)
    board.play(fired_in(steps, game.net))
    return board


def _quiet(game: Game, steps: list[Step]) -> Board | None:
    """The walk played; None if two tokens meet on it, or it cannot be played."""
    try:
        board = _board(game, steps)
    except CannotPlay:
        return None
    return board if board.met is None else None


def _unplayed(game: Game) -> Flaw:
    """A flaw was found and its walk was not: say so, rather than nothing."""
    return unproved(game.diagram, game.net.scope, rules.TOO_LARGE)


def _meetings(game: Game, explored: Explored) -> Iterator[Flaw]:
    """Two tokens in front of one node."""
    named: set[str] = set()
    for steps in explored.meetings.values():
        try:
            board = _met(game, steps)
        except CannotPlay:
            board = None
        if board is None or board.met is None:
            yield _unplayed(game)
        elif board.met not in named:
            named.add(board.met)
            moves, marking = shortened(board)
            split = _split(game.diagram, moves, board.met)
            origin = Words("", "")
            if split is not None:
                words = rules.named(game.diagram, split)
                origin = Words(f"từ {words.vi} ", f"from {words.en} ")
            facts = {
                "node": rules.named(game.diagram, board.met),
                "origin": origin,
                "advice": rules.ADVISE_GATHER,
            }
            flaw = _flaw(rules.LACK_OF_SYNCHRONISATION, board.met, facts)
            yield _shown(game, flaw, moves, marking)


def _met(game: Game, steps: list[Step]) -> Board:
    """The walk played; where two edges count as one, the second token must take the first's way."""
    board = _board(game, steps)
    last, choice = steps[-1]
    for knot, earlier in reversed(steps[:-1]):
        if board.met is not None:
            break
        if knot == last and earlier.gives & choice.gives:
            board = _board(game, [*steps[:-1], (knot, earlier)])
    return board


def _split(diagram: Diagram, moves: tuple[Move, ...], met: str) -> str | None:
    """The last element at which the ways of the two tokens were one."""
    lying: dict[str, list[frozenset[int]]] = {}
    for place, move in enumerate(moves):
        past = frozenset({place}).union(*(lying[f].pop(0) for f in move.takes if lying.get(f)))
        for flow in move.gives:
            lying.setdefault(flow, []).append(past)
    into = [flow.id for flow in diagram.incoming(met)]
    pasts = [past for flow in into for past in lying.get(flow, [])]
    if len(pasts) < 2:  # noqa: PLR2004  two tokens meet
        return None
    common = [place for place in pasts[0] & pasts[1] if len(moves[place].gives) > 1]
    return moves[max(common)].element if common else None


def _stuck(game: Game, explored: Explored) -> Iterator[Flaw]:
    """Markings in which nothing moves though tokens are left."""
    named: set[tuple[bool, int]] = set()
    ahead: dict[int, set[int]] = {}
    for place in explored.stuck[:_MOST_STUCK]:
        board = _quiet(game, explored.path(place))
        if board is None:
            yield _unplayed(game)
            continue
        ended = board.ended
        board.settle()
        for node in _waiting_first(game.net, board, ahead):
            if (ended, node) not in named:
                named.add((ended, node))
                flaw = _stuck_at(game, board, node, ended)
                yield _shown(game, flaw, tuple(board.moves), board.marking)


def _waiting_first(net: Net, board: Board, ahead: dict[int, set[int]]) -> list[int]:
    """Nodes that wait for what no other waiting node could send.

    ahead: for nodes that were asked about before, whatever lies behind them.
    """
    waiting = sorted({net.edges[edge].target for edge in board.tokens})
    first = []
    for node in waiting:
        if node not in ahead:
            ahead[node] = net.reachable([node])
    for node in waiting:
        lacking = {net.edges[e].source for e in net.nodes[node].ins if e not in board.tokens}
        others = [other for other in waiting if other != node]
        if not any(lacking & ahead[other] for other in others):
            first.append(node)
    return first or waiting


def _stuck_at(game: Game, board: Board, node: int, ended: bool) -> Flaw:
    net, element = game.net, game.net.nodes[node].element
    lacking = [
        flow
        for edge in net.nodes[node].ins
        if edge not in board.tokens and (flow := net.edges[edge].flow) is not None
    ]
    facts = {
        "join": rules.named(game.diagram, element),
        "missing": rules.named_flows(game.diagram, lacking),
        "advice": rules.ADVISE_JOIN,
    }
    if not ended:
        return _flaw(rules.DEADLOCK, element, facts)
    ends = [move.element for move in board.moves if not move.gives]
    facts["end"] = rules.named(game.diagram, ends[-1] if ends else None)
    return _flaw(rules.IMPROPER_COMPLETION, element, facts)


def _no_way_out(game: Game, explored: Explored) -> Iterator[Flaw]:
    """Runs that go on for ever, though somebody acts in each round."""
    trip = explored.round_trip()
    if trip is None:
        return
    place, round_ = trip
    path = [*explored.path(place), *round_]
    before = _quiet(game, path)
    board = _quiet(game, [*path, *round_])
    if before is None or board is None:
        yield _unplayed(game)
        return
    elements = [move.element for move in board.moves[len(before.moves) :]]
    facts = {"nodes": rules.named_all(game.diagram, elements), "problem": rules.NO_WAY_OUT}
    flaw = replace(_flaw(rules.ENDLESS_LOOP, elements[0], facts), again=len(elements))
    yield _shown(game, flaw, tuple(board.moves), board.marking)


def _restless(game: Game) -> Iterator[Flaw]:
    """Loops in which nobody acts: those that cannot be left, those that no data can leave."""
    named: set[str | None] = set()
    for acting in (False, True):
        for loop in restless_loops(game.net, game.examined, acting=acting):
            flaw = _restless_flaw(game, loop)
            certain = not acting or (flaw is not None and flaw.rule == rules.ENDLESS_LOOP.code)
            if flaw is not None and certain and flaw.element not in named:
                named.add(flaw.element)
                yield flaw


def _restless_flaw(game: Game, loop: Loop | Unknown) -> Flaw | None:
    if isinstance(loop, Unknown):
        explored = game.examined.explored
        if explored is not None and explored.meetings:
            return None  # judged once those are mended
        return unproved(game.diagram, game.net.nodes[loop.node].element, rules.TOO_LARGE)
    board = Board(game.net, game.examined.spared)
    try:
        board.play([*loop.way, *loop.round_])  # the first round may begin with another flow
        before = len(board.moves)
        board.play(loop.round_)
    except CannotPlay:
        return _unplayed(game)
    if board.met is not None:
        return None
    elements = [move.element for move in board.moves[before:]]
    facts = {"nodes": rules.named_all(game.diagram, elements)}
    if loop.is_left:
        flaw = _flaw(rules.IDLE_LOOP, elements[0], facts)
    else:
        flaw = _flaw(rules.ENDLESS_LOOP, elements[0], {**facts, "problem": rules.NOBODY_WAITS})
    return _shown(game, replace(flaw, again=len(elements)), tuple(board.moves), board.marking)


def _dead_steps(game: Game) -> Iterator[Flaw]:
    """Activities that no run reaches; of those in a row the first."""
    net, examined = game.net, game.examined
    linked = net.reachable([ROOT])
    explored = examined.explored
    clear = explored is None or (explored.complete and not explored.meetings)
    alive = set(examined.moved) if clear else linked
    dead = {
        place
        for element, place in net.arriving.items()
        if place not in alive and game.diagram.by_id[element].kind in ACTIVITIES
    }
    for place in _first_of(net, dead, alive & linked):
        element = net.nodes[place].element
        yield _flaw(rules.DEAD_STEP, element, {"node": rules.named(game.diagram, element)})


def _first_of(net: Net, dead: set[int], alive: set[int]) -> list[int]:
    """Dead steps that no other dead step leads to; of a loop that nothing leads to, one."""
    first: set[int] = set()
    seen: set[int] = set()
    waiting = list(alive)
    while waiting:
        place = waiting.pop()
        if place in dead:
            first.add(place)
        elif place not in seen:
            seen.add(place)
            waiting += net.successors[place]
    led_to = {place: net.reachable(net.successors[place]) for place in dead}
    behind = {place for other, met in led_to.items() for place in met if place != other}
    covered = first.union(*(led_to[place] for place in first))
    for place in [*sorted(dead - behind), *sorted(dead)]:
        if place not in covered:
            first.add(place)
            covered |= {place, *led_to[place]}
    return sorted(first)
