"""Dead letters: what could not be delivered, for administrators to see, try again or discard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from engine.actor import Actor, Role
from engine.answered_once import Asked, do_once
from engine.dossiers.reason import stated
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import dossier, outbox, webhook
from processes.errors import NotFound

_ADMINISTRATORS = "quản trị / administrators"
_MOST = 200


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter that was given up.

    letter_id: what the receiver knows it by. destination: where to, as people know it.
    """

    letter_id: UUID
    dossier_code: str | None
    kind: str
    event: str
    destination: str
    attempts: int
    created_at: datetime
    dead_at: datetime
    error: str
    response: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """Numbers of letters of an agency: still to be delivered, and given up."""

    waiting: int
    dead: int


def dead_letters(connection: Connection, actor: Actor, most: int = _MOST) -> tuple[DeadLetter, ...]:
    """The agency's dead letters, the last to die first (NotAllowed)."""
    actor.require(Role.ADMIN, who=_ADMINISTRATORS)
    known = select(webhook.c.webhook_id, webhook.c.address).where(
        webhook.c.agency_id == actor.agency_id
    )
    addresses = {str(row.webhook_id): row.address for row in connection.execute(known)}
    rows = connection.execute(
        select(outbox, dossier.c.code.label("dossier_code"))
        .outerjoin(
            dossier,
            (dossier.c.agency_id == outbox.c.agency_id)
            & (dossier.c.dossier_id == outbox.c.dossier_id),
        )
        .where(outbox.c.agency_id == actor.agency_id, *_DEAD)
        .order_by(outbox.c.dead_at.desc(), outbox.c.outbox_id)
        .limit(most)
    )
    return tuple(_dead_letter(row, addresses) for row in rows)


def _dead_letter(row: Any, addresses: Mapping[str, str]) -> DeadLetter:
    return DeadLetter(
        letter_id=row.outbox_id,
        dossier_code=row.dossier_code,
        kind=row.kind,
        event=row.event,
        destination=addresses.get(row.destination, row.destination),
        attempts=row.attempts,
        created_at=row.created_at,
        dead_at=row.dead_at,
        error=row.error or "",
        response=row.response or "",
    )


def traffic(connection: Connection, actor: Actor) -> Traffic:
    """How much waits and how much was given up (NotAllowed)."""
    actor.require(Role.ADMIN, who=_ADMINISTRATORS)

    def number(*which: Any) -> int:
        mine = select(func.count()).select_from(outbox).where(outbox.c.agency_id == actor.agency_id)
        return int(connection.execute(mine.where(*which)).scalar_one())

    return Traffic(number(outbox.c.next_at.is_not(None)), number(*_DEAD))


def retry(
    office: Office, actor: Actor, letter_id: UUID | None = None, key: str | None = None
) -> int:
    """Have a dead letter, or all of the agency's, go out again at once; how many.

    It is tried as often as a new one, under its old id. Errors: NotAllowed, NotFound.
    """
    again = {"dead_at": None, "attempts": 0, "claimed_until": None, "next_at": office.clock.now()}
    asked = Asked(actor, "letter.retry", {"letter_id": letter_id}, key)
    return _change(office, asked, letter_id, again)


def discard(
    office: Office, actor: Actor, letter_id: UUID, reason: str | None, key: str | None = None
) -> None:
    """Give a dead letter up for good; who and why is kept (NotAllowed, NotFound, ReasonNeeded)."""
    given_up = {
        "dead_at": None,
        "discarded_at": office.clock.now(),
        "discarded_by": actor.account_id,
        "reason": stated(reason),
    }
    asked = Asked(actor, "letter.discard", {"letter_id": letter_id, "reason": reason}, key)
    _change(office, asked, letter_id, given_up)


def _change(office: Office, asked: Asked, letter_id: UUID | None, columns: dict[str, Any]) -> int:
    actor = asked.actor
    actor.require(Role.ADMIN, who=_ADMINISTRATORS)
    which = [outbox.c.agency_id == actor.agency_id, *_DEAD]
    if letter_id is not None:
        which.append(outbox.c.outbox_id == letter_id)
    statement = update(outbox).where(*which).values(columns)

    def change(transaction: Transaction) -> int:
        changed = int(transaction.execute(statement).rowcount)
        if not changed and letter_id is not None:
            raise NotFound(what=f"thư / letter {letter_id}")
        return changed

    return do_once(office, asked, lambda: change)


_DEAD = (outbox.c.dead_at.is_not(None),)
