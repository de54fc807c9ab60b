"""What an act opens and closes, written down: step runs, timers, clocks, the dossier's state."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, insert

from engine.calendar import Calendar
from engine.dossiers.in_hand import CLOSED, FINISHED, OPEN, PAUSED, RETURNED, InHand
from engine.dossiers.outcome import OpenedStep
from engine.dossiers.timer_rules import clock_of, due_of
from engine.legal_clock.kept_clock import written
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PAUSE_KINDS
from engine.legal_clock.punctuality import USUAL_RULE
from engine.legal_clock.statutory_measure import statutory_measure
from engine.outbox import DOSSIER_EVENTS, send_event
from engine.risk.rating import due_has_moved, rate_again, rate_opened
from engine.runtime.instance import OpenStep, Progress, Sent
from engine.store.columns import Spelt
from engine.store.prepared import Prepared
from engine.store.tables import step_run, timer
from processes.procedure import Outcome as DrawnOutcome
from processes.procedure import SupplementPolicy
from processes.step import ClockKind, NationalStatus, StepSpec
from processes.time_limit import TimeLimit

TAX_OFFICE = "thue"  # who is charged with the time of steps on the tax clock
_FINISHED = (NationalStatus.FINISHED, NationalStatus.RETURNED)
_ENDED_EARLY = (NationalStatus.NOT_RECEIVED, NationalStatus.WITHDRAWN, NationalStatus.DISCONTINUED)


_OPENED = Prepared(
    insert(step_run),
    (
        "agency_id",
        "step_run_id",
        "dossier_id",
        "procedure_id",
        "version_id",
        "element_id",
        "token",
        "name",
        "attempt",
        "instance",
        "instances",
        "item",
        "unit",
        "position",
        "state",
        "enabled_at",
        "c_enabled",
        "calendar_version",
        "clock",
        "limit_ws",
        "due_at",
        "sent_back_from",
        "safe_at",
    ),
)


def move(
    hand: InHand,
    progress: Progress,
    fired: datetime | None = None,
    *,
    sent_back_from: str | None = None,
) -> None:
    """Write what the runtime reports; the step acted on is written by the act itself.

    fired: when the timer was due that brought this about. sent_back_from: element of the step
    from which the dossier came back.
    """
    hand.state_changed = True
    rows = _open_steps(hand, progress.opened, sent_back_from)
    _keep_timers(hand, progress, fired)
    _note_end(hand, progress)
    for sent in progress.sent:
        _send_out(hand, sent)
    if not progress.completed:
        follow(hand)
    rate_opened(hand, rows)  # only now it is known whether the dossier's clock runs
    for row in rows:
        hand.transaction.change(_OPENED, row)
    if due_has_moved(hand) and len(hand.live.instance.open_steps()) > len(rows):
        rate_again(hand)


def _send_out(hand: InHand, sent: Sent) -> None:
    """What the diagram throws and nothing in the dossier catches goes out to who wants it."""
    send_event(
        hand.transaction,
        hand.office.ids,
        hand.now,
        hand.agency_id,
        hand.dossier_id,
        f"{DOSSIER_EVENTS}{sent.kind}",
        hand.row.code,
        {
            "kind": sent.kind,
            "name": sent.name,
            "element": sent.element_id,
            "dossier": hand.row.code,
            "procedure": hand.version.procedure.code,
            "version": hand.version.number,
        },
    )


def follow(hand: InHand) -> None:
    """Let the dossier's clock and national status follow the steps that are open now."""
    specs = [hand.spec_of(step.element_id) for step in hand.live.instance.open_steps().values()]
    _follow_clock(hand, specs)
    _follow_status(hand, specs)


def cancel_runs(hand: InHand, tokens: tuple[int, ...]) -> None:
    """Close open step runs that the act took away: interrupted, or ended early."""
    if not tokens:
        return
    for run in hand.open_runs():
        if run.token in tokens:
            hand.change_run(run.step_run_id, {"state": "cancelled", **durations(hand, run)})


