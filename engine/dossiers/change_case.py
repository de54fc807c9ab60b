"""Changing the case: a dossier turns out to need verification, or to be complex.

The limit of the new case counts from reception, as if it had been known then; pauses stay pauses.
"""

from uuid import UUID

from sqlalchemy import update

from engine.actor import Actor
from engine.calendar import Calendar
from engine.dossiers.acting import act_on_step
from engine.dossiers.complete_step import require_open
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.dossiers.refusals import NoSuchCase
from engine.legal_clock.ledger_clock import LedgerClock
from engine.office import Office
from engine.risk.rating import rate_again
from engine.store.tables import step_run
from processes.errors import Conflict, Unmet
from processes.time_limit import TimeLimit


class SameCase(Conflict):
    """The dossier is of that case already."""

    code = "case.same"
    vi = "Hồ sơ đã thuộc trường hợp “{case}”."
    en = "The dossier is of case '{case}' already."


class CaseFixed(Unmet):
    """After an extension or the end of handling the promised time stands."""

    code = "case.fixed"
    vi = "Hồ sơ đã gia hạn hoặc đã xử lý xong nên không đổi trường hợp được nữa."
    en = "The dossier was extended or is finished, so its case can no longer change."


def change_case(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    case: str,
    reason: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Put the dossier under another case; limits follow, the first promise is kept on record.

    The due time becomes that of the new case, counted from reception; open steps get the limit that
    the diagram states for it, counted from when they were opened.
    """
    request = {"step": str(step_run_id), "case": case, "reason": reason}

    def work(hand: InHand) -> Outcome:
        require_open(hand)
        hand.require_running()
        hand.require_holder()
        words = stated(reason)
        procedure = hand.version.procedure
        found = procedure.case(case)
        if found is None:
            known = ", ".join(f"{c.code} ({c.name})" for c in procedure.cases)
            raise NoSuchCase(case=case, known=known or "–")
        if case == hand.row.case_code:
            raise SameCase(case=found.name)
        if hand.row.extensions or hand.row.finished_at is not None:
            raise CaseFixed
        was = hand.row.case_code
        hand.changes["case_code"] = case
        if found.limit is not None:
            hand.clock = _recounted(hand, found.limit)
            hand.changes["limit_ws"] = hand.clock.budget
        _recount_steps(hand, case)
        rate_again(hand)
        return hand.put_down("case.changed", {"from": was, "to": case, "reason": words})

    return act_on_step(office, actor, step_run_id, "change_case", request, key, work)


def _recounted(hand: InHand, limit: TimeLimit) -> LedgerClock:
    """The clock as it would stand had the dossier been of the new case from the start."""
    begun = LedgerClock.start(
        hand.calendar,
        hand.row.received_at,
        limit,
        day_count=hand.version.procedure.day_count,
    )
    return _with_pauses(hand.calendar, begun, hand.clock)


def _with_pauses(calendar: Calendar, clock: LedgerClock, other: LedgerClock | None) -> LedgerClock:
    """The clock with everything that the other one stood for."""
    for pause in other.pauses if other else ():
        clock = clock.stand_again(calendar, pause)
    return clock


def _recount_steps(hand: InHand, case: str) -> None:
    """Open steps whose limit differs between the cases; pauses of a step stay counted out."""
    for run in hand.open_runs():
        spec = hand.spec_of(run.element_id)
        limit = spec.limit(case)
        if limit is None or limit == spec.limit(hand.row.case_code) or limit.amount <= 0:
            continue
        calendar = hand.calendar_of(run.unit)
        begun = LedgerClock.start(calendar, run.enabled_at, limit, cutoff=spec.cutoff)
        known = LedgerClock.from_data(run.clock) if run.clock else None
        clock = _with_pauses(calendar, begun, known)
        hand.transaction.execute(
            update(step_run)
            .where(
                step_run.c.agency_id == hand.agency_id, step_run.c.step_run_id == run.step_run_id
            )
            .values(
                clock=clock.to_data(),
                limit_ws=clock.budget,
                due_at=clock.due_at(calendar),
                escalated_at=None,
            )
        )
