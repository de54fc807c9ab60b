"""Claiming a step: from now on it is handled by one person, and everybody can see by whom."""

from typing import Any
from uuid import UUID

from engine.actor import Actor, Role
from engine.dossiers.acting import act_on_step, step_command
from engine.dossiers.complete_step import require_open
from engine.dossiers.in_hand import InHand
from engine.dossiers.moving import enabled_reading
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.dossiers.refusals import HeldByOther, NotYours
from engine.dossiers.step_asked import Who
from engine.office import Office
from engine.store.database import Command
from processes.errors import NotFound


def claim(office: Office, actor: Actor, step_run_id: UUID, *, key: str | None = None) -> Outcome:
    """Take the step up: waiting ends, handling begins.

    Claiming again what one has taken up already changes nothing; what was handed over is taken up
    by claiming it.
    """
    return office.database.write(claiming(office, actor, step_run_id, key=key))


def claiming(
    office: Office, who: Who, step_run_id: UUID, *, key: str | None = None
) -> Command[Outcome]:
    """`claim` as a command, for who does not wait in a thread."""

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        if hand.step.holder_id == hand.actor.account_id and hand.step.started_at is not None:
            return hand.outcome(hand.row.version)
        working = hand.calendar_of(hand.step.unit).clock_at(hand.now)
        values: dict[str, Any] = {"holder_id": hand.actor.account_id}
        if hand.step.started_at is None:
            values |= {
                "started_at": hand.now,
                "c_started": working,
                "waiting_ws": working - enabled_reading(hand, hand.step) - hand.step.paused_ws,
            }
        hand.change_step(values)
        return hand.put_down("step.claimed", _body(hand))

    return step_command(office, who, step_run_id, "claim", {"step": str(step_run_id)}, key, work)


def release(office: Office, actor: Actor, step_run_id: UUID, *, key: str | None = None) -> Outcome:
    """Give a claimed step back to all who hold its position; the holder or a head may.

    Giving back what nobody holds changes nothing.
    """

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        holder = hand.step.holder_id
        if holder is None:
            hand.require_holder()
            return hand.outcome(hand.row.version)
        if holder != hand.actor.account_id and Role.HEAD not in hand.actor.roles:
            raise HeldByOther(step=hand.step.name, holder=hand.name_of(holder))
        hand.change_step({"holder_id": None})
        return hand.put_down("step.released", _body(hand))

    return act_on_step(office, actor, step_run_id, "release", {"step": str(step_run_id)}, key, work)


def hand_over(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    to: Actor | None,
    reason: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Hand the step over to a colleague who holds its position; the holder or a head may."""
    if to is None or to.agency_id != actor.agency_id:
        raise NotFound(what="người nhận bàn giao")
    request = {"step": str(step_run_id), "to": str(to.account_id), "reason": reason}

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        if Role.HEAD not in hand.actor.roles:
            hand.require_holder()
        if not to.holds(hand.step.position, hand.step.unit):
            raise NotYours(step=hand.step.name, position=hand.position_name())
        hand.change_step({"holder_id": to.account_id})
        words = stated(reason)
        return hand.put_down(
            "step.handed_over", _body(hand) | {"to": str(to.account_id), "reason": words}
        )

    return act_on_step(office, actor, step_run_id, "hand_over", request, key, work)


def _body(hand: InHand) -> dict[str, Any]:
    return {
        "step": hand.step.element_id,
        "token": hand.step.token,
        "attempt": hand.step.attempt,
    }
