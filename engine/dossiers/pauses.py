"""Pauses: the clock stands still while the citizen supplements or the law suspends.

A supplement is asked for at most as often, and only as long after reception, as the procedure
version allows (NĐ 61/2018 art. 19.4); coming back resets or continues the clock as it says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from engine.actor import Actor
from engine.calendar import Calendar
from engine.dossiers.acting import act_on_dossier, act_on_step
from engine.dossiers.complete_step import require_open
from engine.dossiers.components import Brought, require_handler, write_components
from engine.dossiers.in_hand import OPEN, PAUSED, InHand
from engine.dossiers.moving import follow
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import in_words, stated
from engine.dossiers.refusals import (
    AwaitsNoSupplement,
    AwaitsSupplement,
    NoSuchComponent,
    NothingToSupplement,
    NotPaused,
    SupplementSpent,
    SupplementTooLate,
)
from engine.dossiers.supplement_letter import tell_what_to_bring
from engine.legal_clock.due_time import due_time
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from engine.office import Office
from engine.risk.rating import rate_again
from engine.store.tables import pause, step_run, timer
from processes.checklist import missing
from processes.errors import RuleError
from processes.gap import choices
from processes.procedure import Supplement, SupplementPolicy
from processes.step import NationalStatus, StepSpec

_COUNTER = (NationalStatus.REGISTERED, NationalStatus.RECEIVED)


@dataclass(frozen=True, slots=True)
class SupplementRequest:
    """What the applicant is asked to bring, and why."""

    components: tuple[str, ...]
    reason: str
    legal_basis: str = ""


def request_supplement(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    asked: SupplementRequest,
    *,
    key: str | None = None,
) -> Outcome:
    """Ask the applicant to complete the dossier; its clocks stand still until they do."""
    request = {
        "step": str(step_run_id),
        "components": list(asked.components),
        "reason": asked.reason,
        "legal_basis": asked.legal_basis,
    }

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        hand.require_unfinished()
        at_counter = is_at_counter(hand.spec)
        _require_allowed(hand, at_counter=at_counter)
        named = _named(hand, asked.components)
        words, ground = stated(asked.reason), in_words(asked.legal_basis)
        stage = "counter" if at_counter else "appraisal"
        _pause(hand, PauseKind.CITIZEN_SUPPLEMENT, words, ground)
        _note_pause(hand, PauseKind.CITIZEN_SUPPLEMENT, stage, words, ground, named)
        hand.changes["supplements"] = hand.row.supplements + 1
        hand.changes["national_status"] = NationalStatus.SUPPLEMENT.value
        tell_what_to_bring(hand, named, words, ground)
        body = {"step": hand.step.element_id, "stage": stage, "components": named, "reason": words}
        return hand.put_down("supplement.requested", body | _choices(hand, asked.components))

    return act_on_step(office, actor, step_run_id, "request_supplement", request, key, work)


def receive_supplement(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    brought: tuple[Brought, ...],
    *,
    key: str | None = None,
) -> Outcome:
    """The applicant came back: record what they brought; the clock goes on by the policy."""
    request = {
        "dossier": str(dossier_id),
        "components": [[b.component, b.form, b.number] for b in brought],
    }

    def work(hand: InHand) -> Outcome:
        require_paused(hand, PauseKind.CITIZEN_SUPPLEMENT, otherwise=AwaitsNoSupplement)
        require_handler(hand)
        write_components(hand, brought)
        policy = hand.version.procedure.supplement.policy
        go_on(hand, policy)
        return hand.put_down(
            "supplement.received", {"components": request["components"], "policy": policy.value}
        )

    return act_on_dossier(office, actor, dossier_id, "receive_supplement", request, key, work)


def suspend(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    reason: str,
    legal_basis: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Suspend the dossier on a legal ground other than a supplement."""
    request = {"step": str(step_run_id), "reason": reason, "legal_basis": legal_basis}

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        hand.require_unfinished()
        words, ground = stated(reason), stated(legal_basis)
        _pause(hand, PauseKind.FORCE_MAJEURE, words, ground)
        _note_pause(hand, PauseKind.FORCE_MAJEURE, "appraisal", words, ground, [])
        return hand.put_down("dossier.suspended", {"reason": words, "legal_basis": ground})

    return act_on_step(office, actor, step_run_id, "suspend", request, key, work)


