"""Tables of the working calendar: its contents, editions, layers, and changes of it.

An edition is what an office and its units count by from a moment on; every dossier says which one
it is counted by.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text, Uuid

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column, key, metadata

calendar = Table(
    "calendar",
    metadata,
    agency_column(),
    Column("version", String(64), nullable=False),  # of its content
    Column("data", Document, nullable=False),
    Column("in_force_from", Instant, nullable=False),  # the first time; editions say when again
    Column("reason", Text, nullable=False, server_default=""),
    key("version"),
)

calendar_edition = Table(
    "calendar_edition",
    metadata,
    agency_column(),
    Column("number", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("versions", Document, nullable=False),  # {"": the office's, unit: its own}
    Column("reason", Text, nullable=False),
    Column("decision_no", String(200), nullable=False, server_default=""),
    Column("change_id", Uuid),
    Column("approved_by", Uuid),
    key("number"),
)

calendar_layer = Table(
    "calendar_layer",
    metadata,
    agency_column(),
    Column("edition", Integer, nullable=False),
    Column("level", String(10), nullable=False),  # country | city | office | unit
    Column("unit", String(60), nullable=False),  # "" above the unit
    Column("data", Document, nullable=False),
    key("edition", "level", "unit"),
)

calendar_change = Table(
    "calendar_change",
    metadata,
    agency_column(),
    Column("change_id", Uuid, nullable=False),
    Column("state", String(12), nullable=False),  # draft | applying | applied | withdrawn
    Column("base", Integer, nullable=False),  # the edition that it changes
    Column("layers", Document, nullable=False),  # all layers as they are to be
    Column("reason", Text, nullable=False),
    Column("proposed_by", Uuid, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("preview", Document),
    Column("previewed_at", Instant),
    Column("decision_no", String(200)),
    Column("approved_by", Uuid),
    Column("approved_at", Instant),
    Column("edition", Integer),  # what it became
    Column("looked_at", Integer, nullable=False, server_default="0"),  # open dossiers, so far
    Column("moved", Integer, nullable=False, server_default="0"),
    Column("applied_at", Instant),
    Column("taken_until", Instant),  # SQLite: until then the worker that took it is at it
    key("change_id"),
    Index("ix_calendar_change_state", "agency_id", "state"),
)
