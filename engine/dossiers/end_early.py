"""Ends that the diagram does not draw: refusal, withdrawal, discontinuation."""

from uuid import UUID

from sqlalchemy import delete

from engine.actor import Actor
from engine.dossiers.acting import act_on_dossier, act_on_step
from engine.dossiers.complete_step import require_open
from engine.dossiers.components import require_handler
from engine.dossiers.in_hand import CLOSED, InHand
from engine.dossiers.moving import cancel_runs, finish
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import end_pauses
from engine.dossiers.reason import stated
from engine.office import Office
from engine.store.tables import timer
from processes.step import NationalStatus

REFUSED, WITHDRAWN, DISCONTINUED = "refused", "withdrawn", "discontinued"


def refuse(
    office: Office, actor: Actor, step_run_id: UUID, reason: str, *, key: str | None = None
) -> Outcome:
    """Refuse the dossier with a reason (form 03); its holder may, at any step before the end."""
    request = {"step": str(step_run_id), "reason": reason}

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        return _end(hand, REFUSED, NationalStatus.NOT_RECEIVED, stated(reason))

    return act_on_step(office, actor, step_run_id, "refuse", request, key, work)


def withdraw(
    office: Office, actor: Actor, dossier_id: UUID, reason: str, *, key: str | None = None
) -> Outcome:
    """The applicant takes the dossier back; also possible while it is paused."""
    request = {"dossier": str(dossier_id), "reason": reason}

    def work(hand: InHand) -> Outcome:
        hand.require_alive()
        require_handler(hand)
        return _end(hand, WITHDRAWN, NationalStatus.WITHDRAWN, stated(reason))

    return act_on_dossier(office, actor, dossier_id, "withdraw", request, key, work)


def discontinue(
    office: Office, actor: Actor, dossier_id: UUID, reason: str, *, key: str | None = None
) -> Outcome:
    """Stop handling the dossier (form 05 of 2025); before the result is decided."""
    request = {"dossier": str(dossier_id), "reason": reason}

    def work(hand: InHand) -> Outcome:
        hand.require_alive()
        require_handler(hand)
        return _end(hand, DISCONTINUED, NationalStatus.DISCONTINUED, stated(reason))

    return act_on_dossier(office, actor, dossier_id, "discontinue", request, key, work)


def _end(hand: InHand, outcome: str, status: NationalStatus, reason: str) -> Outcome:
    hand.require_unfinished()
    progress = hand.live.instance.cancel()
    hand.state_changed = True
    cancel_runs(hand, progress.closed)
    hand.transaction.execute(
        delete(timer).where(
            timer.c.agency_id == hand.agency_id, timer.c.dossier_id == hand.dossier_id
        )
    )
    end_pauses(hand)
    finish(hand)
    hand.changes["state"] = CLOSED
    hand.changes["outcome"] = outcome
    hand.changes["national_status"] = status.value
    return hand.put_down(f"dossier.{outcome}", {"reason": reason})
