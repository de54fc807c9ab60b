"""A running process played by chance, and all that came of it, so that two plays can be compared.

Whoever plays sees what the instance shows, in the order in which it shows it, and picks by place
with a seeded generator: two instances that show the same are played alike, and the first thing that
one shows otherwise stands in its trace. Tokens are numbered as they appear.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from engine.rehearsal.acting import ByChance
from engine.rehearsal.readiness import make_ready
from engine.runtime.instance import Instance, Progress
from engine.runtime.specification import Specification
from processes.errors import RuleError
from processes.finding import Finding

RETURNS = 3  # as many as nothing forgotten can change, see `engine.runtime.forgetting`


@dataclass(frozen=True)
class Play:
    """What to play. file: the drawing; values: what may be entered, by name; ours: the decisions
    are made by chance, whatever the conditions say (a rehearsal's way with strangers' files)."""

    file: str
    seed: int
    acts: int
    values: Mapping[str, list[Any]]
    at: str | None = None
    ours: bool = False


@dataclass(frozen=True)
class Parts:
    """A file, ready to be played: its process, and what decides at each act."""

    specification: Specification
    entered: Callable[[random.Random], dict[str, Any]]


def parts(play: Play) -> Parts | None:
    """None where the file cannot be run."""
    if not play.ours:
        root = etree.fromstring(play.file.encode())
        specification = Specification.parse(root, "Process")
        return Parts(
            specification,
            lambda chance: {name: _value(chance.choice(of)) for name, of in play.values.items()},
        )
    ready = make_ready(play.file.encode(), ours=True, killable=True)
    if isinstance(ready, Finding):
        return None
    names = sorted(ready.parts[0].names)

    def entered(chance: random.Random) -> dict[str, Any]:
        rounds = {name: Decimal(chance.randint(0, 3)) for name in names}
        return {**rounds, **ByChance(chance, ready.parts).ways()}

    return Parts(ready.parts[0].specification, entered)


def _value(plain: Any) -> Any:
    """Numbers as the office keeps them."""
    if isinstance(plain, list):
        return [_value(one) for one in plain]
    counts = isinstance(plain, int) and not isinstance(plain, bool)
    return Decimal(plain) if counts else plain


class Player:
    """Plays one file once. between: what happens to the instance after each act (saved, kept)."""

    def __init__(self, play: Play, parts: Parts, between: Callable[[Instance], Instance]) -> None:
        self._play = play
        self._parts = parts
        self._between = between
        self._chance = random.Random(play.seed)
        self._numbers: dict[Any, int] = {}
        self._returns = 0
        self._data: dict[str, Any] = {}

    def trace(self) -> list[Any]:
        """What came of each act; the last line says why it ended, where it did."""
        return list(self._trace())

    def _trace(self) -> Iterator[Any]:
        self._data = self._parts.entered(self._chance)
        try:
            specification = self._parts.specification
            instance, progress = Instance.start(specification, self._data, self._play.at)
        except (RuleError, ArithmeticError) as refusal:
            yield ["refused", type(refusal).__name__]
            return
        yield self._shown(["begin"], progress, instance)
        for _ in range(self._play.acts):
            instance = self._between(instance)
            act = self._choose(instance)
            if act is None:
                yield ["over", instance.completed]
                return
            said, do = act
            try:
                progress = do()
            except (RuleError, ArithmeticError) as refusal:
                if said[0] != "send_back":  # which leaves the dossier as it was
                    yield [*said, type(refusal).__name__]
                    return
                progress = None
            yield self._shown(said, progress, instance)

    def _choose(self, instance: Instance) -> tuple[list[Any], Callable[[], Progress]] | None:
        """One of what can be done, by its place in what the instance shows."""
        self._data = {**self._data, **self._parts.entered(self._chance)}
        data = self._data
        steps, timers = list(instance.open_steps()), list(instance.waiting_timers())
        events = list(instance.possible_events())
        ways: list[list[tuple[list[Any], Callable[[], Progress]]]] = []
        complete = [(["complete", n], lambda t=t: instance.complete(t, data)) for n, t in _n(steps)]
        ways += [complete, complete, complete]
        ways.append([(["fire", n], lambda t=t: instance.fire(t, data)) for n, t in _n(timers)])
        ways.append(
            [(["told", n], lambda e=e: instance.deliver_at(e.token, data)) for n, e in _n(events)]
        )
        ways.append(
            [
                (["deliver", n], lambda e=e: instance.deliver(e.kind, e.name, data))
                for n, e in _n(events)
                if e.kind in ("message", "signal")
            ]
        )
        if self._returns < RETURNS:
            ways.append(
                [
                    (["send_back", n, m], lambda t=t, e=e: instance.send_back(t, e, data))
                    for n, t in _n(steps)
                    for m, e in _n([one.element_id for one in instance.earlier_steps(t)])
                ]
            )
        possible = [way for way in ways if way]
        return self._chance.choice(self._chance.choice(possible)) if possible else None

    def _shown(self, said: list[Any], progress: Progress | None, instance: Instance) -> list[Any]:
        if said[0] == "send_back" and progress is not None:
            self._returns += 1
        timers = instance.waiting_timers().values()
        return [
            said,
            None if progress is None else self._brought(progress),
            [self._step(one) for one in instance.open_steps().values()],
            [self._timer(one) for one in timers],
            [
                [
                    *(self._number(e.token), self._number(e.step)),
                    *(e.element_id, e.kind, e.name, e.interrupts),
                ]
                for e in instance.possible_events()
            ],
            [self._earlier(instance, token) for token in instance.open_steps()],
            instance.completed,
        ]

    def _brought(self, progress: Progress) -> list[Any]:
        return [
            [self._step(one) for one in progress.opened],
            [self._number(token) for token in progress.closed],
            [self._timer(one) for one in progress.armed],
            [self._number(token) for token in progress.disarmed],
            list(progress.passed),
            list(progress.ended),
            progress.completed,
            [[one.kind, one.name, one.element_id] for one in progress.sent],
            [self._number(token) for token in progress.received],
        ]

    def _earlier(self, instance: Instance, token: Any) -> list[Any]:
        if self._returns >= RETURNS:
            return []
        return [[self._number(o.token), o.element_id] for o in instance.earlier_steps(token)]

    def _step(self, one: Any) -> list[Any]:
        return [self._number(one.token), one.element_id, one.instance, one.item, one.instances]

    def _timer(self, one: Any) -> list[Any]:
        return [self._number(one.token), one.element_id, one.rule, self._number(one.follows)]

    def _number(self, token: Any) -> int | None:
        return None if token is None else self._numbers.setdefault(token, len(self._numbers))


def _n(of: list[Any]) -> list[tuple[int, Any]]:
    return list(enumerate(of))
