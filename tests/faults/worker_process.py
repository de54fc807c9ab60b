"""A worker in a process of its own, to be killed: `python -m tests.faults.worker_process URL AT`.

It does what is due at a moment, in small batches, until there is nothing left, and says so.
"""

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from engine.clock import SetClock
from engine.dossiers.timeouts import let_time_pass
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.database import Database

ROOT = Path(__file__).resolve().parents[2]
BATCH = 20


class WorkerProcess:
    """A worker whose clock stands at a moment."""

    def __init__(self, url: str, at: datetime, batch: int = BATCH) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, url, at.isoformat(), str(batch)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", "its own words are above"

    def kill(self) -> bool:
        """End it as a power cut would; whether it was still at work."""
        at_work = self._process.poll() is None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)
        self._close()
        return at_work

    def finish(self, seconds: float = 600) -> None:
        """Wait until nothing is left to do."""
        assert self._process.wait(seconds) == 0
        self._close()

    def _close(self) -> None:
        if self._process.stdout is not None:
            self._process.stdout.close()


def _work(url: str, at: str, batch: str) -> None:
    office = Office(Database(url), SetClock(datetime.fromisoformat(at)), unguessable_ids())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while let_time_pass(office, most=int(batch)):
        pass
    office.database.close()


if __name__ == "__main__":
    _work(*sys.argv[1:])
