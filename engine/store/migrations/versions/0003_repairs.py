"""repairs that the designer accepted"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("procedure_version", sa.Column("repairs", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("procedure_version") as batch:
        batch.drop_column("repairs")
