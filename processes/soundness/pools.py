"""The pools of a file that exchange messages: each one's game, and what waits for which message.

A message counts where both its ends are drawn in processes that run side by side and are sound by
themselves. All other messages come from outside, so they may always come.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from processes.diagram import SUB_PROCESSES, Diagram, EventKind, MessageFlow, Node, NodeKind
from processes.soundness.examination import Examined
from processes.soundness.game import Choice, Game
from processes.soundness.net import Net
from processes.soundness.reduction import reduce
from processes.soundness.residue import residue_of
from processes.soundness.scope import is_interrupted, members
from processes.soundness.stubborn import Stubborn

_EVENTS = frozenset({NodeKind.START, NodeKind.CATCH, NodeKind.BOUNDARY})
_SENDING_EVENTS = frozenset({NodeKind.THROW, NodeKind.END})
_LONG = SUB_PROCESSES | {NodeKind.CALL_ACTIVITY}
"""What may send at any moment while it works, and more than once."""


@dataclass(frozen=True, slots=True)
class Playable:
    """A process that is sound by itself, with what was found out about its outermost game."""

    diagram: Diagram
    net: Net
    examined: Examined


@dataclass(slots=True)
class Pool:
    """One process that takes part. is_sure: no event from outside can end it.

    sends: net node -> messages. takes: net node -> messages, of which it takes one; at_once:
    likewise, where the move that leads to the node takes it: starts and boundary events.
    gateways: those that choose by what happens first. events: boundary events. attentive: knots
    that look at messages before they move.
    """

    playable: Playable
    game: Game
    stubborn: Stubborn
    is_sure: bool
    sends: dict[int, tuple[str, ...]] = field(default_factory=dict)
    takes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    at_once: dict[int, tuple[str, ...]] = field(default_factory=dict)
    gateways: set[int] = field(default_factory=set)
    events: set[int] = field(default_factory=set)
    attentive: set[int] = field(default_factory=set)

    def element(self, place: int) -> str:
        return self.playable.net.nodes[place].element

    def targets(self, choice: Choice) -> Iterator[int]:
        """The knots that get a token."""
        for edge in (*choice.course.must, *choice.chosen):
            yield self.game.residue.target[edge]


def tracked(playables: Iterable[Playable], messages: Iterable[MessageFlow]) -> list[MessageFlow]:
    """The messages of which it is known when they are sent, and who waits for them."""
    home = {
        node.id: playable.diagram.process_id
        for playable in playables
        for node in members(playable.diagram, None)
    }
    nodes = {node.id: node for playable in playables for node in playable.diagram.nodes}
    into: dict[str, list[MessageFlow]] = {}
    for flow in messages:
        into.setdefault(flow.target, []).append(flow)
    found: list[MessageFlow] = []
    for target, flows in into.items():
        if target not in home or not _waits_for_one(nodes[target]):
            continue
        known = all(
            flow.id
            and home.get(flow.source, home[target]) != home[target]
            and _sends_once(nodes[flow.source])
            for flow in flows
        )
        if known:
            found += flows
    return found


def _waits_for_one(node: Node) -> bool:
    if node.repetition is not None:
        return False
    of_message = node.kind in _EVENTS and node.events == (EventKind.MESSAGE,)
    return of_message or node.kind is NodeKind.RECEIVE_TASK


def _sends_once(node: Node) -> bool:
    if node.kind in _EVENTS or (node.kind in _SENDING_EVENTS and len(node.events) > 1):
        return False
    return node.kind not in _LONG and node.repetition is None


def pool_of(playable: Playable, messages: Iterable[MessageFlow]) -> Pool:
    """The pool's game, reduced to what sends and receives."""
    diagram, net = playable.diagram, playable.net
    sent, wanted = _by_end(messages, "source"), _by_end(messages, "target")
    looking = {*sent, *wanted} & diagram.by_id.keys()
    looking |= {s.source for each in wanted for s in diagram.incoming(each)}  # event gateways
    hosts = {diagram.by_id[e].attached_to for e in looking if e in diagram.by_id}
    looking |= {host for host in hosts if host}
    looking |= {event.id for each in list(looking) for event in diagram.attached(each)}
    kept = [place for place, node in enumerate(net.nodes) if node.element in looking]
    cuts, hidden = playable.examined.cuts, playable.examined.hidden
    if not hidden.isdisjoint(kept):
        cuts, hidden = {}, frozenset()
    inside = [place for place in net.reachable([0]) if place not in hidden]
    residue = residue_of(net, inside, cuts=cuts, kept=kept)
    reduce(residue, net)
    game = Game(residue)
    pool = Pool(playable, game, Stubborn(game), not is_interrupted(diagram, None))
    for place in residue.knots:
        if place == residue.root:
            continue
        node = diagram.node(net.nodes[place].element)
        if node is None or place not in kept:
            continue
        if node.kind is NodeKind.EVENT_BASED:
            pool.gateways.add(place)
        if node.kind is NodeKind.BOUNDARY:
            pool.events.add(place)
        pool.sends[place] = sent.get(node.id, ())
        if node.id in wanted:
            early = node.kind in (NodeKind.START, NodeKind.BOUNDARY)
            (pool.at_once if early else pool.takes)[place] = wanted[node.id]
    receivers = pool.takes.keys() | pool.at_once.keys()
    for place in residue.knots:
        led_to = {target for choice in game.choices(place) for target in pool.targets(choice)}
        if place in pool.takes or not receivers.isdisjoint(led_to):
            pool.attentive.add(place)
    return pool


def _by_end(messages: Iterable[MessageFlow], end: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for flow in messages:
        element = getattr(flow, end)
        found[element] = (*found.get(element, ()), flow.id)
    return found
