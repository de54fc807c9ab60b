"""What agencies and their procedures are called, for readers of a lake who know them by code only.

A small file for each agency beside its list, written at every refresh. Nobody counts by names: a
lake without them is read as well, and says codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection

from analysis.lake.layout import manifest_of
from analysis.lake.whole import put
from analysis.source import agency_names, procedure_names


@dataclass(frozen=True, slots=True)
class Names:
    """By code: agencies, and procedures of any agency (of several names the first agency's)."""

    agencies: Mapping[str, str]
    procedures: Mapping[str, str]


def write_names(connection: Connection, agency_id: str, lake: Path) -> None:
    """Say how the agency and its procedures are called now."""
    agencies = {row.agency_id: row.name for row in connection.execute(agency_names())}
    procedures = {row.code: row.name for row in connection.execute(procedure_names(agency_id))}
    told = {"agency": agency_id, "name": agencies.get(agency_id, ""), "procedures": procedures}
    put(_path(lake, agency_id), orjson.dumps(told, option=orjson.OPT_INDENT_2))


def read_names(lake: Path) -> Names:
    """All that agencies of the lake have told."""
    agencies: dict[str, str] = {}
    procedures: dict[str, str] = {}
    for path in sorted((lake / "manifest").glob("names=*.json")):
        told = orjson.loads(path.read_bytes())
        if told["name"]:
            agencies[told["agency"]] = told["name"]
        procedures = told["procedures"] | procedures
    return Names(agencies, procedures)


def _path(lake: Path, agency_id: str) -> Path:
    path = lake / manifest_of(agency_id)
    return path.with_name(path.name.replace("agency=", "names=", 1))
