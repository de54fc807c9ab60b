"""The state of a running dossier as bytes: compact, versioned, without the specification.

Layout (format 2): JSON, zstandard around it where it is long:
``[2, last number, settled, tree, [number of call, spec name, tree, ...]]`` where a tree is
``[completed, success, last task, tasks, internal data]``; tasks are four numbers each: number less
that of the task before, number less that of the parent, spec index, state (512 more where it was
triggered), children in their order; internal data are pairs of a number and what is kept there.
Format 1, still read: zstandard over ``[1, last number, tree, {number of call: [spec name, tree]}]``
with trees ``[completed, success, last task, [[number, parent, spec index, state, triggered,
internal data], ...]]``.
Form data are not in it: they stand once in the tables.
"""

import threading
from collections.abc import Iterator
from typing import Any

import orjson
import zstandard
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task

from engine.runtime.conditions import Conditions
from engine.runtime.library import Numbers
from engine.runtime.specification import Specification

FORMAT = 2
_LARGEST = 64 * 1024 * 1024
_LONG = 512  # bytes from which packing saves more than it costs
_TRIGGERED = 512  # beside the library's states, which end at 256
_PACKED = b"\x28\xb5\x2f\xfd"  # how zstandard begins


class _OfThread(threading.local):
    """Packers that are made once: making one costs more than a small state does."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=1)
        self.decompressor = zstandard.ZstdDecompressor()


_own = _OfThread()


class UnreadableState(Exception):
    """The stored state is of a format or shape that this version cannot read."""


def encode(workflow: BpmnWorkflow, numbers: Numbers, spec: Specification) -> bytes:
    """The whole state; equal histories give equal bytes."""
    calls: list[Any] = []
    for number, sub in sorted(workflow.subprocesses.items()):
        calls += (number, sub.spec.name, _tree(sub, spec))
    state = orjson.dumps([FORMAT, numbers.last, numbers.settled, _tree(workflow, spec), calls])
    found = _own.compressor.compress(state) if len(state) >= _LONG else state
    # Places keep states, and what orjson and zstandard give holds on to all it was written in.
    return bytes(memoryview(found))


def _tree(workflow: Any, spec: Specification) -> list[Any]:
    rows: list[int] = []
    internal: list[Any] = []
    index, tasks = spec.index, workflow.tasks
    waiting = [workflow.task_tree.id]
    before = 0
    while waiting:
        number = waiting.pop()
        task = tasks[number]
        state = task._state  # noqa: SLF001 - all that is private here is public at a cost
        rows += (
            number - before,
            number - (task._parent or 0),  # noqa: SLF001
            index[task.task_spec.name],
            state + _TRIGGERED if task.triggered else state,
        )
        before = number
        if task.internal_data:
            internal += (number, task.internal_data)
        if task._children:  # noqa: SLF001
            waiting += reversed(task._children)  # noqa: SLF001
    last = workflow.last_task
    return [
        bool(workflow.completed),
        bool(workflow.success),
        last.id if last is not None and last.id in tasks else 0,
        rows,
        internal,
    ]


def decode(
    data: bytes, spec: Specification, conditions: Conditions
) -> tuple[BpmnWorkflow, Numbers]:
    """The running dossier as it was when encoded."""
    try:
        if data.startswith(_PACKED):
            data = _own.decompressor.decompress(data, max_output_size=_LARGEST)
        state = orjson.loads(data)
        known = state[0]
        if known == FORMAT:
            _, last, settled, top, called = state
            calls = {number: (name, tree) for number, name, tree in _by(3, called)}
        else:
            last, settled, top, calls = _of_format_1(state)
    except (zstandard.ZstdError, ValueError, TypeError, LookupError) as error:
        raise UnreadableState from error
    workflow = BpmnWorkflow(
        spec.process, dict(spec.subprocesses), script_engine=conditions, deserializing=True
    )
    _plant(workflow, top, spec)
    _plant_calls(workflow, workflow, calls, spec)
    return workflow, Numbers(last, settled)


def _of_format_1(state: list[Any]) -> tuple[int, int, list[Any], dict[int, Any]]:
    known, last, top, called = state
    if known != 1:
        raise UnreadableState
    calls = {
        int(number): (name, _tree_of_format_1(tree)) for number, (name, tree) in called.items()
    }
    return last, 0, _tree_of_format_1(top), calls


def _tree_of_format_1(tree: list[Any]) -> list[Any]:
    completed, success, last, tasks = tree
    rows: list[int] = []
    internal: list[Any] = []
    before = 0
    for number, parent, index, state, triggered, kept in tasks:
        shown = state + _TRIGGERED if triggered else state
        rows += (number - before, number - parent, index, shown)
        before = number
        if kept:
            internal += (number, kept)
    return [completed, success, last, rows, internal]


def _by(size: int, flat: list[Any]) -> Iterator[tuple[Any, ...]]:
    """So many elements of a list at once."""
    each = iter(flat)
    return zip(*[each] * size, strict=True)


def _plant(workflow: Any, tree: list[Any], spec: Specification) -> None:
    completed, success, last, rows, internal = tree
    specs, names, tasks = workflow.spec.task_specs, spec.names, workflow.tasks
    number = 0
    for more, from_parent, index, state in _by(4, rows):
        number += more
        task = Task(workflow, specs[names[index]], state=state & ~_TRIGGERED, id=number)
        task.triggered = state >= _TRIGGERED
        if from_parent != number:
            task._parent = number - from_parent  # noqa: SLF001
            tasks[task._parent]._children.append(number)  # noqa: SLF001
    for number, kept in _by(2, internal):
        tasks[number].internal_data = kept
    workflow.task_tree = tasks[rows[0]]
    workflow.completed = completed
    workflow.success = success
    workflow.last_task = tasks.get(last)


def _plant_calls(
    top: BpmnWorkflow, workflow: Any, calls: dict[int, Any], spec: Specification
) -> None:
    """Sub-processes in the order of their parents: a child needs the task that called it."""
    if not calls:
        return
    for task in list(workflow.tasks.values()):
        called = calls.get(task.id)
        if called is not None:
            sub = BpmnSubWorkflow(top.subprocess_specs[called[0]], task.id, top, deserializing=True)
            _plant(sub, called[1], spec)
            top.subprocesses[task.id] = sub
            sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)  # noqa: SLF001
            _plant_calls(top, sub, calls, spec)
