"""What tests of reminders share: a step of four working days, and what was told of it."""

from uuid import UUID

from sqlalchemy import update

from engine.reminders.ladder_history import set_ladder
from engine.reminders.round import remind
from engine.store.database import Transaction
from engine.store.reminder_tables import notice, reminder
from engine.store.tables import account, outbox
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import Ward

FOUR_DAYS = draw(
    start(), step("A", limit="4 working_day"), step("B"), end(), flows=("S A", "A B", "B E")
)
"""Received on Tuesday 3 March 2026 at 8:00: 70 % on Thursday, due on Monday the 9th at 8:00."""


def open_step(ward: Ward):
    return ward.received(FOUR_DAYS, 2026, 3, 3, 8, 0)


def told(ward: Ward) -> list[str]:
    """The rungs told so far, in order."""
    return [row.rung for row in sorted(ward.stored(reminder), key=lambda row: row.at)]


def noticed(ward: Ward, account_id: UUID) -> list[str]:
    rows = ward.stored(notice, account_id=account_id)
    return [row.kind for row in sorted(rows, key=lambda row: row.at)]


def ticks(ward: Ward, *when: int) -> list[str]:
    """Look at a moment; all that was told until then."""
    ward.at(*when)
    remind(ward.office)
    return told(ward)


def decides(ward: Ward, **stated) -> None:
    administrator = next(actor for actor in ward.actors.values() if "admin" in actor.roles)
    set_ladder(ward.office, administrator, stated)


def holder(ward: Ward):
    return ward.holder(*OFFICER)


def reachable_by(ward: Ward, actor, **columns) -> None:
    """email=..., phone=..."""

    def change(transaction: Transaction) -> None:
        this = account.c.account_id == actor.account_id
        transaction.execute(update(account).where(this).values(**columns))

    ward.office.database.write(change)


def letters(ward: Ward) -> list:
    """What lies in the outbox, gone or not."""
    return ward.stored(outbox)
