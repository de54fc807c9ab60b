"""`quytrinh verify`: whether every journal is as it was written."""

from typing import Annotated

import orjson
import typer

from api.cli.options import Database, settings_with
from engine.journal import verify as verify_journals
from engine.store.database import Database as Store

BROKEN = 1


def verify(
    database: Database = None,
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
) -> None:
    """Kiểm tra chuỗi nhật ký của mọi hồ sơ. / Check the journal chain of every dossier."""
    store = Store(settings_with(database_url=database).database_url)
    try:
        with store.read() as connection:
            events, breaks = verify_journals(connection)
    finally:
        store.close()
    if json:
        told = [
            {"agency_id": each.agency_id, "dossier_id": str(each.dossier_id), "seq": each.seq}
            for each in breaks
        ]
        typer.echo(orjson.dumps({"events": events, "breaks": told}).decode())
    else:
        typer.echo(f"{events} sự kiện / events, {len(breaks)} chỗ hỏng / broken chains")
        for each in breaks:
            typer.echo(
                f"  {each.agency_id} {each.dossier_id}: {each.seq or 'thiếu đuôi / no tail'}"
            )
    if breaks:
        raise typer.Exit(BROKEN)
