"""A game, or a part of one, decided: reduced as far as it goes, what is left explored.

Side branches are decided first, each by itself. A side branch leaves a loop at one edge, nothing
else leads into it, it leads nowhere but to ends, and it is sound. There a second token does no
harm: a reminder that each round of a loop sends off need not wait for the one before.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from processes.soundness.exploration import MAX_STATES, Explored, Step, explore
from processes.soundness.net import ROOT, Mark, Net, Role
from processes.soundness.reduction import reduce, resolved
from processes.soundness.residue import Cut, Residue, residue_of
from processes.soundness.rope import Fired, replaying
from processes.soundness.walk import fired_in


@dataclass(frozen=True, slots=True)
class Examined:
    """The answers for a game.

    moved: nodes that move in some run. cuts: side branches by the edge into them; hidden: their
    nodes; spared: their edges. ends: for the marks met what happens in a run that ends so.
    explored: the runs of what the rules left; None where they left nothing.
    """

    moved: frozenset[int]
    cuts: dict[int, Cut]
    hidden: frozenset[int]
    spared: frozenset[int]
    ends: dict[Mark, tuple[Fired, ...]]
    states: int = 0
    explored: Explored | None = None
    hung: bool = False

    @property
    def complete(self) -> bool:
        return self.explored is None or self.explored.complete

    @property
    def is_sound(self) -> bool:
        """Whether every run can end, and nothing bad happens before."""
        found = self.explored
        if found is None:
            return not self.hung
        bad = found.stuck or found.meetings or found.hung or not found.complete
        return not bad and found.round_trip() is None


def examine(net: Net, members: Collection[int] | None = None, entry: int | None = None) -> Examined:
    """Decide a whole game, or the part that an edge leads into."""
    if members is None:
        members = net.reachable([ROOT])
    cuts: dict[int, Cut] = {}
    spared: set[int] = set()
    states = 0
    hidden: set[int] = set()
    for edge, inside in _leaving(net, members):
        branch = examine(net, inside, edge)
        states += branch.states
        if branch.is_sound:
            for inner in [e for e in cuts if net.edges[e].source in inside]:
                del cuts[inner]
            ends = {flags: replaying(list(fired)) for flags, fired in branch.ends.items()}
            cuts[edge] = Cut(ends, tuple(sorted(branch.moved)))
            hidden |= {place for place in inside if not _is_shared(net, place, inside, edge, members)}
            spared |= {edge, *(e for place in inside for e in net.nodes[place].ins)}
    residue = residue_of(net, [m for m in members if m not in hidden], entry, cuts)
    reduce(residue, net)
    found = _judged(residue, net)
    moved = frozenset(n for place in found[0] for n in residue.knots[place].covers)
    explored = found[1]
    states += len(explored.states) if explored is not None else 0
    hung = any(c.marks & Mark.HUNG for c in residue.knots[residue.root].courses)
    return Examined(
        moved, cuts, frozenset(hidden), frozenset(spared), found[2], states, explored, hung
    )


def _judged(
    residue: Residue, net: Net
) -> tuple[Collection[int], Explored | None, dict[Mark, tuple[Fired, ...]]]:
    """Knots that move, the exploration if one was needed, and how runs end."""
    root = residue.knots[residue.root]
    if not root.edges:
        return (
            residue.knots,
            None,
            {
                c.marks: tuple(resolved(c.script, net))
                for c in root.courses
                if c.marks & Mark.OVER or not c.marks & Mark.HUNG
            },
        )
    explored = explore(residue)
    ends = {
        flags: tuple(fired_in(explored.path(place), net)) for flags, place in explored.ends.items()
    }
    return explored.moved, explored, ends


def can_end(net: Net, examined: Examined) -> bool:
    """Whether some run ends; where that stays open, as if one did."""
    found = examined.explored
    if examined.ends or not examined.complete:
        return True
    if found is None or not found.meetings:
        return False
    # Runs stop where two tokens meet, so one order of moves does not stand for all.
    members = [place for place in net.reachable([ROOT]) if place not in examined.hidden]
    every = explore(residue_of(net, members, cuts=examined.cuts), everything=True)
    return bool(every.ends) or not every.complete


def path_to(
    net: Net, examined: Examined, wanted: int, max_states: int = MAX_STATES
) -> list[Step] | None:
    """Steps after which a node of the game has a token before it; None if none were found."""
    cuts, hidden = examined.cuts, examined.hidden
    if wanted in hidden:
        cuts, hidden = {}, frozenset()
    members = [place for place in net.reachable([ROOT]) if place not in hidden]
    residue = residue_of(net, members, cuts=cuts, kept=[wanted])
    reduce(residue, net)
    explored = explore(residue, wanted=wanted, max_states=max_states)
    return None if explored.reached is None else explored.path(explored.reached)


def _leaving(net: Net, members: Collection[int]) -> Iterator[tuple[int, set[int]]]:
    """Edges that may lead into a side branch, with its nodes; small branches first."""
    found: list[tuple[int, set[int]]] = []
    within = set(members)
    for group in net.loops(within):
        loop = set(group)
        for place in group:
            edges = {e for way in net.nodes[place].ways if len(way.edges) > 1 for e in way.edges}
            for edge in sorted(edges):
                target = net.edges[edge].target
                if net.edges[edge].flow is None and net.nodes[target].role is not Role.EVENT:
                    continue  # the token stays with its activity
                if target not in loop and target in within and not net.nodes[target].ends:
                    inside = net.reachable([target], within)
                    if loop.isdisjoint(inside) and _is_closed(net, inside, edge, within):
                        found.append((edge, inside))
    found.sort(key=lambda branch: len(branch[1]))
    yield from found


def _is_closed(net: Net, inside: set[int], entry: int, within: Collection[int]) -> bool:
    """Whether the edge is the only way in; ends are shared by whoever comes."""
    return all(
        net.nodes[place].ends or not _is_shared(net, place, inside, entry, within)
        for place in inside
    )


def _is_shared(
    net: Net, place: int, inside: set[int], entry: int, within: Collection[int]
) -> bool:
    """Whether tokens come to a node of a branch from elsewhere too."""
    sources = {net.edges[edge].source for edge in net.nodes[place].ins if edge != entry}
    return any(source in within and source not in inside for source in sources)
