"""An officer who takes up steps, twenty a second at most, while another process does its work.

Started with `Person(url)`; `ended()` tells how many steps were taken up, and how long each took.
"""

import json
import random
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.office import AGENCY, START, open_office, people
from bench.procedure import LANES
from bench.spread import quantile
from engine.clock import SetClock
from engine.dossiers.claim import claim
from engine.store.tables import step_run

_ROOT = Path(__file__).resolve().parent.parent
_BETWEEN = 0.05  # seconds
_AT_MOST = 5_000  # steps


class Person:
    """The officer's process."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, url],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it is at work

    def ended(self) -> dict[str, float]:
        """Have the officer stop; figures in milliseconds."""
        told, _ = self._process.communicate("")
        found: dict[str, float] = json.loads(told)
        return found


def _work(url: str) -> dict[str, Any]:
    office = open_office(url, SetClock(START + timedelta(hours=3)))
    officer = people(office)[LANES[0].position]
    with office.database.read() as connection:
        ids = list(
            connection.execute(
                select(step_run.c.step_run_id).where(
                    step_run.c.agency_id == AGENCY, step_run.c.state == "open"
                )
            ).scalars()
        )
    waited = []
    print(flush=True)
    over = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    for some in random.Random(7).sample(ids, min(_AT_MOST, len(ids))):
        begun = time.perf_counter()
        claim(office, officer, some)
        waited.append((time.perf_counter() - begun) * 1000)
        if over.wait(_BETWEEN):
            break
    over.wait()
    office.database.close()
    return {
        "person_acts": len(waited),
        "person_p50_ms": round(quantile(waited, 0.5), 1),
        "person_p95_ms": round(quantile(waited, 0.95), 1),
        "person_most_ms": round(max(waited), 1),
    }


if __name__ == "__main__":
    print(json.dumps(_work(sys.argv[1])), flush=True)
