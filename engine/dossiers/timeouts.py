"""What happens when time passes: timers of the diagram fire, overdue steps escalate or consent.

Found by index, one dossier a transaction; the effect and the mark that it happened commit
together, so that many workers, or a worker killed at any moment, neither lose nor double one.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from engine.actor import Actor
from engine.dossiers.complete_step import close_and_move, lacking
from engine.dossiers.in_hand import (
    CLOSED,
    OPEN,
    PAUSED,
    RETURNED,
    InHand,
    act_on_dossier,
    act_on_step,
)
from engine.dossiers.moving import cancel_runs, move
from engine.dossiers.outcome import Outcome
from engine.office import Office
from engine.runtime.instance import NotOpen
from engine.store.tables import step_run, timer
from processes.data_entry import enter
from processes.errors import RuleError
from processes.step import OnTimeout

_log = logging.getLogger("quytrinh.timeouts")
SYSTEM = UUID(int=0)
_BATCH = 200


def system_actor(agency_id: str) -> Actor:
    """The engine itself: acts when time passes, holds no position."""
    return Actor(SYSTEM, agency_id, "Hệ thống")


def let_time_pass(office: Office, most: int = _BATCH) -> int:
    """Do what has fallen due by now, at most so many of each kind; how many were done."""
    return _fire_timers(office, most) + _judge_overdue(office, most)


def _fire_timers(office: Office, most: int) -> int:
    with office.database.read() as connection:
        due = connection.execute(
            select(timer.c.agency_id, timer.c.dossier_id, timer.c.timer_id, timer.c.token)
            .where(timer.c.due_at <= office.clock.now())
            .order_by(timer.c.due_at)
            .limit(most)
        ).all()
    return sum(_done(partial(_fire, office, row), row) for row in due)


def _fire(office: Office, row: Any) -> None:
    def work(hand: InHand) -> Outcome:
        claimed = hand.transaction.execute(
            delete(timer).where(
                timer.c.agency_id == row.agency_id, timer.c.timer_id == row.timer_id
            )
        )
        if claimed.rowcount != 1 or hand.row.state in (RETURNED, CLOSED):
            return hand.outcome(hand.row.version)
        try:
            progress = hand.live.instance.fire(row.token, hand.live.data)
        except NotOpen:
            return hand.outcome(hand.row.version)
        cancel_runs(hand, progress.closed)
        move(hand, progress)
        return hand.put_down("timer.fired", {"passed": list(progress.passed), "token": row.token})

    act_on_dossier(
        office, system_actor(row.agency_id), row.dossier_id, "fire_timer", {}, None, work
    )


def _judge_overdue(office: Office, most: int) -> int:
    with office.database.read() as connection:
        due = connection.execute(
            select(step_run.c.agency_id, step_run.c.step_run_id)
            .where(
                step_run.c.state == OPEN,
                step_run.c.escalated_at.is_(None),
                step_run.c.due_at <= office.clock.now(),
            )
            .order_by(step_run.c.due_at)
            .limit(most)
        ).all()
    return sum(_done(partial(_judge, office, row), row) for row in due)


def _judge(office: Office, row: Any) -> None:
    act_on_step(
        office,
        system_actor(row.agency_id),
        row.step_run_id,
        "judge_overdue",
        {},
        None,
        _consent_or_escalate,
    )


def _done(act: Callable[[], None], row: Any) -> bool:
    """Do one of a batch; a dossier that cannot go on must not hold up the others.

    What fails is logged and stays due: it is tried again and again until somebody mends it.
    """
    try:
        act()
    except RuleError as refusal:
        _log.error("overdue work of agency %s refused: %s", row.agency_id, refusal.code)
        return False
    return True


def _consent_or_escalate(hand: InHand) -> Outcome:
    step = hand.step
    over = step.state != OPEN or step.escalated_at is not None
    if over or step.due_at is None or hand.row.state == PAUSED or hand.now < step.due_at:
        return hand.outcome(hand.row.version)
    if hand.spec.on_timeout is OnTimeout.DEEMED_CONSENT:
        try:
            values = enter(hand.spec.fields, {})
            if not lacking(hand, {**hand.live.data, **values}):
                return close_and_move(hand, values, None, None, "step.deemed_consent")
        except RuleError:
            pass  # nobody can consent by silence to what must be entered: it escalates below
    hand.transaction.execute(
        update(step_run)
        .where(step_run.c.agency_id == hand.agency_id, step_run.c.step_run_id == step.step_run_id)
        .values(escalated_at=hand.now)
    )
    return hand.put_down(
        "step.escalated", {"step": step.element_id, "token": step.token, "attempt": step.attempt}
    )
