"""What an act opens and closes, written down: step runs, timers, clocks, the dossier's state."""

from typing import Any

from sqlalchemy import delete, insert, update

from engine.dossiers.in_hand import CLOSED, FINISHED, OPEN, PAUSED, RETURNED, InHand
from engine.dossiers.outcome import OpenedStep
from engine.dossiers.timer_rules import due_of
from engine.ledger_clock import LedgerClock
from engine.pause import PAUSE_KINDS
from engine.runtime.instance import OpenStep, Progress
from engine.store.tables import step_run, timer
from processes.procedure import Outcome as DrawnOutcome
from processes.procedure import SupplementPolicy
from processes.step import ClockKind, NationalStatus, StepSpec

_ENDED_EARLY = (NationalStatus.NOT_RECEIVED, NationalStatus.WITHDRAWN, NationalStatus.DISCONTINUED)


def move(hand: InHand, progress: Progress) -> None:
    """Write what the runtime reports; the step acted on is written by the act itself."""
    hand.state_changed = True
    _open_steps(hand, progress.opened)
    _keep_timers(hand, progress)
    specs = [hand.spec_of(step.element_id) for step in hand.live.instance.open_steps().values()]
    _follow_clock(hand, specs)
    _follow_status(hand, progress, specs)


def cancel_runs(hand: InHand, tokens: tuple[int, ...]) -> None:
    """Close open step runs that the act took away: recalled, interrupted or ended early."""
    if tokens:
        hand.transaction.execute(
            update(step_run)
            .where(
                step_run.c.agency_id == hand.agency_id,
                step_run.c.dossier_id == hand.dossier_id,
                step_run.c.state == OPEN,
                step_run.c.token.in_(tokens),
            )
            .values(
                state="cancelled",
                ended_at=hand.now,
                c_ended=hand.calendar.clock_at(hand.now),
                month=month_of(hand),
            )
        )


def month_of(hand: InHand) -> int:
    """The month of the act in the office's zone, as yyyymm."""
    local = hand.calendar.local(hand.now)
    return local.year * 100 + local.month


def _open_steps(hand: InHand, opened: tuple[OpenStep, ...]) -> None:
    rows = [_opened_row(hand, step) for step in opened]
    if not rows:
        return
    hand.transaction.execute(insert(step_run), rows)
    hand.opened.extend(
        OpenedStep(
            row["step_run_id"],
            row["element_id"],
            row["name"],
            row["unit"],
            row["position"],
            row["due_at"],
        )
        for row in rows
    )


def _opened_row(hand: InHand, step: OpenStep) -> dict[str, Any]:
    spec = hand.spec_of(step.element_id)
    limit = spec.limit(hand.row.case_code)
    clock = None
    if limit is not None and limit.amount > 0:
        # "Trả kết quả: 0 ngày" takes nothing from the limit and waits for the applicant: untimed.
        clock = LedgerClock.start(hand.calendar, hand.now, limit, cutoff=spec.cutoff)
    attempt = hand.live.attempts.get(step.element_id, 0) + 1
    hand.live.attempts[step.element_id] = attempt
    return {
        "agency_id": hand.agency_id,
        "step_run_id": hand.office.ids(hand.now),
        "dossier_id": hand.dossier_id,
        "procedure_id": hand.version.procedure_id,
        "version_id": hand.version.version_id,
        "element_id": step.element_id,
        "token": step.token,
        "name": spec.name,
        "attempt": attempt,
        "unit": spec.assignment.unit if spec.assignment else None,
        "position": spec.assignment.position if spec.assignment else None,
        "state": OPEN,
        "enabled_at": hand.now,
        "c_enabled": hand.calendar.clock_at(hand.now),
        "calendar_version": hand.calendar.version,
        "clock": None if clock is None else clock.to_data(),
        "limit_ws": None if clock is None else clock.budget,
        "due_at": None if clock is None else clock.due_at(hand.calendar),
    }


