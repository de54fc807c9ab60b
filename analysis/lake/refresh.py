"""Refreshing an agency's lake: what has changed since, exactly once, however often it is stopped.

    snapshot -> files under passing names -> on disk, named -> one transaction: files and mark
    -> the list beside the files -> what is old is swept

Until the transaction nobody counts the files; after it the rest can be done by the next refresh.
The first refresh, and one after the facts mean something else, reads everything: at once, or some
months at a time where it is much.
Later ones read the dossiers that changed and what is open, and rewrite the months these lie in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, empty_facts
from analysis.facts.office import gather, gather_few
from analysis.facts.source_sql import NOT_ENDED as NOT_ENDED_YET
from analysis.facts.source_sql import Ended, Scope, literal
from analysis.lake.changed import changed, of_fact
from analysis.lake.layout import NOT_ENDED, ORDER, LakeFile, part_sql
from analysis.lake.manifest import Manifest, Mark, enter, manifest
from analysis.lake.names import write_names
from analysis.lake.ordering import by_part, in_parts
from analysis.lake.publishing import publish_newest, sweep
from analysis.lake.whole import LakeDamaged, is_as_written, require_as_written
from analysis.lake.writing import Told, Writer, in_columns
from analysis.period import VIET_NAM
from engine.store.columns import from_microseconds, to_microseconds
from engine.store.database import Database
from engine.store.snapshot import Snapshot, snapshot_of

_BY_MONTH = ("step_interval", "dossier_fact")
"""Facts whose rows are written as they are read; the others are few and kept until the end."""
AT_ONCE = 1_000_000
"""How many runs of steps are read at once, some 700 bytes each; of more some months at a time."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did. dossiers: that had changed, None = all were read. swept: files gone."""

    number: int
    dossiers: int | None
    written: tuple[LakeFile, ...]
    files: int
    rows: int
    swept: int


def _silent(_what: str) -> None:
    """Nobody listens."""


def refresh(
    database: Database,
    agency_id: str,
    lake: Path,
    at: datetime,
    zone: ZoneInfo = VIET_NAM,
    told: Told = _silent,
) -> Refreshed:
    """Bring the agency's files up to now (LakeMovedOn where somebody else just did).

    at: now. told: hears each thing done.
    """
    lake.mkdir(parents=True, exist_ok=True)
    with database.read() as connection:
        before = manifest(connection, agency_id)
    number = 1 if before.mark is None else before.mark.number + 1
    at_us = to_microseconds(at)
    with snapshot_of(database) as snapshot, empty_facts(at_us, at_us, zone, lake) as facts:
        found = changed(snapshot, facts.connection, lake, before)
        told("looked")
        writer = Writer(lake, agency_id, (number - 1, number), told)
        job = _Job(snapshot, database, facts, writer, before)
        files, dossiers = job.files(found.dossiers)
    told("read")
    after = enter(database, before, Mark(number, at, found.xact, found.source), files, at)
    told("entered")
    with database.read() as connection:
        write_names(connection, agency_id, lake)
    publish_newest(database, agency_id, lake, zone)
    told("published")
    there = {file.name for file in before.files}
    written = tuple(file for file in after.files if file.name not in there)
    swept = sweep(database, agency_id, lake, at)
    return Refreshed(number, dossiers, written, len(files), sum(file.rows for file in files), swept)


