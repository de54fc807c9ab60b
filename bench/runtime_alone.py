"""Our runtime without the act around it: the counterpart of stock SpiffWorkflow, step for step.

Kept as the stock library is: one row with a version holds the state; beside it, in the same
transaction, what was entered, which the stock library keeps within its state. No rights, limits,
components, journal, worklist. `python -m bench.runtime_alone`
"""

import json
import random
import time
from typing import Any
from uuid import UUID

from bench import child
from bench.procedure import diagram, entered_bytes, entries
from bench.workflow_row import Row
from engine.office import Version, prepare
from engine.runtime.instance import Instance


def measure(
    url: str, steps: int, dossiers: int, seed: int, warm: int, *, live: bool, known: bool
) -> dict[str, Any]:
    """Take instances through the chain.

    live: kept in memory, else read back at each step. known: the ways are those of dossiers before
    it, else each step is the first of its kind.
    """
    version = prepare(diagram(steps), UUID(int=1), UUID(int=2), 1, "in_force")
    row, chance = Row(url, of_bytes=True), random.Random(seed)
    cpu, wall, without_database = [], [], []
    for number in range(dossiers + warm):
        instance, _ = Instance.start(version.specification, {})
        row.add(number, instance.encode())
        held: dict[str, Any] = {}
        for step in range(1, steps + 1):
            data = entries(step, steps, chance)
            if not known:
                version.specification.places.forget()
            begun, used = time.perf_counter(), time.process_time()
            stored = None if live else bytes(row.read(number))
            bare = time.process_time()
            if stored is not None:
                instance = Instance.restore(version.specification, stored)
            (token,) = instance.open_steps()
            held |= data
            instance.complete(token, held)
            stored, entered = instance.encode(), json.dumps(data)
            bare = time.process_time() - bare
            row.renew(number, step - 1, stored, entered)
            if number >= warm:
                cpu.append(time.process_time() - used)
                without_database.append(bare)
                wall.append(time.perf_counter() - begun)
        _require_kept(version, row, number, steps)
    row.close()
    return {
        "steps": len(cpu),
        "cpu_seconds": sum(cpu),
        "wall_seconds": sum(wall),
        "bare_cpu_seconds": sum(without_database),
    }


def _require_kept(version: Version, row: Row, number: int, steps: int) -> None:
    instance = Instance.restore(version.specification, bytes(row.read(number)))
    held = [json.loads(data) for data in row.entered(number)]
    length = sum(len(value) for data in held for value in data.values())
    if not instance.completed or length != entered_bytes(steps):
        raise AssertionError(f"completed {instance.completed}, {length} bytes of data")


if __name__ == "__main__":
    child.answer(measure)
