"""The steps of a dossier as JSON: done, open, and the events that wait beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.rest.answer import Answer
from api.rest.checklist_answer import MissingAnswer, missing_answers
from api.rest.person_answer import Person, person_answer
from api.rest.procedure_answer import FieldAnswer
from engine.actor import Actor
from engine.dossier_file import DossierFile, StepRun
from engine.dossiers.waiting import Wait
from processes.step import StepSpec


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


def step_answer(file: DossierFile, step: StepRun) -> StepRunAnswer:
    """One run of a step."""
    return StepRunAnswer(**_told(file, step))


def open_step_answer(file: DossierFile, step: StepRun, actor: Actor) -> OpenStepAnswer:
    """An open step, as the actor sees it."""
    spec: StepSpec | None = file.version.procedure.step(step.element_id)
    held_by_other = step.holder_id not in (None, actor.account_id)
    return OpenStepAnswer(
        **_told(file, step),
        mine=actor.holds(step.position, step.unit) and not held_by_other,
        requires=list(spec.requires) if spec else [],
        fields=[FieldAnswer.model_validate(field) for field in (spec.fields if spec else ())],
        missing=missing_answers(file.lacking_for(step)),
    )


def waiting_event_answer(file: DossierFile, wait: Wait, actor: Actor) -> WaitingEventAnswer:
    """Something that is waited for, as the actor sees it."""
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


def _told(file: DossierFile, step: StepRun) -> dict[str, Any]:
    told = {
        name: getattr(step, name)
        for name in StepRunAnswer.model_fields
        if name not in ("holder", "completed_by")
    }
    return told | {
        "holder": person_answer(step.holder_id, file.people),
        "completed_by": person_answer(step.completed_by, file.people),
    }
