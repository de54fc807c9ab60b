"""A person's due steps as an iCalendar (RFC 5545), by an address whose secret can be revoked.

Only a hash of the secret is kept. Titles say the dossier's code and the step, never a citizen.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy import Connection, and_, delete, insert, or_, select

from engine.actor import Actor
from engine.office import Office
from engine.store.database import Transaction
from engine.store.reminder_tables import calendar_feed
from engine.store.tables import account, dossier, holding, step_run
from processes.data_entry import is_storable
from processes.errors import NotFound

_MOST = 500
_LONGEST = 200
_BYTES = 32
_LASTS = timedelta(minutes=15)  # of an event, that it may be seen; it ends when the step is due


def make_feed(office: Office, actor: Actor, randomness: Callable[[int], str]) -> str:
    """A new secret; the one before is void. It is told this once."""
    secret = randomness(_BYTES)
    row = {
        "agency_id": actor.agency_id,
        "account_id": actor.account_id,
        "secret_hash": _hash(secret),
        "made_at": office.clock.now(),
    }

    def make(transaction: Transaction) -> None:
        transaction.execute(delete(calendar_feed).where(*_of(actor)))
        transaction.execute(insert(calendar_feed), row)

    office.database.write(make)
    return secret


def revoke_feed(office: Office, actor: Actor) -> None:
    """Void the person's secret, if there is one."""
    office.database.write(
        lambda transaction: transaction.execute(delete(calendar_feed).where(*_of(actor)))
    )


def since(connection: Connection, actor: Actor) -> datetime | None:
    """When the secret that counts was made."""
    made_at: datetime | None = connection.execute(
        select(calendar_feed.c.made_at).where(*_of(actor))
    ).scalar_one_or_none()
    return made_at


def feed(office: Office, secret: str) -> bytes:
    """The calendar of whose secret it is (NotFound, also where the account is closed)."""
    if len(secret) > _LONGEST or not is_storable(secret):
        raise NotFound(what="lịch / calendar")
    with office.database.read() as connection:
        row = connection.execute(
            select(account.c.agency_id, account.c.account_id)
            .select_from(calendar_feed)
            .join(
                account,
                and_(
                    account.c.agency_id == calendar_feed.c.agency_id,
                    account.c.account_id == calendar_feed.c.account_id,
                ),
            )
            .where(calendar_feed.c.secret_hash == _hash(secret), account.c.active)
        ).one_or_none()
        if row is None:
            raise NotFound(what="lịch / calendar")
        now = office.clock.now()
        steps = _steps(connection, row.agency_id, row.account_id, now)
    return _written(steps, now)


def _steps(connection: Connection, agency_id: str, account_id: UUID, now: datetime) -> Any:
    """Open steps in the person's hands, and free ones that they may claim; due first."""
    held = connection.execute(
        select(holding.c.unit, holding.c.position).where(
            holding.c.agency_id == agency_id,
            holding.c.account_id == account_id,
            holding.c.valid_from <= now,
            or_(holding.c.valid_to.is_(None), holding.c.valid_to > now),
        )
    ).all()
    free = [
        and_(
            step_run.c.holder_id.is_(None),
            step_run.c.position == position,
            or_(step_run.c.unit.is_(None), step_run.c.unit == unit),
        )
        for unit, position in held
    ]
    return connection.execute(
        select(step_run.c.step_run_id, step_run.c.name, step_run.c.due_at, dossier.c.code)
        .select_from(step_run)
        .join(
            dossier,
            and_(
                dossier.c.agency_id == step_run.c.agency_id,
                dossier.c.dossier_id == step_run.c.dossier_id,
            ),
        )
        .where(
            step_run.c.agency_id == agency_id,
            step_run.c.state == "open",
            step_run.c.due_at.is_not(None),
            or_(step_run.c.holder_id == account_id, *free),
        )
        .order_by(step_run.c.due_at, step_run.c.step_run_id)
        .limit(_MOST)
    ).all()


def _written(steps: Any, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//quytrinh//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Hạn xử lý hồ sơ")
    for step in steps:
        event = Event()
        event.add("uid", f"{step.step_run_id}@quytrinh")
        event.add("dtstamp", now)
        event.add("dtstart", step.due_at - _LASTS)
        event.add("dtend", step.due_at)
        event.add("summary", f"Hạn: {step.code} – {step.name}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _of(actor: Actor) -> tuple[Any, ...]:
    return (
        calendar_feed.c.agency_id == actor.agency_id,
        calendar_feed.c.account_id == actor.account_id,
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
