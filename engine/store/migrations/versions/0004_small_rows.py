"""tables that are read by their key alone are kept in its order; months only of what has ended"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BY_KEY = ("execution", "idempotency", "journal")
_ENDED = sa.text("month IS NOT NULL")
_MONTH = ["agency_id", "month", "procedure_id"]


def upgrade() -> None:
    _keep_by_key(by_key=True)
    if op.get_bind().dialect.name == "postgresql":
        # Entries of 2 kB stay in their row: elsewhere each takes two pieces and their index.
        op.execute("ALTER TABLE step_run SET (toast_tuple_target = 4080)")
    op.drop_index("ix_step_run_month", table_name="step_run")
    op.create_index(
        "ix_step_run_month", "step_run", _MONTH, sqlite_where=_ENDED, postgresql_where=_ENDED
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE step_run RESET (toast_tuple_target)")
    op.drop_index("ix_step_run_month", table_name="step_run")
    op.create_index("ix_step_run_month", "step_run", _MONTH)
    _keep_by_key(by_key=False)


def _keep_by_key(*, by_key: bool) -> None:
    """SQLite keeps each row beside its key instead of twice; PostgreSQL knows no such thing."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in _BY_KEY:
        kept = {"sqlite_with_rowid": not by_key}
        with op.batch_alter_table(table, recreate="always", table_kwargs=kept):
            pass
