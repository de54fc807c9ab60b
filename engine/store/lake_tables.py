"""What lies in the Parquet lake of an office: the files that count, and up to where they know.

On PostgreSQL the journal has one more column that only the lake reads, `xact`: the number of the
transaction that entered the event (migration 0025). It is no part of what the engine reads, carries
to other databases or seals.
"""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from engine.store.columns import Instant
from engine.store.schema import agency_column, key, metadata

lake_file = Table(
    "lake_file",
    metadata,
    agency_column(),
    Column("name", String(300), nullable=False),  # its path within the lake
    Column("fact", String(40), nullable=False),
    Column("part", Integer, nullable=False),  # yyyymm; 0 = what has not ended
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("superseded_at", Instant),  # since then another file counts in its place
    key("name"),
)

lake_mark = Table(
    "lake_mark",
    metadata,
    agency_column(),
    Column("number", Integer, nullable=False),  # of the refresh, from 1
    Column("fresh_at", Instant, nullable=False),
    Column("xact", BigInteger),  # PostgreSQL: all transactions below it have been read
    Column("source", Text, nullable=False),  # of which database and definitions this was read
    key(),
)
