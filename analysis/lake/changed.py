"""Which dossiers have changed since the lake was refreshed: the same on any number of workers.

Every act on a dossier enters an event in its journal, which is append-only, and counts it in
`dossier.events`; whatever a fact says changes with one. So what has changed is found without trust
in clocks or in numbers that are given before they are committed:

PostgreSQL: events say which transaction entered them. All transactions below the oldest one in
flight (`pg_snapshot_xmin`) are over; the next look begins there, and sees some events twice, which
changes nothing, and none never.
SQLite: the number of events of each dossier is compared with that in the lake.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa

from analysis.facts.source_sql import literal
from analysis.lake.layout import LakeFile, definition
from analysis.lake.manifest import Manifest
from analysis.lake.whole import is_as_written, is_there
from engine.store.snapshot import Snapshot

_MANY = 5_000  # dossiers that are named in a statement; of more everything is read


@dataclass(frozen=True, slots=True)
class Changed:
    """dossiers: their ids, None: everything is to be read. xact, source: of the next mark."""

    dossiers: Sequence[str] | None
    xact: int | None
    source: str


def changed(
    snapshot: Snapshot, connection: duckdb.DuckDBPyConnection, lake: Path, before: Manifest
) -> Changed:
    """What the snapshot knows and the lake does not.

    connection: of an embedded database that may read the lake's files.
    """
    xact, source = _mark(snapshot, before.agency_id)
    whole = all(is_there(lake, file) for file in before.files)
    if before.mark is None or before.mark.source != source or not whole:
        return Changed(None, xact, source)  # nothing yet, of something else, or another folder
    if snapshot.is_sqlite:
        try:
            found = _other_numbers(snapshot, connection, lake, before)
        except duckdb.Error:
            if all(is_as_written(lake, file) for file in before.files):
                raise
            return Changed(None, xact, source)
    else:
        assert before.mark.xact is not None, "a mark of PostgreSQL names a transaction"
        found = _entered_since(snapshot, before.agency_id, before.mark.xact)
    return Changed(found if len(found) <= _MANY else None, xact, source)


def _mark(snapshot: Snapshot, agency_id: str) -> tuple[int | None, str]:
    """The oldest transaction in flight; which database this is, and what the facts mean in it."""
    named = snapshot.table(
        "select procedure_id, code, field from procedure"  # noqa: S608
        f" where agency_id = {literal(agency_id)} order by code"
    )
    told = [[str(value) for value in row.values()] for row in named.to_pylist()]
    digest = hashlib.sha256(orjson.dumps(told)).hexdigest()[:16]
    if snapshot.is_sqlite:
        return None, f"sqlite {definition()} {digest}"
    (row,) = snapshot.table(
        "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xact,"
        " (select system_identifier from pg_control_system()) as cluster,"
        " (select oid::bigint from pg_database where datname = current_database()) as base"
    ).to_pylist()
    return row["xact"], f"{row['cluster']}/{row['base']} {definition()} {digest}"


def _entered_since(snapshot: Snapshot, agency_id: str, xact: int) -> list[str]:
    """Dossiers with an event of a transaction that was not surely over at the last look."""
    # What a restored copy brought along may bear numbers of another server, yet to come here.
    table = snapshot.table(
        "select distinct dossier_id from journal"  # noqa: S608
        f" where agency_id = {literal(agency_id)} and xact >= {xact}"
        " and xact < pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    )
    return sorted(str(each) for each in table["dossier_id"].to_pylist())


def _other_numbers(
    snapshot: Snapshot, connection: duckdb.DuckDBPyConnection, lake: Path, before: Manifest
) -> list[str]:
    """Dossiers of which the lake has another number of events, or which it does not have."""
    there = snapshot.table(
        "select dossier_id, events from dossier"  # noqa: S608
        f" where agency_id = {literal(before.agency_id)}"
    )
    files = [str(lake / file.name) for file in before.files if file.fact == "dossier_fact"]
    connection.register("given", there if there.num_rows else _NONE)
    read = "read_parquet($files, hive_partitioning = false)"
    known = read if files else "(select null::uuid dossier_id, 0 events)"
    found = connection.execute(
        "select coalesce(g.dossier_id, k.dossier_id) from"  # noqa: S608
        " (select cast(dossier_id as uuid) as dossier_id, events from given) g"
        f" full outer join {known} k on k.dossier_id = g.dossier_id"
        " where g.events is distinct from k.events"
        " and coalesce(g.dossier_id, k.dossier_id) is not null order by 1",
        {"files": files} if files else {},
    ).fetchall()
    connection.unregister("given")
    return [str(row[0]) for row in found]


_NONE = pa.table({"dossier_id": pa.array([], pa.string()), "events": pa.array([], pa.int64())})


def of_fact(files: Sequence[LakeFile], fact: str) -> list[LakeFile]:
    """The files of one fact."""
    return [file for file in files if file.fact == fact]
