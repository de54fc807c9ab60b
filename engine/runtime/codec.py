"""The state of a running dossier as bytes: compact, versioned, without the specification.

Layout (format 1): zstandard over a JSON list
``[1, last number, tree, {number of call: [spec name, tree]}]`` where a tree is
``[completed, success, last task, tasks]`` and a task is
``[number, parent, spec index, state, triggered, internal data]``, children in their order.
Form data are not in it: they stand once in the tables.
"""

import threading
from typing import Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task

from engine.runtime.conditions import Conditions
from engine.runtime.library import Numbers
from engine.runtime.specification import Specification

FORMAT = 1
_LARGEST = 64 * 1024 * 1024


class _OfThread(threading.local):
    """A compressor that is made once: making one costs more than a small state does."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=1)


_own = _OfThread()


class UnreadableState(Exception):
    """The stored state is of a format or shape that this version cannot read."""


def encode(workflow: BpmnWorkflow, numbers: Numbers, spec: Specification) -> bytes:
    """The whole state; equal histories give equal bytes."""
    state = [
        FORMAT,
        numbers.last,
        _tree(workflow, spec),
        {
            str(key.int): [sub.spec.name, _tree(sub, spec)]
            for key, sub in sorted(workflow.subprocesses.items())
        },
    ]
    return _own.compressor.compress(orjson.dumps(state))


def _tree(workflow: Any, spec: Specification) -> list[Any]:
    tasks = []
    waiting = [workflow.task_tree]
    while waiting:
        task = waiting.pop()
        parent = task._parent  # noqa: SLF001 - the id without a look-up
        tasks.append(
            [
                task.id.int,
                0 if parent is None else parent.int,
                spec.index[task.task_spec.name],
                task.state,
                1 if task.triggered else 0,
                task.internal_data or 0,
            ]
        )
        waiting.extend(reversed(task.children))
    last = workflow.last_task
    return [
        bool(workflow.completed),
        bool(workflow.success),
        last.id.int if last is not None and last.id in workflow.tasks else 0,
        tasks,
    ]


def decode(
    data: bytes, spec: Specification, conditions: Conditions
) -> tuple[BpmnWorkflow, Numbers]:
    """The running dossier as it was when encoded."""
    try:
        state = orjson.loads(
            zstandard.ZstdDecompressor().decompress(data, max_output_size=_LARGEST)
        )
        known, last, top, calls = state
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise UnreadableState from error
    if known != FORMAT:
        raise UnreadableState
    workflow = BpmnWorkflow(
        spec.process, dict(spec.subprocesses), script_engine=conditions, deserializing=True
    )
    _plant(workflow, top, spec)
    _plant_calls(workflow, workflow, calls, spec)
    return workflow, Numbers(last)


def _plant(workflow: Any, tree: list[Any], spec: Specification) -> None:
    completed, success, last, tasks = tree
    for number, parent, index, state, triggered, internal in tasks:
        task = Task(
            workflow, workflow.spec.task_specs[spec.names[index]], state=state, id=UUID(int=number)
        )
        task._parent = UUID(int=parent) if parent else None  # noqa: SLF001
        task.triggered = bool(triggered)
        task.internal_data = internal or {}
        if parent:
            workflow.tasks[task._parent]._children.append(task.id)  # noqa: SLF001
    workflow.task_tree = workflow.tasks[UUID(int=tasks[0][0])]
    workflow.completed = completed
    workflow.success = success
    workflow.last_task = workflow.tasks.get(UUID(int=last)) if last else None


def _plant_calls(
    top: BpmnWorkflow, workflow: Any, calls: dict[str, Any], spec: Specification
) -> None:
    """Sub-processes in the order of their parents: a child needs the task that called it."""
    for task in list(workflow.tasks.values()):
        called = calls.get(str(task.id.int))
        if called is not None:
            sub = BpmnSubWorkflow(top.subprocess_specs[called[0]], task.id, top, deserializing=True)
            _plant(sub, called[1], spec)
            top.subprocesses[task.id] = sub
            sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)  # noqa: SLF001
            _plant_calls(top, sub, calls, spec)
