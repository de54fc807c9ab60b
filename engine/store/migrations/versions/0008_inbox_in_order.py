"""the indexes of the inbox stand in its order, and hold what is counted above it"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FREE = ["agency_id", "position", "unit", "holder_id", "due_at", "step_run_id", "paused_since"]
_HELD = ["agency_id", "holder_id", "due_at", "step_run_id", "paused_since"]


def upgrade() -> None:
    _replace(_FREE, "state = 'open'", _HELD, "state = 'open' AND holder_id IS NOT NULL")


def downgrade() -> None:
    worklist = ["agency_id", "position", "unit", "due_at"]
    _replace(worklist, "state = 'open'", ["agency_id", "holder_id", "due_at"], "state = 'open'")


def _replace(worklist: list[str], one: str, holder: list[str], other: str) -> None:
    for name, columns, which in (
        ("ix_step_run_worklist", worklist, sa.text(one)),
        ("ix_step_run_holder", holder, sa.text(other)),
    ):
        op.drop_index(name, table_name="step_run")
        op.create_index(name, "step_run", columns, sqlite_where=which, postgresql_where=which)
