"""The tables of reminders: rungs that were told, notices on pages, messages and what they cost."""

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
    and_,
    literal_column,
    or_,
)

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

reminder = Table(
    "reminder",
    metadata,
    _agency(),
    Column("step_run_id", Uuid, nullable=False),
    Column("rung", String(20), nullable=False),
    Column("due_at", Instant, nullable=False),  # for which due time: another one, another ladder
    Column("dossier_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    Column("told", Document, nullable=False),  # account -> channels
    _key("step_run_id", "rung", "due_at"),
)

notice = Table(
    "notice",
    metadata,
    _agency(),
    Column("notice_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),  # a rung, or held: messages beyond the cap
    Column("dossier_id", Uuid),
    Column("step_run_id", Uuid),
    Column("due_at", Instant),
    Column("at", Instant, nullable=False),
    Column("read_at", Instant),
    _key("notice_id"),
)
Index(
    "ix_notice_unread",
    notice.c.agency_id,
    notice.c.account_id,
    notice.c.at,
    sqlite_where=notice.c.read_at.is_(None),
    postgresql_where=notice.c.read_at.is_(None),
)

message = Table(
    "message",
    metadata,
    _agency(),
    Column("message_id", Uuid, nullable=False),  # of its letter in the outbox, if it has one
    Column("kind", String(20), nullable=False),  # email | text
    Column("day", Integer, nullable=False),  # yyyymmdd in the office's zone
    Column("dossier_id", Uuid),
    Column("step_run_id", Uuid),
    Column("account_id", Uuid, nullable=False),
    Column("event", String(20), nullable=False),  # a rung, or digest
    Column("at", Instant, nullable=False),
    Column("parts", Integer, nullable=False),  # as the network counts them; e-mail: 1
    Column("cost", Integer, nullable=False),  # đồng
    Column("held", Text),  # why it was not sent
    _key("message_id"),
    Index("ix_message_day", "agency_id", "day"),
)

reminder_settings = Table(
    "reminder_settings",
    metadata,
    _agency(),
    Column("data", Document, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("set_by", Uuid, nullable=False),
    _key(),
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    _agency(),
    Column("account_id", Uuid, nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False),
    Column("made_at", Instant, nullable=False),
    _key("account_id"),
    Index("ix_calendar_feed_secret", "secret_hash", unique=True),
)


def unplanned(step_run: Table) -> ColumnElement[bool]:
    """Steps whose next reminder was not worked out for their due time: whatever moved that."""
    due, planned_for = step_run.c.due_at, step_run.c.rungs_for
    return and_(
        _is_open(step_run), due.is_not(None), or_(planned_for.is_(None), planned_for != due)
    )


def planned(step_run: Table) -> ColumnElement[bool]:
    """Steps with a reminder to come."""
    return and_(_is_open(step_run), step_run.c.next_rung_at.is_not(None))


def _is_open(step_run: Table) -> ColumnElement[bool]:
    return step_run.c.state == literal_column("'open'")


def rung_indexes(step_run: Table) -> None:
    """By which steps that want a reminder are found, without a word from who moved their due."""
    for name, column, where in (
        ("ix_step_run_unplanned", "due_at", unplanned(step_run)),
        ("ix_step_run_rung", "next_rung_at", planned(step_run)),
    ):
        Index(name, step_run.c[column], sqlite_where=where, postgresql_where=where)
