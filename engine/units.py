"""The units of an agency, by code and name."""

from sqlalchemy import Connection, select

from engine.store.tables import unit


def unit_names(connection: Connection, agency_id: str) -> dict[str, str]:
    """Names by code, in the order of the names."""
    rows = connection.execute(
        select(unit.c.code, unit.c.name).where(unit.c.agency_id == agency_id).order_by(unit.c.name)
    )
    return {row.code: row.name for row in rows}
