"""A round of the post: letters that are due are claimed, delivered side by side, and crossed off.

A claim is a lease: who is killed with letters in hand leaves them to others after a while, and
they go out again under the same id. No transaction is open while a receiver is waited for.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from engine.delivery.backing_off import Chance, wait_after
from engine.delivery.deliverer import Deliverers, Letter, NeverDelivered, NotDelivered
from engine.office import Office
from engine.outbox import DOSSIER_EVENTS
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import outbox
from processes.data_entry import is_storable

_log = logging.getLogger("quytrinh.delivery")
_LEASE = timedelta(minutes=3)
"""Longer than a batch may take: as many at once as are claimed, each within half a minute."""
_TOGETHER = 8
_LONGEST_ERROR = 500
SECRET_SENT = f"{DOSSIER_EVENTS}lookup_secret"
"""The event of a letter that says a secret: nothing of it stays once it has gone or is given up."""
_EMPTIED = '{"good_until": "1970-01-01T00:00:00+00:00"}'  # sent again, it says nothing new


@dataclass(frozen=True)
class Post:
    """What delivering takes. deliverers: by kind of letter; other kinds wait for who has them."""

    office: Office
    deliverers: Deliverers
    chance: Chance


def deliver_what_is_due(post: Post, most: int = 200) -> int:
    """Try at most so many letters that are due, the longest due first; how many were tried."""
    tried = 0
    with ThreadPoolExecutor(_TOGETHER, "delivery") as threads:
        while tried < most:
            letters = _claim(post, min(_TOGETHER, most - tried))
            if not letters:
                break
            for letter, done in zip(
                letters, threads.map(lambda each: _deliver(post, each), letters), strict=True
            ):
                _cross_off(post, letter, done)
            tried += len(letters)
    return tried


def _claim(post: Post, most: int) -> list[Letter]:
    now = post.office.clock.now()
    due = (
        select(outbox)
        .where(
            outbox.c.next_at <= now,
            or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now),
            outbox.c.kind.in_(sorted(post.deliverers)),
        )
        .order_by(outbox.c.next_at, outbox.c.outbox_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )

    def claim(transaction: Transaction) -> list[Letter]:
        letters = [_letter(row) for row in transaction.execute(due).all()]
        for letter in letters:
            transaction.change(_CLAIM, {**_this(letter), "claimed_until": now + _LEASE})
        return letters

    return post.office.database.write(claim)


def _letter(row: Any) -> Letter:
    return Letter(
        *(row.agency_id, row.outbox_id, row.kind, row.event, row.destination),
        *(row.body, row.attempts),
    )


def _deliver(post: Post, letter: Letter) -> str | NotDelivered:
    """What the receiver said, or why it did not get it."""
    try:
        return post.deliverers[letter.kind](letter, post.office.clock.now())
    except NotDelivered as failure:
        return failure
    except Exception as failure:  # noqa: BLE001 - one bad letter must not stop the post
        _log.exception("delivering %s failed", letter.letter_id)
        return NotDelivered(type(failure).__name__)


def _cross_off(post: Post, letter: Letter, done: str | NotDelivered) -> None:
    """Write down how it went, if the letter is still as it was claimed."""
    now = post.office.clock.now()
    tried = {"attempts": letter.attempts + 1, "claimed_until": None}
    body = _EMPTIED if letter.event == SECRET_SENT else letter.body
    if isinstance(done, str):
        kept = {**tried, "next_at": None, "done_at": now, "response": _storable(done)}
        _note(post, letter, _DONE, {**kept, "error": None, "body": body})
        return
    wait = None
    if not isinstance(done, NeverDelivered):
        wait = wait_after(letter.attempts + 1, post.chance)
    _log.warning("letter %s was not delivered: %s", letter.letter_id, done)
    kept = {**tried, "error": _storable(str(done)), "response": _storable(done.response) or None}
    if wait is None:
        _note(post, letter, _DEAD, {**kept, "next_at": None, "dead_at": now, "body": body})
    else:
        _note(post, letter, _AGAIN, {**kept, "next_at": now + wait})


def _note(post: Post, letter: Letter, statement: Prepared, columns: Mapping[str, Any]) -> None:
    given = {**columns, **_this(letter), "of_attempts": letter.attempts}
    post.office.database.write(lambda transaction: transaction.change(statement, given))


def _storable(text: str) -> str:
    return "".join(filter(is_storable, text))[:_LONGEST_ERROR]


def _this(letter: Letter) -> dict[str, Any]:
    return {"of_agency": letter.agency_id, "of_letter": letter.letter_id}


_THIS = (
    outbox.c.agency_id == bindparam("of_agency"),
    outbox.c.outbox_id == bindparam("of_letter"),
)
_TRIED = ("attempts", "claimed_until", "next_at", "error", "response")


def _noted(*columns: str) -> Prepared:
    still = outbox.c.attempts == bindparam("of_attempts"), outbox.c.next_at.is_not(None)
    return Prepared(update(outbox).where(*_THIS, *still), (*_TRIED, *columns))


_CLAIM = Prepared(update(outbox).where(*_THIS), ("claimed_until",))
_DONE, _DEAD, _AGAIN = _noted("done_at", "body"), _noted("dead_at", "body"), _noted()
