"""A dossier in full as JSON: what stands on its page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from api.rest.answer import Answer
from api.rest.limit_entry import LimitAnswer
from api.rest.procedure_answer import CopiesAnswer, FieldAnswer
from engine.actor import Actor
from engine.charged_time import charged_time
from engine.dossier_file import DossierFile, PauseRecord, StepRun
from engine.dossiers.apology import Apology
from engine.dossiers.waiting import Wait
from engine.duty import Duty
from engine.journal import Event
from engine.ledger_clock import LedgerClock
from engine.spoken_time import describe
from engine.statutory_measure import RULE, EndsBy, Measure
from processes.checklist import ChecklistItem, Missing
from processes.component import CopyForm
from processes.data_entry import to_stored
from processes.step import StepSpec


class Person(Answer):
    """An officer, past ones included; null stands for the system itself."""

    account_id: UUID
    name: str


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


class ClockAnswer(Answer):
    """The time account now. remaining_seconds: working time, negative when late."""

    limit: LimitAnswer
    remaining_seconds: int
    late: bool
    paused: bool
    stopped: bool
    vi: str
    en: str


class MissingAnswer(Answer):
    """One thing lacking: so many more of a component, or of the members of a group."""

    codes: list[str]
    name: str
    number: int
    form: CopyForm | None
    vi: str
    en: str


class ChecklistAnswer(Answer):
    """A component as it stands in the dossier; present: form -> number."""

    code: str
    name: str
    required: bool
    copies: list[CopiesAnswer]
    group: str | None
    present_only: bool
    present: dict[str, int]
    missing: list[MissingAnswer]


class StepRunAnswer(Answer):
    """One run of a step; `..._ws` are working seconds.

    instance, instances, item: of a repeated step, which of how many it is, and for what.
    """

    step_run_id: UUID
    element_id: str
    name: str
    attempt: int
    instance: int | None
    instances: int | None
    item: str | None
    unit: str | None
    position: str | None
    state: str
    holder: Person | None
    completed_by: Person | None
    enabled_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    limit_ws: int | None
    waiting_ws: int | None
    handling_ws: int | None
    paused_ws: int
    paused_since: datetime | None
    result: str | None
    result_rule: str | None
    late_ws: int | None
    late_cause: str | None
    reason: str | None
    sent_back_from: str | None
    escalated_at: datetime | None
    data: dict[str, Any] | None


class OpenStepAnswer(StepRunAnswer):
    """An open step: its form, and what still stands against completing it."""

    mine: bool
    requires: list[str]
    fields: list[FieldAnswer]
    missing: list[MissingAnswer]


class WaitingEventAnswer(Answer):
    """Something that the dossier waits for beside its open steps.

    token: says which, when it is told. kind: message, signal, error, escalation (told by a
    person), conditional, timer (come by themselves). name: of the message or signal, code of the
    error or escalation, text of the condition. title: what the drawing calls it. step: the open
    step that receives it or on whose border it waits. interrupts: what it waits beside ends when it
    comes. mine: whether the officer may tell it now.
    """

    token: int
    element_id: str
    kind: str
    name: str
    title: str
    step: UUID | None
    since: datetime | None
    interrupts: bool
    due_at: datetime | None
    mine: bool


class PauseAnswer(Answer):
    """A time that was not counted; components: [code, name] asked for."""

    kind: str
    stage: str
    since: datetime
    until: datetime | None
    paused_ws: int | None
    reason: str
    legal_basis: str
    components: list[tuple[str, str]]
    asked_by: Person | None


class ApologyAnswer(Answer):
    """An appointment given anew; late_ws: working seconds past the old one when it was made.

    told: by what the citizen was written to.
    """

    at: datetime
    made_by: Person | None
    due_before: datetime
    due: datetime
    reason: str
    late_ws: int
    told: list[str]


class ChargedAnswer(Answer):
    """Whose the working seconds since reception were; others: by unit, `thue` = the tax office.

    nobody: the citizen's, and force majeure. They add up to the time since reception.
    """

    own: int
    nobody: int
    others: dict[str, int]


class MeasureAnswer(Answer):
    """How it stands by QĐ 766, which is not the legal verdict.

    result: on_time | late. due_at: the appointment, put off by the citizen's working time
    (`supplement_ws`, seconds). end_at: the moment compared with it. ended_by: finished, supplement
    (the citizen has not come back), running (now). requests: supplements asked for; a second is
    late.
    """

    rule: str
    result: str
    due_at: datetime
    end_at: datetime
    ended_by: EndsBy
    supplement_ws: int
    requests: int


class DossierAnswer(Answer):
    """A dossier in full.

    result_rule: the rule that decided `result`. duty: what is owed to the applicant now:
    result_or_apology, result (it was put off before), or nothing. supplements_allowed: up to how
    many requests a head has allowed.
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
    checklist: list[ChecklistAnswer]
    missing: list[MissingAnswer]
    open_steps: list[OpenStepAnswer]
    steps: list[StepRunAnswer]
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
        measure=_measure(file.measure(now), row.measure),
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
        received_by=_person(row.received_by, file.people),
        received_at=row.received_at,
        original_due_at=row.original_due_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        supplements=row.supplements,
        supplements_allowed=row.supplements_allowed,
        extensions=row.extensions,
        clock=None if file.clock is None else _clock(file, file.clock, now),
        checklist=[_checklist(item) for item in file.checklist],
        missing=_missing(file.lacking),
        open_steps=[_open_step(file, step, actor) for step in file.open_steps],
        steps=[StepRunAnswer(**_step(file, step)) for step in file.steps],
        waiting_events=[_waiting_event(file, wait, actor) for wait in file.waits],
        pauses=[_pause(pause, file.people) for pause in file.pauses],
        charged=None if file.clock is None else _charged(file, file.clock, now),
        apologies=[_apology(apology, file.people) for apology in file.apologies],
        data=to_stored(file.data),
    )


