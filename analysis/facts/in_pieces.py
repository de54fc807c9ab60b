"""Runs of steps as facts, some at a time: for who hands them on and need not keep them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from analysis.facts.office import Clocks, same
from analysis.facts.source_sql import Scope, Source
from analysis.facts.step_columns import read_for, step_intervals
from engine.store.database import Database
from engine.store.snapshot import Snapshot


def step_intervals_in_pieces(
    snapshot: Snapshot,
    database: Database,
    agency_id: str,
    at_us: int,
    only: Sequence[str],
    rows: int,
) -> Iterator[pa.Table]:
    """Columns of the fact `step_interval` of an agency as the tables say them, texts in codes.

    database: of which the snapshot is. at_us: now. rows: of a piece, or a few thousand more.
    """
    making = Making.known_of(snapshot, database, agency_id, at_us, only)
    for runs in runs_in_pieces(snapshot, agency_id, only, rows):
        yield making.facts_of(runs)


def runs_in_pieces(
    snapshot: Snapshot, agency_id: str, only: Sequence[str], rows: int
) -> Iterator[pa.Table]:
    """What the tables say of runs of steps, as much as these columns of the fact are made of."""
    source = Source(snapshot.is_sqlite)
    asked = source.step_runs(Scope(agency_id), read_for(only) or {"attempt"})
    return source.pieces(snapshot, asked, rows)


@dataclass(frozen=True, slots=True)
class Making:
    """What facts of runs are made with. only: the columns that are wanted."""

    agency_id: str
    versions: pa.Table
    clocks: Clocks
    only: Sequence[str]

    @classmethod
    def known_of(
        cls,
        snapshot: Snapshot,
        database: Database,
        agency_id: str,
        at_us: int,
        only: Sequence[str],
    ) -> "Making":
        """As an agency's tables say. database: of which the snapshot is. at_us: now."""
        source, scope = Source(snapshot.is_sqlite), Scope(agency_id)
        told = (source.told(snapshot, sql(scope)) for sql in (source.versions, source.calendars))
        versions, editions = (_with_agency(table, agency_id) for table in told)
        return cls(agency_id, versions, Clocks(database, editions, at_us), only)

    def facts_of(self, runs: pa.Table) -> pa.Table:
        """The fact of runs as the tables say them."""
        runs = _with_agency(runs, self.agency_id)
        if "age_ws" in self.only:
            runs = self.clocks.of_runs(runs)
        return step_intervals(runs, self.versions, self.only)


def _with_agency(table: pa.Table, agency_id: str) -> pa.Table:
    return table.append_column("agency_id", same(agency_id, table.num_rows))
