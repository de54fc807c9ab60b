"""A part of a fact written down as a file that is whole, or not there.

It is written under a passing name, read for its hash, brought to the disk and only then given the
name under which it may be counted. The same rows are the same bytes, wherever they come from.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from analysis.facts.columns import FACTS, Columns
from analysis.lake.encoding import schema_of, typed, written_as
from analysis.lake.layout import ORDER, LakeFile, folder_of
from analysis.lake.ordering import GROUP, Piece
from analysis.lake.whole import flush_folder, is_there, passing_name, sha256_of

Told = Callable[[str], None]
"""Hears what has just been done."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes files of one refresh. numbers: of the refresh before and of this one.

    facts: the columns of each.
    """

    lake: Path
    agency_id: str
    numbers: tuple[int, int]
    told: Told
    facts: Mapping[str, Columns] = field(default_factory=lambda: FACTS)

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
        rows = in_columns(connection, f"{sql} {order}")
        return self._write(map(_as_table, rows), fact, part, old)

    def write_parts(
        self, pieces: Iterable[Piece], fact: str, old: Mapping[int, LakeFile]
    ) -> list[LakeFile]:
        """Rows in the order of parts and then in theirs, as a file a part.

        old: the file of each part until now.
        """
        files = []
        for part, of_part in groupby(pieces, itemgetter(0)):
            rows = (piece for _, piece in of_part)
            files.append(self._write(rows, fact, part, old.get(part)))
        return [file for file in files if file is not None]

    def _write(
        self, pieces: Iterable[pa.Table], fact: str, part: int, old: LakeFile | None
    ) -> LakeFile | None:
        folder = self.lake / folder_of(self.agency_id, fact, part)
        folder.mkdir(parents=True, exist_ok=True)
        passing = passing_name(folder / str(self.numbers[1]))
        rows = _write_parquet(passing, self.facts[fact], pieces)
        self.told(f"written {fact} {part}")
        if not rows:
            passing.unlink()
            return None
        sha256 = _brought_to_disk(passing)
        if old is not None and old.sha256 == sha256 and is_there(self.lake, old):
            passing.replace(self.lake / old.name)  # which may have been damaged since
            flush_folder(folder)
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
    yield from connection.sql(sql).to_arrow_reader(GROUP)
    connection.execute("reset arrow_lossless_conversion")


def _write_parquet(path: Path, columns: Columns, pieces: Iterable[pa.Table]) -> int:
    """Write rows in groups; how many there were."""
    rows = 0
    with (
        pa.output_stream(path, buffer_size=_CHUNK) as stream,
        parquet.ParquetWriter(stream, schema_of(columns), **written_as(columns)) as file,
    ):
        for group in _groups(pieces):
            file.write_table(typed(group, columns), row_group_size=GROUP)
            rows += group.num_rows
    return rows


def _as_table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])


def _groups(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows as groups of one size: how they came says nothing about the bytes."""
    held: list[pa.Table] = []
    number = 0
    for piece in pieces:
        held.append(piece)
        number += piece.num_rows
        while number >= GROUP:
            table = pa.concat_tables(held)
            yield table.slice(0, GROUP)
            held, number = [table.slice(GROUP)], number - GROUP
    if number:
        yield pa.concat_tables(held)


def _brought_to_disk(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return sha256_of(path)
