"""Refreshing an agency's lake: what has changed since, exactly once, however often it is stopped.

    snapshot -> files under passing names -> on disk, named -> one transaction: files and mark
    -> the list beside the files -> what is old is swept

Until the transaction nobody counts the files; after it the rest can be done by the next refresh.
The first refresh, and one after the facts mean something else, reads everything, a month at a time.
Later ones read the dossiers that changed and what is open, and rewrite the months these lie in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, empty_facts
from analysis.facts.office import gather
from analysis.facts.source_sql import Scope, literal
from analysis.lake.changed import changed, of_fact
from analysis.lake.layout import NOT_ENDED, LakeFile, part_sql
from analysis.lake.manifest import Manifest, Mark, enter, manifest
from analysis.lake.publishing import publish, sweep
from analysis.lake.writing import Told, Writer
from analysis.period import VIET_NAM
from engine.store.columns import from_microseconds, to_microseconds
from engine.store.database import Database
from engine.store.snapshot import Snapshot, snapshot_of

_BY_MONTH = ("step_interval", "dossier_fact")
"""Facts whose rows are read month by month; the others are few and are kept until the end."""


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
    with snapshot_of(database) as snapshot:
        found = changed(snapshot, lake, before)
        told("looked")
        job = _Job(
            snapshot,
            database,
            empty_facts(to_microseconds(at), to_microseconds(at), zone, lake),
            Writer(lake, agency_id, (number - 1, number), told),
            before,
        )
        with job.facts:
            files = job.everything() if found.dossiers is None else job.changed(found.dossiers)
    told("read")
    after = enter(database, before, Mark(number, at, found.xact, found.source), files, at)
    told("entered")
    publish(lake, after, zone)
    told("published")
    there = {file.name for file in before.files}
    written = tuple(file for file in after.files if file.name not in there)
    number_of = None if found.dossiers is None else len(found.dossiers)
    swept = sweep(database, agency_id, lake, at)
    return Refreshed(
        number, number_of, written, len(files), sum(file.rows for file in files), swept
    )


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

    def everything(self) -> list[LakeFile]:
        """All facts, month by month."""
        files: list[LakeFile] = []
        kept: dict[str, list[pa.Table]] = {name: [] for name in FACTS if name not in _BY_MONTH}
        for part in self._parts():
            self._gather(Scope(self.agency_id, part=part, is_sqlite=self.snapshot.is_sqlite))
            files += self._written(_BY_MONTH, {part[0]})
            for name, tables in kept.items():
                tables.append(self.facts.arrow(f"select * from {name}"))  # noqa: S608 - ours
        self._empty()
        for name, tables in kept.items():
            self.facts.connection.register("kept", pa.concat_tables(tables))
            once = "distinct" if name == "required_component" else ""  # read with every month
            self.facts.connection.execute(f"insert into {name} select {once} * from kept")  # noqa: S608
            self.facts.connection.unregister("kept")
            files += self._written((name,), self._parts_of(name))
        return files

    def changed(self, dossiers: Sequence[str]) -> list[LakeFile]:
        """The files that are still right, and new ones of the parts where something changed."""
        self._gather(Scope(self.agency_id, dossiers, is_sqlite=self.snapshot.is_sqlite))
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
            anew = self._parts_of(fact) | self._touched_parts(fact, old) | {NOT_ENDED}
            self._keep_others(fact, [file for file in old if file.part in anew - {NOT_ENDED}])
            files += [file for file in old if file.part not in anew]
            files += self._written((fact,), anew)
        return files

    def _keep_others(self, fact: str, old: Sequence[LakeFile]) -> None:
        """Take over from files that are written anew the rows of dossiers that did not change."""
        if old:
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

    def _written(self, names: Sequence[str], parts: set[int]) -> list[LakeFile]:
        zone = self.facts.zone.key
        old = {(file.fact, file.part): file for file in self.before.files}
        found = [
            self.writer.write(
                self.facts.connection,
                f"select * from {name} where {part_sql(name, zone)} = {part}",  # noqa: S608
                name,
                part,
                old.get((name, part)),
            )
            for name in names
            for part in sorted(parts)
        ]
        return [file for file in found if file is not None]

    def _parts_of(self, name: str) -> set[int]:
        part = part_sql(name, self.facts.zone.key)
        found = self.facts.rows(f"select distinct {part} as part from {name}")  # noqa: S608
        return {row["part"] for row in found}

    def _parts(self) -> list[tuple[int, int, int]]:
        """The months in which something ended, with their moments, and what has not ended."""
        of_agency = f"where agency_id = {literal(self.agency_id)}"
        (row,) = self.snapshot.table(
            "select (select min(month) from step_run "  # noqa: S608
            f"{of_agency}) as a, (select max(month) from step_run {of_agency}) as b,"
            f" (select min(finished_at) from dossier {of_agency}) as c,"
            f" (select max(finished_at) from dossier {of_agency}) as d"
        ).to_pylist()
        ends = [date(each // 100, each % 100, 1) for each in (row["a"], row["b"]) if each]
        finished = [each for each in (row["c"], row["d"]) if each]
        ends += [from_microseconds(each).astimezone(self.facts.zone).date() for each in finished]
        found = [(NOT_ENDED, 0, 0)]
        if ends:
            month, last = min(ends).replace(day=1), max(ends)
            while month <= last:
                following = _following(month)
                found.append((month.year * 100 + month.month, self._us(month), self._us(following)))
                month = following
        return found

    def _us(self, day: date) -> int:
        return to_microseconds(datetime(day.year, day.month, day.day, tzinfo=self.facts.zone))


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
