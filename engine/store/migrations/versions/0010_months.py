"""journal and components in parts by month on PostgreSQL; the journal is found by its day"""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEYS = {
    "journal": "agency_id, dossier_id, seq",
    "dossier_component": "agency_id, dossier_id, component, form",
}
# What an id of version 7 says of its month, of rows that are there already.
_MONTHS = """
SELECT DISTINCT date_trunc('month', to_timestamp(
    ('x' || substr(replace(dossier_id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0
) AT TIME ZONE 'UTC') AS month
FROM {table} WHERE substr(dossier_id::text, 15, 1) = '7' ORDER BY 1
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _KEYS:
            _rebuild(table, " PARTITION BY RANGE (dossier_id)")
            op.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
            _months(table)
            _fill(table)
        # An event is written after the one before it: a range of pages tells its range of days.
        op.execute(
            "CREATE INDEX ix_journal_at ON journal USING brin (agency_id, at)"
            " WITH (autosummarize = on)"
        )
    else:
        op.create_index("ix_journal_at", "journal", ["agency_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_journal_at", table_name="journal")
    if op.get_bind().dialect.name == "postgresql":
        for table in _KEYS:
            _rebuild(table, "")
            _fill(table)


def _rebuild(table: str, parted: str) -> None:
    """The table anew and empty, of the same shape; its rows wait in TABLE_before."""
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    op.execute(f"ALTER TABLE {table}_before DROP CONSTRAINT pk_{table}")
    op.execute(f"ALTER TABLE {table}_before DROP CONSTRAINT fk_{table}_agency_id_dossier_id")
    op.execute(f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS){parted}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({_KEYS[table]})")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_agency_id_dossier_id"
        " FOREIGN KEY (agency_id, dossier_id) REFERENCES dossier (agency_id, dossier_id)"
    )


def _fill(table: str) -> None:
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 - names of ours
    op.execute(f"DROP TABLE {table}_before")


def _months(table: str) -> None:
    """A part for each month of which there are rows; the coming ones are made when it opens."""
    found = op.get_bind().execute(sa.text(_MONTHS.format(table=f"{table}_before")))
    for (month,) in found.all():
        begin, end = _first_id(month.year, month.month), _first_id(*_following(month))
        op.execute(
            f"CREATE TABLE {table}_{month.year}_{month.month:02} PARTITION OF {table}"
            f" FOR VALUES FROM ('{begin}') TO ('{end}')"
        )


def _following(month: datetime) -> tuple[int, int]:
    return month.year + month.month // 12, month.month % 12 + 1


def _first_id(year: int, month: int) -> str:
    """The least id of a month: its first millisecond, and nothing else."""
    milliseconds = int(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000)
    return str(UUID(int=milliseconds << 80))
