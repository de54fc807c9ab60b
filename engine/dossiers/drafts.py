"""Drafts: what a person has begun to enter; never touches the dossier itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from engine.actor import Actor
from engine.dossiers.refusals import NoSuchStep
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import draft, step_run
from processes.errors import InvalidInput

_MOST_FIELDS = 200
_LONGEST = 20_000


class DraftTooLarge(InvalidInput):
    """A draft beyond what any form holds."""

    code = "draft.too_large"
    vi = "Bản nháp quá lớn. Rút gọn nội dung rồi thử lại."
    en = "The draft is too large. Shorten it and try again."


def save_draft(office: Office, actor: Actor, step_run_id: UUID, data: Mapping[str, Any]) -> None:
    """Keep the actor's draft for an open step; an empty one removes it."""
    kept = {str(k)[:120]: v for k, v in data.items() if isinstance(v, str | bool | int)}
    if len(kept) > _MOST_FIELDS or sum(len(str(v)) for v in kept.values()) > _LONGEST:
        raise DraftTooLarge

    def command(transaction: Transaction) -> None:
        known = transaction.execute(
            select(step_run.c.state).where(
                step_run.c.agency_id == actor.agency_id, step_run.c.step_run_id == step_run_id
            )
        ).scalar_one_or_none()
        if known != "open":
            raise NoSuchStep
        transaction.execute(
            delete(draft).where(
                draft.c.agency_id == actor.agency_id,
                draft.c.step_run_id == step_run_id,
                draft.c.account_id == actor.account_id,
            )
        )
        if kept:
            transaction.execute(
                insert(draft),
                {
                    "agency_id": actor.agency_id,
                    "step_run_id": step_run_id,
                    "account_id": actor.account_id,
                    "data": kept,
                    "saved_at": office.clock.now(),
                },
            )

    office.database.write(command)
