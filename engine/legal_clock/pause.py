"""Pauses (tạm dừng tính giờ) and extensions (gia hạn) of a clock: who stopped it, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from processes.step import ClockKind


class PauseKind(StrEnum):
    """What a clock waits for while it stands."""

    CITIZEN_SUPPLEMENT = "citizen_supplement"
    CITIZEN_PAYMENT = "citizen_payment"
    TAX = "tax"
    OTHER_UNIT = "other_unit"
    COUNCIL = "council"
    FORCE_MAJEURE = "force_majeure"


PAUSE_KINDS: Mapping[ClockKind, PauseKind] = {
    ClockKind.CITIZEN: PauseKind.CITIZEN_PAYMENT,
    ClockKind.TAX: PauseKind.TAX,
    ClockKind.OTHER_UNIT: PauseKind.OTHER_UNIT,
    ClockKind.COUNCIL: PauseKind.COUNCIL,
}
"""What a step that stops the dossier's clock waits for; steps on ClockKind.RUNS stop nothing."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of time that is not counted.

    until: None while it lasts. due_before: the due time as it stood when the clock stopped.
    charged_to: whose time it is (a unit, an agency), None = nobody's, such as the citizen's.
    restarts: the limit was counted again from zero afterwards.
    """

    kind: PauseKind
    since: datetime
    until: datetime | None
    due_before: datetime
    charged_to: str | None = None
    legal_ground: str = ""
    reason: str = ""
    restarts: bool = False

    def to_data(self) -> list[Any]:
        until = None if self.until is None else epoch(self.until)
        whose = [self.charged_to, self.legal_ground, self.reason]
        moments = [epoch(self.since), until, epoch(self.due_before)]
        return [str(self.kind), *moments, *whose, int(self.restarts)]

    @classmethod
    def from_data(cls, data: Sequence[Any]) -> Self:
        kind, since, until, due_before, charged_to, legal_ground, reason, restarts = data
        return cls(
            PauseKind(kind),
            moment(since),
            moment_or_none(until),
            moment(due_before),
            charged_to,
            legal_ground,
            reason,
            bool(restarts),
        )


@dataclass(frozen=True, slots=True)
class Extension:
    """A new due time (hẹn lại), agreed at a moment; `due_before` is the one it replaced."""

    at: datetime
    due_before: datetime
    due: datetime
    reason: str = ""

    def to_data(self) -> list[Any]:
        return [epoch(self.at), epoch(self.due_before), epoch(self.due), self.reason]

    @classmethod
    def from_data(cls, data: Sequence[Any]) -> Self:
        at, due_before, due, reason = data
        return cls(moment(at), moment(due_before), moment(due), reason)


def epoch(at: datetime) -> int:
    """A moment as stored: whole epoch seconds."""
    return int(at.timestamp())


def moment(stored: int) -> datetime:
    """A stored moment, in UTC."""
    return datetime.fromtimestamp(stored, UTC)


def moment_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else moment(stored)
