"""verdicts stand beside the rule that reached them, and beside the measure of QĐ 766"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BEFORE = "date|10%"  # the only rule there was


def upgrade() -> None:
    for table in ("dossier", "step_run"):
        op.add_column(table, sa.Column("result_rule", sa.String(20), nullable=True))
        judged = sa.table(table, sa.column("result"), sa.column("result_rule"))
        op.execute(
            sa.update(judged).where(judged.c.result.is_not(None)).values(result_rule=_BEFORE)
        )
    op.add_column("dossier", sa.Column("measure", sa.String(10), nullable=True))
    op.add_column(
        "dossier",
        sa.Column("supplements_allowed", sa.Integer(), nullable=False, server_default="0"),
    )


def downgrade() -> None:
    op.drop_column("dossier", "supplements_allowed")
    op.drop_column("dossier", "measure")
    for table in ("dossier", "step_run"):
        op.drop_column(table, "result_rule")
