"""the manifest of the Parquet lake; on PostgreSQL events say which transaction entered them"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lake_file",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("fact", sa.String(40), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "name", name="pk_lake_file"),
    )
    op.create_table(
        "lake_mark",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fresh_at", sa.BigInteger(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", name="pk_lake_mark"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # The default is set apart, so that the rows which are there are not written anew: they
        # have no number, and the first refresh reads everything.
        op.execute("ALTER TABLE journal ADD COLUMN xact bigint")
        op.execute(
            "ALTER TABLE journal ALTER COLUMN xact SET DEFAULT pg_current_xact_id()::text::bigint"
        )
        # Events are entered in about the order of their transactions: a range of pages tells.
        op.execute(
            "CREATE INDEX ix_journal_xact ON journal USING brin (xact) WITH (autosummarize = on)"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_journal_xact")
        op.execute("ALTER TABLE journal DROP COLUMN xact")
    op.drop_table("lake_mark")
    op.drop_table("lake_file")
