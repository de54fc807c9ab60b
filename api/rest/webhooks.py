"""Webhooks and dead letters: for administrators."""

import secrets
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Key, ReasonBody
from engine.delivery.dead_letters import DeadLetter, dead_letters, discard, retry
from engine.delivery.webhooks import add_webhook, listed_webhooks, remove_webhook

router = APIRouter(tags=["webhooks"])
WebhookId = Annotated[UUID, Path(description="Id of the webhook.")]
LetterId = Annotated[UUID, Path(description="Id of the letter.")]


class WebhookBody(Body):
    """Where to tell of events. events: types, none = all. secret: made where it is left out."""

    address: Annotated[str, Field(min_length=1, max_length=2000)]
    events: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)] = Field(
        default_factory=list
    )
    secret: Annotated[str, Field(max_length=200)] = ""


class WebhookAnswer(Answer):
    """A webhook; of its secret only the beginning."""

    webhook_id: UUID
    address: str
    events: list[str]
    secret: str
    active: bool
    created_at: datetime


class NewWebhookAnswer(Answer):
    """A webhook just added: the only time that its secret is told in full."""

    webhook_id: UUID
    secret: str


class RetriedAnswer(Answer):
    """How many letters go out again."""

    retried: int


@router.get("/webhooks", summary="Địa chỉ nhận sự kiện / webhooks")
def get_webhooks(office: TheOffice, actor: Officer) -> list[WebhookAnswer]:
    """The agency's webhooks; administrators only."""
    with office.database.read() as connection:
        found = listed_webhooks(connection, actor)
    return [WebhookAnswer.model_validate(each) for each in found]


@router.post("/webhooks", summary="Thêm địa chỉ nhận / add a webhook", status_code=201)
def post_webhook(
    office: TheOffice, actor: Officer, body: WebhookBody, key: Key = None
) -> NewWebhookAnswer:
    """Have an address told of events. Its secret is answered this once."""
    wanted = (body.address, secrets.token_bytes, body.events, body.secret)
    added = add_webhook(office, actor, *wanted, key)
    return NewWebhookAnswer(webhook_id=added.webhook_id, secret=added.secret)


@router.delete("/webhooks/{webhook}", summary="Bỏ địa chỉ nhận / remove", status_code=204)
def delete_webhook(office: TheOffice, actor: Officer, webhook: WebhookId, key: Key = None) -> None:
    """Tell the address nothing more."""
    remove_webhook(office, actor, webhook, key)


@router.get("/outbox/dead", summary="Thư không gửi được / dead letters")
def get_dead_letters(office: TheOffice, actor: Officer) -> list[DeadLetter]:
    """What could not be delivered, the last 200; administrators only."""
    with office.database.read() as connection:
        return list(dead_letters(connection, actor))


@router.post("/outbox/dead/retry", summary="Gửi lại tất cả / retry all")
def post_retry_all(office: TheOffice, actor: Officer, key: Key = None) -> RetriedAnswer:
    """Have all dead letters of the agency go out again, each under its id."""
    return RetriedAnswer(retried=retry(office, actor, key=key))


@router.post("/outbox/dead/{letter}/retry", summary="Gửi lại / retry")
def post_retry(
    office: TheOffice, actor: Officer, letter: LetterId, key: Key = None
) -> RetriedAnswer:
    """Have a dead letter go out again, under its id."""
    return RetriedAnswer(retried=retry(office, actor, letter, key))


@router.post("/outbox/dead/{letter}/discard", summary="Bỏ hẳn / discard", status_code=204)
def post_discard(
    office: TheOffice, actor: Officer, letter: LetterId, body: ReasonBody, key: Key = None
) -> None:
    """Give a dead letter up for good; the reason is kept."""
    discard(office, actor, letter, body.reason, key)
