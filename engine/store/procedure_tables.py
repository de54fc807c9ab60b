"""The tables of procedures and their versions."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column, key, metadata

procedure = Table(
    "procedure",
    metadata,
    agency_column(),
    Column("procedure_id", Uuid, nullable=False),
    Column("code", String(60), nullable=False),
    Column("name", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("field", String(200), nullable=False, server_default=""),
    Column("kind", String(20), nullable=False),
    Column("version_id", Uuid),  # the version in force, None while there is only a draft
    Column("draft_id", Uuid),  # the draft being prepared, if any
    Column("changed_at", Instant, nullable=False),
    key("procedure_id"),
    UniqueConstraint("agency_id", "code"),
)

procedure_version = Table(
    "procedure_version",
    metadata,
    agency_column(),
    Column("version_id", Uuid, nullable=False),
    Column("procedure_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(20), nullable=False),  # draft | in_force | superseded
    Column("diagram", LargeBinary, nullable=False),  # BPMN as it runs
    Column("original", LargeBinary, nullable=False),  # BPMN as it was uploaded
    Column("sha256", LargeBinary(32), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("summary", Document, nullable=False),  # steps, limits: for lists, never for running
    Column("repairs", Document),  # what the designer let mend since the upload, in order
    Column("scenarios", LargeBinary),  # YAML or JSON, played before publishing
    Column("created_at", Instant, nullable=False),
    Column("created_by", Uuid),
    Column("published_at", Instant),
    Column("published_by", Uuid),
    Column("decision_no", String(100)),
    key("version_id"),
    ForeignKeyConstraint(
        ["agency_id", "procedure_id"], ["procedure.agency_id", "procedure.procedure_id"]
    ),
    UniqueConstraint("agency_id", "procedure_id", "number"),
)
