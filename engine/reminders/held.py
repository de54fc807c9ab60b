"""Held messages: released once when they may go out, or given up, why they were held kept.

A new day or month, a raised cap or the morning lets them go, the oldest first. Whoever releases one
posts it and takes it from the held in one transaction, so that of many workers one does.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from engine.office import Office
from engine.outbox import post
from engine.reminders.messages import TEXT, desk_at
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.reminder_tables import message


@dataclass(frozen=True, slots=True)
class Released:
    """How many held messages went out, and how many said nothing new any more."""

    sent: int = 0
    expired: int = 0

    def __add__(self, other: "Released") -> "Released":
        return Released(self.sent + other.sent, self.expired + other.expired)


def release_held(office: Office, most: int = 200) -> Released:
    """Send what was held and may go out by now, at most so many of each agency."""
    with office.database.read() as connection:
        waiting = select(message.c.agency_id).where(message.c.letter.is_not(None)).distinct()
        agencies = connection.execute(waiting).scalars().all()
    done = Released()
    for agency_id in agencies:
        done += office.database.write(partial(_release, office, agency_id, most))
    return done


def _release(office: Office, agency_id: str, most: int, transaction: Transaction) -> Released:
    connection, now = transaction.connection, office.clock.now()
    desk = desk_at(office, connection, agency_id, now, at_night=False)
    sent = expired = 0
    for row in connection.execute(_held(agency_id, most)).all():
        this = {"of_agency": agency_id, "of_message": row.message_id}
        if now > row.good_until:
            transaction.change(_EXPIRED, {**_FORGOTTEN, "expired_at": now, **this}, must=True)
            expired += 1
        elif (row.kind == TEXT and desk.silent) or desk.held_back(transaction, row.cost):
            break  # those that were written later wait with it
        else:
            _send(transaction, row, desk.now)
            gone = {**_FORGOTTEN, "held": None, "day": desk.day, **this}
            transaction.change(_SENT, gone, must=True)
            sent += 1
    return Released(sent, expired)


def _held(agency_id: str, most: int) -> Any:
    held = message.c.agency_id == agency_id, message.c.letter.is_not(None)
    rows = select(message).where(*held).order_by(message.c.at, message.c.message_id).limit(most)
    return rows.with_for_update(skip_locked=True)


def _send(transaction: Transaction, row: Row[Any], now: Any) -> None:
    where = (row.agency_id, row.message_id, row.kind, row.event, row.address, row.letter)
    post(transaction, now, *where, dossier_id=row.dossier_id)


_FORGOTTEN = {"address": None, "letter": None}
_THIS = (
    message.c.agency_id == bindparam("of_agency"),
    message.c.message_id == bindparam("of_message"),
    message.c.letter.is_not(None),
)
_SENT = Prepared(update(message).where(*_THIS), ("address", "letter", "held", "day"))
_EXPIRED = Prepared(update(message).where(*_THIS), ("address", "letter", "expired_at"))