@dataclass(frozen=True, slots=True)
class _Job:
    snapshot: Snapshot
    database: Database
    facts: Facts
    writer: Writer
    before: Manifest

    @property
    def agency_id(self) -> str:
        return self.writer.agency_id

    def files(self, dossiers: Sequence[str] | None) -> tuple[list[LakeFile], int | None]:
        """The files that count from now on, and of how many dossiers they are news; None: of all,
        also where a file that is read or taken over is not what was written.
        """
        if dossiers is not None:
            try:
                return self.changed(dossiers), len(dossiers)
            except (LakeDamaged, duckdb.Error):
                if all(is_as_written(self.writer.lake, file) for file in self.before.files):
                    raise
        return self.everything(), None

    def everything(self) -> list[LakeFile]:
        """All facts, as many months at a time as there is room for."""
        files: list[LakeFile] = []
        kept: dict[str, list[pa.Table]] = {name: [] for name in FACTS if name not in _BY_MONTH}
        for slice_ in self._slices():
            self._empty()
            scope = Scope(self.agency_id, part=slice_)
            for name, rows in gather_few(self.facts, self.snapshot, self.database, scope).items():
                files += self.writer.write_parts(in_parts(rows, name), name, self._old(name))
            for name, tables in kept.items():
                tables.append(self.facts.arrow(f"select * from {name}"))  # noqa: S608 - ours
        self._empty()
        for name, tables in kept.items():
            self.facts.connection.register("kept", pa.concat_tables(tables))
            once = "distinct" if name == "required_component" else ""  # read with every slice
            self.facts.connection.execute(f"insert into {name} select {once} * from kept")  # noqa: S608
            self.facts.connection.unregister("kept")
            files += self._written(name)
        return files

    def changed(self, dossiers: Sequence[str]) -> list[LakeFile]:
        """The files that are still right, and new ones of the parts where something changed."""
        self._gather(Scope(self.agency_id, dossiers))
        connection = self.facts.connection
        connection.execute("create table touched (dossier_id uuid)")
        connection.execute("insert into touched select unnest($ids::uuid[])", {"ids": dossiers})
        files: list[LakeFile] = []
        for fact in FACTS:
            old = of_fact(self.before.files, fact)
            if fact != "required_component":
                part = part_sql(fact, self.facts.zone.key)
                connection.execute(
                    f"delete from {fact} where {part} <> {NOT_ENDED} and dossier_id not in"  # noqa: S608
                    " (select dossier_id from touched)"
                )
            anew = self._parts_of(fact) | {NOT_ENDED}
            anew |= self._touched_parts(fact, old) if dossiers else set()
            self._keep_others(fact, [file for file in old if file.part in anew - {NOT_ENDED}])
            files += [file for file in old if file.part not in anew]
            files += self._written(fact)
        return files

    def _keep_others(self, fact: str, old: Sequence[LakeFile]) -> None:
        """Take over from files that are written anew the rows of dossiers that did not change
        (LakeDamaged).
        """
        if old:
            require_as_written(self.writer.lake, old)
            self.facts.connection.execute(
                f"insert into {fact} by name select * from {self._files(old)}"  # noqa: S608
                " where dossier_id not in (select dossier_id from touched)"
            )

    def _touched_parts(self, fact: str, old: Sequence[LakeFile]) -> set[int]:
        """Parts in which the lake has rows of dossiers that changed."""
        if not old or fact == "required_component":
            return set()
        part_of = {str(self.writer.lake / file.name): file.part for file in old}
        found = self.facts.rows(
            f"select distinct filename from {self._files(old, filename=True)}"  # noqa: S608
            " where dossier_id in (select dossier_id from touched)"
        )
        return {part_of[row["filename"]] for row in found}

    def _files(self, files: Sequence[LakeFile], *, filename: bool = False) -> str:
        paths = ", ".join(literal(str(self.writer.lake / file.name)) for file in files)
        return f"read_parquet([{paths}], filename = {filename}, hive_partitioning = false)"

    def _gather(self, scope: Scope) -> None:
        self._empty()
        gather(self.facts, self.snapshot, self.database, scope)

    def _empty(self) -> None:
        for name in FACTS:
            self.facts.connection.execute(f"delete from {name}")  # noqa: S608

    def _written(self, name: str) -> list[LakeFile]:
        """Everything in a table of the facts, a file a part."""
        part = part_sql(name, self.facts.zone.key)
        rows = in_columns(
            self.facts.connection,
            f"select *, {part} as part from {name} order by part, {ORDER[name]}",  # noqa: S608 - ours
        )
        return self.writer.write_parts(by_part(rows), name, self._old(name))

    def _old(self, name: str) -> dict[int, LakeFile]:
        return {file.part: file for file in of_fact(self.before.files, name)}

    def _parts_of(self, name: str) -> set[int]:
        part = part_sql(name, self.facts.zone.key)
        found = self.facts.rows(f"select distinct {part} as part from {name}")  # noqa: S608
        return {row["part"] for row in found}

    def _slices(self) -> list[Ended | None]:
        """What is read at a time: everything, or some months in which something ended."""
        months = self._months()
        if sum(runs for _, runs in months) <= AT_ONCE:
            return [None]
        found: list[Ended | None] = [NOT_ENDED_YET]
        begin, held = months[0][0], 0
        for month, runs in months:
            if held and held + runs > AT_ONCE:
                found.append(self._ended(begin, month))
                begin, held = month, 0
            held += runs
        return [*found, self._ended(begin, _following(months[-1][0]))]

    def _months(self) -> list[tuple[date, int]]:
        """The months from the first in which anything ended to the last, and how many steps."""
        of_agency = f"agency_id = {literal(self.agency_id)}"
        counted = self.snapshot.table(
            "select month, count(*) as n from step_run"  # noqa: S608
            f" where {of_agency} and month is not null group by month"
        ).to_pylist()
        runs = {date(row["month"] // 100, row["month"] % 100, 1): row["n"] for row in counted}
        (row,) = self.snapshot.table(
            "select min(finished_at) as a, max(finished_at) as b,"  # noqa: S608
            f" (select min(until) from pause where {of_agency}) as c,"
            f" (select max(until) from pause where {of_agency}) as d"
            f" from dossier where {of_agency}"
        ).to_pylist()
        ended = [each for each in row.values() if each]
        days = [from_microseconds(each).astimezone(self.facts.zone).date() for each in ended]
        ends = [*runs, *(day.replace(day=1) for day in days)]
        found = []
        month = min(ends, default=None)
        while month is not None and month <= max(ends):
            found.append((month, runs.get(month, 0)))
            month = _following(month)
        return found

    def _ended(self, first: date, beyond: date) -> Ended:
        last = beyond - timedelta(days=1)
        return Ended(
            first.year * 100 + first.month,
            last.year * 100 + last.month,
            self._us(first),
            self._us(beyond),
        )

    def _us(self, day: date) -> int:
        return to_microseconds(datetime(day.year, day.month, day.day, tzinfo=self.facts.zone))


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
