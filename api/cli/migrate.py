"""`quytrinh migrate`: the database brought to the newest schema."""

import typer

from api.cli.options import Database, settings_with
from api.opening import make_folder
from engine.store.migrations import upgrade


def migrate(database: Database = None) -> None:
    """Đưa cơ sở dữ liệu lên lược đồ mới nhất. / Bring the database to the newest schema."""
    settings = settings_with(database_url=database)
    make_folder(settings.database_url)
    upgrade(settings.database_url)
    typer.echo("Lược đồ đã mới nhất. / The schema is the newest.")
