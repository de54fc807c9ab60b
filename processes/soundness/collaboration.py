"""What is wrong between pools: who waits for ever for a message, and who sends one to nobody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from processes.diagram import Diagram, MessageFlow, Node
from processes.finding import Finding
from processes.rule import Words, listed
from processes.soundness import rules
from processes.soundness.exchange import NOT_BEGUN, Deed, Exchange, Exchanged
from processes.soundness.exploration import Effort
from processes.soundness.net import Mark
from processes.soundness.pools import Playable, Pool, pool_of, tracked
from processes.soundness.proof import Flaw, Move
from processes.soundness.walk import Board, CannotPlay, fired_in

MOST_POOLS = 12
_MOST = 10  # findings; a designer mends some and asks again
_WORK = 100_000


def judge_collaboration(diagram: Diagram, playables: list[Playable]) -> Iterator[Flaw]:
    """The flaws of the exchange of messages; nothing where none could be followed.

    playables: the processes that run side by side, each sound by itself.
    """
    flows = tracked(playables, diagram.messages)
    ends = {end for flow in flows for end in (flow.source, flow.target)}
    taking_part = [p for p in playables if not ends.isdisjoint(p.diagram.by_id)]
    if not flows or len(taking_part) > MOST_POOLS:
        return
    pools = [pool_of(playable, flows) for playable in taking_part]
    exchange = Exchange(pools, [flow.id for flow in flows], Effort(_WORK))
    found = exchange.run()
    judge = _Judge(pools, {flow.id: flow for flow in flows}, exchange, found)
    yield from judge.waiting()
    yield from judge.unheard()


class _Judge:
    def __init__(
        self,
        pools: list[Pool],
        flows: dict[str, MessageFlow],
        exchange: Exchange,
        found: Exchanged,
    ) -> None:
        self._pools = pools
        self._flows = flows
        self._exchange = exchange
        self._found = found
        self._home = {n.id: p.playable.diagram for p in pools for n in p.playable.diagram.nodes}

    def waiting(self) -> Iterator[Flaw]:
        """Each receiver at which a run stands still for ever, once."""
        named: set[str] = set()
        for place in self._found.stuck:
            waiting = list(self._exchange.waiting(self._found.states[place]))
            elements = [self._pools[number].element(knot) for number, knot in waiting]
            for element in elements:
                if element not in named and len(named) < _MOST:
                    named.add(element)
                    yield self._shown(self._waits(element, elements, place), place)

    def _waits(self, element: str, waiting: list[str], place: int) -> Flaw:
        senders = [f.source for f in self._flows.values() if f.target == element]
        pools = {self._home[sender].process_id for sender in senders}
        others = [o for o in dict.fromkeys(waiting) if self._home[o].process_id in pools]
        if others:
            each = [self._where(other) for other in others]
            vi, en = _listed(each)
            reason = Words(f"trong khi {vi} cũng đang chờ", f"while {en} is waiting too")
        elif all(marking == NOT_BEGUN for marking in self._found.states[place][0]):
            reason = rules.NOBODY_BEGINS
        else:
            reason = rules.SENDS_NO_MORE
        facts = {
            "event": self._where(element),
            "sender": _listed([self._where(sender) for sender in senders]),
            "reason": reason,
        }
        return _flaw(rules.COLLABORATION.at(element, **facts))

    def unheard(self) -> Iterator[Flaw]:
        """Messages that are sent in some run, and that nobody takes in any."""
        if not self._found.complete:
            return
        unheard = [m for m in self._found.sent if m not in self._found.taken]
        for message in unheard[:_MOST]:
            flow = self._flows[message]
            facts = {"sender": self._where(flow.source), "event": self._where(flow.target)}
            flaw = _flaw(rules.UNHEARD.at(flow.source, **facts))
            yield self._shown(flaw, self._found.sent[message])

    def _where(self, element: str) -> Words:
        """An event with its pool."""
        diagram = self._home[element]
        node: Node = diagram.by_id[element]
        pool = rules.named(diagram, None)
        return Words(f"{node.words.vi} (bể {pool.vi})", f"{node.words.en} (pool {pool.en})")

    def _shown(self, flaw: Flaw, place: int) -> Flaw:
        """The flaw with its walk; it stands without one that cannot be played, never seen."""
        try:
            walk, marking = _Walk(self._pools, self._flows).play(self._found.path(place))
        except CannotPlay:
            return flaw
        return replace(flaw, walk=walk, marking=marking)


class _Walk:
    """What all pools do, played on the drawing; moves take and give message flows too."""

    def __init__(self, pools: list[Pool], flows: dict[str, MessageFlow]) -> None:
        self._pools = pools
        self._flows = flows
        self._boards = [Board(p.playable.net, p.playable.examined.spared) for p in pools]
        self._moves: list[Move] = []
        self._taken: dict[str, str] = {}
        self._lying: Counter[str] = Counter()

    def play(self, deeds: list[Deed]) -> tuple[tuple[Move, ...], tuple[str, ...]]:
        for deed in deeds:
            self._play(deed)
        for board in self._boards:
            before = len(board.moves)
            board.settle()
            self._moves += board.moves[before:]
        marking = [flow for board in self._boards for flow in board.marking]
        return tuple(self._moves), (*marking, *self._lying.elements())

    def _play(self, deed: Deed) -> None:
        pool, board = self._pools[deed.pool], self._boards[deed.pool]
        if deed.taken is not None:
            self._taken[self._flows[deed.taken].target] = deed.taken
        interrupted = any(target in pool.events for target in pool.targets(deed.choice))
        messages = () if interrupted else pool.sends.get(deed.knot, ())
        sender = pool.element(deed.knot) if messages else None
        before = len(board.moves)
        board.play(fired_in([(deed.knot, deed.choice)], pool.playable.net))
        for move in board.moves[before:]:
            takes, gives = move.takes, move.gives
            taken = self._taken.pop(move.element, None)
            if taken is not None:
                takes = (*takes, taken)
                self._lying[taken] -= 1
            if move.element == sender:
                gives, sender = (*gives, *messages), None
                self._lying.update(messages)
            self._moves.append(replace(move, takes=takes, gives=gives))
        if deed.choice.course.marks & Mark.OVER:
            board.tokens.clear()


def _listed(words: list[Words]) -> Words:
    each = list(dict.fromkeys(words))
    return Words(listed([w.vi for w in each]), listed([w.en for w in each]))


def _flaw(found: Finding) -> Flaw:
    return Flaw(found.rule, found.severity, found.element, found.vi, found.en)