def durations(hand: InHand, run: Any) -> dict[str, Any]:
    """How long an ending run waited, was handled and stood; together the time since it opened.

    Who ends a step without claiming it took it up only now: all of it was waiting.
    """
    calendar = hand.calendar_of(run.unit)
    ended, enabled = calendar.clock_at(hand.now), enabled_reading(hand, run)
    values: dict[str, Any] = {"ended_at": hand.now, "c_ended": ended, "month": month_of(hand)}
    if run.calendar_version != calendar.version:
        values |= {"c_enabled": enabled, "calendar_version": calendar.version}
    paused = run.paused_ws
    if run.paused_since is not None:
        paused += calendar.elapsed(run.paused_since, hand.now)
        stood = (hand.now - run.paused_since) // timedelta(microseconds=1)
        values |= {"paused_since": None, "paused_ws": paused, "paused_us": run.paused_us + stood}
    working = ended - enabled - paused
    waiting = working if run.waiting_ws is None else run.waiting_ws
    return values | {"waiting_ws": waiting, "handling_ws": working - waiting}


def enabled_reading(hand: InHand, run: Any) -> int:
    """C(t) of when the run was opened, on the calendar that counts now: it may be another."""
    calendar = hand.calendar_of(run.unit)
    if run.calendar_version == calendar.version:
        return int(run.c_enabled)
    return calendar.clock_at(run.enabled_at)


def month_of(hand: InHand) -> int:
    """The month of the act in the office's zone, as yyyymm."""
    local = hand.calendar.local(hand.now)
    return local.year * 100 + local.month


def _open_steps(
    hand: InHand, opened: tuple[OpenStep, ...], sent_back_from: str | None
) -> list[dict[str, Any]]:
    """The rows of what is opened, not yet written."""
    rows = [_opened_row(hand, step) | {"sent_back_from": sent_back_from} for step in opened]
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
    return rows


def _opened_row(hand: InHand, step: OpenStep) -> dict[str, Any]:
    spec = hand.spec_of(step.element_id)
    limit = spec.limit(hand.row.case_code)
    unit = spec.assignment.unit if spec.assignment else None
    calendar = hand.calendar_of(unit)
    kept: _Kept = None, None, None
    if limit is not None and limit.amount > 0:
        # "Trả kết quả: 0 ngày" takes nothing from the limit and waits for the applicant: untimed.
        start = _started_alike if hand.apart else _started
        kept = start(calendar, hand.now, limit, spec.cutoff)
    clock, budget, due_at = kept
    attempt = _attempt(hand, step)
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
        "instance": step.instance,
        "instances": step.instances,
        "item": step.item,
        "unit": unit,
        "position": spec.assignment.position if spec.assignment else None,
        "state": OPEN,
        "enabled_at": hand.now,
        "c_enabled": calendar.clock_at(hand.now),
        "calendar_version": calendar.version,
        "clock": clock,
        "limit_ws": budget,
        "due_at": due_at,
    }


_Kept = tuple[Spelt | None, int | None, datetime | None]  # clock, limit_ws, due_at


def _started(calendar: Calendar, at: datetime, limit: TimeLimit, cutoff: time | None) -> _Kept:
    """A clock that begins, as it is kept."""
    clock = LedgerClock.start(calendar, at, limit, cutoff=cutoff)
    return written(clock), clock.budget, clock.due_at(calendar)


_started_alike = lru_cache(100)(_started)  # many acts at one moment open the same steps


def _attempt(hand: InHand, step: OpenStep) -> int:
    """How often the step was opened; instances of one repetition belong to the same attempt."""
    before = hand.live.attempts.get(step.element_id, 0)
    first = step.instance is None or step.instance == 1
    attempt = before + 1 if first else max(before, 1)
    hand.live.attempts[step.element_id] = attempt
    return attempt


def _keep_timers(hand: InHand, progress: Progress, fired: datetime | None) -> None:
    for token in progress.disarmed:
        of_dossier = {"of_agency": hand.agency_id, "of_dossier": hand.dossier_id}
        hand.transaction.change(_DISARMED, {**of_dossier, "of_token": token})
    for armed in progress.armed:
        clock = clock_of(armed.rule, hand.now, hand.calendar)
        again = None if armed.follows is None else fired
        hand.transaction.change(
            _ARMED,
            {
                "agency_id": hand.agency_id,
                "timer_id": hand.office.ids(hand.now),
                "dossier_id": hand.dossier_id,
                "kind": "event",
                "token": armed.token,
                "due_at": due_of(armed.rule, hand.now, hand.calendar, again),
                "clock": None if clock is None else clock.to_data(),
            },
        )


