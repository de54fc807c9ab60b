"""A game, or a part of one, decided: reduced as far as it goes, what is left explored.

Side branches are decided first, each by itself. A side branch leaves a loop at one flow or event,
nothing else leads into it, it leads nowhere but to ends, and it is sound. There a second token does
no harm: a reminder that each round of a loop sends off need not wait for the one before.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from processes.soundness.exploration import MAX_STATES, Effort, Explored, Step, explore
from processes.soundness.net import ROOT, Mark, Net, Role
from processes.soundness.reduction import reduce, resolved
from processes.soundness.residue import TOLD_APART, Cut, Residue, residue_of
from processes.soundness.rope import Fired, replaying
from processes.soundness.walk import fired_in

_WORK_PER_NODE = 20  # to reduce a side branch, beside a marking looked at


@dataclass(frozen=True, slots=True)
class Examined:
    """The answers for a game.

    moved: nodes that move in some run. cuts: side branches by their first node; hidden: their
    nodes; spared: their edges. ends: for the marks met what happens in a run that ends so.
    explored: the runs of what the rules left; None where they left nothing. effort: what may
    still be spent on the diagram. gave_up: it was spent before the game was looked at.
    """

    effort: Effort
    moved: frozenset[int]
    cuts: dict[int, Cut]
    hidden: frozenset[int]
    spared: frozenset[int]
    ends: dict[Mark, tuple[Fired, ...]]
    states: int = 0
    explored: Explored | None = None
    gave_up: bool = False

    @property
    def complete(self) -> bool:
        return not self.gave_up and self._is_explored

    @property
    def _is_explored(self) -> bool:
        return self.explored is None or self.explored.complete

    @property
    def is_sound(self) -> bool:
        """Whether every run can end, and nothing bad happens before."""
        found = self.explored
        if found is None:
            return not self.gave_up
        bad = found.stuck or found.meetings or found.hung or not found.complete
        return not bad and found.round_trip() is None


def examine(
    net: Net,
    effort: Effort,
    members: Collection[int] | None = None,
    entry: int | None = None,
    marks: Mark = TOLD_APART,
    known: dict[frozenset[int], "Examined"] | None = None,
) -> Examined:
    """Decide a whole game, or the part that an edge leads into.

    marks: as for a residue. known: side branches that were decided, by their nodes.
    """
    known = {} if known is None else known
    if members is None:
        members = net.reachable([ROOT])
    cuts: dict[int, Cut] = {}
    spared: set[int] = set()
    states = 0
    hidden: set[int] = set()
    for first, inside in _leaving(net, members, effort):
        outside = set(members) - inside
        edge = next(e for e in net.nodes[first].ins if net.edges[e].source in outside)
        part = frozenset(inside)
        if part not in known:
            effort.work -= _WORK_PER_NODE * len(part)
            known[part] = examine(net, effort, part, edge, marks, known)
            states += known[part].states
        branch = known[part]
        if branch.is_sound:
            for inner in inside.intersection(cuts):
                del cuts[inner]
            ends = {marks: replaying(list(fired)) for marks, fired in branch.ends.items()}
            cuts[first] = Cut(ends, tuple(sorted(branch.moved)))
            hidden |= {place for place in inside if not _is_shared(net, place, inside, members)}
            hidden.add(first)
            spared |= {e for place in inside for e in net.nodes[place].ins}
    if effort.work <= 0:
        # Branches that are not known to be sound would look like flaws of the loops around them.
        nothing = frozenset[int]()
        return Examined(effort, frozenset(members), {}, nothing, nothing, {}, states, gave_up=True)
    residue = residue_of(net, [m for m in members if m not in hidden], entry, cuts, marks=marks)
    reduce(residue, net)
    found = _judged(residue, net, effort)
    moved = frozenset(n for place in found[0] for n in residue.knots[place].covers)
    explored = found[1]
    states += len(explored.states) if explored is not None else 0
    return Examined(
        effort, moved, cuts, frozenset(hidden), frozenset(spared), found[2], states, explored
    )


def _judged(
    residue: Residue, net: Net, effort: Effort
) -> tuple[Collection[int], Explored | None, dict[Mark, tuple[Fired, ...]]]:
    """Knots that move, the exploration if one was needed, and how runs end."""
    root = residue.knots[residue.root]
    if not root.edges:
        return (
            residue.knots,
            None,
            {course.marks: tuple(resolved(course.script, net)) for course in root.courses},
        )
    explored = explore(residue, effort)
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
    every = explore(residue_of(net, members, cuts=examined.cuts), examined.effort, everything=True)
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
    explored = explore(residue, examined.effort, wanted=wanted, max_states=max_states)
    return None if explored.reached is None else explored.path(explored.reached)


def _leaving(net: Net, members: Collection[int], effort: Effort) -> Iterator[tuple[int, set[int]]]:
    """Nodes at which a side branch may begin, with its nodes; small branches first."""
    found: dict[int, set[int]] = {}
    within = set(members)
    for group in net.loops(within):
        loop = set(group)
        ways = (way for place in group for way in net.nodes[place].ways if len(way.edges) > 1)
        for edge in {edge for way in ways for edge in way.edges if not net.stays(edge)}:
            first = net.edges[edge].target
            if first in within and first not in loop and not net.nodes[first].ends:
                if effort.work <= 0:
                    return
                inside = net.reachable([first], within)
                effort.work -= len(inside)
                if loop.isdisjoint(inside) and _is_closed(net, inside, first, loop, within):
                    found[first] = inside
    yield from sorted(found.items(), key=lambda branch: (len(branch[1]), branch[0]))


def _is_closed(
    net: Net, inside: set[int], first: int, loop: set[int], within: Collection[int]
) -> bool:
    """Whether one flow or event of the loop is the only way in; whoever comes shares the ends."""
    sources = [net.edges[e].source for e in net.nodes[first].ins]
    entries = [source for source in sources if source in within and source not in inside]
    single = len(entries) == 1 or net.nodes[first].role in (Role.EVENT, Role.GATHER)
    return (
        single
        and loop.issuperset(entries)
        and all(
            place == first or net.nodes[place].ends or not _is_shared(net, place, inside, within)
            for place in inside
        )
    )


def _is_shared(net: Net, place: int, inside: set[int], within: Collection[int]) -> bool:
    """Whether tokens come to a node of a branch from elsewhere too."""
    sources = {net.edges[edge].source for edge in net.nodes[place].ins}
    return any(source in within and source not in inside for source in sources)
