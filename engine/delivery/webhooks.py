"""Webhooks: addresses of an agency that are told of events; only administrators see them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from engine.actor import Actor, Role
from engine.answered_once import Asked, do_once
from engine.delivery.address import place_of
from engine.delivery.signature import key_of, written_secret
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import webhook
from processes.errors import Conflict, InvalidInput, NotFound

_ADMINISTRATORS = "quản trị / administrators"
_SECRET_BYTES = 32
_MOST_EVENTS, _LONGEST_EVENT = 50, 200
_SHOWN = 6  # letters of the secret, beside its prefix
Randomness = Callable[[int], bytes]


class InvalidEventType(InvalidInput):
    """Types of events are short words with dots."""

    code = "webhook.invalid_event"
    vi = "Loại sự kiện “{event}” không dùng được. Ghi dạng vn.quytrinh.dossier.message."
    en = "The event type '{event}' cannot be used. Write it as vn.quytrinh.dossier.message."


class WebhookKnown(Conflict):
    """An address is told of an event once, however often it is added."""

    code = "webhook.known"
    vi = "Địa chỉ {address} đã có trong danh sách. Bỏ dòng cũ trước nếu muốn đổi sự kiện hoặc khóa."
    en = "The address {address} is listed already. Remove it first to change events or secret."


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address. events: types it wants, none = all. secret: its beginning only."""

    webhook_id: UUID
    address: str
    events: tuple[str, ...]
    secret: str
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook just added, with its secret in full: shown once, to be given to the receiver."""

    webhook_id: UUID
    secret: str

    def __repr__(self) -> str:
        return f"NewWebhook({self.webhook_id})"  # what is logged by accident says no secret


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send, and with what to sign."""

    address: str
    secret: str

    def __repr__(self) -> str:
        return f"Target({self.address!r})"


def add_webhook(
    office: Office,
    actor: Actor,
    address: str,
    randomness: Randomness,
    events: Sequence[str] = (),
    secret: str = "",
    key: str | None = None,
) -> NewWebhook:
    """Have an address told of events, once per key.

    Errors: NotAllowed, InvalidAddress, InvalidEventType, InvalidSecret, WebhookKnown.
    """
    actor.require(Role.ADMIN, who=_ADMINISTRATORS)
    place_of(address)
    wanted = sorted(set(events))
    for event in wanted[_MOST_EVENTS:] or wanted:
        right = event.isascii() and event.replace(".", "").replace("_", "").isalnum()
        if not right or len(event) > _LONGEST_EVENT or len(wanted) > _MOST_EVENTS:
            raise InvalidEventType(event=event[:_LONGEST_EVENT])
    kept = secret or written_secret(randomness(_SECRET_BYTES))
    key_of(kept)
    now = office.clock.now()
    webhook_id = office.ids(now)

    def add(transaction: Transaction) -> UUID:
        same = webhook.c.agency_id == actor.agency_id, webhook.c.address == address
        if transaction.execute(select(webhook.c.webhook_id).where(*same)).first() is not None:
            raise WebhookKnown(address=address)
        transaction.execute(
            insert(webhook),
            {
                "agency_id": actor.agency_id,
                "webhook_id": webhook_id,
                "address": address,
                "events": wanted,
                "secret": kept,
                "active": True,
                "created_at": now,
                "created_by": actor.account_id,
            },
        )
        return webhook_id

    request = {"address": address, "events": wanted, "secret": secret}
    added = do_once(office, Asked(actor, "webhook.add", request, key), lambda: add)
    known = target(office, actor.agency_id, str(added))
    if known is None:
        raise NotFound(what=f"webhook {added}")
    return NewWebhook(added, known.secret)


def listed_webhooks(connection: Connection, actor: Actor) -> tuple[Webhook, ...]:
    """The agency's webhooks, the oldest first (NotAllowed)."""
    actor.require(Role.ADMIN, who=_ADMINISTRATORS)
    rows = connection.execute(
        select(webhook)
        .where(webhook.c.agency_id == actor.agency_id)
        .order_by(webhook.c.created_at, webhook.c.webhook_id)
    )
    return tuple(
        Webhook(
            row.webhook_id,
            row.address,
            tuple(row.events),
            f"{row.secret[: len('whsec_') + _SHOWN]}…",
            row.active,
            row.created_at,
        )
        for row in rows
    )


def remove_webhook(office: Office, actor: Actor, webhook_id: UUID, key: str | None = None) -> None:
    """Tell the address nothing more; what waits for it is put aside (NotAllowed, NotFound)."""
    actor.require(Role.ADMIN, who=_ADMINISTRATORS)
    this = webhook.c.agency_id == actor.agency_id, webhook.c.webhook_id == webhook_id

    def remove(transaction: Transaction) -> int:
        gone = int(transaction.execute(delete(webhook).where(*this)).rowcount)
        if not gone:
            raise NotFound(what=f"webhook {webhook_id}")
        return gone

    asked = Asked(actor, "webhook.remove", {"webhook_id": webhook_id}, key)
    do_once(office, asked, lambda: remove)


def target(office: Office, agency_id: str, webhook_id: str) -> Target | None:
    """Where letters to this webhook go; None where it is no more."""
    this = webhook.c.agency_id == agency_id, webhook.c.webhook_id == UUID(webhook_id)
    with office.database.read() as connection:
        row = connection.execute(
            select(webhook.c.address, webhook.c.secret).where(*this, webhook.c.active.is_(True))
        ).one_or_none()
    return None if row is None else Target(row.address, row.secret)
