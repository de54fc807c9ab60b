"""timers are taken in batches; what goes out waits in an outbox, for webhooks and others"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("timer", sa.Column("taken_until", sa.BigInteger(), nullable=True))
    op.create_table(
        "webhook",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False, server_default="1"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "webhook_id", name="pk_webhook"),
    )
    op.create_table(
        "outbox",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("event", sa.String(200), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("dead_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("discarded_at", sa.BigInteger(), nullable=True),
        sa.Column("discarded_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "outbox_id", name="pk_outbox"),
    )
    for name, columns, where in (
        ("ix_outbox_next", ["next_at"], "next_at IS NOT NULL"),
        ("ix_outbox_dead", ["agency_id", "dead_at"], "dead_at IS NOT NULL"),
    ):
        chosen = sa.text(where)
        op.create_index(name, "outbox", columns, sqlite_where=chosen, postgresql_where=chosen)


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("webhook")
    op.drop_column("timer", "taken_until")
