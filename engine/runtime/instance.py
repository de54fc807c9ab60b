"""A running dossier: which steps are open, and what an act opens and closes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime import codec
from engine.runtime.conditions import Conditions
from engine.runtime.gateways import NothingHolds, give_back
from engine.runtime.library import Numbers, numbering
from engine.runtime.specification import OfficeTimer, Specification
from engine.runtime.tokens import all_tokens, look_again, running_inside, tokens
from engine.runtime.translation import element_id, is_drawn
from processes.errors import Conflict, Unmet

_MOST_AUTOMATIC = 10_000  # engine steps that one act may cause


class RunsAway(Unmet):
    """The diagram loops without ever asking a person."""

    code = "runtime.runs_away"
    vi = "Quy trình lặp tự động không dừng tại “{element}”. Báo người thiết kế sửa sơ đồ."
    en = "The procedure loops by itself without end at '{element}'. Ask the designer to mend it."


class NoWayOn(Unmet):
    """No condition out of a gateway holds, and no flow is the default."""

    code = "runtime.no_way_on"
    vi = (
        "Không điều kiện nào ở “{element}” đúng với dữ liệu đã nhập và không có luồng mặc định, "
        "nên hồ sơ chưa đi tiếp được. Kiểm tra dữ liệu, hoặc báo người thiết kế sửa sơ đồ."
    )
    en = (
        "No condition at '{element}' holds for what was entered and there is no default flow, so "
        "the dossier cannot go on. Check the entries, or ask the designer to mend the diagram."
    )


class NotOpen(Conflict):
    """The step is not (or no longer) open in this dossier."""

    code = "step.not_open"
    vi = "Bước này không còn mở: đã có người hoàn thành hoặc hồ sơ đã đổi trạng thái."
    en = "This step is no longer open: somebody completed it or the dossier has moved on."


class CannotSendBack(Unmet):
    """The diagram does not allow going back there from here."""

    code = "step.cannot_send_back"
    vi = (
        "Không thể trả lại bước “{element}” từ bước này: các nhánh song song sẽ mất đồng bộ. "
        "Chọn bước khác trong danh sách."
    )
    en = (
        "Cannot send back to '{element}' from here: parallel branches would get out of step. "
        "Choose another step from the list."
    )


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for a person; `token` is its number in the dossier.

    instance: of a step that several people do at once or in turn, which of them, counted from 1.
    """

    token: int
    element_id: str
    instance: int | None = None


