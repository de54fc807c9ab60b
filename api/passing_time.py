"""The worker: every few seconds, what has fallen due in the meantime is done."""

import logging
import threading
from datetime import datetime

from engine.dossiers.timeouts import let_time_pass
from engine.office import Office

_log = logging.getLogger("quytrinh.worker")


class PassingTime:
    """A thread that lets time pass in an office: timers fire, overdue steps escalate.

    Any number of them, in any number of processes, may run on one database. last_success: when a
    look last went well; failures: how many went wrong since.
    """

    def __init__(self, office: Office, every_seconds: float) -> None:
        self._office = office
        self._every = every_seconds
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self.last_success: datetime | None = None
        self.failures = 0

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        self._thread = threading.Thread(target=self.run, name="passing-time", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and wait until the look it is at is over."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Look again and again until stopped."""
        while not self._ending.is_set():
            done = self.look()
            if not done:
                self._ending.wait(self._every)

    def look(self) -> int:
        """Do once what has fallen due; how much was done. A failure is logged, never raised."""
        try:
            done = let_time_pass(self._office)
        except Exception:  # noqa: BLE001 - a worker that died silently would stop all timers
            self.failures += 1
            _log.exception("letting time pass failed, %d times in a row", self.failures)
            return 0
        self.failures = 0
        self.last_success = self._office.clock.now()
        return done
