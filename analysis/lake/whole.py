"""Whether files of a lake are those that were written, and files put in place as a whole.

How many bytes a file has is looked at whenever it is read; its hash where its rows are taken over
into another file, so that what is damaged is never written down again as good, and by `compare`.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from analysis.lake.layout import LakeFile
from processes.errors import Conflict

_CHUNK = 1 << 20
PASSING = ".passing"
"""How the name ends of a file that is being written."""


class LakeDamaged(Conflict):
    """A file of a lake is gone, or other than it was written."""

    code = "lake.damaged"
    vi = "Tệp {file} của kho phân tích bị mất hoặc hỏng. Chạy ở cơ quan đó: quytrinh lake refresh."
    en = "{file} of the lake is missing or damaged. Run at that agency: quytrinh lake refresh."


def is_there(lake: Path, file: LakeFile) -> bool:
    """Whether there is a file of as many bytes as were written."""
    try:
        return (lake / file.name).stat().st_size == file.bytes
    except OSError:
        return False


def is_as_written(lake: Path, file: LakeFile) -> bool:
    """Whether a file has the very bytes that were written."""
    return is_there(lake, file) and sha256_of(lake / file.name) == file.sha256


def require_there(lake: Path, files: Iterable[LakeFile]) -> None:
    """LakeDamaged for the first that is not there as it was written, as far as its size tells."""
    for file in files:
        if not is_there(lake, file):
            raise LakeDamaged(file=file.name)


def require_as_written(lake: Path, files: Iterable[LakeFile]) -> None:
    """LakeDamaged for the first that has other bytes than were written."""
    for file in files:
        if not is_as_written(lake, file):
            raise LakeDamaged(file=file.name)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def passing_name(of: Path) -> Path:
    """Beside a file, where it is written: a name that nobody else takes. Processes on several
    machines, or in containers, often have the same number.
    """
    return of.with_name(f"{of.name}-{uuid4().hex}{PASSING}")


def put(path: Path, content: bytes) -> None:
    """Put a file in place, as a whole, also if the power goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = passing_name(path)
    with passing.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    passing.replace(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def older(paths: Iterable[Path], than: float) -> list[Path]:
    """Those that were last written before a moment; others may be removing them meanwhile."""
    return [path for path in paths if _written_at(path, otherwise=than) < than]


def _written_at(path: Path, otherwise: float) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return otherwise
