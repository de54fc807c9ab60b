"""a dossier is destroyed by a decision: its number stands in the record"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "destruction",
        sa.Column("decision_no", sa.String(100), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("destruction", "decision_no")
