"""scenarios that are kept with a version"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("procedure_version", sa.Column("scenarios", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("procedure_version") as batch:
        batch.drop_column("scenarios")
