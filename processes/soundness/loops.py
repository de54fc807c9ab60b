"""Loops in which nobody acts: the software would go round for ever, at once.

A person's step, a timer or an event from outside makes a loop harmless: each round then waits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from processes.soundness.examination import Examined, path_to
from processes.soundness.exploration import Effort, Explored, Step, explore
from processes.soundness.net import ROOT, Entry, Mark, Net, loops_of
from processes.soundness.residue import residue_of
from processes.soundness.rope import Fired
from processes.soundness.walk import fired_in

_MAX_STATES = 3_000
_MOST = 20  # loops that are looked at; a designer mends one and asks again


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop that runs by itself. way: nodes that move before; round_: those of one round.

    is_left: whether a choice in it can lead elsewhere.
    """

    way: tuple[Fired, ...]
    round_: tuple[Fired, ...]
    is_left: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """A loop that may run by itself; that was not found out."""

    node: int


def restless_loops(net: Net, examined: Examined, *, acting: bool) -> Iterator[Loop | Unknown]:
    """Each group of automatic nodes in which a run can go round for ever.

    acting: also those in which a step may change the data, and with it what is chosen.
    """
    able = {
        n
        for n in examined.moved
        if n != ROOT and not net.nodes[n].waits and (acting or not net.nodes[n].acts)
    }
    left = net.loops(able)
    if not left:
        return
    lone = loops_of({n: _lone_steps(net, examined, n, able) for n in able})
    endless = [group for group in lone if not (acting and _is_left(net, set(group)))]
    for group in endless[:_MOST]:
        yield _lone_loop(net, examined, group)
    met = {node for group in lone for node in group}
    rest = [group for group in left if met.isdisjoint(group)]
    if rest:
        yield from _joint_loops(net, examined, rest)


def waits_always(net: Net, effort: Effort) -> bool:
    """Whether each run of a game waits for somebody before it ends."""
    able = {n for n, node in enumerate(net.nodes) if not node.waits}
    met = net.reachable([ROOT], able)
    if not any(way.marks & Mark.ENDED for n in met for way in net.nodes[n].ways):
        return True
    residue = residue_of(net, net.reachable([ROOT]))
    for place, knot in residue.knots.items():
        if place not in able:
            knot.courses = []
    found = explore(residue, effort, everything=True, max_states=_MAX_STATES)
    return found.complete and not found.ends


def _lone_steps(net: Net, examined: Examined, node: int, able: set[int]) -> list[int]:
    """Where a token can go from a node alone, leaving nothing behind but in side branches."""
    if net.nodes[node].entry is not Entry.ONE and len(net.nodes[node].ins) > 1:
        return []
    targets = (net.edges[edge].target for edge, _ in _lone_ways(net, examined, node))
    return [target for target in targets if target in able]


def _lone_ways(net: Net, examined: Examined, node: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The edge on which the token goes on, with all that get one."""
    for way in net.nodes[node].ways:
        main = [edge for edge in way.must if edge not in examined.spared]
        if len(main) == 1 and not way.marks:
            yield main[0], way.must


def _lone_loop(net: Net, examined: Examined, group: list[int]) -> Loop | Unknown:
    start = group[0]
    path = path_to(net, examined, start)
    if path is None:
        return Unknown(start)
    members = set(group)
    came: dict[int, Fired] = {}
    waiting = [start]
    for node in waiting:
        for edge, edges in _lone_ways(net, examined, node):
            target = net.edges[edge].target
            if target in members and target not in came:
                came[target] = (node, edges)
                waiting.append(target)
    round_ = [came[start]]
    while round_[-1][0] != start:
        round_.append(came[round_[-1][0]])
    return _loop(net, tuple(fired_in(path, net)), tuple(reversed(round_)), members)


def _loop(net: Net, way: tuple[Fired, ...], round_: tuple[Fired, ...], inside: set[int]) -> Loop:
    return Loop(way, round_, _is_left(net, inside))


def _is_left(net: Net, inside: set[int]) -> bool:
    """Whether a choice leads out of the nodes; edges that may get a token need not."""
    return any(
        not inside.intersection(net.edges[edge].target for edge in way.must)
        for node in inside
        for way in net.nodes[node].ways
    )


def _joint_loops(net: Net, examined: Examined, groups: list[list[int]]) -> Iterator[Loop | Unknown]:
    """Loops through joins: whether they go round depends on other tokens."""
    if any(node in examined.hidden for group in groups for node in group):
        yield Unknown(groups[0][0])
        return
    members = [n for n in net.reachable([ROOT]) if n not in examined.hidden]
    residue = residue_of(net, members, cuts=examined.cuts)
    explored = explore(residue, examined.effort, everything=True, max_states=_MAX_STATES)
    able = {n for group in groups for n in group}
    loops = loops_of(
        {
            place: [t for t, step in explored.after[place] if t >= 0 and step[0] in able]
            for place in range(len(explored.states))
        }
    )
    if loops:
        yield _round(net, explored, loops[0], able)
    elif not explored.complete:
        yield Unknown(groups[0][0])


def _round(net: Net, explored: Explored, group: list[int], able: set[int]) -> Loop:
    members = set(group)
    place = min(group)
    path = explored.path(place)
    steps: list[Step] = []
    seen: dict[int, int] = {}
    while place not in seen:
        seen[place] = len(steps)
        place, step = next(
            (t, s) for t, s in explored.after[place] if t in members and s[0] in able
        )
        steps.append(step)
    way = [*path, *steps[: seen[place]]]
    round_ = tuple(fired_in(steps[seen[place] :], net))
    return _loop(net, tuple(fired_in(way, net)), round_, {node for node, _ in round_})
