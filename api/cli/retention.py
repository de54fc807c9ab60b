"""`quytrinh retention`: finished dossiers whose time is over and that may be destroyed by now."""

from typing import Annotated

import orjson
import typer

from api.cli.options import Database, settings_with
from api.cli.post import Agency, at_work
from engine.archive.retention import MOST, may_be_destroyed


def retention(
    json: Annotated[
        bool, typer.Option("--json", help="Một dòng JSON một hồ sơ / one JSON line a dossier")
    ] = False,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Hồ sơ đã hết thời hạn lưu giữ, cũ trước. / Dossiers that may be destroyed, oldest first."""
    usual = settings_with(database_url=database).retention_years
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        found = may_be_destroyed(office, connection, actor, usual)
    for each in found:
        if json:
            typer.echo(orjson.dumps(each).decode())
        else:
            kept = f"{each.ended_on:%d/%m/%Y} – {each.until:%d/%m/%Y}"
            typer.echo(f"{each.code}  {kept}  {each.procedure_code} {each.procedure_name}")
    if not json:
        more = "+" if len(found) == MOST else ""
        typer.echo(f"{len(found)}{more} hồ sơ hết thời hạn lưu giữ / dossiers whose time is over")
