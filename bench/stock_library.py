"""Stock SpiffWorkflow, in a process of its own: `engine.runtime` would change its inner workings.

Persisted as its manual shows: one row holds the workflow as JSON; a step reads it, completes the
task, lets the engine run on, and writes it back in one transaction. `python -m bench.stock_library`
"""

import random
import sys
import time
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from bench import child
from bench.procedure import CONDITION, diagram, entered_bytes, entries
from bench.workflow_row import Row

_PYTHON_CONDITION = CONDITION.replace(" = ", " == ")  # stock conditions are Python


def specification(steps: int) -> tuple[Any, Any]:
    """The same diagram as ours, with the condition in Python."""
    text = diagram(steps).decode()
    if CONDITION not in text.replace("&quot;", '"'):
        raise AssertionError("the diagram has no such condition")
    text = text.replace(CONDITION, _PYTHON_CONDITION)
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(text.encode()))
    name = f"Bench_{steps}"
    return parser.get_spec(name), parser.get_subprocess_specs(name)


def measure(url: str, steps: int, dossiers: int, seed: int, warm: int) -> dict[str, Any]:
    """Take workflows through the chain; CPU and wall ms of each completion, summed up."""
    spec, subspecs = specification(steps)
    serializer = BpmnWorkflowSerializer()
    row, chance = Row(url), random.Random(seed)
    cpu, wall, without_database = [], [], []
    for number in range(dossiers + warm):
        workflow = BpmnWorkflow(spec, subspecs)
        workflow.do_engine_steps()
        row.add(number, serializer.serialize_json(workflow))
        for step in range(1, steps + 1):
            data = entries(step, steps, chance)
            begun, used = time.perf_counter(), time.process_time()
            row.begin()
            stored = row.read(number)
            bare = time.process_time()
            workflow = serializer.deserialize_json(stored)
            (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            task.data.update(data)
            task.run()
            workflow.do_engine_steps()
            stored = serializer.serialize_json(workflow)
            bare = time.process_time() - bare
            row.write(number, stored)
            if number >= warm:
                cpu.append(time.process_time() - used)
                without_database.append(bare)
                wall.append(time.perf_counter() - begun)
        _require_kept(serializer.deserialize_json(row.read(number)), steps)
    row.close()
    if any(name.startswith("engine") for name in sys.modules):
        raise AssertionError("this is not the stock library")
    return {
        "steps": len(cpu),
        "cpu_seconds": sum(cpu),
        "wall_seconds": sum(wall),
        "bare_cpu_seconds": sum(without_database),
    }


def _require_kept(workflow: BpmnWorkflow, steps: int) -> None:
    held = sum(len(str(value)) for value in workflow.last_task.data.values())
    if not workflow.completed or held != entered_bytes(steps):
        raise AssertionError(f"completed {workflow.completed}, {held} bytes of data")


if __name__ == "__main__":
    child.answer(measure)
