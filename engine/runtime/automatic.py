"""What runs without a person: gateways and events, until only people and time can."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.happening import Happenings
from engine.runtime.refusals import RunsAway
from engine.runtime.tokens import all_tokens, running_inside, tokens
from engine.runtime.translation import element_id

_MOST_AUTOMATIC = 10_000  # engine steps that one act may cause


def run_on(workflow: Any, happenings: Happenings) -> None:
    """Run until only people, timers and events can bring the dossier on.

    Then conditions that wait are looked at: each act may have made one of them hold.
    """
    conditions = workflow.script_engine
    for _ in range(_MOST_AUTOMATIC):
        _run_engine_steps(workflow, happenings)
        if not happenings.cares(conditions.holds):
            return
    raise RunsAway(element=element_id(workflow.last_task.task_spec.name))


def _run_engine_steps(top: Any, happenings: Happenings) -> None:
    """The order of the library: sub-processes first, the innermost before those around them."""
    count = 0
    moved = True
    while moved:
        moved = False
        for workflow in _running(top):
            for task in _automatic(workflow):
                count += 1
                if count > _MOST_AUTOMATIC:
                    raise RunsAway(element=element_id(task.task_spec.name))
                happenings.run(task)
                moved = True
            if workflow.parent_task_id is not None:
                around = top.get_task_from_id(workflow.parent_task_id)
                if around.has_state(TaskState.STARTED):
                    around.task_spec._update(around)  # noqa: SLF001


def _running(top: Any) -> list[Any]:
    """The process and its running sub-processes, the innermost first."""
    if not top.subprocesses:
        return [top]
    found = [top]
    for task in all_tokens(top):
        inner = running_inside(task)
        if inner is not None:
            found.append(inner)
    return sorted(found, key=lambda workflow: workflow.depth, reverse=True)


def _automatic(workflow: Any) -> Iterator[Task]:
    """Instances of one process that run without a person, as long as there are any.

    Round by round, as the library does: what an instance makes ready comes in the next round.
    """
    while ready := [task for task in tokens(workflow) if _can_run(task)]:
        for task in ready:
            if _can_run(task):
                yield task


def _can_run(task: Task) -> bool:
    return bool(task.has_state(TaskState.READY)) and not task.task_spec.manual
