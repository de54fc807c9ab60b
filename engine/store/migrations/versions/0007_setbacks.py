"""what fell due and could not be done waits longer each time, then stands aside"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setback",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.Column("again_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "work_id", name="pk_setback"),
        sa.ForeignKeyConstraint(
            ["agency_id", "dossier_id"],
            ["dossier.agency_id", "dossier.dossier_id"],
            name="fk_setback_agency_id_dossier_id_dossier",
        ),
    )


def downgrade() -> None:
    op.drop_table("setback")
