"""The daily root: one hash for all that an office wrote in its journals on a day.

A root that was signed, or printed, and kept outside the database proves later that no event of
the day was altered, taken out or put in, not even by somebody who can write the whole database
and seal every chain anew. It is a Merkle tree (RFC 6962) over the dossiers that have an event on
the day, in the order of their ids; a leaf is dossier id, number of events and head of the chain at
the end of the day, and so stands for everything that happened to the dossier until then.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from engine.store.tables import journal

_LEAF, _NODE = b"\x00", b"\x01"
_LENGTH = 8  # bytes of the number of events in a leaf


@dataclass(frozen=True, slots=True)
class DailyRoot:
    """What is published: the line, or its parts."""

    agency_id: str
    day: date
    dossiers: int
    events: int
    root: bytes

    def line(self) -> str:
        """What is signed: one line of ASCII, the same wherever and whenever it is worked out."""
        return (
            f"quytrinh-root-1 {self.agency_id} {self.day.isoformat()} dossiers={self.dossiers} "
            f"events={self.events} sha256={self.root.hex()}"
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """That a dossier's journal is in the root of a day.

    path: hashes from the leaf to the root, each with the side on which it stands.
    """

    root: DailyRoot
    leaf: bytes
    path: tuple[tuple[Literal["left", "right"], bytes], ...]


def daily_root(connection: Connection, agency_id: str, day: date, zone: tzinfo) -> DailyRoot:
    """The root of a day in the office's zone; final once the day is over."""
    leaves, events = _leaves(connection, agency_id, day, zone)
    return DailyRoot(agency_id, day, len(leaves), events, merkle_root(leaves))


def proof_of(
    connection: Connection, agency_id: str, day: date, zone: tzinfo, dossier_id: UUID
) -> Proof | None:
    """The proof that the day's root stands for the dossier; None where nothing happened to it."""
    leaves, events = _leaves(connection, agency_id, day, zone)
    at = next((i for i, leaf in enumerate(leaves) if leaf.startswith(dossier_id.bytes)), None)
    if at is None:
        return None
    root = DailyRoot(agency_id, day, len(leaves), events, merkle_root(leaves))
    return Proof(root, leaves[at], tuple(audit_path(leaves, at)))


def _leaves(
    connection: Connection, agency_id: str, day: date, zone: tzinfo
) -> tuple[list[bytes], int]:
    """The leaves in their order, and how many events the day has."""
    begin = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    of_day = (
        select(journal.c.dossier_id, func.max(journal.c.seq).label("last"), func.count().label("n"))
        .where(journal.c.agency_id == agency_id, journal.c.at >= begin, journal.c.at < end)
        .group_by(journal.c.dossier_id)
        .subquery()
    )
    this = and_(journal.c.dossier_id == of_day.c.dossier_id, journal.c.seq == of_day.c.last)
    rows = connection.execute(
        select(journal.c.dossier_id, journal.c.seq, journal.c.hash, of_day.c.n)
        .join(of_day, this)
        .where(journal.c.agency_id == agency_id)
    ).all()
    leaves = sorted(
        row.dossier_id.bytes + row.seq.to_bytes(_LENGTH, "big") + row.hash for row in rows
    )
    return leaves, sum(row.n for row in rows)


def audit_path(
    leaves: Sequence[bytes], at: int
) -> Iterator[tuple[Literal["left", "right"], bytes]]:
    """The hashes that lead from a leaf to the root, from below (RFC 6962, section 2.1.1)."""
    if len(leaves) == 1:
        return
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if at < half:
        yield from audit_path(leaves[:half], at)
        yield "right", merkle_root(leaves[half:])
    else:
        yield from audit_path(leaves[half:], at - half)
        yield "left", merkle_root(leaves[:half])


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1; of nothing: SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(_LEAF + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = merkle_root(leaves[:half]), merkle_root(leaves[half:])
    return hashlib.sha256(_NODE + left + right).digest()
