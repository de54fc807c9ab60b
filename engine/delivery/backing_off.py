"""How long a letter that was not delivered waits: ever longer, and not all letters as long."""

from collections.abc import Callable
from datetime import timedelta

Chance = Callable[[], float]
"""A number from 0 to below 1."""

WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=8),
)
"""After each failure; after one more the letter is dead."""

_SPREAD = 0.25  # so that letters that failed together do not come back together


def wait_after(failures: int, chance: Chance) -> timedelta | None:
    """How long to wait after so many failures; None where it was the last."""
    if failures > len(WAITS):
        return None
    return WAITS[failures - 1] * (1 + _SPREAD * (2 * chance() - 1))
