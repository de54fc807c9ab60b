"""A ZIP archive written as it is read, with the same bytes each time.

Nothing is compressed and every date is that of the first ZIP: what a library or a machine does
differently tomorrow changes no byte.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, cast

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, 0o100644


class _Sink:
    """What the archive writes to: it cannot be sought, so that files need not be known before."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken, self._chunks = b"".join(self._chunks), []
        return taken


class ZipStream:
    """Files go in one after the other; bytes come out meanwhile. hashes: name -> SHA-256."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._sink = _Sink()
        self._archive = zipfile.ZipFile(cast("Any", self._sink), "w")
        self.hashes: dict[str, str] = {}
        self.bytes = 0

    def add(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Write a file of the folder."""
        entry = zipfile.ZipInfo(f"{self._folder}/{name}", _EPOCH)
        entry.create_system = _UNIX
        entry.external_attr = _PLAIN_FILE << 16
        total = hashlib.sha256()
        with self._archive.open(entry, "w", force_zip64=True) as file:
            for chunk in chunks:
                total.update(chunk)
                self.bytes += len(chunk)
                file.write(chunk)
                yield self._sink.take()
        self.hashes[name] = total.hexdigest()
        yield self._sink.take()

    def end(self) -> bytes:
        """The directory of the archive."""
        self._archive.close()
        return self._sink.take()
