"""What a clerk may receive, and has received: which procedures lately, how many today."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.dossiers.refusals import CannotReceive, NotInForce
from engine.office import Office
from engine.procedures import by_code
from engine.store.tables import dossier
from processes.procedure import Procedure
from processes.step import Assignment

_LOOKED_AT = 500  # the agency's last receptions


def receivable(office: Office, connection: Connection, actor: Actor, code: str) -> Procedure:
    """The procedure in force that the actor may receive (NotFound, NotInForce, CannotReceive)."""
    row = by_code(connection, actor, code)
    if row.version_id is None:
        raise NotInForce(code=row.code)
    procedure = office.version(connection, actor.agency_id, row.version_id).procedure
    if not may_receive(actor, procedure):
        first = _first_assignment(procedure)
        raise CannotReceive(position=first.name if first else "–")
    return procedure


def may_receive(actor: Actor, procedure: Procedure) -> bool:
    """Who receives: the holders of the first step's position."""
    first = _first_assignment(procedure)
    return first is not None and actor.holds(first.position, first.unit)


def _first_assignment(procedure: Procedure) -> Assignment | None:
    return procedure.steps[0].assignment if procedure.steps else None


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
