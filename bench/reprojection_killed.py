"""Open due times after a change of the calendar, while workers are killed at moments of chance.

As `bench.reprojection`, with batches as large as in use: workers are started one after the other
and each is killed (SIGKILL) some time after the first dossier that it moved, until nothing is left.
Then it is made sure that nothing was missed or doubled: one event on each journal, every seal, and
a sample of due times counted from the beginning.

`python -m bench.reprojection_killed --dossiers 40000 --kills 6 --database sqlite`
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.databases import Databases, postgresql_databases, sqlite_databases
from bench.machine import load
from bench.office import AGENCY, START, found, open_office
from bench.reprojection import _closed, _entitled, _fill, _require_exact, _verified
from engine.calendar_change.change import approve, preview, propose
from engine.calendar_change.reprojection import follow_calendars, left_to_follow
from engine.clock import SetClock
from engine.office import Office

_ROOT = Path(__file__).resolve().parent.parent
_NOW = START + timedelta(hours=3)
_WORKER = [sys.executable, "-m", "bench.reprojection_killed", "--work"]
_LOOK = 0.02  # seconds
_LONGEST = 600.0  # seconds of one worker


def measure(
    databases: Databases, dossiers: int, kills: int, seed: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """One change that moves everything, done by workers that are killed; all checked after it."""
    url = databases.founded_anew(found)
    try:
        _fill(url, dossiers, say)
        office = open_office(url, SetClock(_NOW))
        with closing(office.database):
            first, second = _entitled(office)
            change = propose(office, first, (_closed(),), "Thay đổi lịch để đo")
            preview(office, first, change.change_id)
            edition = approve(office, second, change.change_id, "QĐ đo").edition or 0
            died = _killed_again_and_again(office, url, edition, (dossiers, kills), seed, say)
            if _left(office, edition):
                raise AssertionError(f"left behind: {_left(office, edition)}")
            _require_exact(office, dossiers, 1)
            count, breaks = _verified(office)
            if breaks:
                raise AssertionError(breaks)
        return {
            "database": f"{databases.name} {databases.version}",
            "dossiers": dossiers,
            "killed_at_work": len(died),
            "moved_by_those_that_died": sum(died),
            "events_verified": count,
            "load": load(),
        }
    finally:
        databases.drop(url)


def _killed_again_and_again(
    office: Office,
    url: str,
    edition: int,
    asked: tuple[int, int],
    seed: int,
    say: Callable[[str], None],
) -> list[int]:
    """How many dossiers each of those moved that were killed at work; the last one lives."""
    dossiers, kills = asked
    chance = random.Random(seed)
    died: list[int] = []
    share = dossiers // (2 * kills)
    for number in range(10 * kills):
        before = _left(office, edition)
        if len(died) == kills or not before:
            break
        worker = subprocess.Popen(
            [*_WORKER, url, "--later", str(number)], cwd=_ROOT, start_new_session=True
        )
        until, pause = before - chance.randint(1, share), chance.random() * 0.1
        _wait(office, edition, worker, until)
        time.sleep(pause)
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)  # with the process that counts beside it
            worker.wait()
            died.append(before - _left(office, edition))
            say(f"killed after {died[-1]:,} dossiers, {_left(office, edition):,} left")
        elif worker.returncode:
            raise AssertionError(f"a worker ended with {worker.returncode}")
    last = [*_WORKER, url, "--later", str(10 * kills)]
    subprocess.run(last, cwd=_ROOT, check=True, timeout=_LONGEST)
    return died


def _wait(office: Office, edition: int, worker: subprocess.Popen[bytes], until: int) -> None:
    """Until a worker has brought it down to so many, or has ended."""
    ends = time.monotonic() + _LONGEST
    while worker.poll() is None and _left(office, edition) > until:
        if time.monotonic() > ends:
            raise AssertionError("a worker stands still")
        time.sleep(_LOOK)


def _left(office: Office, edition: int) -> int:
    with office.database.read() as connection:
        return left_to_follow(connection, AGENCY, edition)


def _work(url: str, later: int) -> None:
    """Minutes later: what one that died had taken for itself is free again."""
    office = open_office(url, SetClock(_NOW + later * timedelta(minutes=3)))
    with closing(office.database):
        while follow_calendars(office, alone=True).looked_at:
            pass


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=40_000)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--work", metavar="URL", help="be one of the workers")
    parser.add_argument("--later", type=int, default=0, help="the number of the worker")
    asked = parser.parse_args()
    if asked.work:
        _work(asked.work, asked.later)
        return
    opened = sqlite_databases if asked.database == "sqlite" else postgresql_databases
    with opened() as databases:
        found_out = measure(databases, asked.dossiers, asked.kills, asked.seed, _say)
    print(json.dumps(found_out, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
