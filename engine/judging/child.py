"""The judge's own process: reads jobs, answers them, can be killed at any moment.

`python -m engine.judging.child` speaks over its standard input and output. It gets no more of the
environment than where Python's modules are, has bounded memory, and ends when nobody asks any more.
"""

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import IO, Any

from engine.judging.messages import Answer, Cut, Job, receive, send
from processes.check import Checked, check
from processes.errors import RuleError
from processes.legacy import import_legacy
from processes.repair import apply

try:
    import resource
except ImportError:  # Windows: the time is kept all the same, the memory is not
    resource = None  # type: ignore[assignment]

MEMORY_MEGABYTES = 512  # beyond what the judge itself takes
READY = "ready"
TIMES_ITSELF = hasattr(signal, "setitimer")
"""Whether the time a judge works can be bounded; else it is the time on the wall."""

_MOST_FACT_CHARS = 1_000


def _check(data: bytes, file_name: str) -> tuple[Checked, bool]:
    """The check less the parsed tree, and whether there was one."""
    checked = check(data, file_name)
    return replace(checked, document=None), checked.document is not None


def _rehearse(data: bytes, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The runs of a rehearsal. What runs diagrams is read only now: most judges never need it."""
    plain = importlib.import_module("engine.rehearsal.plain")
    answer: dict[str, Any] = plain.rehearse(data, wanted)
    return answer


JOBS: Mapping[str, Callable[..., Any]] = {
    "check": _check,
    "mend": apply,
    "convert": import_legacy,
    "rehearse": _rehearse,
}


def work(asked: IO[bytes], told: IO[bytes], jobs: Mapping[str, Callable[..., Any]]) -> None:
    """Answer one job after the other until the room closes."""
    _bound_memory()
    if TIMES_ITSELF:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    send(told, READY)
    while True:
        try:
            job = receive(asked)
        except Cut:
            return
        _bound_time(job.seconds)
        answer = _answer(job, jobs)
        _bound_time(0)
        send(told, answer)


def _answer(job: Job, jobs: Mapping[str, Callable[..., Any]]) -> Answer:
    try:
        return Answer("done", jobs[job.name](*job.arguments))
    except RuleError as refusal:
        facts = {key: _plain(fact) for key, fact in refusal.facts.items()}
        return Answer("refused", (type(refusal), facts))
    except MemoryError:
        return Answer("memory")
    except Exception as error:  # noqa: BLE001 - the room logs it and refuses the file
        return Answer("failed", (type(error).__name__, traceback.format_exc()[-4_000:]))


def _plain(fact: Any) -> Any:
    return fact if isinstance(fact, int | float) else str(fact)[:_MOST_FACT_CHARS]


def _bound_memory() -> None:
    if resource is None:
        return
    most = _size() + MEMORY_MEGABYTES * 1024 * 1024
    _limit(resource.RLIMIT_AS, most)
    _limit(resource.RLIMIT_CORE, 0)


def _size() -> int:
    """Bytes of address space in use; where nobody says, what a judge is known to take."""
    try:
        with open("/proc/self/statm", "rb") as told:  # noqa: PTH123 - not a file of ours
            return int(told.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 512 * 1024 * 1024


def _bound_time(seconds: float) -> None:
    """Die when so much time was worked (0: no bound), whether or not anybody is left to kill us."""
    if TIMES_ITSELF:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit(what: int, most: int) -> None:
    """Set what the platform lets us; the hard limit stays, so that the soft one can move."""
    hard = resource.getrlimit(what)[1]
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(what, (wanted, hard))
    except (ValueError, OSError):
        return


def main(jobs: Mapping[str, Callable[..., Any]] = JOBS) -> None:
    """Speak over standard input and output; whatever a library prints goes nowhere."""
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    work(sys.stdin.buffer, told, jobs)


if __name__ == "__main__":
    main()
