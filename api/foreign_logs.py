"""A log of another system, analysed in a process of its own: what `quytrinh analyse --json` says.

Such a file may take minutes and gigabytes, and may be made to; in the server's process it would
keep everybody waiting. It is stopped after its time, its memory is bounded, nothing of it is kept.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from processes.errors import Conflict, InvalidInput

try:
    import resource
except ImportError:  # Windows: the time is kept all the same, the memory is not
    resource = None  # type: ignore[assignment]

_KEPT_FROM_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TZDIR")
_PROGRAM = "from api.cli import main; main()"
_REFUSED = 2
MOST_BYTES = 4 << 30
"""Of memory that one analysis may reserve."""


class ForeignLogRefused(InvalidInput):
    """The log, the diagram or the mapping cannot be used; the sentence says why."""

    code = "foreign_log.refused"
    vi = "{vi}"
    en = "{en}"


class ForeignLogTooLong(InvalidInput):
    """It was not done in the time that one may take."""

    code = "foreign_log.too_long"
    vi = (
        "Phân tích chưa xong sau {seconds} giây nên đã dừng. Chia nhỏ nhật ký, hoặc chạy "
        "“quytrinh analyse” trên máy của bạn."
    )
    en = (
        "Not done after {seconds} seconds and stopped. Split the log, or run 'quytrinh analyse' on "
        "your own machine."
    )


class ForeignLogFailed(InvalidInput):
    """The process came to an end without an answer: most likely it wanted more memory."""

    code = "foreign_log.failed"
    vi = "Phân tích dừng giữa chừng, có lẽ vì nhật ký quá lớn. Chia nhỏ nhật ký rồi thử lại."
    en = "The analysis came to an end on its way, the log may be too large. Split it and try again."


class ForeignLogsBusy(Conflict):
    """As many logs are being analysed as this process does at once."""

    code = "foreign_log.busy"
    vi = "Đang phân tích một nhật ký khác. Đợi xong rồi thử lại."
    en = "Another log is being analysed. Wait for it to end and try again."


class ForeignLogs:
    """Analyses so many logs at once, each for at most so many seconds. Safe for threads."""

    def __init__(self, seconds: float = 120.0, at_once: int = 1) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)

    def analyse(self, log: Path, options: Sequence[str]) -> dict[str, Any]:
        """What the command says, as docs/reference/analyse.md describes it.

        options: further words of the command. Errors: those of this module.
        """
        with self._place():
            return _answer(log, options, self._seconds)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise ForeignLogsBusy
        try:
            yield
        finally:
            self._places.release()


def _answer(log: Path, options: Sequence[str], seconds: float) -> dict[str, Any]:
    kept = {key: os.environ[key] for key in _KEPT_FROM_ENVIRONMENT if key in os.environ}
    paths = os.pathsep.join(path or os.curdir for path in sys.path)
    words = [sys.executable, "-c", _PROGRAM, "analyse", "--json", *options, "--", str(log)]
    with subprocess.Popen(  # noqa: S603  # our own program
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONPATH": paths},
    ) as child:
        try:
            _bound(child.pid)
            told, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as late:
            child.kill()
            raise ForeignLogTooLong(seconds=f"{seconds:g}") from late
    if child.returncode not in (0, _REFUSED):
        raise ForeignLogFailed
    try:
        answer: dict[str, Any] = orjson.loads(told)
    except orjson.JSONDecodeError as wrong:
        raise ForeignLogFailed from wrong
    if child.returncode == _REFUSED:
        raise ForeignLogRefused(vi=answer["error"]["vi"], en=answer["error"]["en"])
    return answer


def _bound(pid: int) -> None:
    if resource is not None and hasattr(resource, "prlimit"):
        resource.prlimit(pid, resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
