"""What happens when time passes: timers of the diagram fire, overdue steps escalate or consent.

Found by index, one dossier a transaction; the effect and the mark that it happened commit
together, so that many workers, or a worker killed at any moment, neither lose nor double one.
What fails waits longer each time and at last stands aside (`setbacks`): it holds up nobody.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from engine.actor import Actor
from engine.dossiers.complete_step import close_and_move, lacking
from engine.dossiers.in_hand import (
    CLOSED,
    OPEN,
    PAUSED,
    RETURNED,
    InHand,
    Work,
    act_on_dossier,
    act_on_step,
)
from engine.dossiers.moving import cancel_runs, move
from engine.dossiers.outcome import Outcome
from engine.dossiers.setbacks import (
    OVERDUE,
    TIMER,
    failed_before,
    forget_setback,
    may_be_tried,
    note_setback,
    same_work,
)
from engine.office import Office
from engine.runtime.instance import NotOpen
from engine.store.database import DatabaseStopped, StaleState
from engine.store.tables import dossier, setback, step_run, timer
from processes.data_entry import Value, enter
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
    fired = _each(office, _due_timers, fire_timer, most)
    return fired + _each(office, _overdue, judge_overdue, most)


def _each(office: Office, due: Callable[..., Any], act: Callable[..., None], most: int) -> int:
    """Do what is due, the longest due first; what cannot be done is passed over, not waited for."""
    done = 0
    while done < most:
        with office.database.read() as connection:
            rows = connection.execute(due(office.clock.now()).limit(most - done)).all()
        if not rows:
            break
        done += sum(_done(office, partial(act, office, row), row) for row in rows)
    return done


def _due_timers(now: datetime) -> Any:
    """Timers that are due; while the dossier is paused they wait with it."""
    columns = (timer.c[name] for name in ("agency_id", "dossier_id", "timer_id", "token", "due_at"))
    return (
        select(*columns, *failed_before(TIMER, timer.c.timer_id))
        .outerjoin(setback, same_work(timer.c.agency_id, timer.c.timer_id))
        .join(
            dossier,
            and_(
                dossier.c.agency_id == timer.c.agency_id, dossier.c.dossier_id == timer.c.dossier_id
            ),
        )
        .where(timer.c.due_at <= now, dossier.c.state != PAUSED, may_be_tried(now))
        .order_by(timer.c.due_at, timer.c.timer_id)
    )


def _overdue(now: datetime) -> Any:
    """Open steps past their due time about which nothing was done yet."""
    columns = step_run.c.agency_id, step_run.c.dossier_id, step_run.c.step_run_id
    return (
        select(*columns, *failed_before(OVERDUE, step_run.c.step_run_id))
        .outerjoin(setback, same_work(step_run.c.agency_id, step_run.c.step_run_id))
        .where(
            step_run.c.state == OPEN,
            step_run.c.escalated_at.is_(None),
            step_run.c.due_at <= now,
            may_be_tried(now),
        )
        .order_by(step_run.c.due_at, step_run.c.step_run_id)
    )


def fire_timer(office: Office, row: Any) -> None:
    """Have the timer of this row happen, once."""

    def work(hand: InHand) -> Outcome:
        if hand.row.state == PAUSED:
            return hand.outcome(hand.row.version)
        claimed = hand.transaction.execute(
            delete(timer).where(
                timer.c.agency_id == row.agency_id, timer.c.timer_id == row.timer_id
            )
        )
        if claimed.rowcount != 1 or hand.row.state in (RETURNED, CLOSED):
            return hand.outcome(hand.row.version)
        try:
            progress = hand.live.instance.fire(row.token, hand.live.data, now=hand.now)
        except NotOpen:
            return hand.outcome(hand.row.version)
        cancel_runs(hand, progress.closed)
        move(hand, progress, fired=row.due_at)
        return hand.put_down("timer.fired", {"passed": list(progress.passed), "token": row.token})

    act_on_dossier(
        office, system_actor(row.agency_id), row.dossier_id, "fire_timer", {}, None, work
    )


def judge_overdue(office: Office, row: Any) -> None:
    """Silence is consent where the diagram says so and it can be; otherwise the step escalates."""
    try:
        _act(office, row, _consent_or_escalate)
    except RuleError as refusal:
        _log.warning("silence is no consent in dossier %s: %s", row.dossier_id, refusal.code)
        _act(office, row, _escalate)


def _act(office: Office, row: Any, work: Work) -> None:
    act_on_step(
        office, system_actor(row.agency_id), row.step_run_id, "judge_overdue", {}, None, work
    )


def _done(office: Office, act: Callable[[], None], row: Any) -> bool:
    """Do one of a batch; a dossier that cannot go on must not hold up the others.

    What fails is logged and noted as a setback. Only a database that does not answer ends the
    batch.
    """
    try:
        act()
    except (OperationalError, InterfaceError, DatabaseStopped):
        raise
    except (RuleError, StaleState) as refusal:
        _log.error("what fell due in dossier %s cannot be done: %r", row.dossier_id, refusal)
        note_setback(office, row, refusal)
        return False
    except Exception as failure:  # noqa: BLE001 - one broken dossier must not stop the office
        _log.exception("what fell due in dossier %s failed", row.dossier_id)
        note_setback(office, row, failure)
        return False
    if row.failures is not None:
        forget_setback(office, row)
    return True


def _consent_or_escalate(hand: InHand) -> Outcome:
    if _judged(hand):
        return hand.outcome(hand.row.version)
    if hand.spec.on_timeout is OnTimeout.DEEMED_CONSENT:
        values = _said_by_silence(hand)
        if values is not None:
            return close_and_move(hand, values, None, None, "step.deemed_consent")
    return _escalate(hand)


def _judged(hand: InHand) -> bool:
    """Whether there is nothing to do any more: ended, escalated, or given more time meanwhile."""
    step = hand.step
    over = step.state != OPEN or step.escalated_at is not None or hand.row.state == PAUSED
    return over or step.due_at is None or hand.now < step.due_at


def _said_by_silence(hand: InHand) -> dict[str, Value] | None:
    """What is entered when nobody answers: defaults. None where an answer or a paper is needed."""
    try:
        values = enter(hand.spec.fields, {})
        complete = not lacking(hand, {**hand.live.data, **values})
    except RuleError:
        return None
    return values if complete else None


def _escalate(hand: InHand) -> Outcome:
    step = hand.step
    if _judged(hand):
        return hand.outcome(hand.row.version)
    hand.transaction.execute(
        update(step_run)
        .where(step_run.c.agency_id == hand.agency_id, step_run.c.step_run_id == step.step_run_id)
        .values(escalated_at=hand.now)
    )
    return hand.put_down(
        "step.escalated", {"step": step.element_id, "token": step.token, "attempt": step.attempt}
    )
