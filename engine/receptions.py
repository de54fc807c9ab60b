"""What a clerk has received: which procedures lately, how many today."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.store.tables import dossier

_LOOKED_AT = 500  # the agency's last receptions


def recent_procedures(connection: Connection, actor: Actor) -> tuple[UUID, ...]:
    """The procedures that the clerk received lately, the latest first."""
    last = (
        select(dossier.c.procedure_id, dossier.c.received_by)
        .where(dossier.c.agency_id == actor.agency_id)
        .order_by(dossier.c.received_at.desc(), dossier.c.dossier_id.desc())
        .limit(_LOOKED_AT)
    )
    own = (row.procedure_id for row in connection.execute(last) if row[1] == actor.account_id)
    return tuple(dict.fromkeys(own))


def received_since(connection: Connection, actor: Actor, since: datetime) -> Mapping[UUID, int]:
    """How many dossiers the clerk received from then on, by procedure."""
    rows = connection.execute(
        select(dossier.c.procedure_id).where(
            dossier.c.agency_id == actor.agency_id,
            dossier.c.received_at >= since,
            dossier.c.received_by == actor.account_id,
        )
    )
    return Counter(rows.scalars())
