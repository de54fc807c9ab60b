"""Wrong logins that no account has, counted as those of an account are: nobody learns which exist.

Bounded by construction: a login has its place among a fixed number of them, by a hash that nobody
outside can work out. Two that share a place are counted together, so nothing that somebody tries
makes another be forgotten. The places stand in a table: all processes count together, and a restart
forgets nothing.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.database import Transaction
from engine.store.office_tables import account, unknown_login

_PLACES = 1 << 16  # rows at the most
_FIRST = (
    select(account.c.agency_id, account.c.account_id)
    .order_by(account.c.agency_id, account.c.account_id)
    .limit(1)
)


Place = tuple[str, int]  # in whose table, and where


def rests(connection: Connection, place: Place, now: datetime) -> bool:
    """Whether it was tried too often."""
    this = unknown_login.c.agency_id == place[0], unknown_login.c.place == place[1]
    until: datetime | None = connection.execute(
        select(unknown_login.c.locked_until).where(*this)
    ).scalar_one_or_none()
    return until is not None and until > now


def count(
    transaction: Transaction, place: Place, now: datetime, *, most: int, rest: timedelta
) -> None:
    """One more try; after the last allowed one (`most`) the login rests."""
    kind = sqlite if transaction.reading.dialect.name == "sqlite" else postgresql
    known, last = unknown_login.c, unknown_login.c.failures + 1 >= most
    then = {
        "failures": case((last, 0), else_=known.failures + 1),
        "locked_until": case(
            (last, literal(now + rest, known.locked_until.type)), else_=known.locked_until
        ),
    }
    first = {"agency_id": place[0], "place": place[1], "failures": 1}
    new: Any = kind.insert(unknown_login).values(first)
    transaction.execute(
        new.on_conflict_do_update(index_elements=[known.agency_id, known.place], set_=then)
    )


def place_of(connection: Connection, login: str) -> Place:
    """Where a login is counted; the id of the first account is told to nobody outside."""
    agency_id, first = connection.execute(_FIRST).one_or_none() or ("", UUID(int=0))
    told = login.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(told, key=first.bytes, digest_size=8).digest()
    return agency_id, int.from_bytes(digest, "big") % _PLACES
