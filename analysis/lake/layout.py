"""Where a lake's files lie and how a fact is divided into them.

    <fact>/agency=<agency>/part=<yyyymm>/<from>-<to>-<sha256>.parquet
    manifest/agency=<agency>.json      the files that count, for readers without the database

`part` is the month in which something ended, 0 for what has not. `from` and `to` are the numbers of
the refreshes between which the file was written. Spark, Trino and DuckDB understand the folders.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import orjson

from analysis.facts.columns import FACTS

ENDED: Mapping[str, str] = MappingProxyType(
    {
        "step_interval": "ended_us",
        "dossier_fact": "finished_us",
        "pause_fact": "until_us",
        "missing_component": "asked_us",
    }
)
"""Of each fact the moment that says in which part it lies; what has none lies in part 0."""

ORDER: Mapping[str, str] = MappingProxyType(
    {
        "step_interval": "dossier_id, step_run_id",
        "dossier_fact": "dossier_id",
        "pause_fact": "dossier_id, since_us, kind, until_us",
        "missing_component": "dossier_id, asked_us, component",
        "required_component": "procedure_code, version_id, component",
    }
)
"""In which order rows lie: the same rows are the same file, and a dossier is found by its range."""

MONTH: Mapping[str, str] = MappingProxyType(
    {"step_interval": "month", "dossier_fact": "finished_month"}
)
"""Of facts that say in which month they ended, the column that does."""

UNIQUE = ("dossier_id", "step_run_id", "code")
"""Columns in which few rows have the same: a list of the different ones would be as long."""

ENCODING = 4
"""Which way of counting and writing rows this is: another number where the same tables become
other rows, or the same rows other bytes."""

NOT_ENDED = 0
"""The part of what has not ended, and of what belongs to no month."""


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file that counts. name: its path within the lake; sha256: of its bytes."""

    name: str
    fact: str
    part: int
    rows: int
    bytes: int
    sha256: str


def folder_of(agency_id: str, fact: str, part: int) -> Path:
    """Where files of a part lie, within the lake."""
    return Path(fact) / f"agency={quote(agency_id, safe='')}" / f"part={part}"


def manifest_of(agency_id: str) -> Path:
    """The agency's list of files, within the lake."""
    return Path("manifest") / f"agency={quote(agency_id, safe='')}.json"


def definition() -> str:
    """A digest of what the facts are and of how they are written: where it differs, everything is
    written anew.
    """
    told = {name: dict(columns) for name, columns in FACTS.items()}
    return hashlib.sha256(orjson.dumps([told, dict(ORDER), ENCODING])).hexdigest()[:16]


def part_sql(fact: str, zone: str) -> str:
    """An expression: the part of a row."""
    ended = ENDED.get(fact)
    if ended is None:
        return str(NOT_ENDED)
    if fact in MONTH:
        return f"coalesce({MONTH[fact]}, {NOT_ENDED})"
    local = f"make_timestamptz({ended}) at time zone '{zone}'"
    return f"coalesce(cast(year({local}) * 100 + month({local}) as integer), {NOT_ENDED})"