@dataclass(frozen=True, slots=True)
class ArmedTimer:
    """A timer event that waits; `rule` is what the diagram says of it."""

    token: int
    element_id: str
    rule: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What an act brought about.

    passed: ids of drawn elements that were completed, in order; ended: end events among them.
    """

    opened: tuple[OpenStep, ...]
    closed: tuple[int, ...]
    armed: tuple[ArmedTimer, ...]
    disarmed: tuple[int, ...]
    passed: tuple[str, ...]
    ended: tuple[str, ...]
    completed: bool


class Instance:
    """One dossier in memory. Not thread-safe: the caller holds the dossier's lock."""

    def __init__(self, spec: Specification, workflow: BpmnWorkflow, numbers: Numbers) -> None:
        self._spec = spec
        self._workflow = workflow
        self._numbers = numbers
        self._passed: list[str] = []
        self._ended: list[str] = []

    @classmethod
    def start(cls, spec: Specification, data: Mapping[str, Any]) -> tuple["Instance", Progress]:
        """Open a new dossier and run it to the first steps."""
        numbers = Numbers()
        with numbering(numbers):
            workflow = BpmnWorkflow(
                spec.process, dict(spec.subprocesses), script_engine=Conditions()
            )
        instance = cls(spec, workflow, numbers)
        with instance._acting(data):
            instance._run_engine_steps()
        return instance, instance._progress({}, {})

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
            task.id.int: OpenStep(task.id.int, element_id(task.task_spec.name))
            for task in all_tokens(self._workflow)
            if task.has_state(TaskState.READY) and task.task_spec.manual
        }

    def waiting_timers(self) -> dict[int, ArmedTimer]:
        """Timer events that wait, by token."""
        return {
            task.id.int: ArmedTimer(
                task.id.int,
                element_id(task.task_spec.name),
                task.task_spec.event_definition.expression,
            )
            for task in self._workflow.event_manager.tasks.values()
            if isinstance(task.task_spec.event_definition, OfficeTimer)
            and task.has_state(TaskState.WAITING)
        }

    def complete(self, token: int, data: Mapping[str, Any]) -> Progress:
        """A person completed the open step; run on to the next steps."""
        steps, timers = self.open_steps(), self.waiting_timers()
        if token not in steps:
            raise NotOpen(token=token)
        with self._acting(data):
            task = self._workflow.get_task_from_id(UUID(int=token))
            task.run()
            self._note(task)
            self._run_engine_steps()
        return self._progress(steps, timers)

    def fire(self, token: int, data: Mapping[str, Any]) -> Progress:
        """The time of a waiting timer has come; run on."""
        steps, timers = self.open_steps(), self.waiting_timers()
        if token not in timers:
            raise NotOpen(token=token)
        with self._acting(data):
            task = self._workflow.get_task_from_id(UUID(int=token))
            task._set_internal_data(event_fired=True)  # noqa: SLF001 - what our timer looks at
            task.task_spec._update(task)  # noqa: SLF001
            self._run_engine_steps()
        return self._progress(steps, timers)

    def earlier_steps(self, token: int) -> tuple[OpenStep, ...]:
        """Completed steps on the way to this one, the nearest first, each element once."""
        if token not in self.open_steps():
            raise NotOpen(token=token)
        found: dict[str, OpenStep] = {}
        own = self._workflow.get_task_from_id(UUID(int=token))
        for task in self._before(own):
            name = task.task_spec.name
            drawn = task.task_spec.manual and task.has_state(TaskState.COMPLETED) and is_drawn(name)
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

    def send_back(self, token: int, target: str, data: Mapping[str, Any]) -> Progress:
        """Go back to an earlier step: it opens anew, what came after it is undone.

        Tried on a copy first: only if exactly the target opens and nothing else is taken away,
        the dossier itself is moved.
        """
        earlier = {step.element_id: step for step in self.earlier_steps(token)}
        if target not in earlier:
            raise CannotSendBack(element=target)
        trial = Instance.restore(self._spec, self.encode())
        progress = trial._reset(earlier[target].token, data)  # noqa: SLF001 - of its own kind
        expected = self.open_steps().keys() - {token} | {earlier[target].token}
        if trial.open_steps().keys() != expected or self._waits_beside(token, progress.disarmed):
            raise CannotSendBack(element=target)
        self._workflow, self._numbers = trial._workflow, trial._numbers  # noqa: SLF001
        return progress

    def _waits_beside(self, token: int, disarmed: tuple[int, ...]) -> bool:
        """Whether one of these timers waits on a branch beside the step, not on its border."""
        own = self._workflow.get_task_from_id(UUID(int=token))
        around = {task.id for task in self._before(own)}
        timers = [self._workflow.get_task_from_id(UUID(int=number)) for number in disarmed]
        return any(
            not isinstance(timer.task_spec, BoundaryEvent) or timer.parent.id not in around
            for timer in timers
        )

    def _reset(self, token: int, data: Mapping[str, Any]) -> Progress:
        steps, timers = self.open_steps(), self.waiting_timers()
        look_again(self._workflow)
        with self._acting(data):
            self._workflow.reset_from_task_id(UUID(int=token))
            for workflow in (self._workflow, *self._workflow.subprocesses.values()):
                give_back(workflow)
            self._forget_removed_timers()
            self._run_engine_steps()
        return self._progress(steps, timers)

    def _forget_removed_timers(self) -> None:
        waiting = self._workflow.event_manager.tasks
        for task in list(waiting.values()):
            inner = task.workflow is not self._workflow
            gone = inner and task.workflow.parent_task_id not in self._workflow.subprocesses
            if gone or task.id not in task.workflow.tasks:
                del waiting[task.id]

    def cancel(self) -> Progress:
        """End everything: refused, withdrawn or discontinued."""
        steps, timers = self.open_steps(), self.waiting_timers()
        with numbering(self._numbers):
            self._workflow.cancel()
        return self._progress(steps, timers)

    @contextmanager
    def _acting(self, data: Mapping[str, Any]) -> Iterator[None]:
        """Within, the library runs: conditions see the data, instances are numbered."""
        self._workflow.script_engine.data = data
        try:
            with numbering(self._numbers):
                yield
        except NothingHolds as stuck:
            raise NoWayOn(element=element_id(stuck.name)) from stuck

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
                    task.run()
                    self._note(task)
                    moved = True
                if workflow.parent_task_id is not None:
                    around = self._workflow.get_task_from_id(workflow.parent_task_id)
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
