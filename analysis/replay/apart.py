"""A what-if played in a process of its own: it takes a core for seconds, and can be stopped.

In the server's process a play would keep all other threads waiting. What goes over and comes back
are values of ours, pickled over pipes that nobody else has.
"""

import hashlib
import os
import pickle
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass

from analysis.replay.change import Change
from analysis.replay.what_if import Past, WhatIf, check
from processes.errors import Conflict, InvalidInput

_KEPT_FROM_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TZDIR")
_CHILD = "analysis.replay.child"
_IN_LINE = 7  # each keeps a thread of the server waiting
_KEPT = 16


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
    """Plays so many what-ifs at once, each for at most so many seconds. Safe for threads.

    What is being played or was played of late is not played again: who clicks twice, comes back or
    asks the same as a colleague gets that very answer. Others wait in line, a few at a time.
    """

    def __init__(self, seconds: float, at_once: int = 1) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)
        self._line = threading.BoundedSemaphore(at_once + _IN_LINE)
        self._known: OrderedDict[bytes, Future[WhatIf]] = OrderedDict()
        self._looking = threading.Lock()

    def play(self, past: Past, change: Change, seed: int, replications: int) -> WhatIf:
        """The answer (InvalidChange, TooLongToPlay, PlayersBusy, PlayFailed)."""
        check(past, change)
        task = pickle.dumps(Task(past, change, seed, replications), pickle.HIGHEST_PROTOCOL)
        key = hashlib.sha256(task).digest()
        with self._looking:
            known = self._known.get(key)
            if known is not None and known.done():
                self._known.move_to_end(key)
                return known.result()
            if not self._line.acquire(blocking=False):
                raise PlayersBusy
            mine: Future[WhatIf] = self._known.setdefault(key, Future())
        try:
            return mine.result() if known is not None else self._first(task, key, mine)
        finally:
            self._line.release()

    def _first(self, task: bytes, key: bytes, mine: Future[WhatIf]) -> WhatIf:
        """Play what nobody has asked yet, and tell all who ask the same."""
        try:
            with self._place():
                answer = _played(task, self._seconds)
        except BaseException as error:
            with self._looking:
                del self._known[key]  # who asks again tries again
            mine.set_exception(error)
            raise
        with self._looking:
            mine.set_result(answer)
            played = [each for each, told in self._known.items() if told.done()]
            for each in played[:-_KEPT]:
                del self._known[each]
        return answer

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self._seconds):
            raise PlayersBusy
        try:
            yield
        finally:
            self._places.release()


def _played(task: bytes, seconds: float) -> WhatIf:
    kept = {key: os.environ[key] for key in _KEPT_FROM_ENVIRONMENT if key in os.environ}
    paths = os.pathsep.join(path or os.curdir for path in sys.path)
    try:
        ended = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", _CHILD],
            input=task,
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
