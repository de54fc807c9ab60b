"""unfinished dossiers in the order of their due times: what is owed, and how many are late"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_UNFINISHED = sa.text("finished_at IS NULL")
_COLUMNS = ["agency_id", "due_at", "dossier_id"]


def upgrade() -> None:
    op.create_index(
        "ix_dossier_due",
        "dossier",
        _COLUMNS,
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )


def downgrade() -> None:
    op.drop_index("ix_dossier_due", table_name="dossier")
