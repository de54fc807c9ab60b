"""The token game of BPMN played as the standard tells it, one move at a time: slow, and by itself.

It shares no code with the prover. Tests play the prover's walks with it, and compare the prover's
answers with what a look at every marking says.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from processes.diagram import ACTIVITIES, SUB_PROCESSES, Diagram, EventKind, Node, NodeKind

TOO_MANY = 4_000
_ACTING = ACTIVITIES | {NodeKind.BOUNDARY}  # an event fires while its activity is at work


class TooMany(Exception):
    """More markings than a test should look at."""


@dataclass(frozen=True)
class State:
    """tokens: flows that hold one, sorted, a flow twice for two; "<id>" lies before a beginning.

    fired: events that do not interrupt and have fired, with their activity still at work. ended:
    an end was reached. over: a side branch is about to end everything.
    """

    tokens: tuple[str, ...]
    fired: frozenset[str] = frozenset()
    ended: bool = False
    over: bool = False


@dataclass(frozen=True)
class Turn:
    element: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    after: State
    waits: bool


@dataclass(frozen=True)
class Answers:
    """What a look at every marking says."""

    deadlock: bool
    lack_of_synchronisation: bool
    improper_completion: bool
    dead_steps: frozenset[str]
    no_way_out: bool
    idle: bool
    automatic: bool
    ends: frozenset[tuple[bool, bool]]
    sits: bool

    @property
    def is_sound(self):
        bad = (self.deadlock, self.lack_of_synchronisation, self.improper_completion)
        return not any((*bad, self.no_way_out, self.sits))


@dataclass
class TokenGame:
    """One scope. side: entries of side branches, with the ways in which those can end."""

    diagram: Diagram
    scope: str | None = None
    side: dict[str, frozenset[tuple[bool, bool]]] = field(default_factory=dict)
    restless_sides: set[str] = field(default_factory=set)

    @cached_property
    def members(self) -> tuple[Node, ...]:
        return tuple(
            n
            for n in self.diagram.children(self.scope)
            if not n.reacts and not (n.compensates and not self.diagram.incoming(n.id))
        )

    @cached_property
    def flow(self):
        return {flow.id: flow for flow in self.diagram.flows}

    def begin(self) -> list[State]:
        starts = [n for n in self.members if n.kind is NodeKind.START or n.instantiates]
        if starts:
            return [State((f"<{n.id}>",)) for n in starts]
        roots = [
            n.id
            for n in self.members
            if n.kind is not NodeKind.BOUNDARY
            and not self.diagram.incoming(n.id)
            and not (n.kind is NodeKind.CATCH and EventKind.LINK in n.events)
        ]
        around = self.diagram.node(self.scope or "")
        if roots and around is not None and around.kind is NodeKind.AD_HOC_SUB_PROCESS:
            parts = []
            for root in roots:  # what leads to a common node is one part
                reach = self._region(root) | {root}
                joined = [p for p in parts if p[1] & reach]
                parts = [p for p in parts if p not in joined]
                group = [root, *(n for p in joined for n in p[0])]
                parts.append((group, reach.union(*(p[1] for p in joined))))
            return [State(tuple(sorted(f"<{n}>" for n in group))) for group, _ in parts]
        return [State(tuple(sorted(f"<{n}>" for n in roots)), ended=not roots)]

    def link(self, node: Node) -> list[str]:
        """The token before the other end of a throwing link event."""
        if node.kind is not NodeKind.THROW or EventKind.LINK not in node.events:
            return []
        return [
            f"<{n.id}>"
            for n in self.members
            if n.kind is NodeKind.CATCH
            and n.events == node.events
            and n.references == node.references
        ]

    def target(self, token: str) -> str:
        """The node that a token lies before."""
        return self.flow[token].target if token in self.flow else token[1:-1]

    def before(self, node_id: str) -> list[str]:
        return [f"<{node_id}>", *(flow.id for flow in self.diagram.incoming(node_id))]

    def events(self, node: Node) -> list[Node]:
        if node.kind not in ACTIVITIES:
            return []
        return [e for e in self.diagram.attached(node.id) if EventKind.COMPENSATE not in e.events]

    @cached_property
    def completing(self) -> dict[str, bool]:
        """Sub-processes by whether some run in them comes to an end."""
        found = {}
        for node in self.members:
            if node.kind in SUB_PROCESSES:
                inner = TokenGame(self.diagram, node.id)
                found[node.id] = bool(inner.judge().ends)
        return found

    @cached_property
    def at_once(self) -> dict[str, bool]:
        """Sub-processes by whether some run in them ends without anybody acting."""
        found = {}
        for node in self.members:
            if node.kind in SUB_PROCESSES:
                inner = TokenGame(self.diagram, node.id)
                states, _ = inner.explore(lambda turn: not turn.waits)
                found[node.id] = any((not state.tokens or state.over) for state in states)
        return found

    def waits(self, node: Node) -> bool:
        if node.kind in SUB_PROCESSES:
            return not self.at_once[node.id]
        kinds = (NodeKind.CATCH, NodeKind.EVENT_BASED, NodeKind.CALL_ACTIVITY)
        if node.kind is NodeKind.BOUNDARY:
            caused = (EventKind.ERROR, EventKind.ESCALATION, EventKind.CANCEL)
            return not any(event in caused for event in node.events)
        return node.is_step or node.kind in kinds or EventKind.TIMER in node.events

    def turns(self, state: State) -> Iterator[Turn]:
        held = Counter(state.tokens)
        for node in self.members:
            marked = [flow for flow in self.before(node.id) if held[flow]]
            if not marked or node.kind is NodeKind.BOUNDARY:
                continue
            if node.kind is NodeKind.PARALLEL or self.joins(node):
                wanted = [f.id for f in self.diagram.incoming(node.id)] or marked
                if all(held[flow] for flow in wanted):
                    yield from self._complete(node, state, wanted)
                    yield from self._events(node, state, *wanted)
            elif node.kind in (NodeKind.INCLUSIVE, NodeKind.COMPLEX):
                if not self._waits_for_more(node, state, marked):
                    yield from self._complete(node, state, marked)
            else:
                for flow in marked:
                    yield from self._complete(node, state, [flow])
                    yield from self._events(node, state, flow)

    def _complete(self, node, state, takes):
        if not self.completing.get(node.id, True):
            return
        waits = self.waits(node)
        if node.kind is NodeKind.END and {*node.events} & {
            EventKind.TERMINATE,
            EventKind.ERROR,
            EventKind.CANCEL,
        }:
            yield self._turn(node.id, takes, (), State((), ended=True, over=True), waits)
            return
        fired = state.fired - {event.id for event in self.events(node)}
        rest = Counter(state.tokens)
        rest.subtract(takes)
        for gives in self._alternatives(node):
            ended = state.ended or not gives
            yield from self._given(node.id, takes, gives, rest, fired, ended, state.over, waits)

    def joins(self, node: Node) -> bool:
        """An activity that wants as many tokens as flows lead to it."""
        return 1 < node.start_quantity == len(self.diagram.incoming(node.id))

    def _events(self, node, state, *flows):
        own = frozenset(event.id for event in self.events(node))
        for event in self.events(node):
            gives = tuple(f.id for f in self.diagram.outgoing(event.id))
            ended = state.ended or not gives
            waits = self.waits(event) or self.waits(node)
            rest = Counter(state.tokens)
            if event.interrupting:
                rest.subtract(flows)
                args = (flows, gives, rest, state.fired - own)
            elif event.id in state.fired:
                continue
            else:
                args = ((), gives, rest, state.fired | {event.id})
            yield from self._given(event.id, *args, ended, state.over, waits)

    def _given(self, element, takes, gives, rest, fired, ended, over, waits):
        """Tokens given into side branches are gone: each ends there in one of the ways it can."""
        outcomes = [(ended, over)]
        entries = [element] if element in self.side else [g for g in gives if g in self.side]
        for entry in entries:
            outcomes = [(e or se, o or so) for e, o in outcomes for se, so in self.side[entry]]
        kept = () if element in self.side else tuple(g for g in gives if g not in self.side)
        after = Counter(rest)
        after.update(kept)
        tokens = tuple(sorted(after.elements()))
        for e, o in dict.fromkeys(outcomes):
            yield self._turn(element, takes, gives, State(tokens, fired, e, o), waits)

    def _turn(self, element, takes, gives, after, waits):
        takes = tuple(sorted(flow for flow in takes if not flow.startswith("<")))
        gives = tuple(sorted(flow for flow in gives if not flow.startswith("<")))
        return Turn(element, takes, gives, after, waits)

    def _alternatives(self, node: Node):
        if link := self.link(node):
            return [tuple(link)]
        out = list(self.diagram.outgoing(node.id))
        ids = [flow.id for flow in out]
        if not out:
            return [()]
        if node.kind in (NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED):
            return [(flow,) for flow in ids]
        if node.kind in (NodeKind.INCLUSIVE, NodeKind.COMPLEX):
            free = [flow for flow in ids if flow != node.default]
            chosen = [c for n in range(1, len(free) + 1) for c in combinations(free, n)]
            return chosen + [(flow,) for flow in ids if flow == node.default]
        if node.kind in ACTIVITIES and len(out) > 1:
            free = [flow.id for flow in out if flow.condition and flow.id != node.default]
            always = tuple(f for f in ids if f not in free and f != node.default)
            otherwise = tuple(f for f in ids if f == node.default)
            if free:
                found = [always + c for n in range(1, len(free) + 1) for c in combinations(free, n)]
                if always or otherwise:
                    found.append(always + otherwise)
                return found
        return [tuple(ids)]

    def _waits_for_more(self, join, state, marked):
        """BPMN 2.0, 13.4.3, word by word."""
        empty = [f.id for f in self.diagram.incoming(join.id) if f.id not in marked]
        for token in set(state.tokens):
            reach = self._paths(token, join.id, state.fired)
            if any(flow in reach for flow in empty) and not any(flow in reach for flow in marked):
                return True
        return False

    def _paths(self, token, join, fired):
        """Flows on paths that begin with the token's flow and do not visit the join."""
        target = self.target(token)
        reach = {token}
        waiting = [(target, True)]
        seen = set()
        while waiting:
            node_id, first = waiting.pop()
            if node_id == join or (node_id, first) in seen:
                continue
            seen.add((node_id, first))
            node = self.diagram.by_id[node_id]
            out = list(self.diagram.outgoing(node_id)) if self.completing.get(node_id, True) else []
            for event in self.events(node):
                if not (first and event.id in fired):
                    out += self.diagram.outgoing(event.id)
            waiting += [(token[1:-1], False) for token in self.link(node)]
            for flow in out:
                if flow.id not in self.side:
                    reach.add(flow.id)
                    waiting.append((flow.target, False))
        return reach

    def crowded(self, state: State) -> set[str]:
        """Elements with two tokens before them; ends and side branches may have them."""
        at: Counter[str] = Counter()
        for token, number in Counter(state.tokens).items():
            node = self.diagram.by_id[target := self.target(token)]
            if node.kind is NodeKind.END:
                continue
            if node.kind in (NodeKind.PARALLEL, NodeKind.INCLUSIVE) or self.joins(node):
                at[target] = max(at[target], number)
            else:
                at[target] += number
        return {element for element, number in at.items() if number > 1}

    def explore(self, allowed=lambda turn: True, begin=None):
        """Every marking, and the turns out of it; runs are followed until two tokens meet."""
        states = list(dict.fromkeys(begin or self.begin()))
        turns: dict[State, list[Turn]] = {}
        known = set(states)
        for state in states:  # grows while it is read
            if len(states) > TOO_MANY:
                raise TooMany
            turns[state] = []
            if self.crowded(state):
                continue
            for turn in self.turns(state):
                if allowed(turn):
                    turns[state].append(turn)
                    if turn.after not in known:
                        known.add(turn.after)
                        states.append(turn.after)
        return states, turns

    def judge(self, begin=None) -> Answers:
        if begin is None and not self.side:
            self.side = self.side_branches()
        states, turns = self.explore(begin=begin)
        crowded = [state for state in states if self.crowded(state)]
        stuck = [
            state
            for state in states
            if state.tokens
            and not state.over
            and not turns[state]
            and state not in crowded
            and not self._sits(state)
        ]
        moved = {turn.element for state in states for turn in turns[state]}
        entered = {self.target(token) for state in states for token in state.tokens}
        restless = self._runs_alone(states, turns)
        reached = moved | {
            n.id for n in self.members if n.kind in SUB_PROCESSES and n.id in entered
        }
        for entry in self.side:
            if entry in moved or any(entry in turn.gives for s in states for turn in turns[s]):
                reached |= self._region(entry)
                restless |= entry in self.restless_sides
        steps = {n.id for n in self.members if n.kind in ACTIVITIES}
        return Answers(
            deadlock=any(not state.ended for state in stuck),
            lack_of_synchronisation=bool(crowded),
            improper_completion=any(state.ended for state in stuck),
            dead_steps=frozenset(steps - reached),
            no_way_out=self._trapped(states, turns, crowded),
            idle=restless,
            automatic=self._runs_alone(states, turns, acting=True),
            ends=frozenset((s.ended, s.over) for s in states if not s.tokens or s.over),
            sits=any(self._sits(state) for state in states),
        )

    def _sits(self, state):
        """Whether a token is in a sub-process that never completes: that is the flaw to mend."""
        return any(not self.completing.get(self.target(token), True) for token in state.tokens)

    def _trapped(self, states, turns, crowded):
        backwards = {state: [] for state in states}
        for state in states:
            for turn in turns[state]:
                backwards[turn.after].append(state)
        good = set()
        waiting = [
            s
            for s in states
            if not turns[s] or s in crowded or s.over or not s.tokens or self._sits(s)
        ]
        while waiting:
            state = waiting.pop()
            if state not in good:
                good.add(state)
                waiting += backwards[state]
        return len(good) < len(states)

    def _runs_alone(self, states, turns, *, acting=False):
        """Whether moves that nobody waits for lead back to a marking; unless acting, without steps."""
        by_id = self.diagram.by_id
        after = {
            s: [
                t.after
                for t in turns[s]
                if not t.waits and (acting or by_id[t.element].kind not in _ACTING)
            ]
            for s in states
        }
        left = dict(after)
        changed = True
        while changed:
            changed = False
            for state in list(left):
                if not any(other in left for other in left[state]):
                    del left[state]
                    changed = True
        return bool(left)

    def _region(self, entry):
        """Nodes behind a flow or a boundary event."""
        waiting = [entry] if entry in self.diagram.by_id else [self.flow[entry].target]
        found = set()
        while waiting:
            node_id = waiting.pop()
            if node_id not in found:
                found.add(node_id)
                node = self.diagram.by_id[node_id]
                waiting += [f.target for f in self.diagram.outgoing(node_id)]
                waiting += [token[1:-1] for token in self.link(node)]
                waiting += [e.id for e in self.events(node)]
        return found

    @cached_property
    def linked(self):
        """Nodes that some way from the beginning leads to."""
        found = set()
        for state in self.begin():
            for token in state.tokens:
                found |= {token[1:-1]} | self._after(token[1:-1])
        return found

    def side_branches(self):
        """Flows and events that leave a loop into a part of its own that is sound."""
        entries = []
        for node in self.members:
            loop = node.id in self._after(node.id)
            if loop:
                entries += [f.id for f in self.diagram.outgoing(node.id)]
                entries += [e.id for e in self.events(node)]
        found = {}
        regions = sorted(((self._region(e), e) for e in entries), key=lambda r: (len(r[0]), r[1]))
        for region, entry in regions:
            source = (
                self.diagram.by_id[entry].attached_to
                if entry in self.diagram.by_id
                else self.flow[entry].source
            )
            if source in region or not self._closed(region, entry):
                continue
            game = TokenGame(self.diagram, self.scope)
            game.restless_sides = self.restless_sides
            game.side = {e: kinds for e, kinds in found.items() if self._source(e) in region}
            if entry in self.diagram.by_id:
                gives = tuple(sorted(f.id for f in self.diagram.outgoing(entry)))
                side = [g for g in gives if g in game.side]
                if side:
                    game.side = {e: k for e, k in game.side.items() if e not in side}
                begin = [State(gives, ended=not gives)]
            else:
                begin = [State((entry,))]
            answers = game.judge(begin=begin)
            if answers.is_sound:
                found[entry] = self._endings(game, begin)
                if answers.idle:
                    self.restless_sides.add(entry)
        return found

    def _endings(self, game, begin):
        states, turns = game.explore(begin=begin)
        return frozenset((s.ended, s.over) for s in states if s.over or not (s.tokens or turns[s]))

    def _source(self, entry):
        if entry in self.diagram.by_id:
            return self.diagram.by_id[entry].attached_to
        return self.flow[entry].source

    def _after(self, node_id):
        found = set()
        node = self.diagram.by_id[node_id]
        for flow in self.diagram.outgoing(node_id):
            found |= self._region(flow.id)
        for event in self.events(node):
            found |= self._region(event.id)
        return found

    def _closed(self, region, entry):
        for node_id in region:
            node = self.diagram.by_id[node_id]
            if node.kind is NodeKind.END:
                continue
            if (
                node.kind is NodeKind.BOUNDARY
                and node_id != entry
                and node.attached_to not in region
            ):
                return False
            for flow in self.diagram.incoming(node_id):
                met = flow.source in self.linked
                if flow.id != entry and met and flow.source not in region:
                    return False
        return True
