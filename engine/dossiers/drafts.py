"""Drafts: what a person has begun to enter; never touches the dossier itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, insert, or_, select

from engine.actor import Actor
from engine.answered_once import Asked, do_once
from engine.dossiers.in_hand import OPEN
from engine.dossiers.refusals import NoSuchStep
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import draft, step_run
from processes.data_entry import is_storable
from processes.errors import InvalidInput

_MOST_FIELDS = 200
_LONGEST = 20_000
_KEPT = (str, bool, int, float)
_LARGEST_WHOLE = 2**53  # beyond it JSON readers round


class DraftTooLarge(InvalidInput):
    """A draft beyond what any form holds."""

    code = "draft.too_large"
    vi = "Bản nháp quá lớn. Rút gọn nội dung rồi thử lại."
    en = "The draft is too large. Shorten it and try again."


def save_draft(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    data: Mapping[str, Any],
    key: str | None = None,
) -> None:
    """Keep the actor's draft for an open step; an empty one removes it. key: done once under it.

    The actor's drafts for steps that have ended since are forgotten with it.
    """
    kept = {_text(str(code)): _kept(v) for code, v in data.items() if isinstance(v, _KEPT)}
    length = sum(len(code) + len(str(value)) for code, value in kept.items())
    if len(kept) > _MOST_FIELDS or length > _LONGEST:
        raise DraftTooLarge

    def command(transaction: Transaction) -> UUID:
        known = transaction.execute(
            select(step_run.c.state).where(
                step_run.c.agency_id == actor.agency_id, step_run.c.step_run_id == step_run_id
            )
        ).scalar_one_or_none()
        if known != OPEN:
            raise NoSuchStep
        ended = exists().where(
            step_run.c.agency_id == draft.c.agency_id,
            step_run.c.step_run_id == draft.c.step_run_id,
            step_run.c.state != OPEN,
        )
        transaction.execute(
            delete(draft).where(
                draft.c.agency_id == actor.agency_id,
                draft.c.account_id == actor.account_id,
                or_(draft.c.step_run_id == step_run_id, ended),
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
        return step_run_id

    request = {"step_run_id": step_run_id, "data": kept}
    do_once(office, Asked(actor, "draft", request, key), lambda: command)


def _kept(value: str | float) -> str | float:
    """What was typed, as JSON on any database can hold it."""
    if isinstance(value, str):
        return _text(value)
    return value if abs(value) < _LARGEST_WHOLE else str(value)


def _text(text: str) -> str:
    return text if is_storable(text) else "".join(filter(is_storable, text))
