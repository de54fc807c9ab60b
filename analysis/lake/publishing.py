"""The list of an agency's files beside them, for those who read a lake without its database.

It is replaced as a whole after the database has committed the same list. Who read the list before
finds its files for a day more.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import orjson

from analysis.lake.layout import LakeFile, definition, manifest_of
from analysis.lake.manifest import Manifest, forget_superseded, known_names, manifest
from analysis.lake.whole import PASSING, LakeDamaged, older, put
from engine.store.columns import to_microseconds
from engine.store.database import Database
from processes.errors import InvalidInput

GRACE = timedelta(days=1)
"""How long a file stays that no longer counts: whoever reads a lake has begun later than that."""


class NoLake(InvalidInput):
    """There is no lake in the folder."""

    code = "lake.none"
    vi = "Không có kho phân tích ở {folder}. Chạy: quytrinh lake refresh."
    en = "There is no lake in {folder}. Run: quytrinh lake refresh."


@dataclass(frozen=True, slots=True)
class Published:
    """An agency's files as they were listed. fresh_us: up to when they know everything."""

    agency_id: str
    number: int
    fresh_us: int
    zone: ZoneInfo
    definition: str
    files: tuple[LakeFile, ...]


def publish(lake: Path, counted: Manifest, zone: ZoneInfo) -> None:
    """Replace the agency's list by what counts now."""
    assert counted.mark is not None, "what was refreshed has a mark"
    told = {
        "agency": counted.agency_id,
        "number": counted.mark.number,
        "fresh_us": to_microseconds(counted.mark.fresh_at),
        "zone": zone.key,
        "definition": definition(),
        "files": [asdict(file) for file in counted.files],
    }
    put(lake / manifest_of(counted.agency_id), orjson.dumps(told, option=orjson.OPT_INDENT_2))


def publish_newest(database: Database, agency_id: str, lake: Path, zone: ZoneInfo) -> None:
    """Replace the list by what the database says: also after somebody else, who was slower to
    enter and faster to publish, and again where somebody enters meanwhile.
    """
    counted = _counted(database, agency_id)
    while True:
        publish(lake, counted, zone)
        newest = _counted(database, agency_id)
        if newest.mark == counted.mark:
            return
        counted = newest


def _counted(database: Database, agency_id: str) -> Manifest:
    with database.read() as connection:
        return manifest(connection, agency_id)


def published(lake: Path) -> tuple[Published, ...]:
    """Every agency's list, in the order of their names (NoLake, LakeDamaged)."""
    found = [_list(lake, path) for path in sorted((lake / "manifest").glob("agency=*.json"))]
    if not found:
        raise NoLake(folder=lake)
    return tuple(found)


def _list(lake: Path, path: Path) -> Published:
    try:
        return _read(path)
    except (orjson.JSONDecodeError, KeyError, TypeError) as unreadable:
        raise LakeDamaged(file=path.relative_to(lake)) from unreadable


def _read(path: Path) -> Published:
    told = orjson.loads(path.read_bytes())
    return Published(
        told["agency"],
        told["number"],
        told["fresh_us"],
        ZoneInfo(told["zone"]),
        told["definition"],
        tuple(LakeFile(**file) for file in told["files"]),
    )


def sweep(database: Database, agency_id: str, lake: Path, at: datetime) -> int:
    """Remove the agency's files that nobody may be reading any more; how many there were.

    Those that have not counted for a day, and those that never did and are a day old: left behind
    by who was stopped, or came too late.
    """
    gone = forget_superseded(database, agency_id, at - GRACE)
    with database.read() as connection:
        known = known_names(connection, agency_id)
    never = (f for f in _files_of(lake, agency_id) if str(f.relative_to(lake)) not in known)
    orphans = older(never, (at - GRACE).timestamp())
    for path in [*(lake / name for name in gone), *orphans]:
        path.unlink(missing_ok=True)
    return len(gone) + len(orphans)


def _files_of(lake: Path, agency_id: str) -> list[Path]:
    folders = (each for each in lake.glob("*/agency=*") if each.is_dir())
    own = [each for each in folders if unquote(each.name.removeprefix("agency=")) == agency_id]
    found = [path for folder in own for path in folder.glob("part=*/*")]
    return found + list((lake / "manifest").glob(f"*{PASSING}"))
