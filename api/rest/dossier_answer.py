"""A dossier in full as JSON: what stands on its page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from api.rest.answer import Answer
from api.rest.checklist_answer import (
    ChecklistAnswer,
    MissingAnswer,
    checklist_answer,
    missing_answers,
)
from api.rest.clock_answer import (
    ApologyAnswer,
    ChargedAnswer,
    ClockAnswer,
    MeasureAnswer,
    PauseAnswer,
    apology_answer,
    charged_answer,
    clock_answer,
    measure_answer,
    pause_answer,
)
from api.rest.person_answer import Person, person_answer
from api.rest.picture_answer import StepPictureAnswer, step_picture_answers
from api.rest.risk_answer import StepRiskAnswer, step_risk_answers
from api.rest.step_answer import (
    OpenStepAnswer,
    StepRunAnswer,
    WaitingEventAnswer,
    open_step_answer,
    step_answer,
    waiting_event_answer,
)
from engine.actor import Actor
from engine.dossier_file import DossierFile
from engine.journal import Event
from engine.legal_clock.dossier_clock import step_clocks
from engine.legal_clock.duty import Duty
from processes.data_entry import to_stored


class ProcedureLine(Answer):
    """The version that the dossier follows."""

    procedure_id: UUID
    version_id: UUID
    code: str
    name: str
    number: int


class CaseLine(Answer):
    code: str
    name: str


class DossierAnswer(Answer):
    """A dossier in full.

    result_rule: the rule that decided `result`. duty: what is owed to the applicant now:
    result_or_apology, result (it may not be put off, or was), or nothing. supplements_allowed: up
    to how many requests a head has allowed. unreadable_clocks: of this dossier or which of its open
    steps (ids) the stored clock is damaged; its `clock` is null, the administrator is to be told.
    """

    dossier_id: UUID
    code: str
    version: int
    state: str
    national_status: str
    outcome: str | None
    result: str | None
    result_rule: str | None
    measure: MeasureAnswer | None
    duty: Duty | None
    late_ws: int | None
    procedure: ProcedureLine
    case: CaseLine
    applicant: str
    contact: dict[str, str]
    channel: str
    receiving_unit: str | None
    received_by: Person | None
    received_at: datetime
    original_due_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    supplements: int
    supplements_allowed: int
    extensions: int
    clock: ClockAnswer | None
    step_clocks: list[StepPictureAnswer]
    unreadable_clocks: list[UUID]
    checklist: list[ChecklistAnswer]
    missing: list[MissingAnswer]
    open_steps: list[OpenStepAnswer]
    steps: list[StepRunAnswer]
    risk: list[StepRiskAnswer]
    waiting_events: list[WaitingEventAnswer]
    pauses: list[PauseAnswer]
    apologies: list[ApologyAnswer]
    charged: ChargedAnswer | None
    data: dict[str, Any]


class HistoryEntry(Answer):
    """An event of the journal; who = null is the system."""

    seq: int
    at: datetime
    who: Person | None
    kind: str
    body: dict[str, Any]


def dossier_answer(file: DossierFile, actor: Actor, now: datetime) -> DossierAnswer:
    """The dossier as the actor sees it now."""
    row, procedure = file.row, file.version.procedure
    case = procedure.case(row.case_code)
    return DossierAnswer(
        dossier_id=row.dossier_id,
        code=row.code,
        version=row.version,
        state=row.state,
        national_status=row.national_status,
        outcome=row.outcome,
        result=row.result,
        result_rule=row.result_rule,
        measure=measure_answer(file.measure(now), row.measure),
        duty=file.duty(now),
        late_ws=row.late_ws,
        procedure=ProcedureLine(
            procedure_id=row.procedure_id,
            version_id=row.version_id,
            code=procedure.code,
            name=procedure.name,
            number=file.version.number,
        ),
        case=CaseLine(code=row.case_code, name=case.name if case else ""),
        applicant=row.applicant,
        contact=row.applicant_contact,
        channel=row.channel,
        receiving_unit=row.receiving_unit,
        received_by=person_answer(row.received_by, file.people),
        received_at=row.received_at,
        original_due_at=row.original_due_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        supplements=row.supplements,
        supplements_allowed=row.supplements_allowed,
        extensions=row.extensions,
        clock=clock_answer(file, now),
        step_clocks=step_picture_answers(step_clocks(file, now)),
        checklist=[checklist_answer(item, file.version.fields) for item in file.checklist],
        missing=missing_answers(file.lacking),
        open_steps=[open_step_answer(file, step, actor) for step in file.open_steps],
        steps=[step_answer(file, step) for step in file.steps],
        risk=step_risk_answers(file, now),
        waiting_events=[waiting_event_answer(file, wait, actor) for wait in file.waits],
        pauses=[pause_answer(pause, file.people) for pause in file.pauses],
        unreadable_clocks=sorted(file.unreadable),
        charged=charged_answer(file, now),
        apologies=[apology_answer(apology, file.people) for apology in file.apologies],
        data=to_stored(file.data),
    )


def history_answer(event: Event, people: Mapping[UUID, str]) -> HistoryEntry:
    """An event with the name of who acted."""
    return HistoryEntry(
        seq=event.seq,
        at=event.at,
        who=person_answer(event.actor_id, people),
        kind=event.kind,
        body=dict(event.body),
    )
