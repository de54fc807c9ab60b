"""CPU time of other processes, to the nanosecond, from the kernel's clocks (Linux)."""

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def process_cpu(pid: int) -> float:
    """CPU seconds of a process, all its threads, also those that have ended."""
    # clock_getcpuclockid(3): the clock of process `pid` is (~pid << 3) | CPUCLOCK_SCHED.
    return time.clock_gettime((~pid << 3) | 2)


def children(pid: int) -> tuple[int, ...]:
    """The living child processes."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return tuple(sorted(found))


class ServerCpu:
    """CPU seconds of one process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def reading(self) -> float:
        return process_cpu(self._pid)


class DatabaseCpu:
    """CPU seconds of a database server: the processes there were when it was made.

    Processes that came later, such as autovacuum workers, are told apart in `newcomers`.
    """

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster
        self._pids = (postmaster, *children(postmaster))

    def reading(self) -> float:
        return sum(_cpu_or_nothing(pid) for pid in self._pids)

    def newcomers(self) -> float:
        """CPU seconds of processes that have come since and are still there."""
        return sum(
            _cpu_or_nothing(pid) for pid in children(self._postmaster) if pid not in self._pids
        )


class NoCpu:
    """SQLite runs inside of the server process: nothing to count apart."""

    def reading(self) -> float:
        return 0.0

    def newcomers(self) -> float:
        return 0.0


def _cpu_or_nothing(pid: int) -> float:
    try:
        return process_cpu(pid)
    except OSError:
        return 0.0
