"""A part of a fact written down as a file that is whole, or not there.

It is written under a passing name, read for its hash, brought to the disk and only then given the
name under which it may be counted.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.facts.source_sql import literal
from analysis.lake.layout import ORDER, LakeFile, folder_of

Told = Callable[[str], None]
"""Hears what has just been done."""

_CHUNK = 1 << 20
PASSING = ".passing"
"""How the name ends of a file that is being written."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes files of one refresh. numbers: of the refresh before and of this one."""

    lake: Path
    agency_id: str
    numbers: tuple[int, int]
    told: Told

    def write(
        self,
        connection: duckdb.DuckDBPyConnection,
        sql: str,
        fact: str,
        part: int,
        old: LakeFile | None = None,
        *,
        in_order: bool = False,
    ) -> LakeFile | None:
        """The rows that a statement finds, as a file; None where there are none.

        old: the file of this part until now; where the new one is the same, it stays.
        in_order: the rows come in their order already.
        """
        folder = self.lake / folder_of(self.agency_id, fact, part)
        folder.mkdir(parents=True, exist_ok=True)
        passing = folder / f"{self.numbers[1]}-{os.getpid()}{PASSING}"
        order = "" if in_order else f"order by {ORDER[fact]}"
        answer = connection.execute(
            f"copy ({sql} {order}) to {literal(str(passing))}"
            " (format parquet, parquet_version v2, compression zstd)"
        ).fetchone()
        assert answer is not None, "COPY tells how many rows it wrote"
        self.told(f"written {fact} {part}")
        if not answer[0]:
            passing.unlink()
            return None
        sha256 = _brought_to_disk(passing)
        if old is not None and old.sha256 == sha256 and (self.lake / old.name).is_file():
            passing.unlink()
            return old
        name = f"{self.numbers[0]}-{self.numbers[1]}-{sha256}.parquet"
        size = passing.stat().st_size
        passing.rename(folder / name)
        flush_folder(folder)
        self.told(f"named {fact} {part}")
        path = str((folder / name).relative_to(self.lake))
        return LakeFile(path, fact, part, answer[0], size, sha256)


def flush_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _brought_to_disk(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return sha256_of(path)
