"""Where a dossier stands: the tokens of a running process, found without walking its history.

The library keeps every activity instance that ever was in one tree and walks all of it to find the
few that are open. Tokens only ever move down the tree, so looking below those seen last finds them
all, and costs the same at the thousandth return as at the first. Only going back moves a token up:
then the whole tree is looked at again.
"""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

_FINISHED, _DEFINITE = TaskState.FINISHED_MASK, TaskState.DEFINITE_MASK
_STARTED = TaskState.STARTED


def tokens(workflow: Any) -> list[Task]:
    """Instances of one process that hold a token: not finished, all before them finished.

    In the order of the tree; those inside of sub-processes are not among them. What runs several
    instances below itself holds a token as long as they do.
    """
    tasks = workflow.tasks
    seen_last = getattr(workflow, "seen_last", None) or [workflow.task_tree]
    seen: list[Task] = []
    found: list[Task] = []
    waiting = [(task, False) for task in reversed(seen_last)]
    while waiting:
        task, below = waiting.pop()
        state = task._state  # noqa: SLF001 - asked of every instance, again and again
        if state & _FINISHED:
            waiting += [(tasks[number], below) for number in reversed(task._children)]  # noqa: SLF001
        elif task.id in tasks:
            if state & _DEFINITE:
                found.append(task)
            if not below:
                seen.append(task)
            if state & _STARTED:
                waiting += [(c, True) for c in reversed(task.children) if c.triggered]
    workflow.seen_last = seen
    return found


def beside(task: Task, new: Task) -> None:
    """Let a new instance stand right after its sibling, in the tree and where tokens are sought."""
    siblings = task.parent._children  # noqa: SLF001
    siblings.remove(new.id)
    siblings.insert(siblings.index(task.id) + 1, new.id)
    seen_last = getattr(task.workflow, "seen_last", None)
    if seen_last is not None:
        at = next((n for n, seen in enumerate(seen_last) if seen is task), len(seen_last) - 1)
        seen_last.insert(at + 1, new)


def look_again(workflow: Any) -> None:
    """Look at the whole tree the next time: something finished is opened anew."""
    workflow.seen_last = None
    for inner in workflow.top_workflow.subprocesses.values():
        inner.seen_last = None


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