def resume(
    office: Office, actor: Actor, dossier_id: UUID, reason: str, *, key: str | None = None
) -> Outcome:
    """End a suspension; the rest of the limit runs on."""
    request = {"dossier": str(dossier_id), "reason": reason}

    def work(hand: InHand) -> Outcome:
        require_paused(hand, PauseKind.FORCE_MAJEURE, otherwise=AwaitsSupplement)
        require_handler(hand)
        words = stated(reason)
        go_on(hand, SupplementPolicy.CONTINUE)
        return hand.put_down("dossier.resumed", {"reason": words})

    return act_on_dossier(office, actor, dossier_id, "resume", request, key, work)


def require_paused(hand: InHand, kind: PauseKind, otherwise: type[RuleError]) -> None:
    """Refuse unless the dossier stands still for just that."""
    hand.require_alive()
    if hand.row.state != PAUSED:
        raise NotPaused
    lasting = hand.transaction.execute(
        select(pause.c.kind).where(
            pause.c.agency_id == hand.agency_id,
            pause.c.dossier_id == hand.dossier_id,
            pause.c.until.is_(None),
        )
    ).scalar_one()
    if lasting != kind.value:
        raise otherwise


def may_ask(hand: InHand) -> bool:
    """Whether an appraiser may ask for a supplement now."""
    try:
        _require_allowed(hand, at_counter=False)
    except (SupplementSpent, SupplementTooLate):
        return False
    return True


def _require_allowed(hand: InHand, *, at_counter: bool) -> None:
    """Refuse where neither the version nor a head's leave lets the applicant be asked."""
    if hand.row.supplements < hand.row.supplements_allowed:
        return
    rule = hand.version.procedure.supplement
    if hand.row.supplements >= rule.at_most:
        raise SupplementSpent(number=hand.row.supplements, at_most=rule.at_most)
    until = last_moment_to_ask(rule, hand.calendar, hand.row.received_at)
    if rule.within is not None and until is not None and hand.now > until and not at_counter:
        raise SupplementTooLate(
            within_vi=rule.within.format("vi"),
            within_en=rule.within.format("en"),
            until=f"{hand.calendar.local(until):%H:%M %d/%m/%Y}",
        )


def last_moment_to_ask(
    rule: Supplement, calendar: Calendar, received_at: datetime
) -> datetime | None:
    """Until when an appraiser may ask; None: as long as the dossier is handled."""
    return None if rule.within is None else due_time(calendar, received_at, rule.within)


def is_at_counter(spec: StepSpec | None) -> bool:
    """Whether the step is at the desk, where it is never too late to ask."""
    return spec is not None and spec.status in _COUNTER


def _named(hand: InHand, codes: tuple[str, ...]) -> list[list[str]]:
    if not codes:
        raise NothingToSupplement
    named = []
    for code in dict.fromkeys(codes):
        component = hand.version.procedure.component(code)
        if component is None:
            known = ", ".join(c.code for c in hand.version.procedure.components)
            raise NoSuchComponent(component=code, known=known or "–")
        named.append([component.code, component.name])
    return named


def _choices(hand: InHand, asked: tuple[str, ...]) -> dict[str, Any]:
    """What the applicant may choose among, for the journal; nothing where each paper is wanted."""
    lacking = missing(hand.version.procedure, hand.live.data, hand.present())
    found = choices(lacking, asked)
    return {"choices": [[each.number, list(each.codes)] for each in found]} if found else {}


def _pause(hand: InHand, kind: PauseKind, reason: str, legal_ground: str) -> None:
    """Stop every clock of the dossier: its own, those of its open steps, those of its timers.

    Where it stood already for a step elsewhere (tax, payment), that pause ends here: from now on
    it is the supplement or the legal ground that is waited for, and nobody else is charged.
    """

    def stopped(clock: LedgerClock, unit: str | None = None) -> LedgerClock:
        calendar = hand.calendar_of(unit)
        if clock.paused:
            clock = clock.resume(calendar, hand.now, SupplementPolicy.CONTINUE)
        return clock.pause(calendar, hand.now, kind, legal_ground=legal_ground, reason=reason)

    hand.changes["state"] = PAUSED
    if hand.clock is not None:
        hand.clock = stopped(hand.clock)
        hand.changes["paused_ws"] = hand.clock.paused_working_seconds(hand.calendar, hand.now)
    for run in hand.open_runs():
        clock = stopped(LedgerClock.from_data(run.clock), run.unit) if run.clock else None
        _write_run(
            hand,
            run,
            {
                "paused_since": hand.now,
                "due_at": None,
                "safe_at": None,
                "clock": clock.to_data() if clock else None,
            },
        )
    for row in _timers(hand):
        _write_timer(hand, row, stopped(LedgerClock.from_data(row.clock)), row.due_at)


