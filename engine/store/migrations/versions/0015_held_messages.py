"""held messages: kept with what they say until they may go out; messages to citizens"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message") as message:
        message.alter_column("account_id", existing_type=sa.Uuid(), nullable=True)
        message.add_column(sa.Column("address", sa.Text(), nullable=True))
        message.add_column(sa.Column("letter", sa.Text(), nullable=True))
        message.add_column(sa.Column("good_until", sa.BigInteger(), nullable=True))
        message.add_column(sa.Column("expired_at", sa.BigInteger(), nullable=True))
    held = sa.text("letter IS NOT NULL")
    op.create_index(
        "ix_message_held",
        "message",
        ["agency_id", "at"],
        sqlite_where=held,
        postgresql_where=held,
    )


def downgrade() -> None:
    op.drop_index("ix_message_held", "message")
    op.execute("DELETE FROM message WHERE account_id IS NULL")
    with op.batch_alter_table("message") as message:
        for name in ("address", "letter", "good_until", "expired_at"):
            message.drop_column(name)
        message.alter_column("account_id", existing_type=sa.Uuid(), nullable=False)
