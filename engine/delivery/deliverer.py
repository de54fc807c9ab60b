"""Who delivers letters of a kind, and how it may go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of the outbox on its way. attempts: how often it was tried before."""

    agency_id: str
    letter_id: UUID
    kind: str
    event: str
    destination: str
    body: str
    attempts: int


class NotDelivered(Exception):
    """It did not arrive, or nobody said that it did. response: what the receiver said."""

    def __init__(self, why: str, response: str = "") -> None:
        super().__init__(why)
        self.response = response


class NeverDelivered(NotDelivered):
    """It cannot arrive, however often it is tried."""


Deliverer = Callable[[Letter, datetime], str]
"""Delivers a letter at a moment; what the receiver said. Errors: NotDelivered."""

Deliverers = Mapping[str, Deliverer]
"""Deliverers by the kind of letter."""
