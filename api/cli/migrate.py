"""`quytrinh migrate`: the database brought to the newest schema, and its months made."""

import typer

from api.cli.options import Database, settings_with
from api.opening import make_folder
from engine.clock import SystemClock
from engine.store.database import Database as Store
from engine.store.migrations import upgrade
from engine.store.partitions import Month, gather_months, make_months_ahead, months_outside


def migrate(database: Database = None) -> None:
    """Đưa cơ sở dữ liệu lên lược đồ mới nhất. / Bring the database to the newest schema."""
    settings = settings_with(database_url=database)
    make_folder(settings.database_url)
    upgrade(settings.database_url)
    typer.echo("Lược đồ đã mới nhất. / The schema is the newest.")
    store = Store(settings.database_url)
    try:
        make_months_ahead(store, SystemClock().now())
        gather_months(store)
        with store.read() as connection:
            _tell_outside(months_outside(connection))
    finally:
        store.close()


def _tell_outside(found: dict[str, dict[Month | None, int]]) -> None:
    """Rows that no month's part could take: their ids say no moment."""
    for table, months in found.items():
        number = sum(months.values())
        typer.echo(f"{table}: {number} dòng ngoài các tháng / rows outside of all months")
