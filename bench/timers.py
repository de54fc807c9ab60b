"""Timers fired per second: very many due at once, three workers in processes of their own.

Each timer is a full act: the step it interrupts is closed, the next opens with its due time, the
state, the dossier and its journal are written. Then, in the same pass, the steps so opened fall
overdue and escalate, which is the cheapest thing that falls due; and bare rows of like size are
written in like batches, which is the floor. What a worker needs to get ready is told apart.
`python -m bench.timers` is one of the workers.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from api.background import collect_less_often
from bench.databases import Databases
from bench.machine import load
from bench.raw_batches import raw_batches
from bench.spread import spreads
from engine.clock import SetClock
from engine.dossiers.receive import Reception, receive
from engine.dossiers.timeouts import let_time_pass
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.store.tables import dossier, journal, timer
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.drawing import timer as drawn_timer
from tests.engine.offices import START, Ward, open_ward

WORKERS = 3
_FIRES, _OVERDUE = START + timedelta(hours=2), START + timedelta(days=7)
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
        fired = _done(databases, url, _FIRES, timers)
        _require_each_once(ward, "timer.fired", timers)
        escalated = _done(databases, url, _OVERDUE, timers)
        _require_each_once(ward, "step.escalated", timers)
        ward.office.database.close()
    finally:
        databases.drop(url)
    floor = raw_batches(databases, timers)
    return {
        "timers_per_second": fired["a_second"],
        "cpu_ms": fired["cpu_ms"],
        "database_cpu_ms": fired["database_cpu_ms"],
        "raw_per_second": floor["a_second"],
        "timers_to_raw": fired["a_second"] / floor["a_second"],
        "escalations_per_second": escalated["a_second"],
        "escalation_cpu_ms": escalated["cpu_ms"],
        "start_up_seconds": fired["start_up_seconds"],
        "timers": timers,
    }


def _done(databases: Databases, url: str, at: datetime, number: int) -> dict[str, float]:
    """Have three workers do all that is due at a moment."""
    begun = time.perf_counter()
    workers = [_start(url, at) for _ in range(WORKERS)]
    for worker in workers:
        if worker.stdout.readline() != "ready\n":
            raise AssertionError("a worker did not get ready; its own words are above")
    ready = time.perf_counter()
    cpu = databases.cpu()
    database_before = cpu.reading()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [json.loads(worker.stdout.readline()) for worker in workers]
    seconds = time.perf_counter() - ready
    database_cpu = cpu.reading() - database_before
    for worker in workers:
        worker.communicate()
    return {
        "a_second": number / seconds,
        "cpu_ms": sum(each["cpu"] for each in told) / number * 1000,
        "database_cpu_ms": database_cpu / number * 1000,
        "start_up_seconds": ready - begun,
    }


def _require_each_once(ward: Ward, kind: str, number: int) -> None:
    with ward.office.database.read() as connection:
        done = connection.execute(select(func.count()).where(journal.c.kind == kind)).scalar_one()
        left = connection.execute(select(func.count()).select_from(timer)).scalar_one()
    if (done, left) != (number, 0):
        raise AssertionError(f"{done} of {number} {kind}, {left} timers are left")


def _start(url: str, at: datetime) -> Any:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.timers", url, at.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )


def _work(url: str, at: str) -> None:
    """A worker that has looked once before anything was due, and parsed the version."""
    clock = SetClock(START)
    office = Office(Database(url), clock, unguessable_ids())
    let_time_pass(office)
    with office.database.read() as connection:
        row = connection.execute(select(dossier.c.agency_id, dossier.c.version_id).limit(1)).one()
        office.version(connection, row.agency_id, row.version_id)
        clock.set(datetime.fromisoformat(at))
        office.calendar(connection, row.agency_id)
    collect_less_often()
    print("ready", flush=True)
    sys.stdin.readline()
    used = time.process_time()
    while let_time_pass(office):
        pass
    print(json.dumps({"cpu": time.process_time() - used}), flush=True)
    office.database.close()


if __name__ == "__main__":
    _work(*sys.argv[1:])
