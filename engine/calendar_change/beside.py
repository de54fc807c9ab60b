"""A process of its own in which open dossiers are worked out while this one writes (SQLite).

Python does one thing at a time in a process. `python -m engine.calendar_change.beside` reads and
counts batch after batch on the second core, at most two ahead of what is written; it writes
nothing, and may die at any moment: then the work goes on without it.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pickle import HIGHEST_PROTOCOL, UnpicklingError, dump, load
from typing import IO, Any
from uuid import UUID

from engine.calendar_change.batches import Batch, Span, worked_out
from engine.clock import Clock
from engine.dossiers.follow_calendar import ToEdition
from engine.store.database import Database
from engine.working_calendar.editions import edition

_YOUNG = 100_000  # objects, before any is looked through
_AHEAD = 2  # batches that are worked out before the one that is written


@dataclass(frozen=True, slots=True)
class Asked:
    """Which dossiers, from which edition to which, and how many at a time."""

    url: str
    agency_id: str
    old: int
    new: int
    most: int


class ProcessGone(Exception):
    """The process beside has died; what it has told until then holds."""


class Beside:
    """The process as who writes sees it."""

    def __init__(self, asked: Asked, clock: Clock) -> None:
        paths = os.pathsep.join(path or os.curdir for path in sys.path)
        self._clock = clock
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._say(asked)

    @property
    def pid(self) -> int:
        return self._process.pid

    def batches(self, after: UUID) -> Iterator[Batch]:
        """All batches after an id, in order. ProcessGone."""
        self._say(after)
        for _ in range(_AHEAD):
            self._say(self._clock.now())
        while (batch := self._hear()) is not None:
            yield batch
            self._say(self._clock.now())

    def _say(self, what: Any) -> None:
        """A batch is asked for with the time: no event may be dated long before it is written."""
        assert self._process.stdin is not None
        try:
            _send(self._process.stdin, what)
        except OSError as gone:
            raise ProcessGone from gone

    def _hear(self) -> Batch | None:
        assert self._process.stdout is not None
        try:
            batch: Batch | None = load(self._process.stdout)  # noqa: S301 - our own process
        except (EOFError, OSError, UnpicklingError) as gone:
            raise ProcessGone from gone
        return batch

    def close(self) -> None:
        """End the process, whatever it is doing."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()
        self._process.kill()
        self._process.wait()


def _send(pipe: IO[bytes], what: Any) -> None:
    dump(what, pipe, HIGHEST_PROTOCOL)
    pipe.flush()


def work(heard: IO[bytes], told: IO[bytes]) -> None:
    """Answer with a batch whenever one is asked for; None at the end. EOFError: nobody asks."""
    asked: Asked = load(heard)  # noqa: S301 - from the process that started this one
    after: UUID = load(heard)  # noqa: S301
    database = Database(asked.url)
    with database.read() as connection:
        old, new = (edition(connection, asked.agency_id, each) for each in (asked.old, asked.new))
    assert old is not None
    assert new is not None
    change = ToEdition(old, new)
    batch: Batch | None = Batch(after, after)
    while batch is not None:
        now: datetime = load(heard)  # noqa: S301
        with database.read() as connection:
            span = Span(batch.last, asked.most)
            batch = worked_out(connection, asked.agency_id, change, span, now)
        if batch is not None:
            batch.beside = True
        _send(told, batch)
    heard.read()  # whoever asked may still say when it is


def main() -> None:
    """Speak over standard input and output; whatever a library prints goes nowhere."""
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    gc.freeze()
    gc.set_threshold(_YOUNG)  # rows point at nothing that points back
    with suppress(EOFError, BrokenPipeError):
        work(sys.stdin.buffer, told)


if __name__ == "__main__":
    main()
