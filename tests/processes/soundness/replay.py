"""A prover's walk, played move by move by the slow token game."""

from collections import Counter

from processes.diagram import SUB_PROCESSES, Diagram, NodeKind
from tests.processes.soundness.token_game import State, TokenGame

ENTERED = SUB_PROCESSES | {NodeKind.CALL_ACTIVITY}


class Player:
    """Plays walks on a file. Each scope that was entered has its own game and markings.

    A scope is a process and, in it, a sub-process. inside: elements that the walk enters.
    """

    def __init__(self, diagram: Diagram, inside: frozenset[str] = frozenset()) -> None:
        self.inside = inside
        self.diagrams = {d.process_id: d for d in (*diagram.others, diagram)}
        self.home = {n.id: d for d in self.diagrams.values() for n in d.nodes}
        self.games: dict[tuple, TokenGame] = {}
        self.states: dict[tuple, set[State]] = {}
        self._open(diagram, None)

    def _open(self, diagram: Diagram, parent: str | None) -> None:
        scope = (diagram.process_id, parent)
        self.games[scope] = TokenGame(diagram, parent)
        self.states[scope] = set(self.games[scope].begin())

    def scope_of(self, element: str) -> tuple:
        diagram = self.home[element]
        return diagram.process_id, diagram.by_id[element].parent

    def play(self, move) -> str:
        """Make a move; what is wrong with it, or nothing."""
        scope = self.scope_of(move.element)
        node = self.home[move.element].by_id[move.element]
        if scope not in self.games:
            return f"{move.element}: its sub-process was not entered"
        game, states = self.games[scope], self.states[scope]
        if node.kind in ENTERED and not move.gives and self._enters(node):
            return self._enter(node, move, scope)
        wanted = (tuple(sorted(move.takes)), tuple(sorted(move.gives)))
        after = {
            turn.after
            for state in states
            for turn in game.turns(state)
            if turn.element == move.element and (turn.takes, turn.gives) == wanted
        }
        self.states[scope] = after
        return "" if after else f"{move} cannot be made from {states}"

    def _enters(self, node) -> bool:
        """Whether the move goes in: one that passes gives tokens, if any flow leaves the node."""
        leaves = bool(self.home[node.id].outgoing(node.id))
        return node.reacts or leaves or node.id in self.inside or node.called in self.inside

    def _enter(self, node, move, scope) -> str:
        states = self.states[scope]
        if node.reacts:
            ok = {state for state in states if state.tokens}
        else:
            (flow,) = move.takes or (f"<{node.id}>",)
            ok = set()
            for state in states:
                left = Counter(state.tokens)
                if left[flow]:
                    left.subtract([flow])
                    ok.add(State(tuple(sorted(left.elements())), state.fired, state.ended))
        if not ok:
            return f"{move} cannot enter from {states}"
        self.states[scope] = ok
        if node.kind is NodeKind.CALL_ACTIVITY:
            self._open(self.diagrams[node.called], None)
        else:
            self._open(self.home[node.id], node.id)
        return ""


def replay(diagram: Diagram, flaw) -> str:
    """What is wrong with a flaw's walk, or nothing."""
    player = Player(diagram)
    scopes = [player.scope_of(move.element) for move in flaw.walk]
    player.inside = frozenset(part for scope in scopes for part in scope if part)
    scope = player.scope_of(flaw.element)
    seen = []
    for move in flaw.walk:
        seen.append({state.tokens for state in player.states.get(scope, ())})
        wrong = player.play(move)
        if wrong:
            return wrong
    if flaw.again:
        before = [Counter(tokens) for tokens in seen[-flaw.again]]
        after = [Counter(state.tokens) for state in player.states[scope]]
        turned = any(old <= new for old in before for new in after)  # side branches may add tokens
        return "" if turned else f"not round: {before}, {after}"
    return _shows(flaw, player.games[scope], player.states[scope]) or _marked(player, flaw)


def _marked(player: Player, flaw) -> str:
    """The marking that the flaw states is the one that was reached."""
    held = [
        t
        for states in player.states.values()
        for t in min(states, key=repr).tokens
        if not t.startswith("<")
    ]
    return "" if sorted(held) == sorted(flaw.marking) else f"marking {flaw.marking}, played {held}"


def _shows(flaw, game: TokenGame, states) -> str:
    """Whether the markings reached are bad in the way that the flaw says."""
    name = flaw.rule.removeprefix("soundness-")
    if name == "lack-of-synchronisation":
        return "" if any(flaw.element in game.crowded(s) for s in states) else "nothing meets"
    if name in ("deadlock", "improper-completion"):
        ended = name == "improper-completion"
        bad = [s for s in states if s.tokens and s.ended == ended and not list(game.turns(s))]
        waits = any(t in game.before(flaw.element) for s in bad for t in s.tokens)
        return "" if waits else f"not stuck: {states}"
    return f"no walk is known for {name}"
