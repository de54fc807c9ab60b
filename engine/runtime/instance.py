"""A running dossier: which steps are open, and what an act opens and closes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime import codec
from engine.runtime.conditions import Conditions
from engine.runtime.events import Begin, Border, FirstOf, Happening, Listener
from engine.runtime.gateways import NothingHolds, give_back
from engine.runtime.happening import (
    FOLLOWS,
    Happenings,
    interrupts,
    possible,
    step_beside,
    undoing,
    waits_for_nobody,
)
from engine.runtime.library import Numbers, numbering
from engine.runtime.progress import ArmedTimer, OpenStep, Progress, Sent, WaitingEvent
from engine.runtime.refusals import CannotSendBack, NothingWaits, NotOpen, NoWayOn, RunsAway
from engine.runtime.repetition import instance_number
from engine.runtime.specification import Specification
from engine.runtime.tokens import all_tokens, look_again, running_inside, tokens
from engine.runtime.translation import element_id, is_drawn

__all__ = [
    "ArmedTimer",
    "CannotSendBack",
    "Instance",
    "NoWayOn",
    "NotOpen",
    "NothingWaits",
    "OpenStep",
    "Progress",
    "RunsAway",
    "Sent",
    "WaitingEvent",
]

_MOST_AUTOMATIC = 10_000  # engine steps that one act may cause


class Instance:
    """One dossier in memory. Not thread-safe: the caller holds the dossier's lock."""

    def __init__(self, spec: Specification, workflow: BpmnWorkflow, numbers: Numbers) -> None:
        self._spec = spec
        self._workflow = workflow
        self._numbers = numbers
        self._passed: list[str] = []
        self._ended: list[str] = []
        self._happenings: Happenings

    @classmethod
    def start(
        cls,
        spec: Specification,
        data: Mapping[str, Any],
        at: str | None = None,
        *,
        now: datetime | None = None,
    ) -> tuple["Instance", Progress]:
        """Open a new dossier and run it to the first steps.

        at: id of the start event that opened it; without one, the start event of no kind, or the
        first of the file. now: the act's moment, which today() and now() in conditions mean.
        """
        numbers = Numbers()
        with numbering(numbers):
            workflow = BpmnWorkflow(
                spec.process, dict(spec.subprocesses), script_engine=Conditions()
            )
        instance = cls(spec, workflow, numbers)
        with instance._acting(data, now):
            instance._begin(at)
            instance._run_on()
        return instance, instance._progress({}, {})

    def _begin(self, at: str | None) -> None:
        """Let one start event begin; the library's start has a branch for each."""
        root = self._workflow.task_tree
        specs = [s for s in root.task_spec.outputs if isinstance(s, Begin)]
        wanted = [s for s in specs if at is None or element_id(s.name) == at]
        if not wanted:
            raise NothingWaits(
                name=at or "–", waits=", ".join(element_id(s.name) for s in specs) or "–"
            )
        chosen = next((s for s in wanted if not s.definitions), wanted[0])
        if len(specs) > 1:
            root.run()
            for child in list(root.children):
                if isinstance(child.task_spec, Begin) and child.task_spec is not chosen:
                    child.cancel()

    @classmethod
    def restore(cls, spec: Specification, state: bytes) -> "Instance":
        """The dossier as `encode` left it."""
        workflow, numbers = codec.decode(state, spec, Conditions())
        return cls(spec, workflow, numbers)

    def encode(self) -> bytes:
        """The state as bytes, for `restore`."""
        return codec.encode(self._workflow, self._numbers, self._spec)

    @property
    def completed(self) -> bool:
        return bool(self._workflow.completed)

    def open_steps(self) -> dict[int, OpenStep]:
        """Steps that wait for a person, by token."""
        return {
            task.id.int: OpenStep(
                task.id.int, element_id(task.task_spec.name), *instance_number(task)
            )
            for task in all_tokens(self._workflow)
            if task.has_state(TaskState.READY) and task.task_spec.manual
        }

    def waiting_timers(self) -> dict[int, ArmedTimer]:
        """Timer events that wait, by token."""
        return {
            task.id.int: ArmedTimer(
                task.id.int, _shown(task), definition.about, task.internal_data.get(FOLLOWS)
            )
            for task, _, definition in self._possible()
            if definition.kind == "timer"
        }

    def waiting_events(self) -> dict[int, WaitingEvent]:
        """Events beside timers that wait to be told that they have happened, by token.

        Of several that one element waits for, the first.
        """
        found: dict[int, WaitingEvent] = {}
        for event in self.possible_events():
            found.setdefault(event.token, event)
        return found

    def possible_events(self) -> tuple[WaitingEvent, ...]:
        """All that can be told to have happened."""
        return tuple(
            WaitingEvent(
                *(task.id.int, _shown(task), definition.kind, definition.about),
                step=step_beside(task),
                interrupts=interrupts(task),
            )
            for task, _, definition in self._possible()
            if _can_be_told(task, definition)
        )

    def comes_after(self, token: int) -> frozenset[str]:
        """The drawn elements whose flows lead to what waits under the token."""
        spec = self._workflow.get_task_from_id(UUID(int=token)).task_spec
        return frozenset(element_id(before.name) for before in spec.inputs)

    def _possible(self) -> Iterator[tuple[Task, int, Happening]]:
        for task in all_tokens(self._workflow):
            yield from possible(task)

    def complete(
        self, token: int, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """A person completed the open step; run on to the next steps."""
        steps, timers = self.open_steps(), self.waiting_timers()
        if token not in steps:
            raise NotOpen(token=token)
        with self._acting(data, now) as happenings:
            task = self._workflow.get_task_from_id(UUID(int=token))
            happenings.run(task)
            self._run_on()
        return self._progress(steps, timers)

    def fire(self, token: int, data: Mapping[str, Any], *, now: datetime | None = None) -> Progress:
        """The time of a waiting timer has come; run on."""
        return self._tell(
            [
                (task, index)
                for task, index, definition in self._possible()
                if task.id.int == token and definition.kind == "timer"
            ],
            data,
            now,
            NotOpen(token=token),
        )

    def deliver(
        self,
        kind: str,
        name: str,
        data: Mapping[str, Any],
        *,
        token: int | None = None,
        now: datetime | None = None,
    ) -> Progress:
        """A message or signal has come: to the first that waits for it, a signal to all.

        token: only if this very event waits for it; it is the one that is told then.
        """
        met = [
            (task, index)
            for task, index, definition in self._possible()
            if definition.meets(kind, name) and _can_be_told(task, definition)
            if token is None or task.id.int == token
        ]
        refusal = NothingWaits(name=name, waits=self._waits_for())
        if kind != "signal" or not met:
            return self._tell(sorted(met, key=lambda one: one[0].id.int)[:1], data, now, refusal)
        steps, timers = self.open_steps(), self.waiting_timers()
        with self._acting(data, now) as happenings:
            happenings.reach_all(kind, name)
            self._run_on()
        return self._progress(steps, timers)

    def deliver_at(
        self, token: int, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """This very event happens: the first thing that it still waits for."""
        met = [
            (task, index)
            for task, index, definition in self._possible()
            if task.id.int == token and _can_be_told(task, definition)
        ]
        return self._tell(met[:1], data, now, NothingWaits(name=token, waits=self._waits_for()))

    def _tell(
        self,
        met: list[tuple[Task, int]],
        data: Mapping[str, Any],
        now: datetime | None,
        refusal: NotOpen,
    ) -> Progress:
        if not met:
            raise refusal
        steps, timers = self.open_steps(), self.waiting_timers()
        with self._acting(data, now) as happenings:
            happenings.happen(*met[0])
            self._run_on()
        return self._progress(steps, timers)

    def _waits_for(self) -> str:
        return ", ".join(sorted({one.name for one in self.waiting_events().values()})) or "–"

    def earlier_steps(self, token: int) -> tuple[OpenStep, ...]:
        """Completed steps on the way to this one, the nearest first, each element once."""
        if token not in self.open_steps():
            raise NotOpen(token=token)
        found: dict[str, OpenStep] = {}
        own = self._workflow.get_task_from_id(UUID(int=token))
        for task in self._before(own):
            name = task.task_spec.name
            drawn = task.task_spec.manual and task.has_state(TaskState.COMPLETED) and is_drawn(name)
            drawn = drawn and not isinstance(task.parent.task_spec, FirstOf)
            if drawn and name != own.task_spec.name:
                found.setdefault(element_id(name), OpenStep(task.id.int, element_id(name)))
        return tuple(found.values())

    def _before(self, task: Task) -> Iterator[Task]:
        """What led to an instance, the nearest first; out of a sub-process to what led to it."""
        while True:
            before = task.parent
            if before is None and task.workflow.parent_task_id is not None:
                before = self._workflow.get_task_from_id(task.workflow.parent_task_id)
            if before is None:
                return
            yield before
            task = before

    def send_back(
        self, token: int, target: str, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """Go back to an earlier step: it opens anew, what came after it is undone.

        Tried on a copy first: only if exactly the target opens and nothing else is taken away,
        the dossier itself is moved.
        """
        earlier = {step.element_id: step for step in self.earlier_steps(token)}
        if target not in earlier or undoing(self._workflow):
            raise CannotSendBack(element=target)
        trial = Instance.restore(self._spec, self.encode())
        progress = trial._reset(earlier[target].token, data, now)  # noqa: SLF001 - of its own kind
        expected = self.open_steps().keys() - {token} | {earlier[target].token}
        gone = self.waiting_events().keys() - trial.waiting_events().keys() - {token}
        disarmed = (*progress.disarmed, *gone)
        if trial.open_steps().keys() != expected or self._waits_beside(token, disarmed):
            raise CannotSendBack(element=target)
        self._workflow, self._numbers = trial._workflow, trial._numbers  # noqa: SLF001
        return progress

    def _waits_beside(self, token: int, disarmed: tuple[int, ...]) -> bool:
        """Whether one of these events waits on a branch beside the step, not on its border."""
        own = self._workflow.get_task_from_id(UUID(int=token))
        around = {task.id for task in self._before(own)}
        timers = [self._workflow.get_task_from_id(UUID(int=number)) for number in disarmed]
        return any(
            not isinstance(timer.task_spec, BoundaryEvent) or timer.parent.id not in around
            for timer in timers
        )

    def _reset(self, token: int, data: Mapping[str, Any], now: datetime | None) -> Progress:
        steps, timers = self.open_steps(), self.waiting_timers()
        look_again(self._workflow)
        with self._acting(data, now):
            task = self._workflow.get_task_from_id(UUID(int=token))
            _forget_repetitions(task)
            self._workflow.reset_from_task_id(task.id)
            for workflow in (self._workflow, *self._workflow.subprocesses.values()):
                give_back(workflow)
            self._run_on()
        return self._progress(steps, timers)

    def cancel(self) -> Progress:
        """End everything: refused, withdrawn or discontinued."""
        steps, timers = self.open_steps(), self.waiting_timers()
        self._happenings = self._new_happenings()
        with numbering(self._numbers):
            self._workflow.cancel()
        return self._progress(steps, timers)

    @contextmanager
    def _acting(self, data: Mapping[str, Any], now: datetime | None) -> Iterator[Happenings]:
        """Within, the library runs: conditions see the data, instances are numbered."""
        self._workflow.script_engine.data = data
        self._workflow.script_engine.at = now
        self._happenings = self._new_happenings()
        try:
            with numbering(self._numbers):
                yield self._happenings
        except NothingHolds as stuck:
            raise NoWayOn(element=element_id(stuck.name)) from stuck

    def _new_happenings(self) -> Happenings:
        return Happenings(
            self._workflow,
            self._spec.handlers,
            self._note,
            lambda name: self._passed.append(element_id(name)),
            lambda: self._numbers.next_id().int,
        )

    def _run_on(self) -> None:
        """Run until only people, timers and events can bring the dossier on.

        Then conditions that wait are looked at: each act may have made one of them hold.
        """
        conditions = self._workflow.script_engine
        for _ in range(_MOST_AUTOMATIC):
            self._run_engine_steps()
            if not self._happenings.cares(conditions.holds):
                return
        raise RunsAway(element=element_id(self._workflow.last_task.task_spec.name))

    def _run_engine_steps(self) -> None:
        """Run gateways and events until only people and timers can bring the dossier on.

        The order of the library: sub-processes first, the innermost before those around them.
        """
        count = 0
        moved = True
        while moved:
            moved = False
            for workflow in self._running():
                for task in _automatic(workflow):
                    count += 1
                    if count > _MOST_AUTOMATIC:
                        raise RunsAway(element=element_id(task.task_spec.name))
                    self._happenings.run(task)
                    moved = True
                if workflow.parent_task_id is not None:
                    around = self._workflow.get_task_from_id(workflow.parent_task_id)
                    if around.has_state(TaskState.STARTED):
                        around.task_spec._update(around)  # noqa: SLF001

    def _running(self) -> list[Any]:
        """The process and its running sub-processes, the innermost first."""
        found = [self._workflow]
        for task in all_tokens(self._workflow):
            inner = running_inside(task)
            if inner is not None:
                found.append(inner)
        return sorted(found, key=lambda workflow: workflow.depth, reverse=True)

    def _note(self, task: Any) -> None:
        name = task.task_spec.name
        if is_drawn(name) and task.has_state(TaskState.COMPLETED):
            self._passed.append(element_id(name))
            if isinstance(task.task_spec, EndEvent) and task.workflow is self._workflow:
                self._ended.append(element_id(name))

    def _progress(
        self, steps: Mapping[int, OpenStep], timers: Mapping[int, ArmedTimer]
    ) -> Progress:
        passed, ended = tuple(self._passed), tuple(self._ended)
        happened = self._happenings
        self._passed, self._ended = [], []
        now_steps, now_timers = self.open_steps(), self.waiting_timers()
        return Progress(
            opened=tuple(step for token, step in now_steps.items() if token not in steps),
            closed=tuple(token for token in steps if token not in now_steps),
            armed=tuple(timer for token, timer in now_timers.items() if token not in timers),
            disarmed=tuple(token for token in timers if token not in now_timers),
            passed=passed,
            ended=ended,
            completed=self.completed,
            sent=tuple(happened.sent),
            received=tuple(happened.received),
        )


def _automatic(workflow: Any) -> Iterator[Task]:
    """Instances of one process that run without a person, as long as there are any."""
    ready = True
    while ready:
        ready = False
        for task in tokens(workflow):
            if task.has_state(TaskState.READY) and not task.task_spec.manual:
                ready = True
                yield task


def _shown(task: Task) -> str:
    """The designer's id of what waits: of a listener, the start event it waits for."""
    spec = task.task_spec
    return element_id(spec.event_id if isinstance(spec, Listener) else spec.name)


def _can_be_told(task: Task, definition: Happening) -> bool:
    """Whether it can be told from outside that this has happened."""
    if definition.kind in ("error", "escalation"):
        return waits_for_nobody(task)
    return definition.kind in ("message", "signal", "conditional")


def _forget_repetitions(task: Task) -> None:
    """Of boundary events that waited several times, leave one: going back arms them anew."""
    around: Task | None = task
    while around is not None:
        split = around.parent
        if split is not None and isinstance(split.task_spec, BoundaryEventSplit):
            seen: set[str] = set()
            for child in list(split.children):
                if isinstance(child.task_spec, Border) and child.task_spec.name in seen:
                    child.workflow._remove_task(child.id)  # noqa: SLF001
                seen.add(child.task_spec.name)
        parent_id = around.workflow.parent_task_id
        around = (
            None if parent_id is None else around.workflow.top_workflow.get_task_from_id(parent_id)
        )
