"""documents of dossiers: contents under their hash, who holds them, who read them"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "sha256", name="pk_content"),
    )
    op.create_table(
        "content_hold",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "hold_id", name="pk_content_hold"),
    )
    op.create_index("ix_content_hold_sha256", "content_hold", ["agency_id", "sha256"])
    _create_document()
    op.create_table(
        "document_access",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "access_id", name="pk_document_access"),
    )
    op.create_index("ix_document_access_dossier", "document_access", ["agency_id", "dossier_id"])


def _create_document() -> None:
    op.create_table(
        "document",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(80), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "dossier_id", "number", name="pk_document"),
        sa.ForeignKeyConstraint(
            ["agency_id", "dossier_id"],
            ["dossier.agency_id", "dossier.dossier_id"],
            name="fk_document_agency_id_dossier_id",
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "sha256"],
            ["content.agency_id", "content.sha256"],
            name="fk_document_content",
        ),
    )
    op.create_index("ix_document_sha256", "document", ["agency_id", "sha256"])
    quarantined = sa.text("state = 'quarantined'")
    op.create_index(
        "ix_document_quarantined",
        "document",
        ["agency_id", "added_at"],
        sqlite_where=quarantined,
        postgresql_where=quarantined,
    )


def downgrade() -> None:
    for table in ("document_access", "document", "content_hold", "content"):
        op.drop_table(table)