_DISARMED = Prepared(
    delete(timer).where(
        timer.c.agency_id == bindparam("of_agency"),
        timer.c.dossier_id == bindparam("of_dossier"),
        timer.c.token == bindparam("of_token"),
    )
)
_ARMED = Prepared(
    insert(timer), ("agency_id", "timer_id", "dossier_id", "kind", "token", "due_at", "clock")
)


def _follow_clock(hand: InHand, specs: list[StepSpec]) -> None:
    """Stop the dossier's clock while only others work (citizen, tax, another unit).

    A pause goes on as long as it waits for the same; after the tax office the citizen's begins.
    """
    clock = hand.clock
    if clock is None or hand.value("state") == PAUSED or clock.stopped:
        return
    elsewhere = {PAUSE_KINDS[s.clock]: s for s in specs if s.clock is not ClockKind.RUNS}
    stands = bool(specs) and all(spec.clock is not ClockKind.RUNS for spec in specs)
    if clock.paused and not (stands and clock.pauses[-1].kind in elsewhere):
        clock = clock.resume(hand.calendar, hand.now, SupplementPolicy.CONTINUE)
    if stands and not clock.paused:
        kind, spec = next(iter(elsewhere.items()))
        clock = clock.pause(
            hand.calendar,
            hand.now,
            kind,
            charged_to=_charged_to(spec),
            legal_ground=spec.legal_basis or "",
            reason=spec.name,
        )
    if clock is not hand.clock:
        hand.clock = clock
        hand.changes["paused_ws"] = clock.paused_working_seconds(hand.calendar, hand.now)


def _charged_to(spec: StepSpec) -> str | None:
    """Whose time a step elsewhere is: the tax office's, its unit's, the citizen's is nobody's."""
    if spec.clock is ClockKind.TAX:
        return TAX_OFFICE
    if spec.clock is ClockKind.CITIZEN or spec.assignment is None:
        return None
    return spec.assignment.unit or spec.assignment.position


def _follow_status(hand: InHand, specs: list[StepSpec]) -> None:
    """The status furthest on; finished only when nothing but finished steps is open.

    Once handling is finished it stays so (9 before 10), even where the diagram leads back.
    """
    if not specs or hand.value("state") == PAUSED:
        return
    statuses = [spec.status for spec in specs]
    handling = [status for status in statuses if status not in _FINISHED]
    status = max(handling or statuses, key=lambda status: int(status.value))
    if not handling:
        finish(hand)
    elif hand.value("finished_at") is not None:
        status = NationalStatus.FINISHED
    hand.changes["national_status"] = status.value


def _note_end(hand: InHand, progress: Progress) -> None:
    outcomes = {o.element_id: o for o in hand.version.procedure.outcomes}
    ended = next((outcomes[e] for e in reversed(progress.ended) if e in outcomes), None)
    if ended is not None:
        hand.changes["outcome"] = ended.code
    if progress.completed:
        _end(hand, ended)


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
    hand.clock = clock.stop(hand.calendar, hand.now)
    result = clock.judge(hand.calendar, hand.now).value
    measure = statutory_measure(hand.clock, hand.calendar, hand.now)
    hand.changes |= {
        "result": result,
        "result_rule": USUAL_RULE.code,
        "measure": measure.result,
        "late_ws": clock.late_working_seconds(hand.calendar, hand.now),
        "paused_ws": clock.paused_working_seconds(hand.calendar, hand.now),
    }
    hand.verdict = {"result": result, "rule": USUAL_RULE.code, "measure": measure.to_data()}


def tokens_closed_beside(progress: Progress, token: int) -> tuple[int, ...]:
    """Open steps that the act closed beside the one acted on."""
    return tuple(closed for closed in progress.closed if closed != token)
