"""A log of another system, analysed in a process of its own: what `quytrinh analyse --json` says.

Such a file may take minutes and gigabytes, and may be made to; in the server's process it would
keep everybody waiting. The process tells how far it is, is stopped when asked or after its time,
and its memory is bounded.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import orjson

from api.whole_file import FileNotWritten
from engine.foreign_logs.kept import MOST_ANSWER, Progress
from processes.errors import Conflict, InvalidInput

try:
    import resource
except ImportError:  # Windows: the time is kept all the same, the memory is not
    resource = None  # type: ignore[assignment]

_KEPT_FROM_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TZDIR")
_PROGRAM = (
    "from api.outlived import end_with_parent; end_with_parent();from api.cli import main; main()"
)
_REFUSED = 2
_BEAT_SECONDS = 0.5
_LONGEST_LINE = 1000
MOST_BYTES = 4 << 30
"""Of memory that one analysis may reserve."""
MOST_WRITTEN = 4 << 30
"""Bytes of one file that it may write."""
MOST_SECONDS = 1800.0
"""That one analysis may take."""

Heard = Callable[[Progress], bool]
"""Hears twice a second how far it is; False has it stopped."""


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
    """As many logs are being written as this process does at once."""

    code = "foreign_log.busy"
    vi = "Đang chuyển một nhật ký khác. Đợi xong rồi thử lại."
    en = "Another log is being written. Wait for it to end and try again."


class AnalysisStopped(Exception):
    """Whoever waits does not want it any more."""


class AnalysisEnded(Exception):
    """Its process was asked to end from outside, as a whole service is when it is stopped."""


def analysed(
    log: Path, options: Sequence[str], heard: Heard, seconds: float = MOST_SECONDS
) -> bytes:
    """What the command says, as docs/reference/analyse.md describes it: JSON.

    options: further words of the command. Errors: those of this module.
    """
    words = ["analyse", "--json", "--progress", *options, "--", str(log)]
    return _ran(words, heard, seconds)


class LogWriters:
    """Writes so many logs in another format at once. Safe for threads."""

    def __init__(self, seconds: float = 300.0, at_once: int = 1) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)

    def write(self, log: Path, options: Sequence[str]) -> dict[str, Any]:
        """What `quytrinh convert-log --json` says once it has written the file it was told."""
        with self._place():
            words = ["convert-log", "--json", *options, "--", str(log)]
            try:
                told: dict[str, Any] = orjson.loads(_ran(words, lambda _: True, self._seconds))
            except AnalysisEnded as ended:
                raise ForeignLogFailed from ended
            return told

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise ForeignLogsBusy
        try:
            yield
        finally:
            self._places.release()


def _ran(words: Sequence[str], heard: Heard, seconds: float) -> bytes:
    kept = {key: os.environ[key] for key in _KEPT_FROM_ENVIRONMENT if key in os.environ}
    paths = os.pathsep.join(path or os.curdir for path in sys.path)
    with (
        TemporaryFile() as told,
        subprocess.Popen(  # noqa: S603  # our own program
            # -B: what is bounded in what it may write leaves no halves of compiled modules
            [sys.executable, "-B", "-c", _PROGRAM, *words],
            stdin=subprocess.PIPE,  # nothing is written: its end is the end of this process
            stdout=told,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C is for the server, which then ends this
            env={**kept, "PYTHONPATH": paths},
        ) as child,
    ):
        try:
            _bound(child.pid)
            _watch(child, heard, seconds)
        except BaseException:
            child.kill()
            raise
        return _answer(child.returncode, told)


def _watch(child: "subprocess.Popen[bytes]", heard: Heard, seconds: float) -> None:
    """Until it has ended; what it tells of itself is read all the while."""
    latest = _Latest(child)
    until = time.monotonic() + seconds
    while True:
        try:
            child.wait(min(_BEAT_SECONDS, max(0.0, until - time.monotonic())))
        except subprocess.TimeoutExpired:
            if not heard(latest.progress):
                raise AnalysisStopped from None
            if time.monotonic() >= until:
                raise ForeignLogTooLong(seconds=f"{seconds:g}") from None
        else:
            latest.over()
            return


class _Latest:
    """The last line of progress that the process told."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        assert child.stderr is not None
        self.progress = Progress()
        self._reading = threading.Thread(target=self._read, args=(child.stderr,), daemon=True)
        self._reading.start()

    def _read(self, lines: IO[bytes]) -> None:
        while line := lines.readline(_LONGEST_LINE):
            try:
                found = orjson.loads(line)
                self.progress = Progress(str(found["stage"]), int(found["done"]), int(found["of"]))
            except (ValueError, TypeError, KeyError):  # a sentence for people
                continue

    def over(self) -> None:
        self._reading.join()


def _answer(ended: int, told: IO[bytes]) -> bytes:
    if ended == -signal.SIGTERM:
        raise AnalysisEnded
    if ended not in (0, _REFUSED):
        raise ForeignLogFailed
    told.seek(0)
    said = told.read(MOST_ANSWER + 1)
    try:
        answer = orjson.loads(said) if len(said) <= MOST_ANSWER else None
    except orjson.JSONDecodeError as wrong:
        raise ForeignLogFailed from wrong
    if not isinstance(answer, dict):
        raise ForeignLogFailed
    if ended == _REFUSED and answer["error"]["code"] == FileNotWritten.code:
        raise ForeignLogFailed  # the file is ours, whoever asked can do nothing about its room
    if ended == _REFUSED:
        raise ForeignLogRefused(vi=answer["error"]["vi"], en=answer["error"]["en"])
    return said


def _bound(pid: int) -> None:
    if resource is not None and hasattr(resource, "prlimit"):
        resource.prlimit(pid, resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
