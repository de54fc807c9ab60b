"""What all tables share: the metadata they stand in, and the agency that leads every key."""

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def agency_column() -> Column[str]:
    """The sharding column and the wall between agencies."""
    return Column("agency_id", String(40), nullable=False)


def key(*columns: str) -> PrimaryKeyConstraint:
    """A primary key, the agency first."""
    return PrimaryKeyConstraint("agency_id", *columns)
