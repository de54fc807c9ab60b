"""All the runs of a residue that differ, looked at one by one up to a stated bound."""

from collections.abc import Collection
from dataclasses import dataclass, field

from processes.soundness.game import Choice, Game
from processes.soundness.net import Mark
from processes.soundness.residue import Residue
from processes.soundness.stubborn import Stubborn

MAX_STATES = 10_000  # markings of one game that are looked at
_LEAST_WORK = 20_000

_MEETINGS = 20  # places of meetings that are kept; a designer mends one and asks again


@dataclass(slots=True)
class Effort:
    """How much may still be looked at before a diagram counts as unproved.

    work: markings, moves and knots; 400,000 are about a quarter of a second.
    """

    work: int = 400_000

    def granted(self) -> int:
        """For one game; a little even when all is spent, so that what was found can be shown."""
        return max(self.work, _LEAST_WORK)


Step = tuple[int, Choice]
"""A knot and what it did."""


@dataclass(slots=True)
class Explored:
    """What the runs of a residue do.

    complete: nothing was left out. moved: knots that move in some run, or hold a token for
    ever. stuck: markings in which nothing moves though tokens are left. meetings: knot -> path on
    which two tokens meet there. hung: whether a token can stay in a sub-process for ever.
    ends: for the marks met on the way a marking in which a run ends. round_trip: a path and a way
    round that can never be left, if there is one. reached: marking in which the wanted knot gets a
    token.
    """

    game: Game
    complete: bool = True
    states: list[int] = field(default_factory=list)
    before: list[tuple[int, Step]] = field(default_factory=list)
    after: list[list[tuple[int, Step]]] = field(default_factory=list)
    moved: set[int] = field(default_factory=set)
    stuck: list[int] = field(default_factory=list)
    meetings: dict[int, list[Step]] = field(default_factory=dict)
    hung: bool = False
    ends: dict[Mark, int] = field(default_factory=dict)
    reached: int | None = None

    def path(self, place: int) -> list[Step]:
        """The steps that lead to a marking, the first first."""
        steps: list[Step] = []
        while place >= 0:
            place, step = self.before[place]
            steps.append(step)
        return steps[::-1]

    def round_trip(self) -> tuple[int, list[Step]] | None:
        """A marking from which no run ends or stops, and steps that lead back to it."""
        good = self._can_stop()
        lost = next((place for place in range(len(self.states)) if place not in good), None)
        if lost is None or not self.complete:
            return None
        place, order = lost, {lost: 0}
        steps: list[Step] = []
        while True:
            place, step = self.after[place][0]
            steps.append(step)
            if place in order:
                return place, steps[order[place] :]
            order[place] = len(order)

    def _can_stop(self) -> set[int]:
        backwards: list[list[int]] = [[] for _ in self.states]
        waiting = []
        for place, after in enumerate(self.after):
            for target, _ in after:
                if target >= 0:
                    backwards[target].append(place)
                else:
                    waiting.append(place)  # two tokens meet: what would follow is not judged
            state = self.states[place]
            if not after or Mark.OVER in self.game.marks(state) or state & self.game.idle:
                waiting.append(place)
        good: set[int] = set()
        while waiting:
            place = waiting.pop()
            if place not in good:
                good.add(place)
                waiting += backwards[place]
        return good


def explore(
    residue: Residue,
    effort: Effort,
    *,
    wanted: int | None = None,
    everything: bool = False,
    max_states: int = MAX_STATES,
) -> Explored:
    """Follow the runs, breadth first, so that what is found is found by few moves.

    wanted: stop once this knot has a token before it. everything: in every order.
    """
    return _Explorer(residue, effort, wanted, everything, max_states).run()


class _Explorer:
    def __init__(
        self,
        residue: Residue,
        effort: Effort,
        wanted: int | None,
        everything: bool,
        max_states: int,
    ) -> None:
        self._effort = effort
        self._granted = effort.granted()
        self._game = Game(residue)
        self._found = Explored(self._game)
        self._index: dict[int, int] = {}
        self._stubborn = Stubborn(self._game)
        self._goal = 0 if wanted is None else self._game.into[wanted]
        self._everything = everything
        self._max_states = max_states
        self._work = 0
        self._weight = 1 + len(self._game.bit) // 256  # long numbers take longer

    def run(self) -> Explored:
        found = self._found
        root = self._game.residue.root
        found.moved.add(root)
        for choice in self._game.choices(root):
            self._step(-1, 0, (root, choice))
        for place, state in enumerate(found.states):  # grows while it is read
            if self._goal and found.reached is not None:
                break
            if len(found.states) > self._max_states or self._spent() > self._granted:
                found.complete = False
                break
            self._expand(place, state)
        found.complete = found.complete and not self._game.is_partial
        self._effort.work -= self._spent()
        found.after += [[] for _ in range(len(found.states) - len(found.after))]
        return found

    def _spent(self) -> int:
        return self._weight * (self._work + self._stubborn.work)

    def _expand(self, place: int, state: int) -> None:
        self._found.after.append([])
        marks = self._game.marks(state)
        if marks & Mark.OVER:
            self._found.ends.setdefault(marks, place)
        if state & self._game.idle:
            self._found.hung = True
            idle = self._game.marked(state & self._game.idle)
            self._found.moved.update(self._game.target[edge] for edge in idle)
        enabled = self._game.enabled(state)
        self._work += 5 + len(enabled)
        if not enabled:
            self._stop(place, state)
            return
        chosen = enabled if self._everything else self._stubborn.of(state, enabled)
        news = self._move(place, state, chosen)
        if not news and len(chosen) < len(enabled):
            # Nothing new: the others would be put off for ever (Valmari's ignoring problem).
            self._move(place, state, [knot for knot in enabled if knot not in chosen])

    def _stop(self, place: int, state: int) -> None:
        marks = self._game.marks(state)
        if not state & self._game.tokens:
            self._found.ends.setdefault(marks, place)
        elif not (marks & Mark.OVER or state & self._game.idle):
            self._found.stuck.append(place)

    def _move(self, place: int, state: int, knots: Collection[int]) -> bool:
        """Whether a marking was reached that was not known."""
        known = len(self._found.states)
        for knot in knots:
            self._found.moved.add(knot)
            rest = state & ~self._game.takes(knot, state)
            for choice in self._game.choices(knot):
                self._step(place, rest, (knot, choice))
        return len(self._found.states) > known

    def _step(self, place: int, rest: int, step: Step) -> None:
        found = self._found
        choice = step[1]
        self._work += 1
        meeting = self._game.meeting(rest, choice)
        if meeting is not None:
            if meeting not in found.meetings and len(found.meetings) < _MEETINGS:
                before = found.path(place) if place >= 0 else []
                found.meetings[meeting] = [*before, step]
            target = -1
        else:
            state = rest | choice.gives | choice.marks
            target = self._index.setdefault(state, len(found.states))
            if target == len(found.states):
                found.states.append(state)
                found.before.append((place, step))
                if choice.gives & self._goal and found.reached is None:
                    found.reached = target
        if place >= 0:
            found.after[place].append((target, step))
