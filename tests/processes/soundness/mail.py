"""Pools played side by side by the slow token game, with the messages that lie between them.

It shares no code with the prover: it plays the prover's walks, and looks at every state by itself.
"""

from collections import Counter

from processes.diagram import EventKind, NodeKind
from tests.processes.soundness.token_game import State, TokenGame, TooMany

RECEIVING = (NodeKind.START, NodeKind.CATCH, NodeKind.BOUNDARY)
NOT_BEGUN = None
_MANY = 2  # of one message; more than these the prover does not count


def receives(node):
    return node.kind is NodeKind.RECEIVE_TASK or (
        node.kind in RECEIVING and node.events == (EventKind.MESSAGE,)
    )


class Post:
    """The pools and who sends what to whom. Only messages between drawn elements are looked at."""

    def __init__(self, diagram):
        speaking = {end for flow in diagram.messages for end in (flow.source, flow.target)}
        drawn = [diagram, *diagram.others]
        self.pools = [pool for pool in drawn if not speaking.isdisjoint(pool.by_id)]
        self.games = [TokenGame(pool) for pool in self.pools]
        self.nodes = {n.id: n for pool in drawn for n in pool.nodes}
        self.wanted, self.sent = {}, {}
        for flow in diagram.messages:
            if flow.source in self.nodes and receives(self.nodes[flow.target]):
                self.wanted.setdefault(flow.target, []).append(flow.id)
                self.sent.setdefault(flow.source, []).append(flow.id)

    def turns(self, number, state, mail):
        """What a pool can do: element, takes, gives (messages among them), its state, the mail."""
        game = self.games[number]
        if state is NOT_BEGUN or not state.tokens or state.over:
            yield from self._begin(number, state, mail)
            return
        for turn in game.turns(state):
            node = self.nodes[turn.element]
            late = node.kind is not NodeKind.START
            if node.kind is NodeKind.EVENT_BASED:
                target = game.flow[turn.gives[0]].target
                if target in self.wanted and not any(mail[m] for m in self.wanted[target]):
                    continue
            sends = tuple(self.sent.get(turn.element, ()))
            for took in self._mail_for(turn.element, mail) if late else [()]:
                after = Counter(mail)
                after.subtract(took)
                after.update(sends)
                takes, gives = (*turn.takes, *took), (*turn.gives, *sends)
                yield turn.element, takes, gives, turn.after, +after

    def _begin(self, number, state, mail):
        """A start event's token; its message is taken at once."""
        for first in self.games[number].begin():
            element = first.tokens[0][1:-1]
            for took in self._mail_for(element, mail):
                if took or state is NOT_BEGUN:
                    for turn in self.games[number].turns(first):
                        after = Counter(mail)
                        after.subtract(took)
                        yield turn.element, took, turn.gives, turn.after, +after

    def _mail_for(self, element, mail):
        if element not in self.wanted:
            return [()]
        return [(m,) for m in self.wanted[element] if mail[m]]

    def waiting(self, states):
        """In a standstill: the elements that wait for a message."""
        found = set()
        for number, state in enumerate(states):
            if state is NOT_BEGUN:
                if all(each is NOT_BEGUN for each in states):
                    starts = self.pools[number].starts()
                    found |= {start.id for start in starts if start.id in self.wanted}
                continue
            for token in state.tokens if not state.over else ():
                target = self.games[number].flow[token].target
                if self.nodes[target].kind is NodeKind.EVENT_BASED:
                    behind = self.pools[number].outgoing(target)
                    found |= {f.target for f in behind if f.target in self.wanted}
                elif target in self.wanted:
                    found.add(target)
        return found

    def moves(self, states, mail):
        for number, state in enumerate(states):
            for element, takes, gives, after, left in self.turns(number, state, mail):
                new = (*states[:number], after, *states[number + 1 :])
                yield element, takes, gives, new, left

    def explore(self, most=4_000):
        """Elements that wait in some standstill; messages that are sent and never taken."""
        first = ((NOT_BEGUN,) * len(self.pools), ())
        known, todo = {first}, [first]
        waiting, sent, taken = set(), set(), set()
        messages = {m for each in self.sent.values() for m in each}
        while todo:
            states, lying = todo.pop()
            moved = False
            for _, takes, gives, new, left in self.moves(states, Counter(dict(lying))):
                moved = True
                sent |= messages.intersection(gives)
                taken |= messages.intersection(takes)
                state = (new, tuple(sorted(left.items())))
                if state not in known:
                    known.add(state)
                    todo.append(state)
                if len(known) > most or max(left.values(), default=0) > _MANY:
                    raise TooMany
            if not moved:
                waiting |= self.waiting(states)
        return waiting, {m for m in sent if m not in taken}


def replay(diagram, flaw):
    """What is wrong with a flaw's walk, or nothing."""
    post = Post(diagram)
    now = {((NOT_BEGUN,) * len(post.pools), ())}
    for move in flaw.walk:
        after = set()
        for states, lying in now:
            for element, takes, gives, new, left in post.moves(states, Counter(dict(lying))):
                same = sorted(takes) == sorted(move.takes) and sorted(gives) == sorted(move.gives)
                if element == move.element and same:
                    after.add((new, tuple(sorted(left.items()))))
        if not after:
            return f"{move} cannot be made from {now}"
        now = after
    return _shown(post, flaw, now)


def _shown(post, flaw, now):
    for states, lying in now:
        mail = Counter(dict(lying))
        held = [t for s in states if isinstance(s, State) and not s.over for t in s.tokens]
        if sorted([*held, *mail.elements()]) != sorted(flaw.marking):
            continue
        if flaw.rule.endswith("unheard-message"):
            return "" if any(mail[m] for m in post.sent[flaw.element]) else "nothing was sent"
        moving = list(post.moves(states, mail))
        if not moving and flaw.element in post.waiting(states):
            return ""
        return f"not a standstill: {moving[:2]}"
    return f"marking {flaw.marking}, played {now}"
