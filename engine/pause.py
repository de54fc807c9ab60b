"""Pauses (tạm dừng tính giờ) and extensions (gia hạn) of a clock: who stopped it, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Extension:
    """A new due time (hẹn lại), agreed at a moment; `due_before` is the one it replaced."""

    at: datetime
    due_before: datetime
    due: datetime
    reason: str = ""
