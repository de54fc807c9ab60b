"""`quytrinh lake`: the Parquet lake refreshed, looked at, and compared with the office's tables."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from analysis.lake.comparing import compare
from analysis.lake.manifest import manifest
from analysis.lake.publishing import published
from analysis.lake.refresh import refresh
from analysis.lake.rolling import roll_up
from analysis.period import VIET_NAM
from api.cli.options import Database, settings_with
from api.cli.post import Agency, at_work
from api.cli.refusal import told_to_people
from engine.store.columns import from_microseconds
from processes.errors import InvalidInput

lake = typer.Typer(help="Kho phân tích / the analysis lake", no_args_is_help=True)
Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="Thư mục kho / folder of the lake; QUYTRINH_LAKE_FOLDER"),
]
Json = Annotated[bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")]
_DIFFERENT = 1


class NoLakeFolder(InvalidInput):
    """No folder is named in which a lake is or should be."""

    code = "lake.no_folder"
    vi = "Chưa khai thư mục kho phân tích. Thêm --folder hoặc đặt QUYTRINH_LAKE_FOLDER."
    en = "No folder of a lake is named. Give --folder or set QUYTRINH_LAKE_FOLDER."


def _folder(given: Path | None) -> Path:
    found = given or settings_with().lake_folder
    if found is None:
        raise NoLakeFolder
    return found.resolve()


@lake.command("refresh")
def refresh_lake(
    folder: Folder = None,
    agency: Agency = None,
    database: Database = None,
    json: Json = False,
) -> None:
    """Ghi vào kho những gì đã đổi, rồi tổng hợp. / Write what has changed, then roll up."""
    with at_work(database, agency) as (office, actor):
        place, now = _folder(folder), office.clock.now()
        done = refresh(office.database, actor.agency_id, place, now)
        rolled = roll_up(place, now)
    if json:
        told = {
            "agency": actor.agency_id,
            "number": done.number,
            "dossiers": done.dossiers,
            "written": [file.name for file in done.written],
            "files": done.files,
            "rows": done.rows,
            "swept": done.swept,
            "rolled_up": rolled.counted,
        }
        typer.echo(orjson.dumps(told).decode())
        return
    read = "tất cả / all" if done.dossiers is None else f"{done.dossiers:,}"
    typer.echo(f"Lần / refresh {done.number}: {read} hồ sơ / dossiers")
    typer.echo(
        f"{len(done.written)} tệp mới / new files; {done.files} tệp / files, {done.rows:,} dòng"
    )
    typer.echo(f"{len(rolled.counted)} tháng tổng hợp lại / months rolled up")


@lake.command("status")
def status(folder: Folder = None, json: Json = False) -> None:
    """Kho đang có gì, của cơ quan nào, đến lúc nào. / What the lake holds, of whom, up to when."""
    with told_to_people():
        lists = published(_folder(folder))
    found = [
        {
            "agency": each.agency_id,
            "refresh": each.number,
            "fresh_at": _local(from_microseconds(each.fresh_us)),
            "files": len(each.files),
            "rows": sum(file.rows for file in each.files),
            "bytes": sum(file.bytes for file in each.files),
        }
        for each in lists
    ]
    if json:
        typer.echo(orjson.dumps(found).decode())
        return
    for each in found:
        typer.echo(
            f"{each['agency']}: {each['rows']:,} dòng / rows, {each['files']} tệp / files,"
            f" {each['bytes']:,} B, đến / up to {each['fresh_at']}"
        )


@lake.command("verify")
def verify(folder: Folder = None, agency: Agency = None, database: Database = None) -> None:
    """So từng dòng của kho với cơ sở dữ liệu. / Compare every row with the database.

    Mã thoát 1: có chỗ khác. / Exit code 1: something differs.
    """
    with at_work(database, agency) as (office, actor):
        place, now = _folder(folder), office.clock.now()
        with office.database.read() as connection:
            listed = manifest(connection, actor.agency_id)
        found = compare(office.database, listed, place, now)
    for each in found.damaged:
        typer.echo(f"Tệp hỏng hoặc thiếu / damaged or missing: {each}", err=True)
    for fact, number in found.rows.items():
        typer.echo(
            f"{fact}: {number.same:,} dòng khớp / rows agree, {number.different:,} khác / differ"
        )
    if found.faulty:
        raise typer.Exit(_DIFFERENT)


def _local(at: datetime) -> str:
    return f"{at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}"
