"""What all tables share: the metadata they stand in, and the agency that leads every key."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Index, MetaData, PrimaryKeyConstraint, String

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


def index_where(name: str, where: ColumnElement[bool], *columns: Column[Any]) -> None:
    """An index of the rows for which something holds, on either database."""
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


def key(*columns: str) -> PrimaryKeyConstraint:
    """A primary key, the agency first."""
    return PrimaryKeyConstraint("agency_id", *columns)
