"""A fact of an office as one Parquet file, for other programs: as the tables say it now.

A lake is kept and refreshed; this is written once and belongs to whoever asked for it. Runs of
steps, which are most, go from the tables to the file some at a time, however many there are.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyarrow import parquet

from analysis.facts.columns import FACTS, Columns
from analysis.facts.in_pieces import step_intervals_in_pieces
from analysis.facts.office import office_facts
from analysis.lake.encoding import schema_of, typed, written_as
from analysis.lake.ordering import GROUP
from analysis.lake.writing import in_columns
from analysis.period import VIET_NAM
from engine.store.columns import to_microseconds
from engine.store.database import Database
from engine.store.snapshot import snapshot_of
from processes.errors import InvalidInput


class UnknownFact(InvalidInput):
    """There is no such fact, or it has no such column."""

    code = "facts.unknown"
    vi = "Không có “{asked}”. Có: {known}."
    en = "There is no '{asked}'. There are: {known}."


def export_fact(
    database: Database,
    agency_id: str,
    fact: str,
    file: Path,
    at: datetime,
    only: Sequence[str] = (),
    zone: ZoneInfo = VIET_NAM,
) -> int:
    """Write a fact of an agency, or only some of its columns; how many rows (UnknownFact).

    at: now. The file is whole, or not there.
    """
    columns = _columns(fact, only)
    passing = file.with_name(f"{file.name}.part")
    try:
        if fact == "step_interval":
            with snapshot_of(database) as snapshot:
                rows = step_intervals_in_pieces(
                    snapshot, database, agency_id, to_microseconds(at), list(columns), GROUP
                )
                number = _written(passing, columns, rows)
        else:
            with office_facts(database, agency_id, at, zone) as facts:
                told = in_columns(facts.connection, f"select {', '.join(columns)} from {fact}")  # noqa: S608
                number = _written(passing, columns, map(_as_table, told))
        passing.replace(file)
    finally:
        passing.unlink(missing_ok=True)
    return number


def _columns(fact: str, only: Sequence[str]) -> Columns:
    """The columns that are asked for, each once, as they were asked for; all where none is."""
    for asked, known in ((fact, FACTS), *((each, FACTS.get(fact, {})) for each in only)):
        if asked not in known:
            raise UnknownFact(asked=asked, known=", ".join(known))
    return {name: FACTS[fact][name] for name in only or FACTS[fact]}


def _written(path: Path, columns: Columns, pieces: Iterable[pa.Table]) -> int:
    number = 0
    with parquet.ParquetWriter(path, schema_of(columns), **written_as(columns)) as writer:
        for rows in pieces:
            writer.write_table(typed(rows, columns), row_group_size=2 * GROUP)
            number += rows.num_rows
    return number


def _as_table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])
