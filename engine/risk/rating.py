"""Open steps get their latest safe moment when they are opened, and when something moves it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from engine.dossiers.in_hand import PAUSED, InHand
from engine.risk.known_outlooks import Outlooks, outlooks_of
from engine.risk.safe_moment import Running, safe_moment
from engine.store.prepared import Prepared
from engine.store.tables import step_run


def rate_opened(hand: InHand, rows: Sequence[dict[str, Any]]) -> None:
    """Enter the moment in the rows of steps that the act opens; the dossier's clock is settled."""
    if not rows:
        return
    outlooks, due = _outlooks(hand), _dossier_due(hand)
    whole: Running | None = None
    for row in rows:
        calendar, began = hand.calendar_of(row["unit"]), row["c_enabled"]
        step = None if row["due_at"] is None else Running(calendar, began, row["due_at"])
        if due is not None:
            if calendar is not hand.calendar:
                began = hand.calendar.clock_at(hand.now)
            whole = Running(hand.calendar, began, due)
        row["safe_at"] = safe_moment(
            step, whole, outlooks.get(row["element_id"]), _after(hand, row["element_id"])
        )


def due_has_moved(hand: InHand) -> bool:
    """Whether the act moves when the dossier is due, or ends that it matters."""
    return hand.due_at() != hand.row.due_at or "finished_at" in hand.changes


def rate_again(hand: InHand) -> None:
    """Rate the open steps anew, but for those that the act opens itself."""
    opened = {step.step_run_id for step in hand.opened}
    still = hand.live.instance.open_steps()
    outlooks, due = _outlooks(hand), _dossier_due(hand)
    for run in hand.open_runs():
        if run.step_run_id in opened or run.token not in still:
            continue
        this = {"of_agency": hand.agency_id, "of_dossier": hand.dossier_id}
        moment = None
        if hand.value("state") != PAUSED:
            since = run.enabled_at, run.paused_ws
            step = Running.since(hand.calendar_of(run.unit), *since, run.due_at)
            whole = Running.since(hand.calendar, *since, due)
            after = _after(hand, run.element_id)
            moment = safe_moment(step, whole, outlooks.get(run.element_id), after)
        hand.transaction.change(_RATED, {**this, "of_step": run.step_run_id, "safe_at": moment})


def _outlooks(hand: InHand) -> Outlooks:
    version = hand.version
    return outlooks_of(hand.office, hand.transaction.reading, hand.agency_id, version.procedure_id)


def _dossier_due(hand: InHand) -> datetime | None:
    """When the dossier is due, where that still matters."""
    if hand.value("finished_at") is not None or hand.value("state") == PAUSED:
        return None
    return hand.due_at()


def _after(hand: InHand, element_id: str) -> int | None:
    return hand.version.limits_after.get(hand.value("case_code"), {}).get(element_id)


_RATED = Prepared(
    update(step_run).where(
        step_run.c.agency_id == bindparam("of_agency"),
        step_run.c.dossier_id == bindparam("of_dossier"),
        step_run.c.step_run_id == bindparam("of_step"),
    ),
    ("safe_at",),
)
