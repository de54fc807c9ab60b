"""secrets of the citizen's page, tries to look up, components of earlier dossiers taken over"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def _of_dossier(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["agency_id", "dossier_id"],
        ["dossier.agency_id", "dossier.dossier_id"],
        name=f"fk_{table}_agency_id_dossier_id",
    )


def upgrade() -> None:
    op.create_table(
        "lookup_secret",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "dossier_id", name="pk_lookup_secret"),
        _of_dossier("lookup_secret"),
    )
    op.create_table(
        "lookup_try",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "place", name="pk_lookup_try"),
    )
    op.create_table(
        "component_reuse",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.String(80), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("reused_at", sa.BigInteger(), nullable=False),
        sa.Column("reused_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "dossier_id", "component", name="pk_component_reuse"),
        _of_dossier("component_reuse"),
    )
    op.create_index("ix_component_reuse_at", "component_reuse", ["agency_id", "reused_at"])
    offered = sa.text("state = 'offered'")
    op.create_index(
        "ix_document_offered",
        "document",
        ["agency_id", "dossier_id"],
        sqlite_where=offered,
        postgresql_where=offered,
    )


def downgrade() -> None:
    op.drop_index("ix_document_offered", "document")
    for table in ("component_reuse", "lookup_try", "lookup_secret"):
        op.drop_table(table)
