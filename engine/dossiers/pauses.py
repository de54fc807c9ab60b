"""Pauses: the clock stands still while the citizen supplements or the law suspends.

A supplement is asked for at most as often, and only as long after reception, as the procedure
version allows (NĐ 61/2018 art. 19.4); coming back resets or continues the clock as it says.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from engine.actor import Actor
from engine.dossiers.complete_step import require_open
from engine.dossiers.components import Brought, require_handler, write_components
from engine.dossiers.in_hand import OPEN, PAUSED, InHand, act_on_dossier, act_on_step, stated
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import (
    NoSuchComponent,
    NothingToSupplement,
    NotPaused,
    SupplementSpent,
    SupplementTooLate,
)
from engine.due_time import due_time
from engine.ledger_clock import LedgerClock
from engine.office import Office
from engine.pause import PauseKind
from engine.store.tables import pause, step_run
from processes.procedure import SupplementPolicy
from processes.step import NationalStatus

_OWN = (PauseKind.CITIZEN_SUPPLEMENT, PauseKind.FORCE_MAJEURE)  # a step's own pause goes on
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
        _require_allowed(hand)
        named = _named(hand, asked.components)
        words = stated(asked.reason)
        stage = "counter" if hand.spec.status in _COUNTER else "appraisal"
        _pause(hand, PauseKind.CITIZEN_SUPPLEMENT, words, asked.legal_basis)
        _note_pause(hand, PauseKind.CITIZEN_SUPPLEMENT, stage, words, asked.legal_basis, named)
        hand.changes["supplements"] = hand.row.supplements + 1
        hand.changes["national_status"] = NationalStatus.SUPPLEMENT.value
        return hand.put_down(
            "supplement.requested",
            {"step": hand.step.element_id, "stage": stage, "components": named, "reason": words},
        )

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
        _require_paused(hand)
        require_handler(hand)
        write_components(hand, brought)
        policy = hand.version.procedure.supplement.policy
        _resume(hand, policy)
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
        _require_paused(hand)
        require_handler(hand)
        words = stated(reason)
        _resume(hand, SupplementPolicy.CONTINUE)
        return hand.put_down("dossier.resumed", {"reason": words})

    return act_on_dossier(office, actor, dossier_id, "resume", request, key, work)


def _require_paused(hand: InHand) -> None:
    hand.require_alive()
    if hand.row.state != PAUSED:
        raise NotPaused


def _require_allowed(hand: InHand) -> None:
    rule = hand.version.procedure.supplement
    if hand.row.supplements >= rule.at_most:
        raise SupplementSpent(number=hand.row.supplements, at_most=rule.at_most)
    at_counter = hand.spec.status in _COUNTER
    if rule.within is not None and not at_counter:
        until = due_time(hand.calendar, hand.row.received_at, rule.within)
        if hand.now > until:
            raise SupplementTooLate(
                within_vi=rule.within.format("vi"),
                within_en=rule.within.format("en"),
                until=f"{hand.calendar.local(until):%H:%M %d/%m/%Y}",
            )


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


def _pause(hand: InHand, kind: PauseKind, reason: str, legal_ground: str) -> None:
    hand.changes["state"] = PAUSED
    if hand.clock is not None and not hand.clock.paused and not hand.clock.stopped:
        hand.clock = hand.clock.pause(
            hand.calendar, hand.now, kind, legal_ground=legal_ground, reason=reason
        )
    for run in hand.open_runs():
        clock = LedgerClock.from_data(run.clock) if run.clock else None
        if clock is not None:
            clock = clock.pause(
                hand.calendar, hand.now, kind, legal_ground=legal_ground, reason=reason
            )
        _write_run(
            hand,
            run,
            {
                "paused_since": hand.now,
                "due_at": None,
                "clock": clock.to_data() if clock else None,
            },
        )


def _resume(hand: InHand, policy: SupplementPolicy) -> None:
    statuses = []
    for run in hand.open_runs():
        clock = LedgerClock.from_data(run.clock) if run.clock else None
        if clock is not None:
            clock = clock.resume(hand.calendar, hand.now, policy)
        paused = hand.calendar.elapsed(run.paused_since, hand.now)
        _write_run(
            hand,
            run,
            {
                "paused_since": None,
                "paused_ws": run.paused_ws + paused,
                "paused_us": run.paused_us
                + int((hand.now - run.paused_since).total_seconds() * 1_000_000),
                "due_at": clock.due_at(hand.calendar) if clock else None,
                "clock": clock.to_data() if clock else None,
            },
        )
        statuses.append(hand.spec_of(run.element_id).status)
    if hand.clock is not None and hand.clock.paused and hand.clock.pauses[-1].kind in _OWN:
        hand.clock = hand.clock.resume(hand.calendar, hand.now, policy)
        hand.changes["paused_ws"] = hand.clock.paused_working_seconds(hand.calendar, hand.now)
    hand.changes["state"] = OPEN
    if statuses:
        hand.changes["national_status"] = max(statuses, key=lambda s: int(s.value)).value
    _end_pause(hand)


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


def _end_pause(hand: InHand) -> None:
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
            .values(until=hand.now, paused_ws=hand.calendar.elapsed(row.since, hand.now))
        )
