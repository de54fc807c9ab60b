"""The journal of one dossier is whole: asked before anything is printed out of it."""

from uuid import UUID

from sqlalchemy import Connection, select

from engine.forms.refusals import HistoryBroken
from engine.journal import canonical, first_hash, seal
from engine.store.tables import dossier, journal


def require_unbroken(connection: Connection, agency_id: str, dossier_id: UUID) -> None:
    """Refuse where an event was altered, taken away or added (HistoryBroken)."""
    rows = connection.execute(
        select(journal)
        .where(journal.c.agency_id == agency_id, journal.c.dossier_id == dossier_id)
        .order_by(journal.c.seq)
    ).all()
    head, seq = first_hash(dossier_id), 0
    for row in rows:
        seq += 1
        head = seal(head, canonical(row.seq, row.at, row.actor_id, row.kind, row.body))
        if row.seq != seq or row.hash != head:
            raise HistoryBroken(seq=seq)
    kept = connection.execute(
        select(dossier.c.events, dossier.c.head_hash).where(
            dossier.c.agency_id == agency_id, dossier.c.dossier_id == dossier_id
        )
    ).one()
    if (kept.events, kept.head_hash) != (seq, head):
        raise HistoryBroken(seq=seq + 1)
