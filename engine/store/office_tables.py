"""The tables of an office: its units and positions, who holds them, and who is logged in."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column, key, metadata

agency = Table(
    "agency",
    metadata,
    Column("agency_id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("parent_name", String(200), nullable=False, server_default=""),
    Column("place", String(100), nullable=False, server_default=""),
)

unit = Table(
    "unit",
    metadata,
    agency_column(),
    Column("code", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("successor", String(60)),
    key("code"),
)

position = Table(
    "position",
    metadata,
    agency_column(),
    Column("code", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    key("code"),
)

account = Table(
    "account",
    metadata,
    agency_column(),
    Column("account_id", Uuid, nullable=False),
    Column("login", String(80), nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(200), nullable=False, server_default=""),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("password_hash", String(255), nullable=False),
    Column("roles", Document, nullable=False),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    key("account_id"),
    UniqueConstraint("login"),
)

holding = Table(
    "holding",
    metadata,
    agency_column(),
    Column("holding_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("unit", String(60), nullable=False),
    Column("position", String(60), nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant),
    Column("stand_in_for", Uuid),
    Column("decision_no", String(100)),
    key("holding_id"),
    ForeignKeyConstraint(["agency_id", "account_id"], ["account.agency_id", "account.account_id"]),
    Index("ix_holding_account", "agency_id", "account_id"),
)

login_session = Table(
    "login_session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    agency_column(),
    Column("account_id", Uuid, nullable=False),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    ForeignKeyConstraint(["agency_id", "account_id"], ["account.agency_id", "account.account_id"]),
)

unknown_login = Table(
    "unknown_login",
    metadata,
    agency_column(),
    Column("place", Integer, nullable=False),  # a keyed hash of the login: engine.unknown_logins
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    key("place"),
)
