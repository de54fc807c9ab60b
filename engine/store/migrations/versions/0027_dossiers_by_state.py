"""dossiers by state, and those that finished late, in the order in which they were received

The index of finished ones leaves out those that are not: what it saves on receiving and on a change
of the calendar is what the index by state costs there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_LATE = sa.text("result = 'late'")
_FINISHED = sa.text("finished_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_dossier_state", "dossier", ["agency_id", "state", "received_at", "dossier_id"]
    )
    op.create_index(
        "ix_dossier_late",
        "dossier",
        ["agency_id", "received_at", "dossier_id"],
        sqlite_where=_LATE,
        postgresql_where=_LATE,
    )
    op.drop_index("ix_dossier_finished", table_name="dossier")
    op.create_index(
        "ix_dossier_finished",
        "dossier",
        ["agency_id", "finished_at"],
        sqlite_where=_FINISHED,
        postgresql_where=_FINISHED,
    )


def downgrade() -> None:
    op.drop_index("ix_dossier_finished", table_name="dossier")
    op.create_index("ix_dossier_finished", "dossier", ["agency_id", "finished_at"])
    op.drop_index("ix_dossier_late", table_name="dossier")
    op.drop_index("ix_dossier_state", table_name="dossier")
