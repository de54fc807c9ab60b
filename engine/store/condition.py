"""The condition of a database: does it answer, has it the newest schema, is anything in it."""

from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.store import migrations
from engine.store.database import Database
from engine.store.tables import agency

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)
"""What the driver raises when the database, not the statement, is at fault."""


def agencies(database: Database) -> tuple[str, ...]:
    """Codes of the agencies founded in the database."""
    with database.read() as connection:
        return tuple(connection.execute(select(agency.c.agency_id)).scalars())


def has_newest_schema(database: Database) -> bool:
    """Whether every migration has run; raises one of UNAVAILABLE where it does not answer."""
    with database.read() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found == newest_schema()


@cache
def newest_schema() -> str | None:
    """The number of the last migration."""
    return ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head()
