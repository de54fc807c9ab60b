"""Whether a lake is what it says: files byte for byte, facts row for row with the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts
from analysis.facts.office import office_facts
from analysis.lake.manifest import Manifest
from analysis.lake.reading import current_facts
from analysis.lake.whole import is_as_written
from engine.store.database import Database


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that both have, and rows that one has and the other has not."""

    same: int
    different: int


@dataclass(frozen=True, slots=True)
class Compared:
    """damaged: files that are not there or not what was written. rows: of each fact."""

    damaged: tuple[str, ...]
    rows: Mapping[str, Rows]

    @property
    def faulty(self) -> bool:
        return bool(self.damaged) or any(each.different for each in self.rows.values())


def compare(database: Database, listed: Manifest, lake: Path, at: datetime) -> Compared:
    """Compare the lake, with what the database knows beyond it, with the tables alone.

    Damaged files are told and nothing more is compared. Between the two readings nobody may act:
    what happens then differs. at: now.
    """
    damaged = tuple(file.name for file in listed.files if not is_as_written(lake, file))
    if damaged:
        return Compared(damaged, {})
    with (
        office_facts(database, listed.agency_id, at) as office,
        current_facts(database, listed.agency_id, lake, at) as current,
    ):
        return Compared((), {name: _rows(office, current, name) for name in FACTS})


def _rows(one: Facts, other: Facts, fact: str) -> Rows:
    """Rows of both, counted as often as they are there."""
    other.connection.register("theirs", one.arrow(f"from {fact}"))
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in FACTS[fact].items())
    found = other.rows(f"""
        with mine as (select {columns} from {fact}), theirs as (select {columns} from theirs),
        missing as (select count(*) as n from (from theirs except all from mine)),
        more as (select count(*) as n from (from mine except all from theirs))
        select (select count(*) from mine) as whole, (select n from missing) as missing,
            (select n from more) as more""")[0]  # noqa: S608 - names of ours
    other.connection.unregister("theirs")
    return _counted(found)


def _counted(row: Mapping[str, Any]) -> Rows:
    return Rows(row["whole"] - row["more"], row["missing"] + row["more"])
