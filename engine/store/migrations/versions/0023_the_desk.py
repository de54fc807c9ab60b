"""the desk: applicants found again by their number, who looked, drafts of receptions"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_BATCH = 2000


def upgrade() -> None:
    numbers = op.create_table(
        "applicant_number",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("identity_number", sa.String(40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "agency_id", "identity_number", "dossier_id", name="pk_applicant_number"
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "dossier_id"],
            ["dossier.agency_id", "dossier.dossier_id"],
            name="fk_applicant_number_agency_id_dossier_id",
        ),
    )
    op.create_index("ix_applicant_number_dossier", "applicant_number", ["agency_id", "dossier_id"])
    op.create_table(
        "applicant_look_up",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("look_up_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("masked_number", sa.String(40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "look_up_id", name="pk_applicant_look_up"),
    )
    op.create_table(
        "reception_draft",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("procedure", sa.String(60), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "draft_id", name="pk_reception_draft"),
    )
    op.create_index(
        "ix_reception_draft_account", "reception_draft", ["agency_id", "account_id", "saved_at"]
    )
    op.create_index("ix_reception_draft_saved", "reception_draft", ["saved_at"])
    _enter_known(numbers)


def _enter_known(numbers: sa.Table) -> None:
    """Dossiers that were received before are found by their applicants' numbers, too."""
    dossier = sa.table(
        "dossier",
        sa.column("agency_id", sa.String),
        sa.column("dossier_id", sa.Uuid),
        sa.column("applicant_contact", sa.Text),
    )
    connection = op.get_bind()
    after = ("", None)
    while True:
        query = sa.select(dossier).order_by(dossier.c.agency_id, dossier.c.dossier_id)
        if after[1] is not None:
            place = sa.tuple_(dossier.c.agency_id, dossier.c.dossier_id)
            query = query.where(place > sa.tuple_(*(sa.literal(v) for v in after)))
        rows = connection.execute(query.limit(_BATCH)).all()
        if not rows:
            return
        after = (rows[-1].agency_id, rows[-1].dossier_id)
        known = [
            {"agency_id": row.agency_id, "identity_number": number, "dossier_id": row.dossier_id}
            for row in rows
            if (number := (json.loads(row.applicant_contact) or {}).get("identity_number"))
        ]
        if known:
            connection.execute(sa.insert(numbers), known)


def downgrade() -> None:
    for table in ("reception_draft", "applicant_look_up", "applicant_number"):
        op.drop_table(table)
