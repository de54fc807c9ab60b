"""Facts out of the lake: views of its files, of one agency or of a whole city.

`lake_facts` is what the files say, each agency as of its last refresh. `current_facts` also asks an
agency's database for what has changed since: the same as `office_facts`, to the last digit.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, connected, empty_facts
from analysis.facts.office import gather, office_facts
from analysis.facts.source_sql import Scope, literal
from analysis.lake.changed import changed, of_fact
from analysis.lake.layout import NOT_ENDED, LakeFile, definition, part_sql
from analysis.lake.manifest import manifest
from analysis.lake.publishing import Published, published
from analysis.lake.whole import require_there
from analysis.period import VIET_NAM
from engine.store.columns import to_microseconds
from engine.store.database import Database
from engine.store.snapshot import snapshot_of
from processes.errors import Conflict


class LakeOutdated(Conflict):
    """Files of a lake were written by another version of the product."""

    code = "lake.outdated"
    vi = "Kho phân tích của {agency} do phiên bản khác ghi. Chạy ở đó: quytrinh lake refresh."
    en = "The lake of {agency} was written by another version. Run there: quytrinh lake refresh."


def lake_facts(lake: Path, agencies: Collection[str] | None = None) -> Facts:
    """What the files of some agencies say, or of all (NoLake, LakeOutdated, LakeDamaged).

    Open dossiers are as they were when their agency was refreshed; `fresh_us` is the earliest.
    """
    lists = readable(lake, agencies)
    fresh = min((each.fresh_us for each in lists), default=0)
    zone = lists[0].zone if lists else VIET_NAM
    connection = connected(lake)
    files = [file for each in lists for file in each.files]
    for fact in FACTS:
        view(connection, fact, lake, of_fact(files, fact))
    return Facts(connection, fresh, fresh, zone)


def readable(lake: Path, agencies: Collection[str] | None = None) -> list[Published]:
    """The lists of some agencies, or of all, whose files say what this version means by them and
    are there (NoLake, LakeOutdated, LakeDamaged).
    """
    lists = [each for each in published(lake) if agencies is None or each.agency_id in agencies]
    for each in lists:
        if each.definition != definition():
            raise LakeOutdated(agency=each.agency_id)
        require_there(lake, each.files)
    return lists


def current_facts(
    database: Database, agency_id: str, lake: Path, at: datetime, zone: ZoneInfo = VIET_NAM
) -> Facts:
    """The agency's facts as of now: its files, and its database for all that is not in them."""
    with database.read() as connection:
        before = manifest(connection, agency_id)
    facts = empty_facts(to_microseconds(at), to_microseconds(at), zone, lake)
    with snapshot_of(database) as snapshot:
        found = changed(snapshot, facts.connection, lake, before)
        if found.dossiers is None:
            facts.close()
            return office_facts(database, agency_id, at, zone)
        gather(facts, snapshot, database, Scope(agency_id, found.dossiers))
    _lay_over(facts, lake, before.files, found.dossiers)
    return facts


def view(
    connection: duckdb.DuckDBPyConnection, name: str, lake: Path, files: Sequence[LakeFile]
) -> None:
    """A view of files under the name of their fact; without files an empty table (LakeDamaged)."""
    require_there(lake, files)
    columns = ", ".join(FACTS[name])
    if not files:
        declared = ", ".join(f"{column} {kind}" for column, kind in FACTS[name].items())
        connection.execute(f"create table {name} ({declared})")
        return
    connection.execute(f"create view {name} as select {columns} from {_read(lake, files)}")  # noqa: S608


def _lay_over(facts: Facts, lake: Path, files: Sequence[LakeFile], dossiers: Sequence[str]) -> None:
    """Make views: what was just read of changed dossiers and open steps, the rest from files."""
    connection = facts.connection
    connection.execute("create table touched (dossier_id uuid)")
    connection.execute("insert into touched select unnest($ids::uuid[])", {"ids": dossiers})
    unchanged = "dossier_id not in (select dossier_id from touched)" if dossiers else "true"
    for fact, columns in FACTS.items():
        if fact == "required_component":
            continue
        part = part_sql(fact, facts.zone.key)
        connection.execute(f"delete from {fact} where {part} <> {NOT_ENDED} and {unchanged}")  # noqa: S608
        ended = [file for file in of_fact(files, fact) if file.part != NOT_ENDED]
        if ended:
            connection.execute(f"alter table {fact} rename to {fact}_anew")
            named = ", ".join(columns)
            connection.execute(
                f"create view {fact} as select {named} from {fact}_anew"  # noqa: S608
                f" union all select {named} from {_read(lake, ended)} where {unchanged}"
            )


def _read(lake: Path, files: Sequence[LakeFile]) -> str:
    paths = ", ".join(literal(str(lake / file.name)) for file in files)
    return f"read_parquet([{paths}], hive_partitioning = false)"
