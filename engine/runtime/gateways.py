"""Gateways as BPMN 2.0 has them: they join exactly the tokens that have arrived.

The library's own joins look at the whole history of the tree: on the second round of a loop around
parallel branches they take the first round's arrival for a second one and go on while a branch is
still open. Here an arrival is an instance that is WAITING; a join takes one from each flow and
marks it as taken by its own number, so that going back can give it back.
"""

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.events import Listener
from engine.runtime.tokens import tokens

TAKEN_BY = "joined_by"
_HERE = TaskState.WAITING | TaskState.FUTURE


class NothingHolds(Exception):
    """No condition out of a gateway holds and it has no default flow; `name` is the gateway's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class AllOf(ParallelGateway):  # type: ignore[misc]  # the library is untyped
    """A parallel gateway: waits for a token on each incoming flow and takes one of each."""

    def _update_hook(self, my_task: Task) -> bool:
        arrived = arrived_at(self, my_task)
        wanted: Counter[str] = Counter(self._inputs)
        if any(len(arrived.get(name, ())) < number for name, number in wanted.items()):
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        for name, number in wanted.items():
            take(my_task, arrived[name][:number])
        return True

    def _run_hook(self, my_task: Task) -> bool:  # noqa: ARG002 - as the library calls it
        return True


class SomeOf(InclusiveGateway):  # type: ignore[misc]
    """An inclusive gateway: waits while a token elsewhere could still come on an empty flow.

    One that could as well come on a flow which has a token does not hold it up (BPMN 2.0, 13.4.3);
    a boundary event that may still happen does.
    """

    def _update_hook(self, my_task: Task) -> bool:
        arrived = arrived_at(self, my_task)
        empty = set(self._inputs) - arrived.keys()
        if empty and any(
            not flows.isdisjoint(empty) and flows.isdisjoint(arrived)
            for flows in self._still_to_come(my_task)
        ):
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        wanted: Counter[str] = Counter(self._inputs)
        for name, number in wanted.items():
            take(my_task, arrived.get(name, [])[:number])
        return True

    def _run_hook(self, my_task: Task) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise NothingHolds(self.name)
        _go(my_task, matches or defaults)
        return True

    def _still_to_come(self, my_task: Task) -> list[frozenset[str]]:
        """For each token elsewhere: the incoming flows on which it could come, by their source."""
        return [
            self._flows_from(task.task_spec)
            for task in tokens(my_task.workflow)
            if not (task.task_spec is self and task.has_state(_HERE))
        ]

    def _flows_from(self, spec: TaskSpec) -> frozenset[str]:
        known: dict[str, frozenset[str]] = self.__dict__.setdefault("_flows_known", {})
        if spec.name not in known:
            known[spec.name] = frozenset(sources_met(spec, self))
        return known[spec.name]


class OneOf(ExclusiveGateway):  # type: ignore[misc]
    """An exclusive gateway: the first condition that holds, in the file's order, or the default."""

    def _run_hook(self, my_task: Task) -> bool:
        chosen: str | None = self.default_task_spec
        for condition, name in self.cond_task_specs:
            if condition is not None and condition._matches(my_task):  # noqa: SLF001
                chosen = name
                break
        if chosen is None:
            raise NothingHolds(self.name)
        _go(my_task, [self._wf_spec.task_specs[chosen]])
        return True


def _go(my_task: Task, chosen: list[TaskSpec]) -> None:
    my_task._sync_children(chosen, TaskState.FUTURE)  # noqa: SLF001
    for child in my_task.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)  # noqa: SLF001


def arrived_at(gateway: TaskSpec, my_task: Task) -> dict[str, list[Task]]:
    """The tokens that wait at a gateway, by the flow's source; the asking one is the first."""
    here = [t for t in tokens(my_task.workflow) if t.task_spec is gateway and t.has_state(_HERE)]
    here.sort(key=lambda task: (task is not my_task, task.id))
    arrived: dict[str, list[Task]] = {}
    for task in here:
        arrived.setdefault(task.parent.task_spec.name, []).append(task)
    return arrived


def take(joining: Task, taken: list[Task]) -> None:
    """Take arrivals for a join; going back behind it gives them back."""
    for task in taken:
        if task is not joining:
            task._set_internal_data(**{TAKEN_BY: joining.id})  # noqa: SLF001
            task.cancel()


def give_back(workflow: Any) -> None:
    """Let arrivals wait again whose join is gone, because the dossier went back before it."""
    for task in list(workflow.tasks.values()):
        joined_by = task.internal_data.get(TAKEN_BY)
        if joined_by is not None and joined_by not in workflow.tasks:
            del task.internal_data[TAKEN_BY]
            task._set_state(TaskState.WAITING)  # noqa: SLF001


def sources_met(start: TaskSpec, gateway: TaskSpec) -> set[str]:
    """Names of what leads into the gateway and can be reached without passing through it."""
    met: set[str] = set()
    seen: set[str] = set()
    waiting = list(start.outputs) if start is gateway else [start]
    while waiting:
        spec = waiting.pop()
        if spec.name in seen or spec is gateway:
            continue
        seen.add(spec.name)
        if gateway in spec.outputs:
            met.add(spec.name)
        waiting.extend(spec.outputs)
    return met


def _end_reached(end: TaskSpec, my_task: Task) -> bool:
    """The end of a process: when no other token is left in it."""
    others = [task for task in tokens(my_task.workflow) if task is not my_task]
    for task in others:
        if task.task_spec is end and task.has_state(TaskState.WAITING):
            task.cancel()
    listening = [t for t in others if isinstance(t.task_spec, Listener) and _waits(t)]
    throwing = getattr(my_task.workflow, "throwing", False)
    if not throwing and all(
        task.has_state(TaskState.FINISHED_MASK) or task in listening for task in others
    ):
        for task in listening:
            task.cancel()
        return True
    my_task._set_state(TaskState.WAITING)  # noqa: SLF001
    return False


def _waits(task: Task) -> bool:
    return bool(task.has_state(TaskState.WAITING))


def _end_runs(_end: TaskSpec, _my_task: Task) -> bool:
    return True


_EndJoin._update_hook = _end_reached  # noqa: SLF001
_EndJoin._run_hook = _end_runs  # noqa: SLF001