def go_on(hand: InHand, policy: SupplementPolicy, at: datetime | None = None) -> None:
    """Let every clock of a paused dossier go on, since `at` where that is not now."""
    since = at or hand.now

    def going(clock: LedgerClock, unit: str | None = None) -> LedgerClock:
        stood_since = clock.pauses[-1].since if clock.pauses else since
        return clock.resume(hand.calendar_of(unit), max(since, stood_since), policy)

    for run in hand.open_runs():
        calendar = hand.calendar_of(run.unit)
        clock = going(LedgerClock.from_data(run.clock), run.unit) if run.clock else None
        until = max(since, run.paused_since)
        stood = (until - run.paused_since) // timedelta(microseconds=1)
        _write_run(
            hand,
            run,
            {
                "paused_since": None,
                "paused_ws": run.paused_ws + calendar.elapsed(run.paused_since, until),
                "paused_us": run.paused_us + stood,
                "due_at": clock.due_at(calendar) if clock else None,
                "clock": clock.to_data() if clock else None,
            },
        )
    for row in _timers(hand):
        clock = going(LedgerClock.from_data(row.clock))
        _write_timer(hand, row, clock, clock.due_at(hand.calendar) or row.due_at)
    hand.changes["state"] = OPEN
    if hand.clock is not None:
        hand.clock = going(hand.clock)
        hand.changes["paused_ws"] = hand.clock.paused_working_seconds(hand.calendar, hand.now)
    follow(hand)
    rate_again(hand)
    end_pauses(hand, since)


def _timers(hand: InHand) -> list[Any]:
    """The dossier's timers that count working time; the others go by the wall clock."""
    return list(
        hand.transaction.execute(
            select(timer).where(
                timer.c.agency_id == hand.agency_id,
                timer.c.dossier_id == hand.dossier_id,
                timer.c.clock.is_not(None),
            )
        )
    )


def _write_timer(hand: InHand, row: Any, clock: LedgerClock, due_at: datetime) -> None:
    hand.transaction.execute(
        update(timer)
        .where(timer.c.agency_id == hand.agency_id, timer.c.timer_id == row.timer_id)
        .values(clock=clock.to_data(), due_at=due_at)
    )


def _write_run(hand: InHand, run: Any, values: dict[str, Any]) -> None:
    hand.transaction.execute(
        update(step_run)
        .where(step_run.c.agency_id == hand.agency_id, step_run.c.step_run_id == run.step_run_id)
        .values(**values)
    )


def _note_pause(
    hand: InHand,
    kind: PauseKind,
    stage: str,
    reason: str,
    legal_basis: str,
    components: list[list[str]],
) -> None:
    hand.transaction.execute(
        insert(pause),
        {
            "agency_id": hand.agency_id,
            "pause_id": hand.office.ids(hand.now),
            "dossier_id": hand.dossier_id,
            "kind": kind.value,
            "charged_to": "",  # the citizen's own time is charged to nobody
            "stage": stage,
            "since": hand.now,
            "reason": reason,
            "legal_basis": legal_basis,
            "components": components,
            "asked_by": hand.actor.account_id,
        },
    )


def end_pauses(hand: InHand, at: datetime | None = None) -> None:
    """Write down when the lasting pause of the dossier ended: at that time, or now."""
    until = at or hand.now
    for row in hand.transaction.execute(
        select(pause.c.pause_id, pause.c.since).where(
            pause.c.agency_id == hand.agency_id,
            pause.c.dossier_id == hand.dossier_id,
            pause.c.until.is_(None),
        )
    ).all():
        hand.transaction.execute(
            update(pause)
            .where(pause.c.agency_id == hand.agency_id, pause.c.pause_id == row.pause_id)
            .values(until=until, paused_ws=hand.calendar.elapsed(row.since, until))
        )
