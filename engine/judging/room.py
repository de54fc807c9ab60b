"""The room of judges: a few processes, kept warm, replaced when they are killed or worn."""

import logging
import os
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from engine.judging.child import MEMORY_MEGABYTES
from engine.judging.messages import Answer, Cut, Job
from engine.judging.refusals import JudgeFailed, JudgesBusy, TakesTooLong, TakesTooMuchMemory
from engine.judging.worker import OutOfTime, Worker, start

SECONDS = 1.8  # of work that a file may cost: answered within 2
_MOST_JUDGES = 4
_MOST_JOBS = 500  # then a judge is replaced: what a library leaks goes with it
_MOST_WAITING_SECONDS = 30.0

_log = logging.getLogger(__name__)


class JudgingRoom:
    """Judges of one process, at most `size`; started when they are first needed. Thread-safe."""

    def __init__(
        self,
        size: int | None = None,
        seconds: float = SECONDS,
        starting: Callable[[], Worker] = start,
    ) -> None:
        self.size = size or max(1, min(_MOST_JUDGES, os.cpu_count() or 1))
        self._seconds = seconds
        self._start = starting
        self._lock = threading.Lock()
        self._places: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        self._owner = 0
        self._settle()

    def _settle(self) -> None:
        """Begin with empty places; judges that a fork took over belong to the other process."""
        with self._lock:
            if self._owner != os.getpid():
                self._owner = os.getpid()
                self._places = queue.LifoQueue()
                for _ in range(self.size):
                    self._places.put(None)

    def ask(self, name: str, *arguments: Any) -> Any:
        """Have a job done; its refusal, or that it took too much, is raised as a RuleError."""
        self._settle()
        places = self._places
        try:
            worker = places.get(timeout=_MOST_WAITING_SECONDS)
        except queue.Empty:
            raise JudgesBusy from None
        after: Worker | None = worker
        try:
            worker = worker or self._start()
            after = None
            answer = self._asked(worker, Job(name, arguments, self._seconds))
            after = self._kept(worker, answer)
        finally:
            places.put(after)
        return _result(answer)

    def _asked(self, worker: Worker, job: Job) -> Answer:
        try:
            return worker.ask(job)
        except OutOfTime:
            worker.close()
            _log.warning("a judge was killed: %s took more than %s s", job.name, self._seconds)
            raise TakesTooLong(seconds=f"{self._seconds:g}") from None
        except Cut as cut:
            ended = worker.close()
            _log.warning("a judge died of %s: %s (%s)", job.name, ended, cut)
            raise JudgeFailed(reason=f"exit {ended}") from None
        except BaseException:
            worker.close()
            raise

    def _kept(self, worker: Worker, answer: Answer) -> Worker | None:
        """The judge for the next file; worn ones are let go."""
        if answer.kind == "memory" or worker.jobs >= _MOST_JOBS:
            worker.close()
            return None
        return worker

    def close(self) -> None:
        """End the judges that rest; the room can be used again."""
        if self._owner != os.getpid():
            return
        resting: list[Worker | None] = []
        with suppress(queue.Empty):
            while True:
                resting.append(self._places.get_nowait())
        for worker in resting:
            if worker is not None:
                worker.close()
            self._places.put(None)


def _result(answer: Answer) -> Any:
    if answer.kind == "done":
        return answer.value
    if answer.kind == "refused":
        refusal, facts = answer.value
        raise refusal(**facts)
    if answer.kind == "memory":
        raise TakesTooMuchMemory(megabytes=MEMORY_MEGABYTES)
    reason, told = answer.value
    _log.error("a judge failed:\n%s", told)
    raise JudgeFailed(reason=reason)
