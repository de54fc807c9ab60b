"""The other side of the comparison: a program in which the library is as it ships.

    python -m tests.engine.runtime.stock_library < plays > traces

Here every instance has a random UUID, the library's own iterators walk the whole tree from its root
after each step, nothing is ever forgotten, nothing is saved and restored. What stays ours is what
gateways and events mean (`gateways`, `events`, `happening`): the library is wrong about those.
Since "the first who waits" is the oldest, the UUIDs are random but in order of their making.
One line of JSON a play; the first line of the answer is evidence of whose functions have run.
"""

import copy
import itertools
import json
import sys
import threading
import uuid
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow import Workflow
from SpiffWorkflow import task as task_module
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState

# Taken before anything of ours is imported, which sets them otherwise.
_SHIPPED = {
    "update_waiting_tasks": Workflow.update_waiting_tasks,
    "_set_state": Task._set_state,
    "collect_log_extras": Workflow.collect_log_extras,
    "uuid4": task_module.uuid4,
    "iterator": TaskIterator.__init__.__defaults__,
    "bpmn_iterator": BpmnTaskIterator.__init__.__defaults__,
}

from engine.runtime import (  # noqa: E402 - after the library was looked at
    automatic,
    complex_gateway,
    gateways,
    gathering,
    happening,
    repetition,
    running,
    tokens,
)
from engine.runtime.running import Running  # noqa: E402
from tests.engine.runtime import playing  # noqa: E402
from tests.engine.runtime.playing import Play, Player, parts  # noqa: E402

_made = itertools.count(1)
_met: list[int] = []  # how many instances the largest play had


def _ordered_uuid() -> uuid.UUID:
    return uuid.UUID(int=(next(_made) << 64) | (_SHIPPED["uuid4"]().int & (2**64 - 1)))


def _stock_tokens(workflow: Any) -> list[Task]:
    """The tokens of one process, found by the library's iterator over all that ever was."""
    found = TaskIterator(workflow.task_tree, state=TaskState.DEFINITE_MASK)
    return [task for task in found if _reached(task)]


def _reached(task: Task) -> bool:
    while task.parent is not None:
        before = task.parent
        below = task.triggered and before.has_state(TaskState.STARTED)
        if not before.has_state(TaskState.FINISHED_MASK) and not below:
            return False
        task = before
    return True


def _stock_automatic(workflow: Any) -> Iterator[Task]:
    """As `BpmnWorkflow._do_engine_steps` does for one process."""
    count = 1
    while count:
        count = 0
        for task in list(TaskIterator(workflow.task_tree, state=TaskState.READY)):
            if task.has_state(TaskState.READY) and not task.task_spec.manual:
                count += 1
                yield task


def _copied(self: Running) -> Running:
    """A copy of all but the specification."""
    top = self._workflow
    shared = [self._spec, self._spec.process, *self._spec.subprocesses.values()]
    scopes = (self._spec.process, *self._spec.subprocesses.values())
    shared += [spec for scope in scopes for spec in scope.task_specs.values()]
    known = {id(one): one for one in shared}
    known[id(top.spec)] = top.spec
    return Running(self._spec, copy.deepcopy(top, known), self._numbers)


def put_back() -> None:
    """Let the library be as it ships."""
    Workflow.update_waiting_tasks = _SHIPPED["update_waiting_tasks"]
    Task._set_state = _SHIPPED["_set_state"]
    Workflow.collect_log_extras = _SHIPPED["collect_log_extras"]
    task_module.uuid4 = _ordered_uuid
    TaskIterator.__init__.__defaults__ = _SHIPPED["iterator"]
    BpmnTaskIterator.__init__.__defaults__ = _SHIPPED["bpmn_iterator"]
    happening.update_waiting = _SHIPPED["update_waiting_tasks"]
    for module in (tokens, happening, gateways, gathering, complex_gateway, repetition, automatic):
        module.tokens = _stock_tokens
    automatic._automatic = _stock_automatic
    running.forget = lambda _workflow, _numbers: None
    Running._copied = _copied
    Running.encode = None  # nothing is saved here
    playing.Instance = Running  # and no way is known before it is gone


def _looked_at(played: Running) -> Running:
    _met.append(len(played._workflow.tasks))
    assert all(isinstance(number, uuid.UUID) for number in played._workflow.tasks)
    played._stands = None  # nothing is remembered from the act before
    return played


def main() -> None:
    put_back()
    code = (Workflow.update_waiting_tasks.__code__, Task._set_state.__code__)
    _answer([each.co_filename for each in code])
    for line in sys.stdin:
        play = Play(**json.loads(line))
        ready = parts(play)
        _met.clear()
        trace = None if ready is None else Player(play, ready, _looked_at).trace()
        _answer({"trace": trace, "instances": max(_met, default=0)})


def _answer(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
