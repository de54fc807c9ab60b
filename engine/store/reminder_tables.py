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
from engine.store.schema import index_where, metadata
from engine.store.schema import key as _key

reminder = Table(
    "reminder",
    metadata,
    _agency(),
    Column("step_run_id", Uuid, nullable=False),  # of the rung “owed”: the dossier's own id
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
index_where(
    "ix_notice_unread",
    notice.c.read_at.is_(None),
    notice.c.agency_id,
    notice.c.account_id,
    notice.c.at,
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
    Column("account_id", Uuid),  # None: the citizen
    Column("event", String(20), nullable=False),  # a rung, digest, or rescheduled
    Column("at", Instant, nullable=False),
    Column("parts", Integer, nullable=False),  # as the network counts them; e-mail: 1
    Column("cost", Integer, nullable=False),  # đồng
    Column("held", Text),  # why it was not sent
    Column("address", Text),  # of one that is held and may go out yet, with what it says
    Column("letter", Text),
    Column("good_until", Instant),
    Column("expired_at", Instant),  # it was held until it said nothing new any more
    _key("message_id"),
    Index("ix_message_day", "agency_id", "day"),
)
Index(
    "ix_message_held",
    message.c.agency_id,
    message.c.at,
    sqlite_where=message.c.letter.is_not(None),
    postgresql_where=message.c.letter.is_not(None),
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
        index_where(name, where, step_run.c[column])
