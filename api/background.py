"""Work that goes on beside answering: looked at again and again, in a thread of its own."""

import gc
import logging
import threading
from collections.abc import Callable
from datetime import datetime

from engine.clock import Clock

_log = logging.getLogger("quytrinh.worker")


_YOUNG, _OLDER, _OLD = 10_000, 20, 20


def collect_less_often() -> None:
    """For a process of its own: what it has loaded is not looked through again and again.

    Each timer that fires makes and drops some hundred objects that point at each other; looking
    for them after every 700 took a quarter of a worker's time (bench/timers.py).
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLD)


class Background:
    """A thread that does something every few seconds, at once again while there was something.

    do: does what there is to do; how much. last_success: when a look last went well; failures: how
    many went wrong since.
    """

    def __init__(
        self, name: str, do: Callable[[], int], clock: Clock, every_seconds: float
    ) -> None:
        self._name = name
        self._do = do
        self._clock = clock
        self._every = every_seconds
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self.last_success: datetime | None = None
        self.failures = 0

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        self._thread = threading.Thread(target=self.run, name=self._name, daemon=True)
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
        """Do once what there is to do; how much was done. A failure is logged, never raised."""
        try:
            done = self._do()
        except Exception:  # noqa: BLE001 - a worker that died silently would stop everything
            self.failures += 1
            _log.exception("%s failed, %d times in a row", self._name, self.failures)
            return 0
        self.failures = 0
        self.last_success = self._clock.now()
        return done
