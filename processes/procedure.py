"""A procedure (quy trình nội bộ) as its diagram states it: cases, components, steps, outcomes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from processes.component import Component, ComponentGroup
from processes.data_field import DataField
from processes.step import NationalStatus, StepSpec
from processes.time_limit import TimeLimit


class ProcedureKind(StrEnum):
    PUBLIC = "public"  # thủ tục hành chính
    INTERNAL = "internal"  # công việc nội bộ


class SupplementPolicy(StrEnum):
    """What a supplement does to the clock (NĐ 61/2018 art. 19.4; QĐ 766; NĐ 155/2026)."""

    RESET = "reset"  # counted again from zero once complete
    PAUSE = "pause"  # the citizen's time is not counted
    CONTINUE = "continue"  # suspended, then the rest of the limit


class DayCount(StrEnum):
    """How the due time of a limit in days is found."""

    EXACT = "exact"  # to the minute, as one-stop software does
    CIVIL_DAYS = "civil_days"  # Civil Code art. 147-148: first day not counted, end of last day


@dataclass(frozen=True, slots=True)
class Supplement:
    """The rule for asking the applicant to complete the dossier.

    within: after reception, no later than this; None = no such bound.
    """

    policy: SupplementPolicy = SupplementPolicy.RESET
    at_most: int = 1
    within: TimeLimit | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the procedure (trường hợp giải quyết) with its own total limit."""

    code: str
    name: str
    limit: TimeLimit | None
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A citation: the instrument and the article."""

    reference: str
    article: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a dossier can end: stated at an end event of the diagram.

    favourable: False for refusals; status: national status that the end brings.
    """

    element_id: str
    code: str
    name: str
    status: NationalStatus = NationalStatus.RETURNED
    favourable: bool = True


@dataclass(frozen=True, slots=True)
class Procedure:
    """Everything the engine and the pages need to know of one version of a procedure.

    process_id: id of the executable BPMN process. retention_years: how long a finished dossier is
    kept, 0 = for ever, None = not stated. complaint: it settles complaints (khiếu nại), so that the
    notices of the Law on Complaints belong to its dossiers. parts: the texts that NĐ 63/2010 art. 8
    asks for, by key (sequence, manner, subjects, agency, result, fee, forms, conditions).
    """

    process_id: str
    code: str
    name: str
    kind: ProcedureKind = ProcedureKind.PUBLIC
    field: str = ""
    levels: tuple[str, ...] = ()
    decision_no: str | None = None
    decision_date: date | None = None
    effective_from: date | None = None
    day_count: DayCount = DayCount.EXACT
    retention_years: int | None = None
    complaint: bool = False
    supplement: Supplement = Supplement()
    extensions_at_most: int = 1
    cases: tuple[Case, ...] = ()
    components: tuple[Component, ...] = ()
    component_groups: tuple[ComponentGroup, ...] = ()
    fields: tuple[DataField, ...] = ()
    steps: tuple[StepSpec, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()

    def case(self, code: str) -> Case | None:
        """The case with that code, if the procedure has it."""
        return next((case for case in self.cases if case.code == code), None)

    def step(self, element_id: str) -> StepSpec | None:
        """The step drawn as that element, if it is a step."""
        return next((step for step in self.steps if step.element_id == element_id), None)

    def component(self, code: str) -> Component | None:
        """The component with that code, if the procedure asks for it."""
        return next((c for c in self.components if c.code == code), None)
