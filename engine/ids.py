"""Ids that sort by time (UUID version 7, RFC 9562), from an injected clock and chance."""

import random
import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Ids = Callable[[datetime], UUID]
"""Makes a new id for something that comes to be at that time."""


def uuid7(at: datetime, chance: int) -> UUID:
    """A version 7 UUID: 48 bits of Unix milliseconds, then 74 bits of `chance`."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    high = (chance >> 62) & 0xFFF
    low = chance & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def unguessable_ids() -> Ids:
    """Ids from the system's cryptographic randomness: nobody can guess a neighbour's."""
    return lambda at: uuid7(at, secrets.randbits(74))


def seeded_ids(seed: int) -> Ids:
    """Repeatable ids for tests, the demo and rehearsals; never for a real office."""
    chance = random.Random(seed)  # noqa: S311 - repeatability is the purpose
    return lambda at: uuid7(at, chance.getrandbits(74))
