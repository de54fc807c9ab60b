"""How far a long measurement is, told as it goes to whoever waits for it."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, TypeVar

Progress = Callable[[str, int, int], None]
"""Hears a stage, how much of it is done, and of how much (0 where that is not known).

Stages, in their order: "reading" and "reading_before" (bytes of the file, as it lies on the disk),
"cases" (put together from the rows), "times" (cases), "ways", "rework" (0 of 0), "comparing"
(0 of 0), "conformance" (ways of cases laid against the diagram), "writing" (cases).
"""

Thing = TypeVar("Thing")
_SOME = 1_000
_STEPS = 200  # a file is told of at most so often


def unheard(_stage: str, _done: int, _of: int) -> None:
    """Nobody waits to hear it."""


class Watched:
    """A binary file that tells how much of it was read."""

    def __init__(self, source: BinaryIO, size: int, stage: str, progress: Progress) -> None:
        self._source, self._size, self._stage, self._progress = source, size, stage, progress
        self._read = self._told = 0
        self._every = max(size // _STEPS, 1 << 16)
        progress(stage, 0, size)

    def read(self, size: int = -1) -> bytes:
        """As of the file."""
        given = self._source.read(size)
        self._read += len(given)
        if self._read - self._told >= self._every or (not given and self._told < self._read):
            self._told = self._read
            self._progress(self._stage, self._read, self._size)
        return given


def counted(things: Iterable[Thing], stage: str, of: int, progress: Progress) -> Iterator[Thing]:
    """The things, telling now and then how many of them were taken."""
    every = max(of // _STEPS, _SOME)
    for done, thing in enumerate(things):
        if done % every == 0:
            progress(stage, done, of)
        yield thing
