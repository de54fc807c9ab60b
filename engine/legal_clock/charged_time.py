"""Whose a dossier's working time was: the office's own, the citizen's, the tax office's, a unit's.

All of it together is the working time since reception.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.calendar import Calendar
from engine.legal_clock.ledger_clock import LedgerClock


@dataclass(frozen=True, slots=True)
class ChargedTime:
    """Working seconds. own: while the clock ran. nobody: the citizen's, and force majeure.

    others: of whom the dossier waited for otherwise, by unit, or "thue" for the tax office.
    """

    own: int
    nobody: int
    others: Mapping[str, int]

    @property
    def total(self) -> int:
        return self.own + self.nobody + sum(self.others.values())


def charged_time(clock: LedgerClock, calendar: Calendar, at: datetime) -> ChargedTime:
    """How the time from reception to a moment, or to the end of handling, is charged."""
    until = min(at, clock.stopped_at) if clock.stopped_at else max(at, clock.as_of)
    nobody, others = 0, dict[str, int]()
    for pause in clock.pauses:
        stood = calendar.elapsed(pause.since, pause.until or until)
        if pause.charged_to is None:
            nobody += stood
        else:
            others[pause.charged_to] = others.get(pause.charged_to, 0) + stood
    total = calendar.elapsed(clock.started_at, until)
    return ChargedTime(total - nobody - sum(others.values()), nobody, others)
