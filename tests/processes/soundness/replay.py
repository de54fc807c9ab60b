"""A prover's walk, played move by move by the slow token game."""

from collections import Counter

from processes.diagram import SUB_PROCESSES, Diagram
from tests.processes.soundness.token_game import State, TokenGame


class Player:
    """Plays walks on a diagram. Each scope that was entered has its own markings."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.games = {None: TokenGame(diagram)}
        self.states: dict[str | None, set[State]] = {None: set(self.games[None].begin())}

    def play(self, move) -> str:
        """Make a move; what is wrong with it, or nothing."""
        node = self.diagram.by_id[move.element]
        game, states = self.games.get(node.parent), self.states.get(node.parent, set())
        if game is None:
            return f"{move.element}: its sub-process was not entered"
        entering = node.kind in SUB_PROCESSES and not move.gives and self._enters(node)
        if entering:
            return self._enter(node, move, states)
        wanted = (tuple(sorted(move.takes)), tuple(sorted(move.gives)))
        after = {
            turn.after
            for state in states
            for turn in game.turns(state)
            if turn.element == move.element and (turn.takes, turn.gives) == wanted
        }
        self.states[node.parent] = after
        return "" if after else f"{move} cannot be made from {states}"

    def _enters(self, node) -> bool:
        """Whether the move goes in: one that passes gives tokens, if any flow leaves the node."""
        return node.reacts or bool(self.diagram.outgoing(node.id)) or node.id in self.inside

    inside: frozenset[str] = frozenset()

    def _enter(self, node, move, states) -> str:
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
        self.states[node.parent] = ok
        self.games[node.id] = TokenGame(self.diagram, node.id)
        self.states[node.id] = set(self.games[node.id].begin())
        return ""


def replay(diagram: Diagram, flaw) -> str:
    """What is wrong with a flaw's walk, or nothing."""
    player = Player(diagram)
    player.inside = frozenset(diagram.by_id[m.element].parent or "" for m in flaw.walk)
    scope = diagram.by_id[flaw.element].parent
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
    game, states = player.games[scope], player.states[scope]
    return _shows(flaw, game, states) or _marked(player, flaw)


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
