"""open steps are kept in the order of their latest safe moments, and the past is kept in short"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_HELD = sa.text("state = 'open' AND holder_id IS NOT NULL")
_TIMED = sa.text("state = 'open' AND safe_at IS NOT NULL")
_INBOX = ["agency_id", "position", "unit", "holder_id", "safe_at", "step_run_id", "paused_since"]
_BY_HOLDER = ["agency_id", "holder_id"]
_REST = ["step_run_id", "paused_since"]


def upgrade() -> None:
    op.add_column("step_run", sa.Column("safe_at", sa.BigInteger(), nullable=True))
    _rate_open_steps()
    for name, columns, where in (
        ("ix_step_run_risk", _INBOX, _OPEN),
        ("ix_step_run_unit_risk", ["agency_id", "unit", "safe_at", "step_run_id"], _TIMED),
    ):
        _index(name, columns, where)
    op.drop_index("ix_step_run_holder", table_name="step_run")
    _index(
        "ix_step_run_holder",
        [*_BY_HOLDER, "safe_at", "step_run_id", "due_at", "paused_since"],
        _HELD,
    )
    op.create_table(
        "step_history",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("procedure_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.String(255), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("outlook", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "procedure_id", "element_id", name="pk_step_history"),
    )
    op.create_table(
        "risk_round",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.Column("read_id", sa.Uuid(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rated_edition", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rated_to", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", name="pk_risk_round"),
    )


def downgrade() -> None:
    op.drop_table("risk_round")
    op.drop_table("step_history")
    op.drop_index("ix_step_run_holder", table_name="step_run")
    _index("ix_step_run_holder", [*_BY_HOLDER, "due_at", *_REST], _HELD)
    op.drop_index("ix_step_run_unit_risk", table_name="step_run")
    op.drop_index("ix_step_run_risk", table_name="step_run")
    op.drop_column("step_run", "safe_at")


def _rate_open_steps() -> None:
    """Until the worker has rated them, open steps stand where they are due, or their dossier is."""
    op.execute(
        sa.text(
            "UPDATE step_run SET safe_at = coalesce(due_at, (SELECT dossier.due_at FROM dossier "
            "WHERE dossier.agency_id = step_run.agency_id "
            "AND dossier.dossier_id = step_run.dossier_id AND dossier.finished_at IS NULL)) "
            "WHERE state = 'open' AND paused_since IS NULL"
        )
    )


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "step_run", columns, sqlite_where=where, postgresql_where=where)
