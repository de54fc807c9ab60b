"""reminders: a ladder for each due time, notices, messages with their cost, calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_UNPLANNED = "state = 'open' AND due_at IS NOT NULL AND (rungs_for IS NULL OR rungs_for <> due_at)"
_PLANNED = "state = 'open' AND next_rung_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("account", sa.Column("phone", sa.String(20), nullable=False, server_default=""))
    op.add_column("step_run", sa.Column("rungs_for", sa.BigInteger(), nullable=True))
    op.add_column("step_run", sa.Column("next_rung_at", sa.BigInteger(), nullable=True))
    for name, column, where in (
        ("ix_step_run_unplanned", "due_at", _UNPLANNED),
        ("ix_step_run_rung", "next_rung_at", _PLANNED),
    ):
        chosen = sa.text(where)
        op.create_index(name, "step_run", [column], sqlite_where=chosen, postgresql_where=chosen)
    _create_told()
    op.create_table(
        "reminder_settings",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", name="pk_reminder_settings"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "account_id", name="pk_calendar_feed"),
    )
    op.create_index("ix_calendar_feed_secret", "calendar_feed", ["secret_hash"], unique=True)


def _create_told() -> None:
    op.create_table(
        "reminder",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("step_run_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.String(20), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "step_run_id", "rung", "due_at", name="pk_reminder"),
    )
    op.create_table(
        "notice",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("step_run_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "notice_id", name="pk_notice"),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["agency_id", "account_id", "at"],
        sqlite_where=unread,
        postgresql_where=unread,
    )
    op.create_table(
        "message",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("step_run_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("held", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "message_id", name="pk_message"),
    )
    op.create_index("ix_message_day", "message", ["agency_id", "day"])


def downgrade() -> None:
    for table in ("calendar_feed", "reminder_settings", "message", "notice", "reminder"):
        op.drop_table(table)
    for index in ("ix_step_run_rung", "ix_step_run_unplanned"):
        op.drop_index(index, table_name="step_run")
    for table, column in (
        ("step_run", "next_rung_at"),
        ("step_run", "rungs_for"),
        ("account", "phone"),
    ):
        op.drop_column(table, column)
