"""The measure of QĐ 766/QĐ-TTg (index 2.1): whether a dossier counts as handled in time.

It is not the legal due time: the citizen's time for a supplement is taken off whatever the law of
the procedure does with the limit, a second request makes the dossier late, and while the citizen
has not come back the moment of the request ends its handling. It is compared with the time promised
(the appointment, or the one given anew), not with what the clock made of it since.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.calendar import Calendar
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind, epoch

RULE = "766/2022"
"""Which rule; stored with the result, so that old reports can be made again."""
_MOST_REQUESTS = 1


class EndsBy(StrEnum):
    """What ends handling for the measure."""

    FINISHED = "finished"  # status 9, which wins over 10; else 10, 8, 3 or 7
    SUPPLEMENT = "supplement"  # the first request, while the citizen has not come back
    RUNNING = "running"  # the moment asked about, such as the end of a period


@dataclass(frozen=True, slots=True)
class Measure:
    """How a dossier stands by QĐ 766.

    due: the promised time put off by the citizen's working time, `supplement_ws` in seconds.
    end: the moment compared with it. requests: supplements asked for, in all.
    """

    due: datetime
    end: datetime
    ended_by: EndsBy
    supplement_ws: int
    requests: int

    @property
    def late(self) -> bool:
        return self.requests > _MOST_REQUESTS or self.end > self.due

    @property
    def result(self) -> str:
        """on_time | late: the measure knows no earliness."""
        return "late" if self.late else "on_time"

    def to_data(self) -> dict[str, Any]:
        return {
            "rule": RULE,
            "result": self.result,
            "due": epoch(self.due),
            "end": epoch(self.end),
            "by": str(self.ended_by),
            "supplement_ws": self.supplement_ws,
            "requests": self.requests,
        }


def statutory_measure(clock: LedgerClock, calendar: Calendar, at: datetime) -> Measure:
    """The measure of a dossier by its clock: as of its end, or of a moment while it runs."""
    asked = [p for p in clock.pauses if p.kind is PauseKind.CITIZEN_SUPPLEMENT]
    promised, promised_at = clock.original_due, clock.started_at
    for extension in clock.extensions:
        if extension.at <= extension.due_before:  # a promise that was broken is not mended by it
            promised, promised_at = extension.due, extension.at  # it knew of the pauses before it
    taken_off = sum(
        calendar.elapsed(pause.since, pause.until)
        for pause in asked
        if pause.until is not None and pause.since >= promised_at
    )
    if clock.stopped_at is not None:
        end, ended_by = clock.stopped_at, EndsBy.FINISHED
    elif asked and asked[-1].until is None:
        end, ended_by = asked[0].since, EndsBy.SUPPLEMENT
    else:
        end, ended_by = max(at, clock.as_of), EndsBy.RUNNING
    return Measure(
        due=calendar.add(promised, taken_off) if taken_off else promised,
        end=end,
        ended_by=ended_by,
        supplement_ws=taken_off,
        requests=len(asked),
    )
