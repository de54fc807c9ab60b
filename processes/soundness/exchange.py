"""The runs of pools side by side: who waits for a message, and who can still send it.

A state holds a marking of each pool, and how many of each message were sent and not taken yet:
MANY stands for that number and any greater one, so that a message too many is never missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from processes.soundness.exploration import Effort
from processes.soundness.game import Choice
from processes.soundness.net import Entry, Mark
from processes.soundness.pools import Pool

MANY = 3
MAX_STATES = 3_000
NOT_BEGUN = -1
_WORK = 8  # of a state, beside its moves

State = tuple[tuple[int, ...], tuple[int, ...]]
"""Markings by pool (0 once it is done), numbers by message."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What one pool does: a knot moves, taking a message or none."""

    pool: int
    knot: int
    choice: Choice
    taken: str | None = None


@dataclass(slots=True)
class Exchanged:
    """stuck: states in which nothing moves. sent: message -> first state after it was sent.

    taken: messages that somebody takes in some run. complete: nothing was left out.
    """

    states: list[State] = field(default_factory=list)
    before: list[tuple[int, Deed | None]] = field(default_factory=list)
    stuck: list[int] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    complete: bool = True

    def path(self, place: int) -> list[Deed]:
        """What was done before a state, the first first."""
        deeds: list[Deed] = []
        while place >= 0:
            place, deed = self.before[place]
            if deed is not None:
                deeds.append(deed)
        return deeds[::-1]


class Exchange:
    """Plays the pools, breadth first."""

    def __init__(self, pools: list[Pool], messages: list[str], effort: Effort) -> None:
        self.pools = pools
        self.messages = messages
        self.found = Exchanged()
        self._effort = effort
        self._place = {message: place for place, message in enumerate(messages)}
        self._index: dict[State, int] = {}

    def run(self) -> Exchanged:
        found = self.found
        self._reach((((NOT_BEGUN,) * len(self.pools)), (0,) * len(self.messages)), -1, None)
        for place, state in enumerate(found.states):  # grows while it is read
            if len(found.states) > MAX_STATES or self._effort.work <= 0:
                found.complete = False
                break
            self._effort.work -= _WORK
            if not self._alone(place, state) and not self._all(place, state):
                found.stuck.append(place)
        return found

    def _alone(self, place: int, state: State) -> bool:
        """Let a pool move that looks at no message now; whether it led to a new state.

        What the others do neither helps nor hinders it, so its moves stand for all.
        """
        for number, pool in enumerate(self.pools):
            marking = state[0][number]
            if marking <= 0 or self._looks(pool, marking):
                continue
            enabled = pool.game.enabled(marking)
            if enabled:
                known = len(self.found.states)
                for knot in pool.stubborn.of(marking, enabled):
                    for deed in self._deeds(number, knot, marking, state):
                        self._do(place, state, deed)
                return len(self.found.states) > known
        return False

    def _all(self, place: int, state: State) -> bool:
        """Let everybody move; whether anybody could."""
        moved = False
        for number in range(len(self.pools)):
            for deed in self.deeds(number, state):
                self._do(place, state, deed)
                moved = True
        return moved

    def _looks(self, pool: Pool, marking: int) -> bool:
        """Whether what the pool can do depends on messages."""
        return any(pool.game.target[edge] in pool.attentive for edge in pool.game.marked(marking))

    def deeds(self, number: int, state: State) -> Iterator[Deed]:
        """All that a pool can do."""
        pool, marking = self.pools[number], state[0][number]
        if marking <= 0:
            yield from self._deeds(number, pool.game.residue.root, marking, state)
            return
        for knot in pool.game.enabled(marking):
            yield from self._deeds(number, knot, marking, state)

    def _deeds(self, number: int, knot: int, marking: int, state: State) -> Iterator[Deed]:
        pool = self.pools[number]
        begins = knot == pool.game.residue.root
        for choice in pool.game.choices(knot):
            wanted = pool.takes.get(knot)
            for target in pool.targets(choice):
                wanted = pool.at_once.get(target, wanted)
                if knot in pool.gateways and target in pool.takes:
                    there = pool.takes[target]
                    if not any(state[1][self._place[m]] for m in there):
                        wanted = ()
            if wanted is None:
                if not begins or marking == NOT_BEGUN:
                    yield Deed(number, knot, choice)
                continue
            for message in wanted:
                if state[1][self._place[message]]:
                    yield Deed(number, knot, choice, message)

    def _do(self, place: int, state: State, deed: Deed) -> None:
        pool = self.pools[deed.pool]
        game = pool.game
        marking = max(state[0][deed.pool], 0)
        rest = marking & ~game.takes(deed.knot, marking)
        self._effort.work -= 1
        if game.meeting(rest, deed.choice) is not None:
            self.found.complete = False
            return
        after = (rest | deed.choice.gives) & game.tokens
        if deed.choice.course.marks & Mark.OVER:
            after = 0
        numbers = list(state[1])
        if deed.taken is not None:
            self.found.taken.add(deed.taken)
            where = self._place[deed.taken]
            numbers[where] -= numbers[where] < MANY
        sent = () if self.interrupts(pool, deed) else pool.sends.get(deed.knot, ())
        for message in sent:
            where = self._place[message]
            numbers[where] = min(numbers[where] + 1, MANY)
        markings = tuple(after if n == deed.pool else m for n, m in enumerate(state[0]))
        target = self._reach((markings, tuple(numbers)), place, deed)
        for message in sent:
            self.found.sent.setdefault(message, target)

    def interrupts(self, pool: Pool, deed: Deed) -> bool:
        """Whether an event fires instead of the activity's end."""
        return any(t in pool.events for t in pool.targets(deed.choice))

    def _reach(self, state: State, place: int, deed: Deed | None) -> int:
        found = self.found
        target = self._index.setdefault(state, len(found.states))
        if target == len(found.states):
            found.states.append(state)
            found.before.append((place, deed))
        return target

    def waiting(self, state: State) -> Iterator[tuple[int, int]]:
        """In a state in which nothing moves: the pools and the receivers at which they wait."""
        for number, pool in enumerate(self.pools):
            marking = state[0][number]
            if not pool.is_sure:
                continue
            if marking == NOT_BEGUN:
                if all(m == NOT_BEGUN for m in state[0]):
                    yield from ((number, place) for place in pool.at_once)
                continue
            knots = dict.fromkeys(pool.game.target[e] for e in pool.game.marked(marking))
            for knot in knots:
                if pool.game.entry[knot] is Entry.ONE:
                    yield from ((number, place) for place in self._awaited(pool, knot))

    def _awaited(self, pool: Pool, knot: int) -> Iterator[int]:
        if knot in pool.takes:
            yield knot
        for choice in pool.game.choices(knot):
            yield from (
                t for t in pool.targets(choice) if knot in pool.gateways and t in pool.takes
            )
