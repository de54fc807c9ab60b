"""A procedure as JSON: field by field what `processes.procedure` says, limits with their words."""

from datetime import date, time
from typing import Literal

from api.rest.answer import Answer
from api.rest.limit_entry import LimitAnswer
from processes.check import Checked
from processes.component import CopyForm, GroupRule, Requirement
from processes.data_field import FieldType
from processes.file_kind import FileKind
from processes.finding import Severity
from processes.procedure import DayCount, ProcedureKind, SupplementPolicy
from processes.step import ClockKind, NationalStatus, OnTimeout, Signature

Verdict = Literal["publishable", "repairable", "refused"]
"""The values of `processes.check.Outcome`; a name of its own, for dossiers have outcomes too."""


class MoveAnswer(Answer):
    """One move of the token game: the element takes tokens from flows and gives tokens to flows."""

    element: str
    takes: list[str]
    gives: list[str]


class FixAnswer(Answer):
    """A local change that takes the flaw away; it was tried before it is proposed."""

    kind: str
    element: str
    vi: str
    en: str


class FindingAnswer(Answer):
    """One sentence about one element of the diagram; null is the file as a whole.

    walk: how tokens come to the fault, move by move; marking: flows that then hold a token (twice
    where two); again: so many last moves repeat for ever. All null but for soundness.
    """

    rule: str
    severity: Severity
    element: str | None
    vi: str
    en: str
    walk: list[MoveAnswer] | None = None
    marking: list[str] | None = None
    again: int | None = None
    fix: FixAnswer | None = None


def finding_answers(checked: Checked) -> list[FindingAnswer]:
    """The findings of a check, those of soundness with their walks."""
    return [FindingAnswer.model_validate(stated) for stated in checked.to_data()["findings"]]


class RepairAnswer(Answer):
    """One change that the designer may accept; before, after: the place in the file's own words."""

    id: str
    kind: str
    element: str | None
    vi: str
    en: str
    before: str
    after: str


class CaseAnswer(Answer):
    code: str
    name: str
    limit: LimitAnswer | None
    legal_basis: str | None


class CopiesAnswer(Answer):
    form: CopyForm
    number: int


class ComponentAnswer(Answer):
    code: str
    name: str
    requirement: Requirement
    copies: list[CopiesAnswer]
    when: str | None
    group: str | None
    present_only: bool
    reusable_source: str | None
    legal_basis: str | None
    accepts: list[FileKind]


class ComponentGroupAnswer(Answer):
    code: str
    name: str
    rule: GroupRule
    at_least: int


class OptionAnswer(Answer):
    value: str
    name: str


class FieldAnswer(Answer):
    code: str
    name: str
    type: FieldType
    required: bool
    options: list[OptionAnswer]
    default: str | None


class AssignmentAnswer(Answer):
    position: str
    unit: str | None
    name: str


class StepAnswer(Answer):
    """limits: case code ("" = cases not named) -> limit; produces: [code, name] of documents."""

    element_id: str
    name: str
    order: int
    assignment: AssignmentAnswer | None
    limits: dict[str, LimitAnswer]
    cutoff: time | None
    on_timeout: OnTimeout
    clock: ClockKind
    status: NationalStatus
    signature: Signature
    signs: list[str]
    requires: list[str]
    produces: list[tuple[str, str]]
    fields: list[FieldAnswer]
    not_same_as: list[str]
    legal_basis: str | None
    documentation: str


class SupplementAnswer(Answer):
    policy: SupplementPolicy
    at_most: int
    within: LimitAnswer | None


class OutcomeOfProcedure(Answer):
    element_id: str
    code: str
    name: str
    status: NationalStatus
    favourable: bool


class LegalBasisAnswer(Answer):
    reference: str
    article: str
    title: str


class ProcedureAnswer(Answer):
    """Everything the diagram says; parts: [kind, text] as NĐ 63/2010 art. 8 asks for."""

    process_id: str
    code: str
    name: str
    kind: ProcedureKind
    field: str
    levels: list[str]
    decision_no: str | None
    decision_date: date | None
    effective_from: date | None
    day_count: DayCount
    retention_years: int | None
    complaint: bool
    supplement: SupplementAnswer
    extensions_at_most: int
    cases: list[CaseAnswer]
    components: list[ComponentAnswer]
    component_groups: list[ComponentGroupAnswer]
    fields: list[FieldAnswer]
    steps: list[StepAnswer]
    outcomes: list[OutcomeOfProcedure]
    legal_basis: list[LegalBasisAnswer]
    parts: list[tuple[str, str]]
