"""Rolling up a lake: counted again only for the months whose files are others than before.

A roll-up's files and the files they were counted from stand in one list, which is replaced as a
whole. Lateness by step and missing components are those of `analysis.queues`, month by month.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pyarrow as pa

from analysis.facts.facts import Facts
from analysis.facts.source_sql import literal
from analysis.lake.binning import DURATIONS, STEPS, step_bins
from analysis.lake.bins import FORTIETH
from analysis.lake.layout import NOT_ENDED, LakeFile, definition
from analysis.lake.publishing import GRACE, Published, published
from analysis.lake.reading import lake_facts
from analysis.lake.roll_up_sql import FEW_ROWS, ROLL_UP_ORDER, ROLL_UPS, ROWS_TOGETHER
from analysis.lake.whole import LakeDamaged, is_there, older, passing_name, put, sha256_of
from analysis.queues.attribution import lateness_by_step
from analysis.queues.missing import component_counts
from analysis.queues.scope import Scope
from engine.store.columns import to_microseconds

LIST = Path("manifest") / "roll_ups.json"
_FOLDER = Path("roll_up")
_FROM = ("step_interval", "dossier_fact")


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What a rolling up did. counted: parts that were counted again."""

    counted: tuple[int, ...]
    files: tuple[LakeFile, ...]


def roll_up(lake: Path, at: datetime) -> RolledUp:
    """Bring the roll-ups up to what the lake's lists say now (NoLake, LakeOutdated).

    at: now.
    """
    lists = published(lake)
    before = _before(lake)
    wanted = _sources(lists)
    with lake_facts(lake) as facts:
        files: list[LakeFile] = []
        counted = []
        for part, source in sorted(wanted.items()):
            known = [LakeFile(**file) for file in before.get(str(part), {}).get("files", ())]
            same = before.get(str(part), {}).get("source") == source
            if same and all(is_there(lake, file) for file in known):
                files += known
            else:
                counted.append(part)
                files += _part(facts, lake, part)
    _publish(lake, wanted, files, min(each.fresh_us for each in lists))
    _sweep(lake, files, at)
    return RolledUp(tuple(counted), tuple(files))


_FUNCTIONS = 2
"""Counts up when a roll-up that a function counts means something else than before."""


def _sources(lists: Sequence[Published]) -> dict[int, str]:
    """Of each part a digest of what it is counted from."""
    parts: dict[int, list[str]] = {NOT_ENDED: []}
    missing = []
    for each in lists:
        for file in each.files:
            if file.fact in _FROM:
                parts.setdefault(file.part, []).append(file.sha256)
            else:
                missing.append(file.sha256)
    everything = [name for names in parts.values() for name in names]
    parts[NOT_ENDED] += everything + missing  # the missing components are counted with part 0
    told = [
        *(definition(), {**ROLL_UPS}, {**ROLL_UP_ORDER}),
        *({**ROWS_TOGETHER}, FEW_ROWS, STEPS, DURATIONS, FORTIETH, _FUNCTIONS),
    ]
    return {
        part: hashlib.sha256(orjson.dumps([told, sorted(names)])).hexdigest()
        for part, names in parts.items()
    }


def _part(facts: Facts, lake: Path, part: int) -> list[LakeFile]:
    """Every roll-up of one part."""
    files = [_counted(facts, lake, name, part) for name in ROLL_UPS]
    if part == NOT_ENDED:
        months = facts.rows("select distinct received_month as m from dossier_fact order by m")
        rows = [row for m in months for row in _missing(facts, m["m"])]
        files.append(_kept(facts, lake, "missing_month", part, _table(rows)))
    else:
        files.append(_kept(facts, lake, "step_bins", part, step_bins(facts, part)))
        files.append(_kept(facts, lake, "lateness_month", part, _table(_lateness(facts, part))))
    return [file for file in files if file is not None]


def _lateness(facts: Facts, month: int) -> list[Mapping[str, Any]]:
    owed = lateness_by_step(facts, _month(facts, month)).owed
    return [asdict(each) | {"month": month} for each in owed]


def _missing(facts: Facts, month: int) -> list[Mapping[str, Any]]:
    """Also what nobody lacked in the month: of several months, those count in the whole."""
    return [row | {"month": month} for row in component_counts(facts, _month(facts, month))]


def _month(facts: Facts, month: int) -> Scope:
    """The moments of a month in the office's zone."""
    year, number = divmod(month, 100)
    begin, end = date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
    return Scope(_moment(begin, facts.zone), _moment(end, facts.zone))


