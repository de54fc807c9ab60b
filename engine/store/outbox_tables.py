"""Tables of what leaves the house: letters waiting to be delivered, and who wants which events."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, Uuid

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column as _agency
from engine.store.schema import index_where, metadata
from engine.store.schema import key as _key

webhook = Table(
    "webhook",
    metadata,
    _agency(),
    Column("webhook_id", Uuid, nullable=False),
    Column("address", Text, nullable=False),
    Column("events", Document, nullable=False),  # types of events, [] = all
    Column("secret", Text, nullable=False),  # signs what is sent; never shown in full again
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Uuid),
    _key("webhook_id"),
)

outbox = Table(
    "outbox",
    metadata,
    _agency(),
    Column("outbox_id", Uuid, nullable=False),  # the receiver's key: the same each time it is sent
    Column("dossier_id", Uuid),
    Column("kind", String(20), nullable=False),  # who delivers it: webhook, ...
    Column("event", String(200), nullable=False),
    Column("destination", Text, nullable=False),  # as the kind has it: a webhook's id, an address
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Instant),  # None: done, or dead
    Column("claimed_until", Instant),
    Column("done_at", Instant),
    Column("dead_at", Instant),
    Column("error", Text),
    Column("response", Text),
    Column("discarded_at", Instant),
    Column("discarded_by", Uuid),
    Column("reason", Text),
    _key("outbox_id"),
)
index_where(
    "ix_outbox_next",
    outbox.c.next_at.is_not(None),
    outbox.c.next_at,
)
index_where(
    "ix_outbox_dead",
    outbox.c.dead_at.is_not(None),
    outbox.c.agency_id,
    outbox.c.dead_at,
)
