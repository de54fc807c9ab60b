"""What was answered under an idempotency key: the same request is done once, often as it comes."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from engine.actor import Actor
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import InvalidKey, KeyReused
from engine.office import Office
from engine.store.database import Transaction
from engine.store.prepared import Prepared, Row
from engine.store.tables import idempotency
from processes.data_entry import is_storable

_LONGEST_KEY = 100

OWN_KEY = (
    idempotency.c.agency_id == bindparam("of_agency"),
    idempotency.c.account_id == bindparam("of_account"),
    idempotency.c.key == bindparam("of_key"),
)
KEPT = Prepared(select(idempotency.c.request_hash, idempotency.c.answer).where(*OWN_KEY))
_KEEP = Prepared(insert(idempotency), tuple(idempotency.c.keys()))


def once(
    office: Office,
    actor: Actor,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Callable[[Transaction], Outcome],
) -> Outcome:
    """Run an act that has no dossier yet, once per key."""

    def run(transaction: Transaction) -> Outcome:
        kept = recall(transaction, actor, command, request, key)
        if kept is not None:
            return kept
        return keep(
            transaction, actor, command, request, key, office.clock.now(), work(transaction)
        )

    return office.database.write(run)


def _hash(command: str, request: Mapping[str, Any]) -> bytes:
    """What the request comes down to; any number and any text that JSON can carry."""
    text = json.dumps([command, request], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).digest()


def recall(
    transaction: Transaction,
    actor: Actor,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
) -> Outcome | None:
    """What was answered to this request before; None where it is new (InvalidKey, KeyReused)."""
    own = own_key(actor, key)
    row = None if key is None else transaction.row(KEPT, own)
    return None if row is None else answered(row, command, request)


def own_key(actor: Actor, key: str | None) -> dict[str, Any]:
    """Where the answer to a key is kept; under no key nothing is (InvalidKey)."""
    if key is not None and (not 0 < len(key) <= _LONGEST_KEY or not is_storable(key)):
        raise InvalidKey(longest=_LONGEST_KEY)
    return {"of_agency": actor.agency_id, "of_account": actor.account_id, "of_key": key}


def answered(kept: Row, command: str, request: Mapping[str, Any]) -> Outcome:
    """The answer kept under a key, for the request that it was given to (KeyReused)."""
    require_same(kept, command, request)
    return Outcome.from_data(kept.answer)


def require_same(kept: Row, command: str, request: Mapping[str, Any]) -> None:
    """Refuse a key under which something else was asked for (KeyReused)."""
    if kept.request_hash != _hash(command, request):
        raise KeyReused


def keep(
    transaction: Transaction,
    actor: Actor,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    at: datetime,
    outcome: Outcome,
) -> Outcome:
    """Keep the answer under the key, where one was sent; the answer."""
    if key is not None:
        keep_data(transaction, actor, command, request, key, at, outcome.to_data())
    return outcome


def keep_data(
    transaction: Transaction,
    actor: Actor,
    command: str,
    request: Mapping[str, Any],
    key: str,
    at: datetime,
    answer: Any,
) -> None:
    """Keep what was answered, as plain data, under the key."""
    transaction.change(
        _KEEP,
        {
            "agency_id": actor.agency_id,
            "account_id": actor.account_id,
            "key": key,
            "command": command,
            "request_hash": _hash(command, request),
            "answer": answer,
            "at": at,
        },
    )
