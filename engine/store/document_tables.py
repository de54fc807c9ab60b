"""The tables of documents: contents that lie in the store, who holds and refers to them, who read.

The bytes lie in the store under agency and hash (`engine.documents.store`). A content row is there
before its bytes and goes after them; it is locked by whoever brings or takes the bytes.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
)

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

content = Table(
    "content",
    metadata,
    _agency(),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kept_at", Instant, nullable=False),
    _key("sha256"),
)

content_hold = Table(
    "content_hold",
    metadata,
    _agency(),
    Column("hold_id", Uuid, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("until", Instant, nullable=False),  # then whoever took it has died
    _key("hold_id"),
    Index("ix_content_hold_sha256", "agency_id", "sha256"),
)

document = Table(
    "document",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),  # of the dossier's version that brought it
    Column("component", String(80), nullable=False),
    Column("first_number", Integer, nullable=False),  # of the first version of this document
    Column("edition", Integer, nullable=False),  # 1, and one more each time it is replaced
    Column("name", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),  # a FileKind
    Column("pages", Integer),
    Column("findings", Document, nullable=False),  # what examiners found, by their name
    Column("state", String(12), nullable=False),  # current | replaced | quarantined | offered
    Column("added_at", Instant, nullable=False),
    Column("added_by", Uuid, nullable=False),
    Column("replaced_at", Instant),
    _key("dossier_id", "number"),
    ForeignKeyConstraint(["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]),
    ForeignKeyConstraint(
        ["agency_id", "sha256"],
        ["content.agency_id", "content.sha256"],
        name="fk_document_content",
    ),
    Index("ix_document_sha256", "agency_id", "sha256"),
)
Index(
    "ix_document_quarantined",
    document.c.agency_id,
    document.c.added_at,
    sqlite_where=document.c.state == "quarantined",
    postgresql_where=document.c.state == "quarantined",
)
Index(
    "ix_document_offered",
    document.c.agency_id,
    document.c.dossier_id,
    sqlite_where=document.c.state == "offered",
    postgresql_where=document.c.state == "offered",
)

document_access = Table(
    "document_access",
    metadata,
    _agency(),
    Column("access_id", Uuid, nullable=False),
    Column("dossier_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),  # of the document
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    Column("way", String(10), nullable=False),  # download | preview | lookup | reuse
    _key("access_id"),
    Index("ix_document_access_dossier", "agency_id", "dossier_id"),
)
