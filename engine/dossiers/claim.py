"""Claiming a step: from now on it is handled by one person, and everybody can see by whom."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from engine.actor import Actor, Role
from engine.dossiers.complete_step import require_open
from engine.dossiers.in_hand import InHand, act_on_step, stated
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import HeldByOther, NotYours
from engine.office import Office
from engine.store.tables import step_run
from processes.errors import NotFound


def claim(office: Office, actor: Actor, step_run_id: UUID, *, key: str | None = None) -> Outcome:
    """Take the step up: waiting ends, handling begins.

    Claiming again what one has taken up already changes nothing; what was handed over is taken up
    by claiming it.
    """

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        if hand.step.holder_id == hand.actor.account_id and hand.step.started_at is not None:
            return hand.outcome(hand.row.version)
        working = hand.calendar.clock_at(hand.now)
        values: dict[str, Any] = {"holder_id": hand.actor.account_id}
        if hand.step.started_at is None:
            values |= {
                "started_at": hand.now,
                "c_started": working,
                "waiting_ws": working - hand.step.c_enabled - hand.step.paused_ws,
            }
        _write(hand, values)
        return hand.put_down("step.claimed", _body(hand))

    return act_on_step(office, actor, step_run_id, "claim", {"step": str(step_run_id)}, key, work)


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
        _write(hand, {"holder_id": None})
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
        _write(hand, {"holder_id": to.account_id})
        words = stated(reason)
        return hand.put_down(
            "step.handed_over", _body(hand) | {"to": str(to.account_id), "reason": words}
        )

    return act_on_step(office, actor, step_run_id, "hand_over", request, key, work)


def _write(hand: InHand, values: dict[str, Any]) -> None:
    hand.transaction.execute(
        update(step_run)
        .where(
            step_run.c.agency_id == hand.agency_id, step_run.c.step_run_id == hand.step.step_run_id
        )
        .values(**values)
    )


def _body(hand: InHand) -> dict[str, Any]:
    return {
        "step": hand.step.element_id,
        "token": hand.step.token,
        "attempt": hand.step.attempt,
    }
