"""Steps past their due time: silence is consent where the diagram says so, the others escalate.

Escalations need nothing of the dossier's state and are written in batches; consent is an act like
any other, a dossier a transaction. Workers take different steps (`due_timers` says how).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Integer, and_, bindparam, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from engine.actor import SYSTEM, system_actor
from engine.dossiers.acting import Work, act_on_step
from engine.dossiers.complete_step import close_and_move, lacking
from engine.dossiers.due_timers import Missed
from engine.dossiers.in_hand import OPEN, PAUSED, InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.setbacks import OVERDUE, failed_before, may_be_tried, same_work
from engine.journal import Event, append
from engine.office import Office
from engine.store.database import Transaction
from engine.store.gathered import UNABLE, Gathered, write_all
from engine.store.prepared import Prepared
from engine.store.tables import dossier, journal, setback, step_run
from processes.data_entry import Value, enter
from processes.errors import RuleError
from processes.step import OnTimeout

_log = logging.getLogger("quytrinh.timeouts")


@dataclass(slots=True)
class _Taken:
    """What was done of a batch; consent: steps whose silence is to be judged one by one."""

    escalated: int
    missed: list[Missed]
    consent: list[Any]


def judge_overdue_steps(office: Office, most: int) -> tuple[int, list[Missed]]:
    """Judge at most so many overdue steps, the longest due first; how many, and the others."""
    asked = {"at": office.clock.now(), "most": most}
    taken = office.database.write(lambda transaction: _take(office, transaction, _DUE, asked))
    done, missed = taken.escalated, taken.missed
    for row in taken.consent:
        try:
            _judge_silence(office, row)
        except UNABLE:
            raise
        except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
            missed.append(Missed(row, error))
        else:
            done += 1
    return done, missed


def judge_overdue(office: Office, row: Any) -> None:
    """Judge the step of this row, once. Errors: what stands in its way."""
    this = {"of_agency": row.agency_id, "of_step": row.step_run_id, "most": 1}
    taken = office.database.write(lambda transaction: _take(office, transaction, _THIS, this))
    for each in taken.consent:
        _judge_silence(office, each)
    if taken.missed:
        raise taken.missed[0].error


def _take(
    office: Office, transaction: Transaction, question: Prepared, given: Mapping[str, Any]
) -> _Taken:
    """Escalate what is to escalate of these steps."""
    taken = _Taken(0, [], [])
    escalating: dict[Any, tuple[Any, Gathered]] = {}
    for row in transaction.rows(question, given):
        try:
            version = office.version(transaction.connection, row.agency_id, row.version_id)
            spec = version.procedure.step(row.element_id)
            in_force = office.edition(transaction.connection, row.agency_id).number
            behind = row.calendar_edition < in_force  # it may not be overdue by the new one
            if behind or (spec is not None and spec.on_timeout is OnTimeout.DEEMED_CONSENT):
                taken.consent.append(row)
            elif (row.agency_id, row.dossier_id) not in escalating:  # its others: the next batch
                act = row, Gathered(transaction.connection)
                _escalate_apart(office, *act)
                escalating[row.agency_id, row.dossier_id] = act
        except (DBAPIError, *UNABLE):  # what was begun is lost
            raise
        except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
            taken.missed.append(Missed(row, error))
    for key in escalating:  # in memory it stands as it was before
        transaction.when_over(partial(office.live.drop, key))
    _write(transaction, list(escalating.values()), taken)
    return taken


def _write(
    transaction: Transaction, escalating: Sequence[tuple[Any, Gathered]], taken: _Taken
) -> None:
    if not escalating:
        return
    errors = write_all(transaction.connection, [writes for _, writes in escalating])
    for (row, _), error in zip(escalating, errors, strict=True):
        if error is None:
            taken.escalated += 1
        else:
            taken.missed.append(Missed(row, error))


def _escalate_apart(office: Office, row: Any, writes: Gathered) -> None:
    """The step's mark and the dossier's event, without the dossier's state."""
    now = max(office.clock.now(), row.last_at)
    body = {"step": row.element_id, "token": row.token, "attempt": row.attempt}
    event = Event(row.events + 1, now, SYSTEM, "step.escalated", body)
    head = append(writes, row.agency_id, row.dossier_id, event, row.head_hash)
    this = {"of_agency": row.agency_id, "of_dossier": row.dossier_id}
    mark = {**this, "of_step": row.step_run_id, "escalated_at": now}
    writes.change(_MARK, mark, must=True)
    follows = {"version": row.version + 1, "events": row.events + 1, "head_hash": head}
    writes.change(_FOLLOWS, {**this, "of_version": row.version, **follows}, must=True)
    if row.failures is not None:
        writes.change(_FORGET, {"of_agency": row.agency_id, "of_work": row.step_run_id})


