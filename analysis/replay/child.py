"""The process in which a what-if is played: a task on its input, the answer on its output."""

import os
import pickle
import sys
from contextlib import suppress
from typing import IO

from analysis.replay.apart import Task
from analysis.replay.what_if import what_if

_GIVES_WAY = 10


def play_one(asked: IO[bytes], told: IO[bytes]) -> None:
    """Read a task, play it, write the answer."""
    task: Task = pickle.load(asked)  # noqa: S301  # written by the process that started this one
    answer = what_if(task.past, task.change, seed=task.seed, replications=task.replications)
    pickle.dump(answer, told, pickle.HIGHEST_PROTOCOL)


def main() -> None:
    with suppress(OSError, AttributeError):
        os.nice(_GIVES_WAY)
    play_one(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
