"""Where documents lie: each content once under its SHA-256, within the wall of its agency.

A file first arrives in a temporary file that knows its hash and size (`Arriving`). Examined there,
it is kept whole or dropped; nobody ever sees half of it.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

from processes.errors import InvalidInput, NotFound, RuleError, Unmet

MEGABYTE = 1_000_000


class DocumentTooLarge(InvalidInput):
    """One file is larger than an office takes."""

    code = "file.too_large"
    vi = "Tệp lớn hơn {megabytes} MB nên không nhận. Nén hoặc tách tệp rồi tải lên lại."
    en = "The file is larger than {megabytes} MB. Compress or split it and upload it again."


class EmptyDocument(InvalidInput):
    """A file without a byte."""

    code = "file.empty"
    vi = "Tệp rỗng, không có nội dung. Kiểm tra lại tệp trên máy rồi tải lên lại."
    en = "The file is empty. Look at the file on your computer and upload it again."


class StorageFull(RuleError):
    """There is no room for documents; nothing of this one was kept."""

    code = "document.storage_full"
    vi = (
        "Nơi lưu tài liệu đã hết chỗ nên tệp này chưa được nhận. Báo người quản trị giải phóng ổ "
        "đĩa rồi tải lên lại; tài liệu cũ vẫn còn nguyên."
    )
    en = (
        "There is no room left for documents, so this file was not taken in. Have the "
        "administrator free disk space and upload it again; older documents are still there."
    )


class StorageUnavailable(RuleError):
    """The place of documents does not answer; nothing was kept or taken away."""

    code = "document.storage_unavailable"
    vi = "Nơi lưu tài liệu không trả lời. Thử lại sau ít phút; chưa có gì bị thay đổi."
    en = "The place of documents does not answer. Try again in a few minutes; nothing changed."


class NoContent(NotFound):
    """No bytes lie under that hash."""

    code = "document.no_content"
    vi = "Không còn nội dung của tài liệu này. Báo người quản trị khôi phục từ bản sao lưu."
    en = "The content of this document is gone. Have the administrator restore it from a backup."


class NoDocumentStore(Unmet):
    """This installation was given no place for documents."""

    code = "document.no_store"
    vi = "Máy chủ chưa được khai báo nơi lưu tài liệu (QUYTRINH_DOCUMENTS_FOLDER)."
    en = "The server was given no place for documents (QUYTRINH_DOCUMENTS_FOLDER)."


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the store: SHA-256 (64 hexadecimal digits) and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Lying:
    """A content as it is found in the store; `since`: seconds of the machine's clock."""

    agency_id: str
    kept: Kept
    since: float


class Arriving:
    """A file on its way in: written by one thread at a time, hashed as it comes.

    most: bytes; one more is refused (DocumentTooLarge). Used as a context: what was not kept by
    then is gone. Errors of writing: StorageFull, StorageUnavailable.
    """

    def __init__(self, path: Path, file: BinaryIO, most: int) -> None:
        self.path = path
        self.size = 0
        self._file = file
        self._most = most
        self._hash = hashlib.sha256()
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.drop()

    def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Add bytes; refused at the first one too many."""
        self.size += len(chunk)
        if self.size > self._most:
            raise DocumentTooLarge(megabytes=f"{self._most / MEGABYTE:g}")
        self._hash.update(chunk)
        with told_as_storage():
            self._file.write(chunk)

    def finish(self) -> Kept:
        """All has come: flushed, hash and size are known, the file can be read (EmptyDocument)."""
        if not self.size:
            raise EmptyDocument
        with told_as_storage():
            self._file.flush()
        return Kept(self._hash.hexdigest(), self.size)

    def sync(self) -> None:
        """Have the bytes on the disk itself before anything says that they are there."""
        with told_as_storage():
            self._file.flush()
            os.fsync(self._file.fileno())

    def drop(self) -> None:
        """Let go of the temporary file, if it is still there."""
        if not self._over:
            self._over = True
            with suppress(OSError):  # a full disk was told at the write already
                self._file.close()
            self.path.unlink(missing_ok=True)


class told_as_storage:  # noqa: N801 - reads as what it is used for
    """Errors of the disk, as refusals that people understand."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            raise (StorageFull if error.errno in _FULL else StorageUnavailable) from error


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DocumentStore(Protocol):
    """A place of documents. Safe for threads and processes."""

    def arrive(self, most: int) -> Arriving:
        """A temporary file for what comes in, at most so many bytes."""

    def keep(self, agency_id: str, arrived: Arriving) -> Kept:
        """Keep what has come, durably and whole; identical content lies there once."""

    def open(self, agency_id: str, sha256: str) -> BinaryIO:
        """The content, to be read from any of its bytes on and closed (NoContent)."""

    def remove(self, agency_id: str, sha256: str) -> bool:
        """Really delete the content; whether it was there."""

    def all(self) -> Iterator[Lying]:
        """Everything that lies there."""

    def sweep(self, before: float) -> int:
        """Drop temporary files of uploads that died before that second; how many."""


class Nowhere:
    """The place of documents of an office that was given none: it refuses (NoDocumentStore)."""

    def arrive(self, *_: Any, **__: Any) -> Arriving:
        raise NoDocumentStore

    def keep(self, *_: Any, **__: Any) -> Kept:
        raise NoDocumentStore

    def open(self, *_: Any, **__: Any) -> BinaryIO:
        raise NoDocumentStore

    def remove(self, *_: Any, **__: Any) -> bool:
        raise NoDocumentStore

    def all(self) -> Iterator[Lying]:
        return iter(())

    def sweep(self, *_: Any, **__: Any) -> int:
        return 0
