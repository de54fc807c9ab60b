"""The tables of closed reporting periods: what was reported, by whom, and why one was reopened.

Days are ISO dates (yyyy-mm-dd).
"""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
)

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column, key, metadata

period_closing = Table(
    "period_closing",
    metadata,
    agency_column(),
    Column("closing_id", Uuid, nullable=False),
    Column("report", String(20), nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Column("edition", Integer, nullable=False),  # from 1; above 1 the period was reopened before
    Column("definition", String(40), nullable=False),  # by which it was counted
    Column("counted_at", Instant, nullable=False),  # up to when everything was known
    Column("figures", Document, nullable=False),
    Column("members", LargeBinary, nullable=False),  # the dossiers counted, compressed
    Column("sha256", LargeBinary(32), nullable=False),  # of all the above
    Column("closed_at", Instant, nullable=False),
    Column("closed_by", Uuid, nullable=False),
    key("closing_id"),
    Index(
        "ix_period_closing_edition", "agency_id", "report", "first", "last", "edition", unique=True
    ),
)

period_reopening = Table(
    "period_reopening",
    metadata,
    agency_column(),
    Column("closing_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("agreed_at", Instant),  # by a second person; from then on it can be closed anew
    Column("agreed_by", Uuid),
    key("closing_id"),
    ForeignKeyConstraint(
        ["agency_id", "closing_id"], ["period_closing.agency_id", "period_closing.closing_id"]
    ),
)
