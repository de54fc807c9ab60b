"""How often somebody may try: counted for a code and for an address, by all processes together.

A try is counted before it is looked at, so that guesses that come at once are not more than those
that come one by one. As with logins (`engine.unknown_logins`), a code or an address has its place
among a fixed number of them by a keyed hash: the table is bounded and tells nobody who looked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine import unknown_logins
from engine.store.database import Transaction
from engine.store.lookup_tables import lookup_try
from processes.errors import NotAllowed

_PLACES = 1 << 16  # as many as `unknown_logins` has, for each rule


class TooManyLookups(NotAllowed):
    """Too many tries for this code, or from this address; it rests for a while."""

    code = "lookup.too_many"
    vi = "Tra cứu sai hoặc quá nhiều lần. Chờ 15 phút rồi thử lại, hoặc hỏi nơi tiếp nhận hồ sơ."
    en = "Too many tries. Wait 15 minutes, or ask where you handed the dossier in."


@dataclass(frozen=True, slots=True)
class Rule:
    """At most so many tries within a time; after the last one it rests."""

    name: str
    most: int
    within: timedelta
    rest: timedelta = timedelta(minutes=15)


WRONG_OF_CODE = Rule("code", 20, timedelta(hours=1))
WRONG_OF_ADDRESS = Rule("address", 15, timedelta(minutes=15))
ASKED_OF_ADDRESS = Rule("asked", 120, timedelta(minutes=15))
_RULES = (WRONG_OF_CODE, WRONG_OF_ADDRESS, ASKED_OF_ADDRESS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where tries of somebody are counted by a rule."""

    agency_id: str
    number: int
    rule: Rule


def place_of(connection: Connection, rule: Rule, text: str) -> Place:
    """The place of a code or an address."""
    agency_id, at = unknown_logins.place_of(connection, f"{rule.name}/{text}")
    return Place(agency_id, _RULES.index(rule) * _PLACES + at, rule)


def count(transaction: Transaction, places: tuple[Place, ...], now: datetime) -> None:
    """One more try at each place (TooManyLookups where one of them rests: then none is counted)."""
    for place in places:
        until = transaction.execute(
            select(lookup_try.c.locked_until).where(*_this(place)).with_for_update()
        ).scalar_one_or_none()
        if until is not None and until > now:
            raise TooManyLookups
    for place in places:
        _count(transaction, place, now)


def _count(transaction: Transaction, place: Place, now: datetime) -> None:
    kind: Any = sqlite if transaction.connection.dialect.name == "sqlite" else postgresql
    known, rule = lookup_try.c, place.rule
    over = known.since < literal(now - rule.within, known.since.type)
    tries = case((over, 1), else_=known.tries + 1)
    last = tries >= rule.most
    then = {
        "tries": case((last, 0), else_=tries),
        "since": case((over, literal(now, known.since.type)), else_=known.since),
        "locked_until": case((last, literal(now + rule.rest, known.since.type)), else_=None),
    }
    first = {"agency_id": place.agency_id, "place": place.number, "tries": 1, "since": now}
    new = kind.insert(lookup_try).values(first)
    transaction.execute(
        new.on_conflict_do_update(index_elements=[known.agency_id, known.place], set_=then)
    )


def forgive(transaction: Transaction, places: tuple[Place, ...]) -> None:
    """Take a try back that was no wrong one. A rest that it began goes on."""
    for place in places:
        fewer = func.coalesce(lookup_try.c.tries, 0) - 1
        transaction.execute(
            update(lookup_try).where(*_this(place), lookup_try.c.tries > 0).values(tries=fewer)
        )


def _this(place: Place) -> tuple[Any, ...]:
    return (lookup_try.c.agency_id == place.agency_id, lookup_try.c.place == place.number)
