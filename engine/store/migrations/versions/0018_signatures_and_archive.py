"""signatures and archive: what was given out to be signed and came back, what was destroyed"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("prepared_sha256", sa.String(64), nullable=False),
        sa.Column("accepted_sha256", sa.String(64), nullable=False),
        sa.Column("prepared_at", sa.BigInteger(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.Column("returned_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "dossier_id", "first_number", name="pk_signing"),
        sa.ForeignKeyConstraint(
            ["agency_id", "dossier_id"],
            ["dossier.agency_id", "dossier.dossier_id"],
            name="fk_signing_agency_id_dossier_id",
        ),
    )
    op.create_table(
        "destruction",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("retained_until", sa.String(10), nullable=False),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=False),
        sa.Column("destroyed_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "dossier_id", name="pk_destruction"),
    )
    op.create_index("ix_destruction_at", "destruction", ["agency_id", "destroyed_at"])


def downgrade() -> None:
    for table in ("destruction", "signing"):
        op.drop_table(table)
