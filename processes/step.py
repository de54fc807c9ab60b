"""A step (bước): one activity of the diagram that a person completes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from processes.data_field import DataField
from processes.time_limit import TimeLimit


class ClockKind(StrEnum):
    """Whose time the step spends; all but RUNS stop the dossier's clock meanwhile."""

    RUNS = "runs"
    CITIZEN = "citizen"  # waiting for the citizen (financial obligation, supplement)
    TAX = "tax"
    OTHER_UNIT = "other_unit"
    COUNCIL = "council"  # hội đồng: it sits when it sits


class OnTimeout(StrEnum):
    ESCALATE = "escalate"
    DEEMED_CONSENT = "deemed_consent"  # silence is consent: the engine completes the step


class Signature(StrEnum):
    NONE = "none"
    PERSONAL = "personal"
    AGENCY = "agency"
    BOTH = "personal_then_agency"  # the officer's, and over it the agency's


class NationalStatus(StrEnum):
    """Statuses of the national exchange, by their numbers (domain facts, 1.4)."""

    REGISTERED = "1"
    RECEIVED = "2"
    NOT_RECEIVED = "3"
    PROCESSING = "4"
    SUPPLEMENT = "5"
    FINANCIAL = "6"
    WITHDRAWN = "7"
    DISCONTINUED = "8"
    FINISHED = "9"
    RETURNED = "10"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who does the steps of a lane: holders of a position, in a unit if one is named.

    position: code of the position; unit: code of the unit, None = any unit of the agency.
    name: the lane as drawn, shown to people.
    """

    position: str
    unit: str | None
    name: str


@dataclass(frozen=True, slots=True)
class StepSpec:
    """What the diagram says of one step.

    element_id: id of the BPMN activity; order: reading order in the diagram, from 1.
    limits: case code -> limit; the key "" holds for cases not named.
    cutoff: work that arrives at or after this time starts next working morning (15:00 rule).
    requires: codes of components without which the step cannot be completed.
    produces: (code, name) of documents the step brings into the dossier.
    signs: codes of documents that carry the signature when the step is completed; with none the
        signature is named and not enforced.
    not_same_as: element ids whose doer may not do this step (separation of duties).
    """

    element_id: str
    name: str
    order: int
    assignment: Assignment | None = None
    limits: Mapping[str, TimeLimit] = field(default_factory=dict)
    cutoff: time | None = None
    on_timeout: OnTimeout = OnTimeout.ESCALATE
    clock: ClockKind = ClockKind.RUNS
    status: NationalStatus = NationalStatus.PROCESSING
    signature: Signature = Signature.NONE
    signs: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    produces: tuple[tuple[str, str], ...] = ()
    fields: tuple[DataField, ...] = ()
    not_same_as: tuple[str, ...] = ()
    legal_basis: str | None = None
    documentation: str = ""

    def limit(self, case: str) -> TimeLimit | None:
        """The limit for a case of the procedure, None where the diagram states none."""
        return self.limits.get(case, self.limits.get(""))
