"""Drafts of receptions: what the officer who asks has typed so far; nobody else's."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Code, Key
from engine.reception.drafts import (
    drop_reception_draft,
    reception_draft_of,
    reception_drafts,
    save_reception_draft,
)
from engine.reception.receivable import receivable

router = APIRouter(prefix="/reception-drafts", tags=["reception drafts"])

_MOST_FIELDS = 500

DraftId = Annotated[UUID, Path(description="Chosen by the sender; the same one goes on with it.")]


class TypedField(Body):
    """One field as the desk's page names it: `applicant`, `identity_number`, `data:<code>`, …"""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    value: Annotated[str, Field(max_length=20_000)]


class ReceptionDraftBody(Body):
    """What was typed, in place of what the draft held. procedure: its code."""

    procedure: Code
    fields: Annotated[list[TypedField], Field(max_length=_MOST_FIELDS)]


class ReceptionDraftListed(Answer):
    """A draft in the list. applicant: masked, "" where no name was typed."""

    draft_id: UUID
    procedure: str
    applicant: str
    saved_at: datetime


class ReceptionDraftAnswer(Answer):
    """A draft in full."""

    draft_id: UUID
    procedure: str
    fields: list[TypedField]


@router.get("", summary="Bản nháp của tôi / drafts of one's own")
def get_drafts(office: TheOffice, actor: Officer) -> list[ReceptionDraftListed]:
    """One's own drafts of the last 7 days, the latest first, names masked."""
    with office.database.read() as connection:
        found = reception_drafts(connection, actor, office.clock.now())
    return [ReceptionDraftListed.model_validate(each) for each in found]


@router.put(
    "/{draft_id}",
    summary="Lưu bản nháp tiếp nhận / keep a reception draft",
    status_code=status.HTTP_204_NO_CONTENT,
)
def put_draft(
    office: TheOffice, actor: Officer, draft_id: DraftId, body: ReceptionDraftBody, key: Key = None
) -> None:
    """Keep what was typed, for who may receive the procedure; gone after 7 days."""
    with office.database.read() as connection:
        receivable(office, connection, actor, body.procedure)
    fields = [(each.name, each.value) for each in body.fields]
    save_reception_draft(office, actor, draft_id, body.procedure, fields, key=key)


@router.get("/{draft_id}", summary="Đọc bản nháp tiếp nhận / read a reception draft")
def get_draft(office: TheOffice, actor: Officer, draft_id: DraftId) -> ReceptionDraftAnswer:
    """What was typed, in the order it was sent; one's own, while one may receive the procedure."""
    with office.database.read() as connection:
        code, fields = reception_draft_of(connection, actor, draft_id, office.clock.now())
        receivable(office, connection, actor, code)
    typed = [TypedField(name=name, value=value) for name, value in fields]
    return ReceptionDraftAnswer(draft_id=draft_id, procedure=code, fields=typed)


@router.delete(
    "/{draft_id}",
    summary="Xóa bản nháp tiếp nhận / delete a reception draft",
    status_code=status.HTTP_204_NO_CONTENT,
)
def delete_draft(office: TheOffice, actor: Officer, draft_id: DraftId, key: Key = None) -> None:
    """Throw a draft of one's own away; one that is gone already stays gone."""
    drop_reception_draft(office, actor, draft_id, key=key)
