"""The bytes of a log: unpacked where they are gzip, counted, never more than allowed."""

import gzip
import io
import zlib
from types import TracebackType
from typing import BinaryIO, Self

from analysis.event_log.invalid_log import LogDamaged, LogTooLarge
from analysis.event_log.limits import LogLimits
from analysis.progress import Progress, unheard

_GZIP = b"\x1f\x8b"


class BoundedText:
    """A binary stream that stops at the limits of a log, so that no bomb goes off.

    Decompression is streamed: memory stays small whatever the file claims to hold. progress: hears
    how far those are who read it.
    """

    def __init__(
        self, source: BinaryIO, name: str, limits: LogLimits, progress: Progress = unheard
    ) -> None:
        self.log_name, self.limits, self.progress = name, limits, progress
        head = source.read(len(_GZIP))
        whole = _Rejoined(head, source)
        self._unpacked = gzip.GzipFile(mode="rb", fileobj=whole) if head == _GZIP else None
        self._stream = self._unpacked or whole
        self._peeked = b""
        self._total = self._marked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._unpacked is not None:
            self._unpacked.close()

    def peek(self, size: int) -> bytes:
        """The first `size` bytes, which a later `read` returns again."""
        while len(self._peeked) < size and (more := self._fetch(size - len(self._peeked))):
            self._peeked += more
        return self._peeked[:size]

    def read(self, size: int = 1 << 16) -> bytes:
        """Up to `size` bytes, empty at the end; refuses to pass the limits."""
        if self._peeked:
            given, self._peeked = self._peeked[:size], self._peeked[size:]
            return given
        given = self._fetch(size)
        if self._total - self._marked > self.limits.item_bytes:
            most = self.limits.item_bytes
            raise LogTooLarge(name=self.log_name, bound="bytes/item", most=most)
        return given

    def mark(self) -> None:
        """An event or a case is finished: the count of bytes for the next one begins."""
        self._marked = self._total

    def _fetch(self, size: int) -> bytes:
        try:
            given = self._stream.read(size if size > 0 else 1 << 16)
        except (EOFError, gzip.BadGzipFile, zlib.error) as broken:
            raise LogDamaged(name=self.log_name) from broken
        self._total += len(given)
        if self._total > self.limits.total_bytes:
            raise LogTooLarge(name=self.log_name, bound="bytes", most=self.limits.total_bytes)
        return given


class _Rejoined(io.RawIOBase):
    """A stream from which the first bytes were read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._rest.read(size)
        size = len(self._head) if size < 0 else size
        given, self._head = self._head[:size], self._head[size:]
        return given
