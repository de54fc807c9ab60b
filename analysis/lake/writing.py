"""A part of a fact written down as a file that is whole, or not there.

It is written under a passing name, read for its hash, brought to the disk and only then given the
name under which it may be counted. The same rows are the same bytes, wherever they come from.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from analysis.facts.clock_readings import integers
from analysis.facts.columns import FACTS
from analysis.lake.layout import NOT_ENDED, ORDER, LakeFile, folder_of

Told = Callable[[str], None]
"""Hears what has just been done."""

_CHUNK = 1 << 20
_BYTES = 16  # of an id
_GROUP = 122_880  # rows that are found by their range together
PASSING = ".passing"
"""How the name ends of a file that is being written."""
_KINDS = {"VARCHAR": pa.string(), "UUID": pa.uuid(), "BIGINT": pa.int64(), "INTEGER": pa.int32()}
_NUMBERS = ("BIGINT", "INTEGER")


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
        order = "" if in_order else f"order by {ORDER[fact]}"
        return self._write(in_columns(connection, f"{sql} {order}"), fact, part, old)

    def write_parts(
        self, batches: Iterable[pa.RecordBatch], fact: str, old: Mapping[int, LakeFile]
    ) -> list[LakeFile]:
        """Rows of several parts, each with its part in a column of that name, in the order of
        parts and then in theirs, as a file a part. old: the file of each part until now.
        """
        files = []
        for part, pieces in groupby(_by_part(batches), itemgetter(0)):
            rows = (piece for _, piece in pieces)
            files.append(self._write(rows, fact, part, old.get(part)))
        return [file for file in files if file is not None]

    def _write(
        self, batches: Iterable[pa.RecordBatch], fact: str, part: int, old: LakeFile | None
    ) -> LakeFile | None:
        folder = self.lake / folder_of(self.agency_id, fact, part)
        folder.mkdir(parents=True, exist_ok=True)
        passing = folder / f"{self.numbers[1]}-{os.getpid()}{PASSING}"
        rows = _write_parquet(passing, fact, batches)
        self.told(f"written {fact} {part}")
        if not rows:
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
        return LakeFile(path, fact, part, rows, size, sha256)


def in_columns(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[pa.RecordBatch]:
    """What a statement answers, piece by piece, ids as sixteen bytes."""
    connection.execute("set arrow_lossless_conversion = true")
    yield from connection.sql(sql).to_arrow_reader(_GROUP)
    connection.execute("reset arrow_lossless_conversion")


def in_parts(steps: pa.Table) -> pa.Table:
    """Runs of steps in the order of their parts and, within these, of `ORDER`, with their part."""
    parts = integers(steps["month"], NOT_ENDED)
    keys = [half for name in ("step_run_id", "dossier_id") for half in _halves(steps[name])]
    order = np.lexsort((*keys, parts))
    return steps.take(order).append_column("part", pa.array(parts[order]))


def _halves(ids: "pa.ChunkedArray[Any]") -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The lower and the upper eight bytes of ids, as numbers in the same order."""
    stored = cast("Any", ids.combine_chunks()).storage
    begin = stored.offset * _BYTES
    letters = np.frombuffer(stored.buffers()[1], np.uint8)[begin : begin + len(ids) * _BYTES]
    halves = letters.view(">u8").reshape(-1, 2).astype(np.uint64)
    return halves[:, 1], halves[:, 0]


def schema_of(fact: str) -> pa.Schema:
    """The columns of a fact's files."""
    return pa.schema([(name, _KINDS[kind]) for name, kind in FACTS[fact].items()])


def _write_parquet(path: Path, fact: str, batches: Iterable[pa.RecordBatch]) -> int:
    """Write rows in groups; how many there were."""
    columns = FACTS[fact]
    numbers = [name for name, kind in columns.items() if kind in _NUMBERS]
    rows = 0
    with parquet.ParquetWriter(
        path,
        schema_of(fact),
        compression="zstd",
        store_schema=False,
        use_dictionary=[name for name in columns if name not in numbers],  # type: ignore[arg-type]
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    ) as file:
        for group in _groups(batches, schema_of(fact)):
            file.write_table(group, row_group_size=_GROUP)
            rows += group.num_rows
    return rows


def _by_part(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Rows with the part that they belong to, cut where it changes."""
    for batch in batches:
        parts = batch["part"].to_numpy()
        bounds = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(parts)]
        for begin, end in pairwise(bounds):
            if begin < end:
                yield int(parts[begin]), batch.slice(begin, end - begin)


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows as groups of one size: how they came says nothing about the bytes."""
    held: list[pa.RecordBatch] = []
    number = 0
    for batch in batches:
        held.append(batch)
        number += batch.num_rows
        while number >= _GROUP:
            table = pa.Table.from_batches(held)
            yield _whole(table.slice(0, _GROUP), schema)
            held, number = table.slice(_GROUP).to_batches(), number - _GROUP
    if number:
        yield _whole(pa.Table.from_batches(held), schema)


def _whole(table: pa.Table, schema: pa.Schema) -> pa.Table:
    return table.select(schema.names).cast(schema).combine_chunks()


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