# Silence


def _judge_silence(office: Office, row: Any) -> None:
    """Silence is consent where it can be; otherwise the step escalates."""
    try:
        _act(office, row, _consent_or_escalate)
    except UNABLE:  # nothing was said against it: it is tried again
        raise
    except RuleError as refusal:
        _log.warning("silence is no consent in dossier %s: %s", row.dossier_id, refusal.code)
        _act(office, row, _escalate)


def _act(office: Office, row: Any, work: Work) -> None:
    def done(hand: InHand) -> Outcome:
        outcome = work(hand)
        if row.failures is not None:
            of_agency = {"of_agency": row.agency_id}
            hand.transaction.change(_FORGET, {**of_agency, "of_work": row.step_run_id})
        return outcome

    act_on_step(
        office, system_actor(row.agency_id), row.step_run_id, "judge_overdue", {}, None, done
    )


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
    hand.change_step({"escalated_at": hand.now})
    return hand.put_down(
        "step.escalated", {"step": step.element_id, "token": step.token, "attempt": step.attempt}
    )


# Questions and statements


def _overdue(*which: Any) -> Prepared:
    """Open steps about which nothing was done yet, but those whose dossier is paused.

    The longest due first; of those due at one moment any, as with timers.
    """
    of_dossier = (
        dossier.c[name]
        for name in ("version_id", "version", "events", "head_hash", "state", "calendar_edition")
    )
    return Prepared(
        select(
            *(step_run.c[name] for name in _OF_STEP),
            *of_dossier,
            journal.c.at.label("last_at"),
            *failed_before(OVERDUE, step_run.c.step_run_id),
        )
        .select_from(step_run)
        .join(dossier, _same_dossier(step_run))
        .join(journal, and_(_same_dossier(journal), journal.c.seq == dossier.c.events))
        .outerjoin(setback, same_work(step_run.c.agency_id, step_run.c.step_run_id))
        .where(
            text("step_run.state = 'open'"),  # as the index says, or it is not used
            step_run.c.escalated_at.is_(None),
            dossier.c.state != PAUSED,
            *which,
        )
        .order_by(step_run.c.due_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(of=(step_run, dossier), skip_locked=True)
    )


def _same_dossier(table: Any) -> Any:
    return and_(
        table.c.agency_id == dossier.c.agency_id, table.c.dossier_id == dossier.c.dossier_id
    )


_OF_STEP = "agency_id", "dossier_id", "step_run_id", "element_id", "token", "attempt"
_DUE = _overdue(step_run.c.due_at <= bindparam("at"), may_be_tried(bindparam("at")))
_THIS = _overdue(
    step_run.c.agency_id == bindparam("of_agency"), step_run.c.step_run_id == bindparam("of_step")
)
_MARK = Prepared(
    update(step_run).where(
        step_run.c.agency_id == bindparam("of_agency"),
        step_run.c.dossier_id == bindparam("of_dossier"),
        step_run.c.step_run_id == bindparam("of_step"),
        step_run.c.escalated_at.is_(None),
    ),
    ("escalated_at",),
)
_FOLLOWS = Prepared(
    update(dossier).where(
        dossier.c.agency_id == bindparam("of_agency"),
        dossier.c.dossier_id == bindparam("of_dossier"),
        dossier.c.version == bindparam("of_version"),
    ),
    ("version", "events", "head_hash"),
)
_FORGET = Prepared(
    delete(setback).where(
        setback.c.agency_id == bindparam("of_agency"), setback.c.work_id == bindparam("of_work")
    )
)
