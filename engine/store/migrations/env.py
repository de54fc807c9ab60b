"""Alembic's entry: one connection, one transaction per migration run."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine, pool

from engine.store.columns import Document, Instant
from engine.store.tables import metadata


def _written(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations state plain types: they must read the same when the product's have changed."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Document):
        return "sa.Text()"
    return False


config = context.config
engine = create_engine(config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # Of a database that is made now: a row with 2 kB of entries leaves half of 4 kB unused.
        connection.exec_driver_sql("PRAGMA page_size = 8192")
        connection.rollback()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_written,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
