"""Processes made of blocks, drawn as BPMN, and what BPMN says they do: the runtime's measure.

A block is entered once and left once. The model beside each block is a few lines long and knows
nothing of tokens or trees: what it says is open, must be open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st
from lxml import etree

from engine.runtime.specification import Specification
from tests.engine.drawing import Drawn, draw, end, gateway, start, step, sub, timer

Data = Mapping[str, object]


@dataclass
class Drawing:
    """Collects nodes and flows of one scope; ids are numbered over the whole process."""

    numbers: list[int] = field(default_factory=lambda: [0])
    nodes: list[Drawn] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)

    def id(self, letter: str) -> str:
        self.numbers[0] += 1
        return f"{letter}{self.numbers[0]}"

    def flow(self, source: str, target: str, condition: str = "") -> None:
        self.flows.append(f"{source} {target}" + (f": {condition}" if condition else ""))


@dataclass(frozen=True)
class Step:
    timer: str = ""  # "", "interrupting" or "beside": a boundary timer with a step of its own

    def draw(self, to: Drawing) -> tuple[str, str, "Model"]:
        own = to.id("T")
        to.nodes.append(step(own))
        if not self.timer:
            return own, own, StepModel(own)
        event, other = to.id("W"), to.id("T")
        to.nodes += [
            timer(event, after="P1D", on=own, interrupting=self.timer == "interrupting"),
            step(other),
        ]
        to.flow(event, other)
        if self.timer == "interrupting":
            merge = to.id("G")
            to.nodes.append(gateway("exclusive", merge))
            to.flow(own, merge)
            to.flow(other, merge)
            return own, merge, StepModel(own, event, other, interrupting=True)
        last = to.id("E")
        to.nodes.append(end(last))
        to.flow(other, last)
        return own, own, StepModel(own, event, other)


@dataclass(frozen=True)
class Sequence:
    parts: tuple["Block", ...]

    def draw(self, to: Drawing) -> tuple[str, str, "Model"]:
        drawn = [part.draw(to) for part in self.parts]
        for (_, left, _), (entered, _, _) in pairwise(drawn):
            to.flow(left, entered)
        return drawn[0][0], drawn[-1][1], SequenceModel([model for _, _, model in drawn])


@dataclass(frozen=True)
class Fork:
    """kind: parallel (all), exclusive (one), inclusive (some); an empty branch is a bare flow."""

    kind: str
    branches: tuple["Block | None", ...]

    def draw(self, to: Drawing) -> tuple[str, str, "Model"]:
        split, join = to.id("G"), to.id("G")
        first = to.id("F")
        names = [f"{first}_{number}" for number in range(len(self.branches))]
        models: list[Model | None] = []
        default = None
        for number, (branch, name) in enumerate(zip(self.branches, names, strict=True)):
            condition = ""
            if self.kind != "parallel" and number > 0:
                condition = f"{name} = true"
            if branch is None:
                to.flow(split, join, condition)
                models.append(None)
                entered = join
            else:
                entered, left, model = branch.draw(to)
                to.flow(split, entered, condition)
                to.flow(left, join)
                models.append(model)
            if number == 0:
                default = entered
        plain = self.kind == "parallel"
        to.nodes += [
            gateway(self.kind, split, default=None if plain else default),
            gateway(self.kind, join),
        ]
        return split, join, ForkModel(self.kind, models, names)


@dataclass(frozen=True)
class Loop:
    body: "Block"

    def draw(self, to: Drawing) -> tuple[str, str, "Model"]:
        merge, asked, choice = to.id("G"), to.id("T"), to.id("G")
        entered, left, model = self.body.draw(to)
        again, out = to.id("L"), to.id("G")
        to.nodes += [
            gateway("exclusive", merge),
            step(asked),  # no round without a person: lint refuses such loops
            gateway("exclusive", choice),
            gateway("exclusive", out),
        ]
        to.flow(merge, asked)
        to.flow(asked, entered)
        to.flow(left, choice)
        to.flow(choice, merge, f"{again} = true")
        to.flow(choice, out, f"not({again} = true)")
        return merge, out, LoopModel(SequenceModel([StepModel(asked), model]), again)


@dataclass(frozen=True)
class Inside:
    body: "Block"

    def draw(self, to: Drawing) -> tuple[str, str, "Model"]:
        own = to.id("P")
        inner = Drawing(to.numbers)
        first, last = inner.id("S"), inner.id("E")
        entered, left, model = self.body.draw(inner)
        inner.nodes += [start(first), end(last)]
        inner.flow(first, entered)
        inner.flow(left, last)
        to.nodes.append(sub(own, *inner.nodes, flows=tuple(inner.flows)))
        return own, own, ScopeModel(model)


Block = Step | Sequence | Fork | Loop | Inside


class Model:
    """What a block does: entered with data, it shows open steps and waiting timers until done."""

    def enter(self, data: Data) -> None: ...

    def open(self) -> list[str]: ...

    def waiting(self) -> list[str]: ...

    def act(self, name: str, data: Data) -> None:
        """Complete the step or fire the timer of that name, if it is in here."""

    def beside(self) -> bool:
        """Whether something goes on that the block itself does not wait for."""
        return False

    @property
    def done(self) -> bool: ...


@dataclass
class StepModel(Model):
    name: str
    event: str = ""
    other: str = ""
    interrupting: bool = False
    main: bool = False
    second: int = 0
    entered: bool = False
    armed: bool = False

    def enter(self, data):
        self.main = self.entered = True
        self.armed = bool(self.event)

    def open(self):
        return [self.name] * self.main + [self.other] * self.second

    def waiting(self):
        return [self.event] * self.armed

    def act(self, name, data):
        if name == self.name:
            self.main = self.armed = False
        elif name == self.event:
            self.armed = False
            self.second += 1
            self.main = self.main and not self.interrupting
        elif name == self.other:
            self.second -= 1

    def beside(self):
        return bool(self.second) and not self.interrupting

    @property
    def done(self):
        return self.entered and not self.main and not (self.interrupting and self.second)


@dataclass
class SequenceModel(Model):
    parts: list[Model]
    at: int = 0

    def enter(self, data):
        self.at = 0
        self.parts[0].enter(data)
        self._on(data)

    def _on(self, data):
        while self.parts[self.at].done and self.at + 1 < len(self.parts):
            self.at += 1
            self.parts[self.at].enter(data)

    def open(self):
        return [name for part in self.parts for name in part.open()]

    def waiting(self):
        return [name for part in self.parts for name in part.waiting()]

    def act(self, name, data):
        for part in self.parts:
            part.act(name, data)
        self._on(data)

    def beside(self):
        return any(part.beside() for part in self.parts)

    @property
    def done(self):
        return self.at + 1 == len(self.parts) and self.parts[-1].done


@dataclass
class ForkModel(Model):
    kind: str
    branches: list[Model | None]
    names: list[str]
    chosen: list[int] = field(default_factory=list)
    entered: bool = False

    def enter(self, data):
        holding = [n for n in range(1, len(self.names)) if data.get(self.names[n]) is True]
        if self.kind == "parallel":
            self.chosen = list(range(len(self.branches)))
        elif self.kind == "exclusive":
            self.chosen = holding[:1] or [0]
        else:
            self.chosen = holding or [0]
        self.entered = True
        for number in self.chosen:
            if self.branches[number] is not None:
                self.branches[number].enter(data)

    def _models(self):
        return [model for model in self.branches if model is not None]

    def open(self):
        return [name for model in self._models() for name in model.open()]

    def waiting(self):
        return [name for model in self._models() for name in model.waiting()]

    def act(self, name, data):
        for model in self._models():
            model.act(name, data)

    def beside(self):
        return any(model.beside() for model in self._models())

    @property
    def done(self):
        chosen = [self.branches[number] for number in self.chosen]
        return self.entered and all(model is None or model.done for model in chosen)


@dataclass
class LoopModel(Model):
    body: Model
    again: str
    left: bool = False

    def enter(self, data):
        self.left = False
        self.body.enter(data)
        self._on(data)

    def _on(self, data):
        if self.body.done and not self.left:
            if data.get(self.again) is True:
                self.body.enter(data)
            else:
                self.left = True

    def open(self):
        return self.body.open()

    def waiting(self):
        return self.body.waiting()

    def act(self, name, data):
        self.body.act(name, data)
        self._on(data)

    def beside(self):
        return self.body.beside()

    @property
    def done(self):
        return self.left


@dataclass
class ScopeModel(Model):
    """A sub-process, and the process itself: over when nothing goes on in it any more."""

    body: Model

    def enter(self, data):
        self.body.enter(data)

    def open(self):
        return self.body.open()

    def waiting(self):
        return self.body.waiting()

    def act(self, name, data):
        self.body.act(name, data)

    @property
    def done(self):
        return self.body.done and not self.body.beside()


def _grown(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        some.map(Sequence),
        st.builds(Fork, st.sampled_from(["parallel", "inclusive"]), some),
        st.builds(
            lambda kind, block: Fork(kind, (None, block)),
            st.sampled_from(["exclusive", "inclusive", "parallel"]),
            inner,
        ),
        st.builds(Fork, st.just("exclusive"), some),
        inner.map(Loop),
        inner.map(Inside),
    )


blocks: st.SearchStrategy[Block] = st.recursive(
    st.one_of(st.just(Step()), st.sampled_from([Step("interrupting"), Step("beside")])),
    _grown,
    max_leaves=7,
)


def drawn(block: Block) -> tuple[Specification, Model, list[str]]:
    """The specification, the model, and the names of the fields that decide."""
    to = Drawing()
    entered, left, model = block.draw(to)
    to.nodes += [start("S"), end("E")]
    to.flow("S", entered)
    to.flow(left, "E")
    data = draw(*to.nodes, flows=tuple(to.flows))
    names = [f"L{n}" for n in range(1, to.numbers[0] + 1)]
    names += [f"F{n}_{b}" for n in range(1, to.numbers[0] + 1) for b in range(3)]
    text = data.decode()
    fields = [name for name in names if f"{name} = true" in text]
    return Specification.parse(etree.fromstring(data), "Process"), ScopeModel(model), fields
