"""The tables of standard forms and registers: what was issued, its bytes, templates, documents.

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
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

form_issue = Table(
    "form_issue",
    metadata,
    _agency(),
    Column("issue_id", Uuid, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("about", String(80), nullable=False),  # within the dossier: which request, which book
    Column("template", String(80), nullable=False),
    Column("template_sha256", LargeBinary(32), nullable=False),
    Column("series", String(100), nullable=False),
    Column("number", Integer, nullable=False),
    Column("number_text", String(80), nullable=False),
    Column("dossier_id", Uuid),  # None: a book, or a slip that is of no dossier
    Column("dossier_version", Integer),  # the act of the dossier that issued it
    Column("facts", Document, nullable=False),
    Column("matter_sha256", LargeBinary(32), nullable=False),  # of the facts that must not change
    Column("pdf_sha256", LargeBinary(32), nullable=False),
    Column("pdf_size", Integer, nullable=False),
    Column("replaces", Uuid),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Uuid, nullable=False),
    _key("issue_id"),
    ForeignKeyConstraint(["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]),
    Index("ix_form_issue_dossier", "agency_id", "dossier_id", "kind"),
    Index("ix_form_issue_series", "agency_id", "series", "number", unique=True),
)

form_pdf = Table(
    "form_pdf",
    metadata,
    _agency(),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("pdf", LargeBinary, nullable=False),
    _key("sha256"),
)

form_template = Table(
    "form_template",
    metadata,
    _agency(),
    Column("template", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("unit", String(60), nullable=False),  # "" = of every unit of the agency
    Column("form_number", String(20), nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_to", String(10)),
    Column("source", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("set_by", Uuid, nullable=False),
    _key("template"),
)

register_settings = Table(
    "register_settings",
    metadata,
    _agency(),
    Column("data", Document, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("set_by", Uuid, nullable=False),
    _key(),
)

office_document = Table(
    "office_document",
    metadata,
    _agency(),
    Column("document_id", Uuid, nullable=False),
    Column("direction", String(10), nullable=False),  # incoming | outgoing
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("symbol", String(80), nullable=False),  # of the author's own number, or ours
    Column("dated", String(10)),
    Column("correspondent", Text, nullable=False),  # who wrote it, or to whom it goes
    Column("subject", Text, nullable=False),
    Column("urgency", String(20), nullable=False),
    Column("unit", String(60)),  # who handles it, or who drew it up
    Column("due_on", String(10)),
    Column("dossier_id", Uuid),
    Column("signer", String(200), nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("registered_by", Uuid, nullable=False),
    _key("document_id"),
    Index("ix_office_document_number", "agency_id", "direction", "year", "number", unique=True),
)
