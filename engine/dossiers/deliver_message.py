"""A message or signal has come for a dossier: an officer tells it so, and it goes on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.actor import Actor
from engine.dossiers.complete_step import measured
from engine.dossiers.in_hand import MESSAGES, InHand, act_on_dossier
from engine.dossiers.moving import cancel_runs, move
from engine.dossiers.outcome import Outcome
from engine.office import Office
from engine.runtime.instance import Progress
from processes.data_entry import Value, enter, is_storable, to_stored
from processes.errors import InvalidInput, NotAllowed

KINDS = ("message", "signal", "error", "escalation")
_LONGEST_NAME = 300


class UnknownKind(InvalidInput):
    """What has come is none of the kinds that a dossier can be told of."""

    code = "event.unknown_kind"
    vi = "Không có loại sự kiện “{kind}”. Các loại: {known}."
    en = "There is no kind of event '{kind}'. Kinds: {known}."


class NotOfThisDossier(NotAllowed):
    """Only who works on the dossier may say that something has come for it."""

    code = "event.not_of_this_dossier"
    vi = "Chỉ người giữ vị trí đang xử lý hồ sơ mới được ghi nhận “{name}”."
    en = "Only holders of a position that works on the dossier may enter '{name}'."


def deliver_message(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    name: str,
    data: Mapping[str, Any] | None = None,
    *,
    kind: str = "message",
    key: str | None = None,
) -> Outcome:
    """Tell the dossier that a message has come, with what it says in the procedure's fields.

    kind: message (to the first that waits for it), signal (to all), or an error or escalation that
    a person reports at a step with such an event on its border.
    Refused, with nothing changed: nothing waits for it (what is waited for is named), the actor
    holds no position that works on the dossier, the dossier is paused or over, unknown data.
    """
    entered = dict(data or {})
    if kind not in KINDS:
        raise UnknownKind(kind=str(kind)[:80], known=", ".join(KINDS))
    named = name.strip()[:_LONGEST_NAME] if is_storable(name) else ""
    request = {"dossier": str(dossier_id), "kind": kind, "name": named, "data": entered}

    def work(hand: InHand) -> Outcome:
        hand.require_running()
        _require_at_work(hand, named)
        fields = [field for field in hand.version.fields if field.code in entered]
        values = enter(fields, entered)
        hand.live.data.update(values)
        progress = hand.live.instance.deliver(kind, named, hand.live.data, now=hand.now)
        _keep(hand, progress, values)
        cancel_runs(hand, progress.closed)
        move(hand, progress)
        body = {
            "kind": kind,
            "name": named,
            "data": sorted(values),
            "opened": [[step.element_id, str(step.step_run_id)] for step in hand.opened],
            "passed": list(progress.passed),
        }
        return hand.put_down("message.delivered", body)

    return act_on_dossier(office, actor, dossier_id, "deliver_message", request, key, work)


def _require_at_work(hand: InHand, name: str) -> None:
    """Whoever holds the position of an open step; where none is open, of any step at all."""
    runs = hand.open_runs()
    places = {(run.position, run.unit) for run in runs}
    if not runs:
        steps = hand.version.procedure.steps
        assigned = [step.assignment for step in steps if step.assignment is not None]
        places = {(each.position, each.unit) for each in assigned}
    if not any(hand.actor.holds(position, unit) for position, unit in places):
        raise NotOfThisDossier(name=name)


def _keep(hand: InHand, progress: Progress, values: Mapping[str, Value]) -> None:
    """Write down what came: receive tasks are completed by it, else it stands with the dossier."""
    stored = to_stored(values)
    for run in hand.open_runs():
        if run.token in progress.received:
            hand.step = run
            hand.change_step(
                {
                    "state": "completed",
                    "completed_by": hand.actor.account_id,
                    "data": stored or None,
                    **measured(hand),
                }
            )
    if stored and not progress.received:
        kept = dict(hand.row.data)
        kept[MESSAGES] = [*kept.get(MESSAGES, ()), [hand.now.isoformat(), stored]]
        hand.changes["data"] = kept
