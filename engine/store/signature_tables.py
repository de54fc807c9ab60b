"""The tables of signing and of the archive: what was given out to be signed, what was destroyed."""

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
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

signing = Table(
    "signing",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("first_number", Integer, nullable=False),  # of the document whose versions these are
    Column("places", Document, nullable=False),  # names of the fields that may be signed
    Column("prepared_sha256", String(64), nullable=False),
    Column("accepted_sha256", String(64), nullable=False),  # the prepared one, or what came back
    Column("prepared_at", Instant, nullable=False),
    Column("prepared_by", Uuid, nullable=False),
    Column("returned_at", Instant),
    Column("returned_by", Uuid),
    _key("dossier_id", "first_number"),
    ForeignKeyConstraint(["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]),
)

destruction = Table(
    "destruction",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("code", String(60), nullable=False),
    Column("retained_until", String(10), nullable=False),  # the last day it had to be kept
    Column("destroyed_at", Instant, nullable=False),
    Column("destroyed_by", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decision_no", String(100), nullable=False, server_default=""),  # "" of old records
    Column("documents", Integer, nullable=False),
    Column("head_hash", LargeBinary(32), nullable=False),  # of the journal, which stays
    _key("dossier_id"),
    Index("ix_destruction_at", "agency_id", "destroyed_at"),
)
