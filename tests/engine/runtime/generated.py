"""Processes drawn by a seeded generator, with every construct that the runtime treats on its own.

Blocks as in `blocks` (entered once, left once), and beside them activities repeated by markers,
borders that catch messages, errors and escalations or fire again and again, event sub-processes,
throws, compensation, the first of several events, ends that terminate. What they mean is not asked
here, only whether two ways of running them agree.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.conformance import event_drawing as events
from tests.conformance.cases.repetitions import loop, many
from tests.engine.drawing import draw, end, gateway, start, step, sub
from tests.engine.runtime.blocks import Drawing

Ends = tuple[str, str]  # where a block is entered and left


@dataclass(frozen=True)
class Generated:
    file: str
    values: dict[str, list[Any]]


def generated(seed: int) -> Generated:
    """The process of a seed; the same for ever."""
    return _Generator(random.Random(seed)).process()


class _Generator:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._values: dict[str, list[Any]] = {"count": [0, 1, 2, 3], "names": [["An", "Ba"], []]}
        self._leaves = chance.randint(3, 9)

    def process(self) -> Generated:
        to = Drawing()
        entered, left = self._block(to, 0)
        to.nodes += [start("S"), end("E")]
        to.flow("S", entered)
        to.flow(left, "E")
        if self._chance.random() < 0.3:
            self._listens(to)
        beside = events.declared(tuple(to.nodes))
        file = draw(*to.nodes, flows=tuple(to.flows), beside=beside)
        return Generated(file.decode(), self._values)

    def _block(self, to: Drawing, depth: int) -> Ends:
        single = (self._step, self._step, self._bordered, self._repeated, self._thrown, self._first)
        several = (self._line, self._line, self._parallel, self._inclusive, self._exclusive)
        several += (self._loop, self._loop, self._inside)
        if depth > 3 or self._leaves <= 0 or (depth and self._chance.random() < 0.35):
            self._leaves -= 1
            return self._chance.choice(single)(to)
        return self._chance.choice(several)(to, depth + 1)

    # Single activities and events

    def _step(self, to: Drawing) -> Ends:
        own = to.id("T")
        to.nodes.append(step(own))
        if self._chance.random() < 0.1:
            undo, by = to.id("K"), to.id("U")
            to.nodes.append(events.border(undo, own, "compensate"))
            to.nodes += [step(by, bpmn='isForCompensation="true"'), events.undone_by(undo, by)]
        return own, own

    def _bordered(self, to: Drawing) -> Ends:
        own = to.id("T")
        if self._chance.random() < 0.5:
            to.nodes.append(step(own))
        else:
            self._scope(to, own, 4)
        return self._borders(to, own)

    def _borders(self, to: Drawing, own: str) -> Ends:
        merge = to.id("G")
        to.nodes.append(gateway("exclusive", merge))
        to.flow(own, merge)
        for _ in range(self._chance.randint(1, 2)):
            event, other = to.id("W"), to.id("T")
            beside = self._chance.random() < 0.5
            what = self._chance.choice(
                ("timer PT1H", "timer R3/PT1H", "timer R/PT1H", "message M", "signal X")
                + (("escalation N",) if beside else ("error F", "escalation N"))
            )
            to.nodes += [events.border(event, own, what, beside=beside), step(other)]
            to.flow(event, other)
            if beside:
                last = to.id("E")
                to.nodes.append(end(last))
                to.flow(other, last)
            else:
                to.flow(other, merge)
        return own, merge

    def _repeated(self, to: Drawing) -> Ends:
        own = to.id("T")
        again = self._decides(to)
        marker = self._chance.choice(
            (
                loop(again, testBefore="true"),
                loop(again),
                loop(loopMaximum="3"),
                many(number="count"),
                many(number="count", sequential=True),
                many(number="3", until=again),
                many(number="3", until=again, sequential=True),
            )
        )
        if self._chance.random() < 0.6:
            to.nodes.append(step(own, marker=marker))
        else:
            self._scope(to, own, 4, marker)
        return self._borders(to, own) if self._chance.random() < 0.3 else (own, own)

    def _thrown(self, to: Drawing) -> Ends:
        own, before = to.id("V"), to.id("T")
        what = self._chance.choice(
            ("message M", "signal X", "escalation N", "compensate", "compensate")
        )
        to.nodes += [step(before), events.throw(own, what)]
        to.flow(before, own)
        return before, own

    def _first(self, to: Drawing) -> Ends:
        own, merge = to.id("G"), to.id("G")
        to.nodes += [events.first_of(own), gateway("exclusive", merge)]
        for what in self._chance.sample(("timer PT2H", "message M", "signal X"), 2):
            event, after = to.id("W"), to.id("T")
            to.nodes += [events.catch(event, what), step(after)]
            to.flow(own, event)
            to.flow(event, after)
            to.flow(after, merge)
        return own, merge

    # What is made of blocks

    def _line(self, to: Drawing, depth: int) -> Ends:
        parts = [self._block(to, depth) for _ in range(self._chance.randint(2, 3))]
        for (_, left), (entered, _) in pairwise(parts):
            to.flow(left, entered)
        return parts[0][0], parts[-1][1]

    def _parallel(self, to: Drawing, depth: int) -> Ends:
        return self._fork(to, depth, "parallel", lambda _: "")

    def _inclusive(self, to: Drawing, depth: int) -> Ends:
        return self._fork(to, depth, "inclusive", lambda n: f"{self._decides(to)}" if n else "")

    def _exclusive(self, to: Drawing, depth: int) -> Ends:
        return self._fork(to, depth, "exclusive", lambda n: f"{self._decides(to)}" if n else "")

    def _fork(self, to: Drawing, depth: int, kind: str, when: Callable[[int], str]) -> Ends:
        split, join = to.id("G"), to.id("G")
        default = None
        for number in range(self._chance.randint(2, 3)):
            entered, left = self._block(to, depth)
            default = default or entered
            to.flow(split, entered, when(number))
            to.flow(left, join)
        plain = kind == "parallel"
        to.nodes += [
            gateway(kind, split, default=None if plain else default),
            gateway(kind, join),
        ]
        return split, join

    def _loop(self, to: Drawing, depth: int) -> Ends:
        merge, choice, out = to.id("G"), to.id("G"), to.id("G")
        asked = to.id("T")
        again = self._decides(to, often=True)
        entered, left = self._block(to, depth)
        to.nodes += [
            *(gateway("exclusive", merge), step(asked), gateway("exclusive", choice, default=out)),
            gateway("exclusive", out),
        ]
        to.flow(merge, asked)
        to.flow(asked, entered)
        to.flow(left, choice)
        to.flow(choice, merge, again)
        to.flow(choice, out)
        return merge, out

    def _inside(self, to: Drawing, depth: int) -> Ends:
        own = to.id("P")
        self._scope(to, own, depth)
        return own, own

    def _scope(self, to: Drawing, own: str, depth: int, marker: str = "") -> None:
        inner = Drawing(to.numbers)
        first, last = inner.id("S"), inner.id("E")
        entered, left = self._block(inner, depth)
        kind = self._chance.choice(("", "", "", "terminate", "error F", "escalation N"))
        closing = events.ending(last, kind) if kind else end(last, outcome=None)
        inner.nodes += [start(first), closing]
        inner.flow(first, entered)
        inner.flow(left, last)
        if self._chance.random() < 0.2:
            self._listens(inner)
        to.nodes.append(sub(own, *inner.nodes, flows=tuple(inner.flows), marker=marker))

    def _listens(self, to: Drawing) -> None:
        """An event sub-process beside what the scope does."""
        own, first, inner, last = to.id("R"), to.id("S"), to.id("T"), to.id("E")
        what = self._chance.choice(("message M", "signal X", "timer R/PT3H", "timer PT3H"))
        beside = self._chance.random() < 0.7
        to.nodes.append(
            events.reaction(
                own,
                *(events.begun_by(first, what, beside=beside), step(inner)),
                end(last, outcome=None),
                flows=(f"{first} {inner}", f"{inner} {last}"),
            )
        )

    def _decides(self, to: Drawing, *, often: bool = False) -> str:
        name = to.id("F")
        self._values[name] = [True, True, True, False] if often else [True, False]
        return f"{name} = true"
