"""What a running dossier forgets, so that its state is bounded by its drawing, not by its history.

The library keeps every activity instance that ever was. Here a finished one goes as soon as nothing
that can still happen would see it. What can be seen:

* what is open, what stands around it (the split of its boundary events, the count of its
  repetition, the gateway of its event), and the way back from it: the steps that a person could
  send it back to, from there again, and so on `_RETURNS` times. Of steps done again and again that
  is the last few times of each;
* what those steps would need if they opened anew, down to the arrivals that a join has taken and
  that going back before it would give back;
* what can still be undone by compensation, however long ago it was.

What is left keeps its order and who stands below whom; what came below a forgotten instance then
stands below the one before it. The work is done when so much was added that it pays.
"""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.events import Border, FirstOf
from engine.runtime.gateways import TAKEN_BY
from engine.runtime.going_back import can_open_anew
from engine.runtime.happening import DONE_AS
from engine.runtime.library import Numbers
from engine.runtime.repetition import COUNTED_BY, Each, Turn

_RETURNS = 3  # returns in a row, each further back, that nothing forgotten can change
_SLACK = 16  # instances that may be added, beside half as many as there were
_FRAMES = (BoundaryEventSplit, FirstOf, Each, Turn)  # their instances tell what stands below them


def forget(workflow: Any, numbers: Numbers) -> None:
    """Forget what nothing can see any more, if enough has been added since the last time."""
    scopes = (workflow, *workflow.subprocesses.values())
    if sum(len(scope.tasks) for scope in scopes) < numbers.settled * 3 // 2 + _SLACK:
        return
    _forget_finished_scopes(workflow)
    scopes = (workflow, *workflow.subprocesses.values())
    for scope in scopes:
        _Seen(scope).settle()
    numbers.settled = sum(len(scope.tasks) for scope in scopes)


def _forget_finished_scopes(workflow: Any) -> None:
    """What ran inside of a finished activity, unless something in it can still be undone."""
    inside = workflow.subprocesses
    around = {
        number: scope.tasks[number]
        for scope in (workflow, *inside.values())
        for number in inside.keys() & scope.tasks.keys()
    }
    kept: set[int] = set()
    for number, task in around.items():
        if not task.has_state(TaskState.FINISHED_MASK) or _can_be_undone(inside[number]):
            outwards: int | None = number
            while outwards is not None:  # those around it too, whether finished or not
                kept.add(outwards)
                outwards = around[outwards].workflow.parent_task_id
    for number in inside.keys() - kept:
        del inside[number]


def _can_be_undone(scope: Any) -> bool:
    return any(DONE_AS in task.internal_data for task in scope.tasks.values())


