"""The table of foreign logs: files of other systems, kept for a while, and what they said.

The bytes lie in the store of documents, by their hash. They may name people: a row and its bytes
go after a stated time, or when somebody deletes them.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text, Uuid

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

foreign_log = Table(
    "foreign_log",
    metadata,
    _agency(),
    Column("log_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("brought_by", Uuid, nullable=False),
    Column("brought_at", Instant, nullable=False),
    Column("kept_until", Instant, nullable=False),
    Column("run", Integer, nullable=False),  # which analysis of it, from 1
    Column("question", Document, nullable=False),  # what that one was asked
    Column("diagram", LargeBinary),  # BPMN that it is laid against
    Column("state", String(12), nullable=False),
    Column("seen_at", Instant, nullable=False),  # when whoever analyses it was last heard of
    Column("progress", Document, nullable=False),  # [stage, done, of]
    Column("refusal", Document),  # [code, vi, en]
    Column("answer", LargeBinary),  # JSON, packed (zstd)
    _key("log_id"),
    Index("ix_foreign_log_sha256", "agency_id", "sha256"),
    Index("ix_foreign_log_until", "kept_until"),
)