def history_answer(event: Event, people: Mapping[UUID, str]) -> HistoryEntry:
    """An event with the name of who acted."""
    return HistoryEntry(
        seq=event.seq,
        at=event.at,
        who=_person(event.actor_id, people),
        kind=event.kind,
        body=dict(event.body),
    )


def _person(account_id: UUID | None, people: Mapping[UUID, str]) -> Person | None:
    if account_id is None or account_id not in people:
        return None
    return Person(account_id=account_id, name=people[account_id])


def _clock(file: DossierFile, clock: LedgerClock, now: datetime) -> ClockAnswer:
    return ClockAnswer(
        limit=LimitAnswer.model_validate(clock.limit),
        remaining_seconds=clock.remaining(file.calendar, now),
        late=clock.is_late(file.calendar, now),
        paused=clock.paused,
        stopped=clock.stopped,
        vi=describe(clock, file.calendar, now, "vi"),
        en=describe(clock, file.calendar, now, "en"),
    )


def _charged(file: DossierFile, clock: LedgerClock, now: datetime) -> ChargedAnswer:
    time = charged_time(clock, file.calendar, now)
    return ChargedAnswer(own=time.own, nobody=time.nobody, others=dict(time.others))


def _apology(apology: Apology, people: Mapping[UUID, str]) -> ApologyAnswer:
    return ApologyAnswer(
        at=apology.at,
        made_by=_person(apology.made_by, people),
        due_before=apology.due_before,
        due=apology.due,
        reason=apology.reason,
        late_ws=apology.late_ws,
        told=list(apology.told),
    )


def _measure(measure: Measure | None, decided: str | None) -> MeasureAnswer | None:
    """decided: what was stored when handling ended; that stands."""
    if measure is None:
        return None
    return MeasureAnswer(
        rule=RULE,
        result=decided or measure.result,
        due_at=measure.due,
        end_at=measure.end,
        ended_by=measure.ended_by,
        supplement_ws=measure.supplement_ws,
        requests=measure.requests,
    )


def _missing(found: Iterable[Missing]) -> list[MissingAnswer]:
    return [
        MissingAnswer(
            codes=list(item.codes),
            name=item.name,
            number=item.number,
            form=item.form,
            vi=item.describe("vi"),
            en=item.describe("en"),
        )
        for item in found
    ]


def _checklist(item: ChecklistItem) -> ChecklistAnswer:
    return ChecklistAnswer(
        code=item.component.code,
        name=item.component.name,
        required=item.required,
        copies=[CopiesAnswer.model_validate(each) for each in item.component.copies],
        group=None if item.group is None else item.group.code,
        present_only=item.component.present_only,
        present=dict(item.present),
        missing=_missing(item.missing),
    )


def _step(file: DossierFile, step: StepRun) -> dict[str, Any]:
    told = {
        name: getattr(step, name)
        for name in StepRunAnswer.model_fields
        if name not in ("holder", "completed_by")
    }
    return told | {
        "holder": _person(step.holder_id, file.people),
        "completed_by": _person(step.completed_by, file.people),
    }


def _open_step(file: DossierFile, step: StepRun, actor: Actor) -> OpenStepAnswer:
    spec: StepSpec | None = file.version.procedure.step(step.element_id)
    held_by_other = step.holder_id not in (None, actor.account_id)
    return OpenStepAnswer(
        **_step(file, step),
        mine=actor.holds(step.position, step.unit) and not held_by_other,
        requires=list(spec.requires) if spec else [],
        fields=[FieldAnswer.model_validate(field) for field in (spec.fields if spec else ())],
        missing=_missing(file.lacking_for(step)),
    )


def _waiting_event(file: DossierFile, wait: Wait, actor: Actor) -> WaitingEventAnswer:
    steps = (step.step_run_id for step in file.open_steps if step.token == wait.step)
    return WaitingEventAnswer(
        token=wait.token,
        element_id=wait.element_id,
        kind=wait.kind,
        name=wait.name,
        title=wait.title,
        step=next(steps, None),
        since=wait.since,
        interrupts=wait.interrupts,
        due_at=wait.due_at,
        mine=file.may_tell(actor, wait),
    )


def _pause(pause: PauseRecord, people: Mapping[UUID, str]) -> PauseAnswer:
    return PauseAnswer(
        kind=pause.kind,
        stage=pause.stage,
        since=pause.since,
        until=pause.until,
        paused_ws=pause.paused_ws,
        reason=pause.reason,
        legal_basis=pause.legal_basis,
        components=list(pause.components),
        asked_by=_person(pause.asked_by, people),
    )
