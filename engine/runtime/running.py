"""A process that runs: which steps are open, and what an act opens and closes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import EndEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime import codec
from engine.runtime.automatic import run_on
from engine.runtime.conditions import Conditions, Question
from engine.runtime.events import Begin, Happening, Listener
from engine.runtime.forgetting import forget
from engine.runtime.gateways import NothingHolds
from engine.runtime.going_back import earlier_steps, open_anew, waits_beside
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
from engine.runtime.progress import ArmedTimer, OpenStep, Progress, WaitingEvent
from engine.runtime.refusals import CannotSendBack, NothingWaits, NotOpen, NoWayOn
from engine.runtime.repetition import instance_number
from engine.runtime.specification import Specification
from engine.runtime.tokens import all_tokens
from engine.runtime.translation import element_id, is_drawn

_Standing = tuple[dict[int, OpenStep], dict[int, ArmedTimer]]  # open steps and waiting timers


class Running:
    """The process of one dossier in the hands of the library: each act as `Instance` states it.

    What fails leaves it half done: it is thrown away then. Not thread-safe.
    """

    def __init__(self, spec: Specification, workflow: BpmnWorkflow, numbers: Numbers) -> None:
        self._spec = spec
        self._workflow = workflow
        self._numbers = numbers
        self._passed: list[str] = []
        self._ended: list[str] = []
        self._happenings: Happenings
        self._stands: _Standing | None = None

    @classmethod
    def start(
        cls,
        spec: Specification,
        data: Mapping[str, Any],
        at: str | None = None,
        *,
        now: datetime | None = None,
    ) -> tuple["Running", Progress]:
        """Open a new dossier and run it to the first steps."""
        numbers = Numbers()
        with numbering(numbers):
            workflow = BpmnWorkflow(
                spec.process, dict(spec.subprocesses), script_engine=Conditions()
            )
        instance = cls(spec, workflow, numbers)
        with instance._acting(data, now):
            instance._begin(at)
            run_on(instance._workflow, instance._happenings)
        return instance, instance._progress(({}, {}))

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
    def restore(cls, spec: Specification, state: bytes) -> "Running":
        """The dossier as `encode` left it."""
        workflow, numbers = codec.decode(state, spec, Conditions())
        return cls(spec, workflow, numbers)

    def encode(self) -> bytes:
        """The state as bytes, for `restore`."""
        return codec.encode(self._workflow, self._numbers, self._spec)

    @property
    def asked(self) -> Sequence[tuple[Question, bool]] | None:
        """What the last act asked and was answered; None where it asked more than conditions."""
        found: list[tuple[Question, bool]] | None = self._workflow.script_engine.asked
        return found

    def _copied(self) -> "Running":
        return Running.restore(self._spec, self.encode())

    @property
    def completed(self) -> bool:
        return bool(self._workflow.completed)

    def open_steps(self) -> dict[int, OpenStep]:
        """Steps that wait for a person, by token."""
        return dict(self._standing()[0])

    def waiting_timers(self) -> dict[int, ArmedTimer]:
        """Timer events that wait, by token."""
        return dict(self._standing()[1])

    def _standing(self) -> _Standing:
        """Where the dossier stands; found once after each act, for nothing moves between acts."""
        if self._stands is None:
            steps: dict[int, OpenStep] = {}
            timers: dict[int, ArmedTimer] = {}
            for task in all_tokens(self._workflow):
                if task.task_spec.manual:
                    if task.has_state(TaskState.READY):
                        name = element_id(task.task_spec.name)
                        steps[task.id] = OpenStep(task.id, name, *instance_number(task))
                elif task.has_state(TaskState.WAITING):
                    timers.update((task.id, _armed(task, one)) for one in _timers(task))
            self._stands = steps, timers
        return self._stands

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
                *(task.id, _shown(task), definition.kind, definition.about),
                step=step_beside(task),
                interrupts=interrupts(task),
            )
            for task, _, definition in self._possible()
            if _can_be_told(task, definition)
        )

    def comes_after(self, token: int) -> frozenset[str]:
        """The drawn elements whose flows lead to what waits under the token."""
        spec = self._workflow.get_task_from_id(token).task_spec
        return frozenset(element_id(before.name) for before in spec.inputs)

    def _possible(self) -> Iterator[tuple[Task, int, Happening]]:
        for task in all_tokens(self._workflow):
            yield from possible(task)

    def complete(
        self, token: int, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """A person completed the open step; run on to the next steps."""
        before = self._standing()
        if token not in before[0]:
            raise NotOpen(token=token)
        with self._acting(data, now) as happenings:
            task = self._workflow.get_task_from_id(token)
            happenings.run(task)
            run_on(self._workflow, self._happenings)
        return self._progress(before)

    def fire(self, token: int, data: Mapping[str, Any], *, now: datetime | None = None) -> Progress:
        """The time of a waiting timer has come; run on."""
        return self._tell(
            [
                (task, index)
                for task, index, definition in self._possible()
                if task.id == token and definition.kind == "timer"
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
        """A message or signal has come: to the first that waits for it, a signal to all."""
        met = [
            (task, index)
            for task, index, definition in self._possible()
            if definition.meets(kind, name) and _can_be_told(task, definition)
            if token is None or task.id == token
        ]
        refusal = NothingWaits(name=name, waits=self._waits_for())
        if kind != "signal" or not met:
            return self._tell(sorted(met, key=lambda one: one[0].id)[:1], data, now, refusal)
        before = self._standing()
        with self._acting(data, now) as happenings:
            happenings.reach_all(kind, name)
            run_on(self._workflow, self._happenings)
        return self._progress(before)

    def deliver_at(
        self, token: int, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """This very event happens: the first thing that it still waits for."""
        met = [
            (task, index)
            for task, index, definition in self._possible()
            if task.id == token and _can_be_told(task, definition)
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
        before = self._standing()
        with self._acting(data, now) as happenings:
            happenings.happen(*met[0])
            run_on(self._workflow, self._happenings)
        return self._progress(before)

    def _waits_for(self) -> str:
        return ", ".join(sorted({one.name for one in self.waiting_events().values()})) or "–"

    def earlier_steps(self, token: int) -> tuple[OpenStep, ...]:
        """Completed steps on the way to this one, the nearest first, each element once."""
        if token not in self._standing()[0]:
            raise NotOpen(token=token)
        return earlier_steps(self._workflow.get_task_from_id(token))

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
        trial = self._copied()
        progress = trial._reset(earlier[target].token, data, now)  # noqa: SLF001 - of its own kind
        expected = self.open_steps().keys() - {token} | {earlier[target].token}
        gone = self.waiting_events().keys() - trial.waiting_events().keys() - {token}
        own = self._workflow.get_task_from_id(token)
        disarmed = [self._workflow.get_task_from_id(one) for one in {*progress.disarmed, *gone}]
        if trial.open_steps().keys() != expected or waits_beside(own, disarmed):
            raise CannotSendBack(element=target)
        self._workflow, self._numbers = trial._workflow, trial._numbers  # noqa: SLF001
        self._stands = trial._stands  # noqa: SLF001
        return progress

    def _reset(self, token: int, data: Mapping[str, Any], now: datetime | None) -> Progress:
        before = self._standing()
        with self._acting(data, now):
            open_anew(self._workflow, self._workflow.get_task_from_id(token))
            run_on(self._workflow, self._happenings)
        return self._progress(before)

    def cancel(self) -> Progress:
        """End everything: refused, withdrawn or discontinued."""
        before = self._standing()
        self._workflow.script_engine.asked = []
        self._happenings = self._new_happenings()
        self._stands = None
        with numbering(self._numbers):
            self._workflow.cancel()
        return self._progress(before)

    @contextmanager
    def _acting(self, data: Mapping[str, Any], now: datetime | None) -> Iterator[Happenings]:
        """Within, the library runs: conditions see the data, instances are numbered."""
        conditions = self._workflow.script_engine
        conditions.data, conditions.at, conditions.asked = data, now, []
        self._happenings = self._new_happenings()
        self._stands = None
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
            self._numbers.next_id,
        )

    def _note(self, task: Any) -> None:
        name = task.task_spec.name
        if is_drawn(name) and task.has_state(TaskState.COMPLETED):
            self._passed.append(element_id(name))
            if isinstance(task.task_spec, EndEvent) and task.workflow is self._workflow:
                self._ended.append(element_id(name))

    def _progress(self, before: _Standing) -> Progress:
        """What the act brought; then what it left behind that nothing can see is forgotten."""
        passed, ended = tuple(self._passed), tuple(self._ended)
        happened = self._happenings
        self._passed, self._ended = [], []
        forget(self._workflow, self._numbers)
        steps, timers = before
        now_steps, now_timers = self._standing()
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


def _timers(task: Task) -> Iterator[Happening]:
    return (definition for _, _, definition in possible(task) if definition.kind == "timer")


def _armed(task: Task, timer: Happening) -> ArmedTimer:
    return ArmedTimer(task.id, _shown(task), timer.about, task.internal_data.get(FOLLOWS))


def _shown(task: Task) -> str:
    """The designer's id of what waits: of a listener, the start event it waits for."""
    spec = task.task_spec
    return element_id(spec.event_id if isinstance(spec, Listener) else spec.name)


def _can_be_told(task: Task, definition: Happening) -> bool:
    """Whether it can be told from outside that this has happened."""
    if definition.kind in ("error", "escalation"):
        return waits_for_nobody(task)
    return definition.kind in ("message", "signal", "conditional")
