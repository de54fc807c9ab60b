"""`quytrinh export-facts`: a fact of the office as one Parquet file for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.lake.exporting import export_fact
from api.cli.options import Database
from api.cli.post import Agency, at_work
from processes.errors import NotFound


def export_facts(
    fact: Annotated[
        str, typer.Argument(help="Bảng dữ kiện / table of facts: step_interval, dossier_fact…")
    ] = "step_interval",
    columns: Annotated[
        str, typer.Option(help="Các cột, cách nhau dấu phẩy; trống: tất cả / columns; empty: all")
    ] = "",
    out: Annotated[Path, typer.Option(help="Thư mục hoặc tệp / folder or file")] = Path(),
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Xuất một bảng dữ kiện thành tệp Parquet. / Write a table of facts as one Parquet file."""
    only = [each.strip() for each in columns.split(",") if each.strip()]
    file = out / f"{fact}.parquet" if out.is_dir() else out
    with at_work(database, agency) as (office, actor):
        if not file.parent.is_dir():
            raise NotFound(what=str(file.parent))
        now = office.clock.now()
        rows = export_fact(office.database, actor.agency_id, fact, file, now, only)
    typer.echo(f"Đã ghi / written: {file}, {rows:,} dòng / rows")
