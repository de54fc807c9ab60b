"""closed reporting periods, with what was reported, and why one was reopened"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "period_closing",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("closing_id", sa.Uuid(), nullable=False),
        sa.Column("report", sa.String(20), nullable=False),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("last", sa.String(10), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("definition", sa.String(40), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "closing_id", name="pk_period_closing"),
    )
    op.create_index(
        "ix_period_closing_edition",
        "period_closing",
        ["agency_id", "report", "first", "last", "edition"],
        unique=True,
    )
    op.create_table(
        "period_reopening",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("closing_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "closing_id", name="pk_period_reopening"),
        sa.ForeignKeyConstraint(
            ["agency_id", "closing_id"],
            ["period_closing.agency_id", "period_closing.closing_id"],
            name="fk_period_reopening_agency_id_closing_id",
        ),
    )


def downgrade() -> None:
    op.drop_table("period_reopening")
    op.drop_table("period_closing")
