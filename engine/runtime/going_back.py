"""Going back to an earlier step: which there are, and how one opens anew."""

from collections.abc import Iterable, Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.events import Border, FirstOf
from engine.runtime.gateways import give_back
from engine.runtime.progress import OpenStep
from engine.runtime.tokens import look_again
from engine.runtime.translation import element_id, is_drawn


def earlier_steps(own: Task) -> tuple[OpenStep, ...]:
    """Completed steps on the way to this one, the nearest first, each element once."""
    found: dict[str, OpenStep] = {}
    for task in _before(own):
        name = task.task_spec.name
        if name != own.task_spec.name and can_open_anew(task):
            found.setdefault(element_id(name), OpenStep(task.id, element_id(name)))
    return tuple(found.values())


def can_open_anew(task: Task) -> bool:
    """Whether an instance is a step that somebody completed and could be asked to do again."""
    spec = task.task_spec
    drawn = spec.manual and task.has_state(TaskState.COMPLETED) and is_drawn(spec.name)
    return drawn and not isinstance(task.parent.task_spec, FirstOf)


def _before(task: Task) -> Iterator[Task]:
    """What led to an instance, the nearest first; out of a sub-process to what led to it."""
    while True:
        before = task.parent
        if before is None and task.workflow.parent_task_id is not None:
            before = task.workflow.top_workflow.get_task_from_id(task.workflow.parent_task_id)
        if before is None:
            return
        yield before
        task = before


def waits_beside(own: Task, disarmed: Iterable[Task]) -> bool:
    """Whether one of these events waits on a branch beside the step, not on its border."""
    around = {task.id for task in _before(own)}
    return any(
        not isinstance(event.task_spec, Border) or event.parent.id not in around
        for event in disarmed
    )


def open_anew(workflow: Any, task: Task) -> None:
    """Undo all that came after a step, and open it."""
    look_again(workflow)
    _forget_repetitions(task)
    workflow.reset_from_task_id(task.id)
    for scope in (workflow, *workflow.subprocesses.values()):
        give_back(scope)


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
