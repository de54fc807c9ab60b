"""standard forms as they were issued, registers of dossiers and documents, numbers by the year"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("day", "of_day"):
        op.add_column("counter", sa.Column(column, sa.Integer(), nullable=True))
    op.add_column("dossier", sa.Column("register", sa.String(60), nullable=True))
    op.add_column("dossier", sa.Column("register_no", sa.Integer(), nullable=True))
    _number_by_the_year()
    _create_forms()
    _create_registers()


def _number_by_the_year() -> None:
    """Days' counters become the year's; dossiers get their place in the year's register."""
    bind = op.get_bind()
    days = bind.execute(
        sa.text("SELECT agency_id, series, last FROM counter WHERE series LIKE 'dossier/______'")
    ).all()
    years: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for agency_id, series, last in days:
        day = series.rpartition("/")[2]
        if day.isdecimal():
            years.setdefault((agency_id, f"20{day[:2]}"), []).append((int(day), last))
    for (agency_id, year), counted in sorted(years.items()):
        before = 0
        for day, last in sorted(counted):
            _enter_in_register(agency_id, year, day, before)
            before += last
        day, of_day = max(counted)
        bind.execute(
            sa.text(
                "INSERT INTO counter (agency_id, series, last, day, of_day) "
                "VALUES (:agency, :series, :last, :day, :of_day)"
            ),
            {
                "agency": agency_id,
                "series": f"dossier/{year}",
                "last": before,
                "day": day,
                "of_day": of_day,
            },
        )
        for day, _ in counted:
            bind.execute(
                sa.text("DELETE FROM counter WHERE agency_id = :agency AND series = :series"),
                {"agency": agency_id, "series": f"dossier/{day:06d}"},
            )


def _enter_in_register(agency_id: str, year: str, day: int, before: int) -> None:
    """The dossiers of a day, by the numbers of their codes."""
    start = f"{agency_id}-{day:06d}-"
    op.get_bind().execute(
        sa.text(
            "UPDATE dossier SET register = :book, "
            "register_no = :before + CAST(substr(code, :after) AS INTEGER) "
            "WHERE agency_id = :agency AND code >= :start AND code < :end"
        ),
        {
            "book": year,
            "before": before,
            "after": len(start) + 1,
            "agency": agency_id,
            "start": start,
            "end": start[:-1] + ".",  # what follows a hyphen
        },
    )


def _create_forms() -> None:
    op.create_table(
        "form_issue",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("template_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("series", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("number_text", sa.String(80), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("dossier_version", sa.Integer(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("matter_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("pdf_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("pdf_size", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "issue_id", name="pk_form_issue"),
        sa.ForeignKeyConstraint(
            ["agency_id", "dossier_id"],
            ["dossier.agency_id", "dossier.dossier_id"],
            name="fk_form_issue_agency_id_dossier_id",
        ),
    )
    op.create_index("ix_form_issue_dossier", "form_issue", ["agency_id", "dossier_id", "kind"])
    series = ["agency_id", "series", "number"]
    op.create_index("ix_form_issue_series", "form_issue", series, unique=True)
    op.create_table(
        "form_pdf",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "sha256", name="pk_form_pdf"),
    )
    op.create_table(
        "form_template",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("form_number", sa.String(20), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "template", name="pk_form_template"),
    )


def _create_registers() -> None:
    op.create_table(
        "register_settings",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", name="pk_register_settings"),
    )
    op.create_table(
        "office_document",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(80), nullable=False),
        sa.Column("dated", sa.String(10), nullable=True),
        sa.Column("correspondent", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(60), nullable=True),
        sa.Column("due_on", sa.String(10), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("signer", sa.String(200), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "document_id", name="pk_office_document"),
    )
    number = ["agency_id", "direction", "year", "number"]
    op.create_index("ix_office_document_number", "office_document", number, unique=True)


def downgrade() -> None:
    for table in (
        "office_document",
        "register_settings",
        "form_template",
        "form_pdf",
        "form_issue",
    ):
        op.drop_table(table)
    op.execute(
        "INSERT INTO counter (agency_id, series, last) "
        "SELECT agency_id, 'dossier/' || CAST(day AS VARCHAR(6)), of_day FROM counter "
        "WHERE series LIKE 'dossier/____' AND day IS NOT NULL"
    )
    op.execute("DELETE FROM counter WHERE series LIKE 'dossier/____'")
    op.drop_column("dossier", "register_no")
    op.drop_column("dossier", "register")
    op.drop_column("counter", "of_day")
    op.drop_column("counter", "day")