def _keep_timers(hand: InHand, progress: Progress) -> None:
    if progress.disarmed:
        hand.transaction.execute(
            delete(timer).where(
                timer.c.agency_id == hand.agency_id,
                timer.c.dossier_id == hand.dossier_id,
                timer.c.token.in_(progress.disarmed),
            )
        )
    for armed in progress.armed:
        hand.transaction.execute(
            insert(timer),
            {
                "agency_id": hand.agency_id,
                "timer_id": hand.office.ids(hand.now),
                "dossier_id": hand.dossier_id,
                "kind": "event",
                "token": armed.token,
                "due_at": due_of(armed.rule, hand.now, hand.calendar),
            },
        )


def _follow_clock(hand: InHand, specs: list[StepSpec]) -> None:
    """Stop the dossier's clock while only others work (citizen, tax, another unit)."""
    clock = hand.clock
    if clock is None or hand.value("state") == PAUSED or clock.stopped:
        return
    elsewhere = [spec for spec in specs if spec.clock is not ClockKind.RUNS]
    stands = bool(specs) and len(elsewhere) == len(specs)
    if stands and not clock.paused:
        kind = elsewhere[0].clock
        hand.clock = clock.pause(
            hand.calendar,
            hand.now,
            PAUSE_KINDS[kind],
            charged_to=_charged_to(elsewhere[0]),
            legal_ground=elsewhere[0].legal_basis or "",
            reason=elsewhere[0].name,
        )
    elif clock.paused and not stands:
        hand.clock = clock.resume(hand.calendar, hand.now, SupplementPolicy.CONTINUE)
        hand.changes["paused_ws"] = hand.clock.paused_working_seconds(hand.calendar, hand.now)


def _charged_to(spec: StepSpec) -> str | None:
    """Whose time a step elsewhere is: its unit's, but the citizen's is charged to nobody."""
    if spec.clock is ClockKind.CITIZEN or spec.assignment is None:
        return None
    return spec.assignment.unit or spec.assignment.position


def _follow_status(hand: InHand, progress: Progress, specs: list[StepSpec]) -> None:
    outcomes = {o.element_id: o for o in hand.version.procedure.outcomes}
    ended = next((outcomes[e] for e in reversed(progress.ended) if e in outcomes), None)
    if ended is not None:
        hand.changes["outcome"] = ended.code
    if progress.completed:
        _end(hand, ended)
    elif specs:
        status = max((spec.status for spec in specs), key=lambda s: int(s.value))
        if hand.value("state") != PAUSED:
            hand.changes["national_status"] = status.value
        if status is NationalStatus.FINISHED:
            finish(hand)


def _end(hand: InHand, ended: DrawnOutcome | None) -> None:
    status = ended.status if ended is not None else NationalStatus.RETURNED
    finish(hand)
    hand.changes["national_status"] = status.value
    if status in _ENDED_EARLY:
        hand.changes["state"] = CLOSED
    elif status is NationalStatus.RETURNED:
        hand.changes["state"] = RETURNED
        hand.changes["returned_at"] = hand.now
    else:
        hand.changes["state"] = FINISHED


def finish(hand: InHand) -> None:
    """Handling is over: the clock stops for good and early, on time or late is decided."""
    if hand.value("finished_at") is not None:
        return
    hand.changes["finished_at"] = hand.now
    hand.changes["state"] = FINISHED
    if hand.clock is None:
        return
    clock = hand.clock
    if clock.paused:
        clock = clock.resume(hand.calendar, hand.now, SupplementPolicy.CONTINUE)
    hand.changes["result"] = clock.judge(hand.calendar, hand.now).value
    hand.changes["late_ws"] = clock.late_working_seconds(hand.calendar, hand.now)
    hand.changes["paused_ws"] = clock.paused_working_seconds(hand.calendar, hand.now)
    hand.clock = clock.stop(hand.calendar, hand.now)


def tokens_closed_beside(progress: Progress, token: int) -> tuple[int, ...]:
    """Open steps that the act closed beside the one acted on."""
    return tuple(closed for closed in progress.closed if closed != token)
