"""Timers fired per second: very many due at once, three workers in processes of their own.

`python -m bench.timers` is one of the workers.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.databases import Databases
from bench.machine import load
from bench.spread import spreads
from engine.clock import SetClock
from engine.dossiers.receive import Reception, receive
from engine.dossiers.timeouts import let_time_pass
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.store.tables import journal, timer
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.drawing import timer as drawn_timer
from tests.engine.offices import START, Ward, open_ward

WORKERS = 3
_ROOT = Path(__file__).resolve().parent.parent
_DIAGRAM = draw(
    start(),
    *(step("A", limit="3 working_day"), step("B", limit="2 working_day")),
    drawn_timer("W", on="A", after="PT1H"),
    *(end(), end("E2")),
    flows=("S A", "A E", "W B", "B E2"),
)


def measure(
    databases: Databases, passes: int, timers: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """So many dossiers, each with a timer due at the same moment, in each pass."""
    figures, loads = [], []
    for number in range(passes):
        say(f"timers {databases.name}: pass {number + 1} of {passes}")
        begun = load()
        figures.append(_one_pass(databases, timers))
        loads.append([begun, load()])
    return {
        "database": f"{databases.name} {databases.version}",
        "loads": loads,
        "workers": WORKERS,
        "figures": spreads(figures),
    }


def _one_pass(databases: Databases, timers: int) -> dict[str, float]:
    url = databases.founded(upgrade)
    try:
        ward = open_ward(url)
        ward.publish(_DIAGRAM)
        officer = ward.holder(*OFFICER)
        for _ in range(timers):
            receive(ward.office, officer, Reception("T-01", "Nguyễn Thị Ánh Tuyết"))
        workers = [_start(url) for _ in range(WORKERS)]
        begun = time.perf_counter()
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        told = [json.loads(worker.communicate()[0]) for worker in workers]
        seconds = time.perf_counter() - begun
        _require_each_once(ward, timers)
        ward.office.database.close()
    finally:
        databases.drop(url)
    return {
        "timers_per_second": timers / seconds,
        "cpu_ms": sum(each["cpu"] for each in told) / timers * 1000,
        "timers": timers,
    }


def _require_each_once(ward: Ward, timers: int) -> None:
    with ward.office.database.read() as connection:
        fired = connection.execute(
            select(func.count()).where(journal.c.kind == "timer.fired")
        ).scalar_one()
        left = connection.execute(select(func.count()).select_from(timer)).scalar_one()
    if (fired, left) != (timers, 0):
        raise AssertionError(f"{fired} of {timers} timers were fired, {left} are left")


def _start(url: str) -> Any:
    worker = subprocess.Popen(
        [sys.executable, "-m", "bench.timers", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )
    assert worker.stdout is not None
    if worker.stdout.readline() != "ready\n":
        raise AssertionError("a worker did not get ready; its own words are above")
    return worker


def _work(url: str) -> None:
    clock = SetClock(START + timedelta(hours=2))
    office = Office(Database(url), clock, unguessable_ids())
    print("ready", flush=True)
    sys.stdin.readline()
    used = time.process_time()
    while let_time_pass(office):
        pass
    print(json.dumps({"cpu": time.process_time() - used}))
    office.database.close()


if __name__ == "__main__":
    _work(sys.argv[1])
