"""Sending back: a dossier returns to an earlier step, with a reason, and it is counted."""

from uuid import UUID

from sqlalchemy import Connection, and_, select

from engine.actor import Actor
from engine.dossiers.acting import act_on_step
from engine.dossiers.complete_step import measured, require_open
from engine.dossiers.in_hand import OPEN, InHand
from engine.dossiers.moving import cancel_runs, move, tokens_closed_beside
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.dossiers.refusals import HandlingFinished, NoSuchStep
from engine.office import Office
from engine.runtime.instance import Instance
from engine.store.tables import execution, step_run
from processes.step import NationalStatus


def earlier_steps(
    office: Office, connection: Connection, actor: Actor, step_run_id: UUID
) -> tuple[tuple[str, str], ...]:
    """Where an open step may be sent back to: (element id, name), the nearest first."""
    row = connection.execute(
        select(step_run.c.token, step_run.c.state, step_run.c.version_id, execution.c.state)
        .join(
            execution,
            and_(
                execution.c.agency_id == step_run.c.agency_id,
                execution.c.dossier_id == step_run.c.dossier_id,
            ),
        )
        .where(step_run.c.agency_id == actor.agency_id, step_run.c.step_run_id == step_run_id)
    ).one_or_none()
    if row is None:
        raise NoSuchStep
    token, state, version_id, stored = row
    if state != OPEN:
        return ()
    version = office.version(connection, actor.agency_id, version_id)
    instance = Instance.restore(version.specification, stored)
    names = {step.element_id: step.name for step in version.procedure.steps}
    return tuple((s.element_id, names[s.element_id]) for s in instance.earlier_steps(token))


def send_back(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    to_element: str,
    reason: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Return the dossier to an earlier step of its way; what came after it is done again.

    Refused where parallel branches would get out of step, and without a reason.
    """
    request = {"step": str(step_run_id), "to": to_element, "reason": reason}

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        words = stated(reason)
        if hand.row.finished_at is not None:
            _require_still_finished(hand, to_element)
        progress = hand.live.instance.send_back(
            hand.step.token, to_element, hand.live.data, now=hand.now
        )
        hand.change_step(
            {
                "state": "sent_back",
                "completed_by": hand.actor.account_id,
                "reason": words,
                **measured(hand),
            }
        )
        cancel_runs(hand, tokens_closed_beside(progress, hand.step.token))
        move(hand, progress, sent_back_from=hand.step.element_id)
        return hand.put_down(
            "step.sent_back",
            {
                "step": hand.step.element_id,
                "token": hand.step.token,
                "attempt": hand.step.attempt,
                "to": to_element,
                "reason": words,
                "opened": [[step.element_id, str(step.step_run_id)] for step in hand.opened],
            },
        )

    return act_on_step(office, actor, step_run_id, "send_back", request, key, work)


def _require_still_finished(hand: InHand, to_element: str) -> None:
    """Handling that is finished stays so: its clock is stopped and its verdict counted."""
    target = hand.version.procedure.step(to_element)
    if target is not None and target.status not in (
        NationalStatus.FINISHED,
        NationalStatus.RETURNED,
    ):
        raise HandlingFinished(dossier=hand.row.code)
