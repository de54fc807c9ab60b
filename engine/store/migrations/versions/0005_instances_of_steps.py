"""a run of a repeated step says which one it is, of how many, and for what"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = (("instance", sa.Integer), ("instances", sa.Integer), ("item", sa.Text))


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("step_run", sa.Column(name, kind()))


def downgrade() -> None:
    for name, _ in reversed(_COLUMNS):
        op.drop_column("step_run", name)
