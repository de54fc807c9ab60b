"""A what-if played in a process of its own: it takes a core for seconds, and can be stopped.

In the server's process a play would keep all other threads waiting. What goes over and comes back
are values of ours, pickled over pipes that nobody else has.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from analysis.replay.change import Change
from analysis.replay.what_if import Past, WhatIf, check
from processes.errors import Conflict, InvalidInput

_KEPT_FROM_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TZDIR")
_CHILD = "analysis.replay.child"


class TooLongToPlay(InvalidInput):
    """It was not done in the time that one may take."""

    code = "what_if.too_long"
    vi = "Dựng lại chưa xong sau {seconds} giây nên đã dừng. Chọn kỳ ngắn hơn hoặc ít lượt hơn."
    en = "Not done after {seconds} seconds and stopped. Choose a shorter period or fewer plays."


class PlayersBusy(Conflict):
    """As many are being played as this process plays at once."""

    code = "what_if.busy"
    vi = "Đang dựng lại một giả định khác. Đợi xong rồi thử lại."
    en = "Another what-if is being played. Wait for it to end and try again."


class PlayFailed(Conflict):
    """The process came to an end without an answer."""

    code = "what_if.failed"
    vi = "Lượt dựng lại dừng giữa chừng (mã {ended}). Chọn kỳ ngắn hơn rồi thử lại."
    en = "The play came to an end on its way (code {ended}). Choose a shorter period and try again."


@dataclass(frozen=True, slots=True)
class Task:
    """What the process is asked."""

    past: Past
    change: Change
    seed: int
    replications: int


class Players:
    """Plays so many what-ifs at once, each for at most so many seconds. Safe for threads."""

    def __init__(self, seconds: float, at_once: int = 1) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)

    def play(self, past: Past, change: Change, seed: int, replications: int) -> WhatIf:
        """The answer (InvalidChange, TooLongToPlay, PlayersBusy, PlayFailed)."""
        check(past, change)
        with self._place():
            return _played(Task(past, change, seed, replications), self._seconds)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise PlayersBusy
        try:
            yield
        finally:
            self._places.release()


def _played(task: Task, seconds: float) -> WhatIf:
    kept = {key: os.environ[key] for key in _KEPT_FROM_ENVIRONMENT if key in os.environ}
    paths = os.pathsep.join(path or os.curdir for path in sys.path)
    try:
        ended = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", _CHILD],
            input=pickle.dumps(task, pickle.HIGHEST_PROTOCOL),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": paths},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise TooLongToPlay(seconds=f"{seconds:g}") from late
    if ended.returncode != 0:
        raise PlayFailed(ended=ended.returncode)
    answer: WhatIf = pickle.loads(ended.stdout)  # noqa: S301  # written by our own program
    return answer
