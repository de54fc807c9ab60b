"""The outbox: what is to leave the office, written in the transaction of the act that sends it.

A letter is delivered at least once (`engine.delivery`); its id is the receiver's key and is the
same each time. What nobody wants is not written.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import insert, select

from engine.ids import Ids
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import outbox, webhook

WEBHOOK = "webhook"
DOSSIER_EVENTS = "vn.quytrinh.dossier."
"""What the types of events that dossiers send begin with; then comes the kind of event."""


def send_event(
    transaction: Transaction,
    ids: Ids,
    now: datetime,
    agency_id: str,
    dossier_id: UUID,
    event: str,
    subject: str,
    data: Mapping[str, Any],
) -> None:
    """Tell every webhook of the agency that wants this type of event, as a CloudEvent 1.0.

    event: its type; subject: the dossier's code.
    """
    wanted = select(webhook.c.webhook_id, webhook.c.events).where(
        webhook.c.agency_id == agency_id, webhook.c.active.is_(True)
    )
    for row in transaction.execute(wanted).all():
        if row.events and event not in row.events:
            continue
        letter_id = ids(now)
        body = {
            "specversion": "1.0",
            "id": str(letter_id),
            "source": f"/agencies/{agency_id}/dossiers/{dossier_id}",
            "type": event,
            "subject": subject,
            "time": now.isoformat(),
            "datacontenttype": "application/json",
            "data": dict(data),
        }
        post(
            transaction,
            now,
            agency_id,
            letter_id,
            WEBHOOK,
            event,
            str(row.webhook_id),
            orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode(),
            dossier_id=dossier_id,
        )


def post(
    transaction: Transaction,
    now: datetime,
    agency_id: str,
    letter_id: UUID,
    kind: str,
    event: str,
    destination: str,
    body: str,
    *,
    dossier_id: UUID | None = None,
) -> None:
    """Put a letter into the outbox; it is due at once.

    kind: which deliverer takes it; destination and body are as that one has them.
    """
    transaction.change(
        _POST,
        {
            "agency_id": agency_id,
            "outbox_id": letter_id,
            "dossier_id": dossier_id,
            "kind": kind,
            "event": event,
            "destination": destination,
            "body": body,
            "created_at": now,
            "attempts": 0,
            "next_at": now,
        },
    )


_POST = Prepared(
    insert(outbox),
    (
        *("agency_id", "outbox_id", "dossier_id", "kind", "event", "destination", "body"),
        *("created_at", "attempts", "next_at"),
    ),
)
