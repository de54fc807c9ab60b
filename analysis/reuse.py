"""Dossiers with at least one component taken over from an earlier one (QĐ 766, 4.3).

Stored when a component is taken over, and kept when either dossier is destroyed.
"""

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from analysis.period import Period
from analysis.rate import Rate
from analysis.source import agency_is, component_reuse, dossier


def reused_rate(connection: Connection, agency_id: str, period: Period) -> Rate:
    """Of the dossiers received in the period, those with at least one component taken over."""
    received = (
        agency_is(dossier, agency_id),
        dossier.c.received_at >= period.start,
        dossier.c.received_at < period.end,
    )
    whole = connection.execute(select(func.count()).select_from(dossier).where(*received))
    part = connection.execute(
        select(func.count()).select_from(dossier).where(*received, took_over())
    )
    return Rate(part.scalar_one(), whole.scalar_one())


def took_over() -> ColumnElement[bool]:
    """That a dossier has at least one component of an earlier one."""
    return exists(
        select(component_reuse.c.component).where(
            and_(
                component_reuse.c.agency_id == dossier.c.agency_id,
                component_reuse.c.dossier_id == dossier.c.dossier_id,
            )
        )
    )
