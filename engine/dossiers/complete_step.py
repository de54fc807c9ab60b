"""Completing a step: enforced here, whichever door it comes through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from engine.actor import Actor
from engine.dossiers.acting import step_command
from engine.dossiers.in_hand import OPEN, InHand
from engine.dossiers.late_cause import LateCause
from engine.dossiers.moving import cancel_runs, durations, move, tokens_closed_beside
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.dossiers.refusals import (
    AlreadyEnded,
    ComponentsMissing,
    LateReasonNeeded,
    SameHands,
    UnknownCause,
)
from engine.dossiers.signature_demand import require_signatures
from engine.dossiers.step_asked import Who
from engine.legal_clock.kept_clock import clock_in, written
from engine.legal_clock.punctuality import USUAL_RULE
from engine.office import Office
from engine.proofs.sealed_entries import SEAL, seal_of
from engine.store.database import Command
from engine.store.tables import dossier_component, step_run
from processes.checklist import PRODUCED, Missing, missing
from processes.data_entry import Value, enter, to_stored
from processes.step import StepSpec


@dataclass(frozen=True, slots=True)
class LateReason:
    """Why a step is late: a cause from the list and words."""

    cause: str
    words: str


def complete_step(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    data: Mapping[str, Any] | None = None,
    late: LateReason | None = None,
    *,
    key: str | None = None,
) -> Outcome:
    """Complete an open step with what the person entered; the dossier moves on.

    Refused, with nothing changed: not the actor's step, claimed by a colleague, same hands as a
    step it must be separate from, paused dossier, unknown or missing data, missing components
    (named exactly), documents without the signatures that the step demands, late without a reason.
    """
    return office.database.write(completion(office, actor, step_run_id, data, late, key=key))


def completion(
    office: Office,
    who: Who,
    step_run_id: UUID,
    data: Mapping[str, Any] | None = None,
    late: LateReason | None = None,
    *,
    key: str | None = None,
) -> Command[Outcome]:
    """`complete_step` as a command, for who does not wait in a thread."""
    entered = dict(data or {})
    request = {
        "step": str(step_run_id),
        "data": entered,
        "late": [late.cause, late.words] if late else None,
    }

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        _require_other_hands(hand)
        values = enter(hand.spec.fields, entered)
        require_components(hand, {**hand.live.data, **values})
        require_signatures(hand)
        reason = _late_reason(hand, late)
        return close_and_move(hand, values, reason, hand.actor.account_id, "step.completed")

    return step_command(office, who, step_run_id, "complete", request, key, work)


def close_and_move(
    hand: InHand,
    values: Mapping[str, Value],
    late: LateReason | None,
    completed_by: UUID | None,
    kind: str,
) -> Outcome:
    """Write the completed step and let the runtime go on; shared with deemed consent."""
    stored = to_stored(values)
    hand.live.data.update(values)
    progress = hand.live.instance.complete(hand.step.token, hand.live.data, now=hand.now)
    hand.change_step(
        {
            "state": "completed",
            "completed_by": completed_by,
            "data": stored or None,
            "late_cause": late.cause if late else None,
            "reason": late.words if late else None,
            **measured(hand),
        }
    )
    _bring_in_produced(hand)
    cancel_runs(hand, tokens_closed_beside(progress, hand.step.token))
    move(hand, progress)
    body = {
        "step": hand.step.element_id,
        "token": hand.step.token,
        "attempt": hand.step.attempt,
        "data": sorted(stored),
        SEAL: seal_of(stored),
        "late": [late.cause, late.words] if late else None,
        "opened": [[step.element_id, str(step.step_run_id)] for step in hand.opened],
        "passed": list(progress.passed),
    }
    return hand.put_down(kind, body)


def require_open(hand: InHand) -> None:
    """Refuse where the step was ended before; say by whom and when."""
    step = hand.step
    if step.state != OPEN:
        when = hand.calendar.local(step.ended_at)
        raise AlreadyEnded(
            step=step.name, who=hand.name_of(step.completed_by), when=f"{when:%H:%M %d/%m/%Y}"
        )


def lacking(hand: InHand, data: Mapping[str, Value]) -> tuple[Missing, ...]:
    """What the step still lacks of the components it requires."""
    spec: StepSpec = hand.spec
    if not spec.requires:
        return ()
    return missing(hand.version.procedure, data, hand.present(), spec.requires)


def require_components(hand: InHand, data: Mapping[str, Value]) -> None:
    """Refuse where a required component is missing, and name exactly what."""
    found = lacking(hand, data)
    if found:
        raise ComponentsMissing(
            step=hand.step.name,
            missing_vi="; ".join(item.describe("vi") for item in found),
            missing_en="; ".join(item.describe("en") for item in found),
            codes=[list(item.codes) for item in found],
        )


def _require_other_hands(hand: InHand) -> None:
    apart = hand.spec.not_same_as
    if not apart:
        return
    earlier = hand.transaction.execute(
        select(step_run.c.name)
        .where(
            step_run.c.agency_id == hand.agency_id,
            step_run.c.dossier_id == hand.dossier_id,
            step_run.c.element_id.in_(apart),
            step_run.c.state == "completed",
            step_run.c.completed_by == hand.actor.account_id,
        )
        .limit(1)
    ).scalar_one_or_none()
    if earlier is not None:
        raise SameHands(step=hand.step.name, earlier=earlier)


def _late_reason(hand: InHand, late: LateReason | None) -> LateReason | None:
    due = hand.step.due_at
    if due is None or hand.now <= due:
        return None
    if late is None:
        local = hand.calendar.local(due)
        raise LateReasonNeeded(step=hand.step.name, due=f"{local:%H:%M %d/%m/%Y}")
    if late.cause not in {cause.value for cause in LateCause}:
        raise UnknownCause(cause=late.cause, known=", ".join(LateCause))
    return LateReason(late.cause, stated(late.words))


def measured(hand: InHand) -> dict[str, Any]:
    """The step's durations and verdict; from its first claim on it was handled."""
    step, calendar = hand.step, hand.calendar_of(hand.step.unit)
    values = durations(hand, step)
    values["started_at"] = step.started_at or hand.now
    values["c_started"] = values["c_ended"] if step.c_started is None else step.c_started
    clock = clock_in(step)
    if clock is not None:
        values["result"] = clock.judge(calendar, hand.now).value
        values["result_rule"] = USUAL_RULE.code
        values["late_ws"] = clock.late_working_seconds(calendar, hand.now)
        values["clock"] = written(clock.stop(calendar, hand.now))
    return values


def _bring_in_produced(hand: InHand) -> None:
    produced = hand.spec.produces
    if not produced:
        return
    present = hand.present()
    rows = [
        {
            "agency_id": hand.agency_id,
            "dossier_id": hand.dossier_id,
            "component": code,
            "form": PRODUCED,
            "number": 1,
            "name": name,
            "added_at": hand.now,
            "added_by": hand.actor.account_id,
        }
        for code, name in produced
        if PRODUCED not in present.get(code, {})
    ]
    if rows:
        hand.transaction.execute(insert(dossier_component), rows)
        hand.components_changed()
