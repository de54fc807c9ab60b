"""One judge as the room sees it: a process to be asked, timed and killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Protocol

from engine.judging import child
from engine.judging.messages import Answer, Cut, Job, receive, send

_START_SECONDS = 60.0  # until the judge has read its own program; a machine may be slow
_PATIENCE = 4  # times the time at work, on the wall: a busy machine is not the file's fault
_KEPT_FROM_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR")


class OutOfTime(Exception):
    """The judge was killed because its time was over."""


class Process(Protocol):
    """What `subprocess.Popen` and a fork have in common."""

    pid: int

    def kill(self) -> None: ...

    def wait(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Started:
    """A process and the two ends of its pipes that are ours."""

    process: Process
    ask: IO[bytes]
    hear: IO[bytes]


class Worker:
    """A judge. Used by one thread at a time."""

    def __init__(self, started: Started) -> None:
        self._started = started
        self._ready = False
        self.jobs = 0

    @property
    def pid(self) -> int:
        return self._started.process.pid

    def ask(self, job: Job) -> Answer:
        """The answer; OutOfTime when it takes longer, Cut when the judge dies. Then it is gone."""
        patience = _PATIENCE if child.TIMES_ITSELF else 1
        if not self._ready:
            self._within(_START_SECONDS, lambda: receive(self._started.hear))
            self._ready = True
        self.jobs += 1
        try:
            answer = self._within(patience * job.seconds, lambda: self._exchange(job))
        except Cut:
            if child.TIMES_ITSELF and self.close() == -signal.SIGPROF:
                raise OutOfTime from None
            raise
        if not isinstance(answer, Answer):
            raise Cut("no answer")
        return answer

    def _exchange(self, job: Job) -> Any:
        try:
            send(self._started.ask, job)
        except OSError as gone:
            raise Cut(str(gone)) from gone
        return receive(self._started.hear)

    def _within(self, seconds: float, act: Callable[[], Any]) -> Any:
        """Do it; when the time is over the process is killed, which ends every waiting for it."""
        over = threading.Event()

        def stop() -> None:
            over.set()
            self._started.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            return act()
        except Cut as cut:
            raise (OutOfTime if over.is_set() else cut) from cut
        finally:
            timer.cancel()

    def close(self) -> int:
        """End the process, whatever it is doing; how it ended (negative: the signal)."""
        with suppress(OSError):
            self._started.ask.close()
        self._started.process.kill()
        ended = self._started.process.wait()
        self._started.hear.close()
        return ended


def start() -> Worker:
    """A new judge: a fork where this process has but one thread, which costs nothing."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return Worker(_fork())
    return spawn("-m", child.__name__)


def spawn(*program: str) -> Worker:
    """A judge that runs a program of its own; it is told where modules are, and no secrets."""
    kept = {key: os.environ[key] for key in _KEPT_FROM_ENVIRONMENT if key in os.environ}
    paths = os.pathsep.join(path or os.curdir for path in sys.path)
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONPATH": paths},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    return Worker(Started(process, process.stdin, process.stdout))


class _Forked:
    """A forked process, spoken to like one that was spawned."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended: int | None = None
        self._lock = threading.Lock()

    def kill(self) -> None:
        with self._lock:
            if self._ended is None:
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        with self._lock:
            if self._ended is None:
                self._ended = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            return self._ended


def _fork() -> Started:
    asked, ask = os.pipe()
    hear, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(ask)
            os.close(hear)
            child.work(os.fdopen(asked, "rb"), os.fdopen(told, "wb"), child.JOBS)
        finally:
            os._exit(0)
    os.close(asked)
    os.close(told)
    return Started(_Forked(pid), os.fdopen(ask, "wb"), os.fdopen(hear, "rb"))
