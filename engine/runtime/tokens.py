"""Where a dossier stands: the tokens of a running process, found without walking its history.

The library keeps every activity instance that ever was in one tree and walks all of it to find the
few that are open. What is unfinished always lies below one instance, the anchor, which moves down
as the dossier moves on; walking from there costs the same at the thousandth return as at the
first. Going back to an earlier instance must lift the anchor.
"""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

_NEAR = 64  # instances walked before the anchor is moved down


def tokens(workflow: Any) -> list[Task]:
    """Instances of one process that hold a token: not finished, all before them finished.

    In the order of the tree; those inside of sub-processes are not among them.
    """
    anchor = getattr(workflow, "anchor", None) or workflow.task_tree
    found: list[Task] = []
    waiting, walked = [anchor], 0
    while waiting:
        task = waiting.pop()
        walked += 1
        if task.has_state(TaskState.FINISHED_MASK):
            waiting.extend(reversed(task.children))
        elif task.has_state(TaskState.DEFINITE_MASK):
            found.append(task)
    if walked > _NEAR and found:
        workflow.anchor = _common_ancestor(anchor, found)
    return found


def lift_anchor(workflow: Any) -> None:
    """Look at the whole tree again: something finished is about to be opened anew."""
    workflow.anchor = None
    for inner in workflow.top_workflow.subprocesses.values():
        inner.anchor = None


def all_tokens(workflow: Any) -> Iterator[Task]:
    """The tokens of a process and of the sub-processes that run in it."""
    for task in tokens(workflow):
        yield task
        inner = running_inside(task)
        if inner is not None:
            yield from all_tokens(inner)


def running_inside(task: Task) -> Any:
    """The sub-process that runs in an instance; None where none does."""
    if not task.has_state(TaskState.STARTED):
        return None
    inner = task.workflow.top_workflow.subprocesses.get(task.id)
    return None if inner is None or inner.completed else inner


def update_waiting(workflow: Any) -> None:
    """Have everything that waits look whether it may go on: the library does so after each step."""
    for task in tokens(workflow):
        if task.has_state(TaskState.WAITING):
            task.task_spec._update(task)  # noqa: SLF001


def _common_ancestor(top: Task, below: list[Task]) -> Task:
    path = _path(top, below[0])
    place = {task.id: number for number, task in enumerate(path)}
    last = len(path) - 1
    for task in below[1:]:
        current = task
        while current.id not in place:
            current = current.parent
        last = min(last, place[current.id])
    return path[last]


def _path(top: Task, task: Task) -> list[Task]:
    path = [task]
    while path[-1] is not top:
        path.append(path[-1].parent)
    return path[::-1]
