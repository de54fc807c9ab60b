"""`quytrinh stuck`: what fell due and could not be done, until somebody mends it."""

from typing import Annotated, Any

import orjson
import typer

from api.cli.options import Database, settings_with
from engine.clock import SystemClock
from engine.dossiers.setbacks import OVERDUE, Setback, setbacks, try_again
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.database import Database as Store

STANDS_ASIDE = 1


def stuck(
    database: Database = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Cho làm lại ngay tất cả / have all of it tried again"),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Mỗi việc một dòng JSON / one JSON line each")
    ] = False,
) -> None:
    """Việc đến hạn mà máy không làm được. / What fell due and could not be done."""
    store = Store(settings_with(database_url=database).database_url)
    try:
        with store.read() as connection:
            found = setbacks(connection)
        if again:
            try_again(Office(store, SystemClock(), unguessable_ids()))
    finally:
        store.close()
    for each in found:
        typer.echo(orjson.dumps(_data(each)).decode() if json else _told(each))
    if not json:
        typer.echo(f"{len(found)} việc không làm được / could not be done")
        if again:
            typer.echo("tất cả sẽ được làm lại / all of it will be tried again")
    if not again and any(each.again_at is None for each in found):
        raise typer.Exit(STANDS_ASIDE)


def _told(each: Setback) -> str:
    what = "bước quá hạn / overdue step" if each.kind == OVERDUE else "hẹn giờ / timer"
    again = (
        "đứng riêng chờ sửa / stands aside"
        if each.again_at is None
        else f"làm lại lúc / again at {each.again_at.isoformat()}"
    )
    return f"{each.dossier_code} {what}: {each.failures} lần hỏng / failures, {again}; {each.error}"


def _data(each: Setback) -> dict[str, Any]:
    return {
        "agency_id": each.agency_id,
        "dossier_id": str(each.dossier_id),
        "dossier": each.dossier_code,
        "kind": each.kind,
        "work_id": str(each.work_id),
        "failures": each.failures,
        "failed_at": each.failed_at.isoformat(),
        "again_at": None if each.again_at is None else each.again_at.isoformat(),
        "error": each.error,
    }
