"""Ledger clocks as the tables keep them: text, which is read once where it is at hand.

A clock is a value, and equal texts are equal clocks: what was written or read lately need not be
read again. Acts look at two clocks each, and reading one costs more than the database takes for it.
"""

from typing import Any

import orjson

from engine.legal_clock.ledger_clock import LedgerClock
from engine.store.columns import Spelt, spell
from engine.store.prepared import Row

_MOST = 10_000  # about a kilobyte each
_at_hand: dict[str, LedgerClock] = {}


def clock_in(row: Any) -> LedgerClock | None:
    """The clock of a dossier, step or timer, None where it has none (UnreadableClock)."""
    kept = row.raw("clock") if isinstance(row, Row) else row.clock
    if isinstance(kept, str):
        return read_clock(kept)
    return None if kept is None else LedgerClock.from_data(kept)


def read_clock(text: str) -> LedgerClock:
    """The clock that was written as this text (UnreadableClock)."""
    clock = _at_hand.get(text)
    if clock is None:
        clock = LedgerClock.from_data(orjson.loads(text))
        _keep(text, clock)
    return clock


def written(clock: LedgerClock) -> Spelt:
    """The clock as a column takes it."""
    text = spell(clock.to_data())
    _keep(text, clock)
    return Spelt(text)


def _keep(text: str, clock: LedgerClock) -> None:
    if len(_at_hand) >= _MOST:
        _at_hand.clear()
    _at_hand[text] = clock
