"""Who is told of a step: its holder, who stands in, the head of its unit, the office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from engine.actor import Role
from engine.reminders.ladder_settings import Audience
from engine.store.tables import account, holding

_MOST = 50
"""People who may claim a step; where there are more, nobody in particular is meant."""


@dataclass(frozen=True, slots=True)
class Person:
    """An officer as reminders need them. stands_in_for: accounts."""

    account_id: UUID
    login: str
    name: str
    email: str
    phone: str
    roles: frozenset[str]
    holdings: frozenset[tuple[str, str]]
    stands_in_for: frozenset[UUID]

    def may_claim(self, unit: str | None, position: str | None) -> bool:
        return any(p == position and unit in (None, u) for u, p in self.holdings)


@dataclass(frozen=True, slots=True)
class People:
    """The active officers of an agency, in the order of their names."""

    people: tuple[Person, ...]

    def of(self, audience: Audience, row: Any) -> tuple[Person, ...]:
        """Whom it means for a step (its row of `step_run`)."""
        holders = self._holders(row)
        if audience is Audience.HOLDER:
            return holders
        known = {each.account_id for each in holders}
        if audience is Audience.SUBSTITUTE:
            return self._those(each for each in self.people if each.stands_in_for & known)
        heads = [each for each in self.people if Role.HEAD in each.roles]
        own = [each for each in heads if any(unit == row.unit for unit, _ in each.holdings)]
        if audience is Audience.HEAD:
            return self._those(own)
        return self._those(each for each in heads if each not in own)

    def _holders(self, row: Any) -> tuple[Person, ...]:
        if row.holder_id is not None:
            return self._those(each for each in self.people if each.account_id == row.holder_id)
        return self._those(each for each in self.people if each.may_claim(row.unit, row.position))

    def _those(self, found: Iterable[Person]) -> tuple[Person, ...]:
        return tuple(found)[:_MOST]


def people_of(connection: Connection, agency_id: str, at: datetime) -> People:
    """The active officers with what they hold at that moment; one statement."""
    rows = connection.execute(
        select(account, holding.c.unit, holding.c.position, holding.c.stand_in_for)
        .select_from(account)
        .outerjoin(
            holding,
            and_(
                holding.c.agency_id == account.c.agency_id,
                holding.c.account_id == account.c.account_id,
                holding.c.valid_from <= at,
                or_(holding.c.valid_to.is_(None), holding.c.valid_to > at),
            ),
        )
        .where(account.c.agency_id == agency_id, account.c.active)
        .order_by(account.c.name, account.c.account_id)
    ).all()
    grouped: dict[UUID, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.account_id, []).append(row)
    return People(tuple(_person(own) for own in grouped.values()))


def _person(own: list[Any]) -> Person:
    first = own[0]
    return Person(
        account_id=first.account_id,
        login=first.login,
        name=first.name,
        email=first.email,
        phone=first.phone,
        roles=frozenset(first.roles),
        holdings=frozenset((row.unit, row.position) for row in own if row.unit is not None),
        stands_in_for=frozenset(row.stand_in_for for row in own if row.stand_in_for is not None),
    )
