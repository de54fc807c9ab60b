"""What messages cost: how many, of how many steps, in all and of each step; from their log."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, distinct, func, select

from engine.actor import Actor, Role
from engine.store.reminder_tables import message


@dataclass(frozen=True, slots=True)
class Spent:
    """Of one kind of message between two days. steps: that anything was sent about.

    of_steps: of those sent, which were about a step; others are digests, what a dossier owes, and
    what citizens are told. held: still waiting for the cap or the morning; expired: held until
    they said nothing new.
    """

    kind: str
    sent: int
    parts: int
    cost: int
    steps: int
    held: int
    expired: int = 0
    of_steps: int = 0

    @property
    def per_step(self) -> float:
        """Messages about steps for each step that any was sent about."""
        return self.of_steps / self.steps if self.steps else 0.0


def spent(connection: Connection, actor: Actor, first: int, last: int) -> tuple[Spent, ...]:
    """By kind, from one day to another, as yyyymmdd (NotAllowed)."""
    actor.require(Role.ADMIN, Role.HEAD, who="quản trị, lãnh đạo / administrators, heads")
    days = message.c.day >= first, message.c.day <= last
    this: tuple[Any, ...] = (message.c.agency_id == actor.agency_id, *days)
    went = message.c.held.is_(None)
    rows = connection.execute(
        select(
            message.c.kind,
            func.count().filter(went),
            func.coalesce(func.sum(message.c.parts).filter(went), 0),
            func.coalesce(func.sum(message.c.cost).filter(went), 0),
            func.count(distinct(message.c.step_run_id)).filter(went),
            func.count().filter(~went, message.c.expired_at.is_(None)),
            func.count().filter(message.c.expired_at.is_not(None)),
            func.count().filter(went, message.c.step_run_id.is_not(None)),
        )
        .where(*this)
        .group_by(message.c.kind)
        .order_by(message.c.kind)
    )
    return tuple(Spent(kind, *(int(number) for number in numbers)) for kind, *numbers in rows)