def _moment(day: date, zone: ZoneInfo) -> int:
    return to_microseconds(datetime(day.year, day.month, day.day, tzinfo=zone))


def _counted(facts: Facts, lake: Path, name: str, part: int) -> LakeFile | None:
    begin = datetime(2000 if part == NOT_ENDED else part // 100, 1, 1, tzinfo=facts.zone)
    offset = begin.utcoffset()
    assert offset is not None, "a moment in a zone has an offset"
    values = {"part": part, "offset_us": int(offset.total_seconds()) * 1_000_000}
    sql = ROLL_UPS[name]
    for key, value in values.items():
        sql = sql.replace(f"${key}", str(value))
    return _write(facts, lake, name, part, sql)


def _table(rows: Sequence[Mapping[str, Any]]) -> pa.Table | None:
    return pa.Table.from_pylist([dict(row) for row in rows]) if rows else None


def _kept(facts: Facts, lake: Path, name: str, part: int, rows: pa.Table | None) -> LakeFile | None:
    if rows is None:
        return None
    facts.connection.register("rolled", rows)
    file = _write(facts, lake, name, part, "select * from rolled")
    facts.connection.unregister("rolled")
    return file


def _write(facts: Facts, lake: Path, name: str, part: int, sql: str) -> LakeFile | None:
    folder = lake / _FOLDER / name / f"part={part}"
    folder.mkdir(parents=True, exist_ok=True)
    passing = passing_name(folder / name)
    answer = facts.connection.execute(
        f"copy (select * from ({sql}) order by {ROLL_UP_ORDER[name]})"  # noqa: S608 - ours
        f" to {literal(str(passing))} (format parquet, parquet_version v2, compression zstd,"
        f" row_group_size {ROWS_TOGETHER.get(name, FEW_ROWS)})"
    ).fetchone()
    assert answer is not None, "COPY tells how many rows it wrote"
    if not answer[0]:
        passing.unlink()
        return None
    sha256 = sha256_of(passing)
    path = folder / f"{sha256}.parquet"
    size = passing.stat().st_size
    passing.rename(path)
    return LakeFile(str(path.relative_to(lake)), name, part, answer[0], size, sha256)


def _listed(lake: Path) -> dict[str, Any]:
    """What was rolled up, of each part; nothing where there is no list (LakeDamaged)."""
    path = lake / LIST
    if not path.is_file():
        return {"fresh_us": 0, "parts": {}}
    try:
        return dict(orjson.loads(path.read_bytes()))
    except (orjson.JSONDecodeError, TypeError) as unreadable:
        raise LakeDamaged(file=LIST) from unreadable


def _before(lake: Path) -> dict[str, Any]:
    """The parts as they were rolled up before; none where nobody can read that."""
    try:
        return dict(_listed(lake)["parts"])
    except (LakeDamaged, KeyError):
        return {}


def _publish(
    lake: Path, wanted: Mapping[int, str], files: Sequence[LakeFile], fresh_us: int
) -> None:
    parts = {
        str(part): {"source": source, "files": [asdict(f) for f in files if f.part == part]}
        for part, source in sorted(wanted.items())
    }
    put(
        lake / LIST,
        orjson.dumps({"fresh_us": fresh_us, "parts": parts}, option=orjson.OPT_INDENT_2),
    )


def _sweep(lake: Path, files: Sequence[LakeFile], at: datetime) -> None:
    """Remove files that have not counted for a day: whoever reads has begun later."""
    counted = {file.name for file in files}
    found = (lake / _FOLDER).glob("*/part=*/*")
    others = (path for path in found if str(path.relative_to(lake)) not in counted)
    for path in older(others, (at - GRACE).timestamp()):
        path.unlink(missing_ok=True)


def rolled_files(lake: Path) -> tuple[LakeFile, ...]:
    """The files of the roll-ups that count (LakeDamaged)."""
    parts = _listed(lake)["parts"].values()
    return tuple(LakeFile(**file) for part in parts for file in part["files"])


def rolled_us(lake: Path) -> int:
    """Up to when every agency's facts were known that were rolled up (LakeDamaged)."""
    listed = _listed(lake)
    if "fresh_us" not in listed:  # an earlier version's: it would look like 1970
        raise LakeDamaged(file=LIST)
    return int(listed["fresh_us"])