class _Seen:
    """The instances of one scope that something can see."""

    def __init__(self, scope: Any) -> None:
        self._tasks: dict[int, Task] = scope.tasks
        self._root: Task = scope.task_tree
        self._inside = scope.top_workflow.subprocesses
        self._seen: set[int] = {self._root.id}
        # After how many returns, at least, a step or an arrival could be open anew.
        self._returns: dict[int, int] = {}

    def settle(self) -> None:
        """Forget the others."""
        for task in self._tasks.values():
            self._look_at(task)
        while self._give_back():
            pass
        self._put_together()

    def _look_at(self, task: Task) -> None:
        if not task.has_state(TaskState.FINISHED_MASK):
            if not _waits_for_nothing(task):
                self._open(task)
        elif DONE_AS in task.internal_data or task.id in self._inside:
            self._see(task)

    def _open(self, task: Task, returns: int = 0) -> None:
        """See what is open, or could be after so many returns, with all that it looks at."""
        self._see(task)
        for number in task._children:  # noqa: SLF001
            self._see(self._tasks[number])
        before = task.parent
        if before is None:
            return
        self._see(before)
        if before.parent is not None:
            self._see(before.parent)
        if before.has_state(TaskState.FINISHED_MASK) or task.triggered:
            self._see_back(task, returns)

    def _see(self, task: Task) -> None:
        if task.id in self._seen:
            return
        self._seen.add(task.id)
        spec = task.task_spec
        before = task.parent
        if before is not None and isinstance(before.task_spec, _FRAMES):
            self._see(before)
        for key in (COUNTED_BY, TAKEN_BY):
            other = self._tasks.get(task.internal_data.get(key))
            if other is not None:
                self._see(other)
        if isinstance(spec, BoundaryEventSplit):
            for child in _of_split(task):
                self._see(child)
        elif isinstance(spec, Each) and len(spec.outputs) > 1:
            for child in task.children:
                self._see(child)

    def _see_back(self, task: Task, returns: int) -> None:
        """The steps before an instance to which a person could return, and from there again."""
        passed = [returns]  # for each instance on the way back: how many returns lead there
        last: dict[str, int] = {}  # where on the way back an element was met last
        for before in _before(task):
            if not can_open_anew(before):
                continue
            name = before.task_spec.name
            leads = 1 + (min(passed[last[name] :]) if name in last else returns)
            last[name] = len(passed)
            passed.append(leads)
            if leads <= _RETURNS and leads < self._returns.get(before.id, leads + 1):
                self._returns[before.id] = leads
                self._see(before)
                self._see(before.parent)
                if before.parent.parent is not None:
                    self._see(before.parent.parent)

    def _give_back(self) -> bool:
        """See the arrivals that going back would give back; whether there were more."""
        more = False
        for task in list(self._tasks.values()):
            joining = self._tasks.get(task.internal_data.get(TAKEN_BY))
            if joining is None:
                continue
            around = {before.id for before in _before(task)}
            leading = [
                self._returns[before.id]
                for before in _before(joining)
                if before.id in self._returns and before.id not in around
            ]
            returns = min(leading, default=_RETURNS + 1)
            if returns <= _RETURNS and returns < self._returns.get(task.id, returns + 1):
                self._returns[task.id] = returns
                self._open(task, returns)
                self._see(joining)
                more = True
        return more

    def _put_together(self) -> None:
        tasks, seen = self._tasks, self._seen
        kept: dict[int, list[int]] = {}  # of each instance: what is left of and below it
        for task in _from_below(self._root, tasks):
            left = [n for child in task._children for n in kept.pop(child)]  # noqa: SLF001
            stays = task.id in seen or (left and _in_frame(task, seen))
            if not stays:
                kept[task.id] = left
                del tasks[task.id]
                continue
            kept[task.id] = [task.id]
            if left != task._children:  # noqa: SLF001
                task._children = left  # noqa: SLF001
                for number in left:
                    tasks[number]._parent = task.id  # noqa: SLF001


def _waits_for_nothing(task: Task) -> bool:
    """The library's join behind an event that did not interrupt: the activity's own does its work.

    One comes with each time that the event happens, and waits as long as the activity.
    """
    if not isinstance(task.task_spec, BoundaryEventJoin):
        return False
    event = task.parent
    beside = isinstance(event.task_spec, Border) and not event.task_spec.cancel_activity
    return beside and bool(event.has_state(TaskState.COMPLETED))


def _in_frame(task: Task, seen: set[int]) -> bool:
    """Whether what is below it would come to stand right below what tells its children apart."""
    before = task.parent
    return before.id in seen and isinstance(before.task_spec, _FRAMES)


def _before(task: Task) -> Iterator[Task]:
    before = task.parent
    while before is not None:
        yield before
        before = before.parent


def _of_split(split: Task) -> Iterator[Task]:
    """Below the split of boundary events: the activity, what interrupted it, each event once."""
    names: set[str] = set()
    for child in split.children:
        spec = child.task_spec
        border = isinstance(spec, Border)
        interrupted = border and spec.cancel_activity and child.has_state(TaskState.COMPLETED)
        if not border or interrupted or spec.name not in names:
            names.add(spec.name)
            yield child


def _from_below(root: Task, tasks: dict[int, Task]) -> list[Task]:
    """Each instance after those below it."""
    order: list[Task] = []
    waiting = [root.id]
    while waiting:
        task = tasks[waiting.pop()]
        order.append(task)
        waiting += task._children  # noqa: SLF001
    order.reverse()
    return order
