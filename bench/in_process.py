"""Our engine without HTTP, in a process of its own: CPU of an act, and bytes that are kept.

`python -m bench.in_process`, the counterpart of `bench.stock_library`.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from bench import child
from bench.doors import EngineDoor, Stand, unwatched, walk
from bench.kept import require_kept
from bench.office import open_office


def measure(url: str, steps: int, dossiers: int, seed: int, warm: int) -> dict[str, Any]:
    """Take dossiers through the chain; CPU and wall ms of each completion, summed up."""
    office = open_office(url)
    door, chance = EngineDoor(office), random.Random(seed)
    for _ in range(warm):
        walk(door, steps, chance, unwatched)
    cpu, wall = [], []

    def watch(kind: str, act: Callable[[], Stand]) -> Stand:
        begun, used = time.perf_counter(), time.process_time()
        stand = act()
        if kind == "complete":
            cpu.append(time.process_time() - used)
            wall.append(time.perf_counter() - begun)
        return stand

    for _ in range(dossiers):
        walk(door, steps, chance, watch)
    require_kept(office, {steps: dossiers + warm})
    office.database.close()
    return {"steps": len(cpu), "cpu_seconds": sum(cpu), "wall_seconds": sum(wall)}


if __name__ == "__main__":
    child.answer(measure)
