"""Sending back: a dossier returns to an earlier step, with a reason, and it is counted."""

from uuid import UUID

from sqlalchemy import update

from engine.actor import Actor
from engine.dossiers.complete_step import measured, require_open
from engine.dossiers.in_hand import InHand, act_on_step, stated
from engine.dossiers.moving import cancel_runs, move, tokens_closed_beside
from engine.dossiers.outcome import Outcome
from engine.office import Office
from engine.store.tables import step_run


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
        progress = hand.live.instance.send_back(hand.step.token, to_element, hand.live.data)
        hand.transaction.execute(
            update(step_run)
            .where(
                step_run.c.agency_id == hand.agency_id,
                step_run.c.step_run_id == hand.step.step_run_id,
            )
            .values(
                state="sent_back",
                completed_by=hand.actor.account_id,
                reason=words,
                **measured(hand),
            )
        )
        cancel_runs(hand, tokens_closed_beside(progress, hand.step.token))
        move(hand, progress)
        hand.transaction.execute(
            update(step_run)
            .where(
                step_run.c.agency_id == hand.agency_id,
                step_run.c.step_run_id.in_([step.step_run_id for step in hand.opened]),
            )
            .values(sent_back_from=hand.step.element_id)
        )
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
