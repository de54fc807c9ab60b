"""The tables of the citizen's door: secrets as hashes, tries that are counted; and of reuse.

Nothing here tells a secret or who looked: a secret is a salted slow hash, a place is a number that
a code or an address comes down to (`engine.lookup.throttle`).
"""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from engine.store.columns import Instant
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

lookup_secret = Table(
    "lookup_secret",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),  # scrypt of the secret
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Uuid, nullable=False),
    _key("dossier_id"),
    ForeignKeyConstraint(["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]),
)

lookup_try = Table(
    "lookup_try",
    metadata,
    _agency(),
    Column("place", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("locked_until", Instant),
    _key("place"),
)

component_reuse = Table(
    "component_reuse",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("component", String(80), nullable=False),
    Column("source_id", Uuid),  # the earlier dossier; None once either was destroyed
    Column("reused_at", Instant, nullable=False),
    Column("reused_by", Uuid, nullable=False),
    _key("dossier_id", "component"),
    ForeignKeyConstraint(["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]),
    Index("ix_component_reuse_at", "agency_id", "reused_at"),
)
