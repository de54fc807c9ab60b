"""logins that no account has rest alike in every process"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unknown_login",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "place", name="pk_unknown_login"),
    )


def downgrade() -> None:
    op.drop_table("unknown_login")
