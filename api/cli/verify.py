"""`quytrinh verify`: whether every journal is as it was written, and every dossier as it says."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import orjson
import typer

from api.cli.options import Database, settings_with
from engine.clock import SystemClock
from engine.daily_root import DailyRoot, daily_root
from engine.ids import unguessable_ids
from engine.journal import Break
from engine.journal import verify as verify_journals
from engine.office import NoCalendar, Office
from engine.rebuild import Rebuilt, rebuild
from engine.store.condition import agencies
from engine.store.database import Database as Store

BROKEN = 1


def verify(
    database: Database = None,
    again: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Dựng lại từng hồ sơ từ nhật ký và so sánh / rebuild each dossier and compare",
        ),
    ] = False,
    root: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="In mã gốc của một ngày để ký, công bố / print the root of a day, to be signed",
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
) -> None:
    """Kiểm tra chuỗi nhật ký của mọi hồ sơ. / Check the journal chain of every dossier."""
    store = Store(settings_with(database_url=database).database_url)
    try:
        with store.read() as connection:
            events, breaks = verify_journals(connection)
            differing = [each for each in rebuild(connection) if each.differences] if again else []
        roots = list(_roots(store, root)) if root is not None else []
    finally:
        store.close()
    if json:
        told: dict[str, Any] = {"events": events, "breaks": [_break(each) for each in breaks]}
        told |= {"differences": [_difference(each) for each in differing]} if again else {}
        told |= {"roots": [_root(each) for each in roots]} if root is not None else {}
        typer.echo(orjson.dumps(told).decode())
    else:
        typer.echo(f"{events} sự kiện / events, {len(breaks)} chỗ hỏng / broken chains")
        for each in breaks:
            typer.echo(
                f"  {each.agency_id} {each.dossier_id}: {each.seq or 'thiếu đuôi / no tail'}"
            )
        if again:
            _tell_differing(differing)
        for published in roots:
            typer.echo(published.line())
    if breaks or differing:
        raise typer.Exit(BROKEN)


def _roots(store: Store, day: datetime) -> Iterator[DailyRoot]:
    """Of each agency; one without a calendar has never received a dossier."""
    office = Office(store, SystemClock(), unguessable_ids())
    for agency_id in sorted(agencies(store)):
        with store.read() as connection:
            try:
                zone = office.calendar(connection, agency_id).tz
            except NoCalendar:
                continue
            yield daily_root(connection, agency_id, day.date(), zone)


def _tell_differing(differing: list[Rebuilt]) -> None:
    typer.echo(f"{len(differing)} hồ sơ khác nhật ký / dossiers that are not what they journal")
    for dossier in differing:
        for each in dossier.differences:
            typer.echo(f"  {dossier.code} {each.what}: {each.stored} ≠ {each.rebuilt}")


def _break(each: Break) -> dict[str, Any]:
    return {"agency_id": each.agency_id, "dossier_id": str(each.dossier_id), "seq": each.seq}


def _difference(dossier: Rebuilt) -> dict[str, Any]:
    return {
        "agency_id": dossier.agency_id,
        "dossier_id": str(dossier.dossier_id),
        "code": dossier.code,
        "differences": [[each.what, each.stored, each.rebuilt] for each in dossier.differences],
    }


def _root(each: DailyRoot) -> dict[str, Any]:
    return {
        "agency_id": each.agency_id,
        "day": each.day.isoformat(),
        "dossiers": each.dossiers,
        "events": each.events,
        "sha256": each.root.hex(),
        "line": each.line(),
    }
