"""What an act on a step reads first, in one statement: who asks, the step, its dossier, its key.

Who asks is an officer known already, or a bearer of a token whom the same statement looks up.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from engine.accounts import Bearer, of_token
from engine.actor import Actor
from engine.dossiers.answered import KEPT, OWN_KEY, own_key
from engine.store.prepared import Prepared, Row
from engine.store.tables import account, dossier, idempotency, step_run
from engine.store.transaction import Transaction

Who = Actor | Bearer


@dataclass(frozen=True, slots=True)
class Asked:
    """row: the dossier and, as `step_...`, the step, None where there is none.

    kept: what was answered under the same key, if anything.
    """

    actor: Actor
    row: Row | None
    kept: Row | None


def ask(transaction: Transaction, who: Who, step_run_id: UUID, key: str | None) -> Asked:
    """What the act is to be done to, and by whom (NotLoggedIn, InvalidKey)."""
    if isinstance(who, Actor):
        row = read_step(transaction, who, step_run_id, key)
        kept = transaction.row(KEPT, own_key(who, key)) if row is None else row
        return Asked(who, row, _answered(kept))
    actor, found = who.ask(transaction, _OF_TOKEN, {"of_step": step_run_id, "of_key": key})
    own_key(actor, key)
    return Asked(actor, None if found.raw("step_step_run_id") is None else found, _answered(found))


def read_step(
    transaction: Transaction, actor: Actor, step_run_id: UUID, key: str | None
) -> Row | None:
    """The step, its dossier and its key, as they stand now (InvalidKey)."""
    return transaction.row(_OF_ACTOR, {"of_step": step_run_id, **own_key(actor, key)})


def _answered(row: Row | None) -> Row | None:
    return None if row is None or row.request_hash is None else row


_COLUMNS = (
    *dossier.c,
    *(column.label(f"step_{column.name}") for column in step_run.c),
    idempotency.c.request_hash,
    idempotency.c.answer,
)
_ITS_DOSSIER = and_(
    dossier.c.agency_id == step_run.c.agency_id, dossier.c.dossier_id == step_run.c.dossier_id
)
_OF_ACTOR = Prepared(
    select(*_COLUMNS)
    .select_from(step_run)
    .join(dossier, _ITS_DOSSIER)
    .outerjoin(idempotency, and_(*OWN_KEY))
    .where(
        step_run.c.agency_id == bindparam("of_agency"),
        step_run.c.step_run_id == bindparam("of_step"),
    )
)
_THE_STEP: Any = and_(
    step_run.c.agency_id == account.c.agency_id, step_run.c.step_run_id == bindparam("of_step")
)
_THE_KEY: Any = and_(
    idempotency.c.agency_id == account.c.agency_id,
    idempotency.c.account_id == account.c.account_id,
    idempotency.c.key == bindparam("of_key"),
)
_OF_TOKEN = Prepared(
    of_token(
        *_COLUMNS,
        beside=((step_run, _THE_STEP), (dossier, _ITS_DOSSIER), (idempotency, _THE_KEY)),
    )
)
