"""A message or signal has come for a dossier: an officer tells it so, and it goes on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.actor import Actor
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.complete_step import measured
from engine.dossiers.in_hand import InHand
from engine.dossiers.live_dossier import MESSAGES
from engine.dossiers.moving import cancel_runs, move
from engine.dossiers.outcome import Outcome
from engine.dossiers.waiting import is_at_work, may_tell
from engine.office import Office
from engine.proofs.sealed_entries import RECEIVED, SEAL, seal_of
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
    token: int | None = None,
    key: str | None = None,
) -> Outcome:
    """Tell the dossier that a message has come, with what it says in the procedure's fields.

    kind: message (to the first that waits for it), signal (to all), or an error or escalation that
    who does a step reports there, with such an event on its border. token: of the waiting event
    that is meant; where it waits no longer, nothing happens.
    Refused, with nothing changed: nothing waits for it (what is waited for is named), the actor
    holds no position that works on the dossier (may not complete the step), the dossier is paused
    or over, unknown data.
    """
    entered = dict(data or {})
    if kind not in KINDS:
        raise UnknownKind(kind=str(kind)[:80], known=", ".join(KINDS))
    named = name.strip()[:_LONGEST_NAME] if is_storable(name) else ""
    request: dict[str, Any] = {
        "dossier": str(dossier_id),
        "kind": kind,
        "name": named,
        "data": entered,
        **({} if token is None else {"token": token}),
    }

    def work(hand: InHand) -> Outcome:
        hand.require_running()
        met = _entitled_to(hand, kind, named, token)
        fields = [field for field in hand.version.fields if field.code in entered]
        values = enter(fields, entered)
        hand.live.data.update(values)
        data = hand.live.data
        progress = hand.live.instance.deliver(kind, named, data, token=met, now=hand.now)
        _keep(hand, progress, values)
        cancel_runs(hand, progress.closed)
        move(hand, progress)
        body = {
            "kind": kind,
            "name": named,
            "data": sorted(values),
            SEAL: seal_of(to_stored(values)),
            RECEIVED: list(progress.received),
            "token": met,
            "opened": [[step.element_id, str(step.step_run_id)] for step in hand.opened],
            "passed": list(progress.passed),
        }
        return hand.put_down("message.delivered", body)

    return act_on_dossier(office, actor, dossier_id, "deliver_message", request, key, work)


def _entitled_to(hand: InHand, kind: str, name: str, token: int | None) -> int | None:
    """The waiting event that the actor tells; None where nothing waits or a signal reaches all."""
    runs, procedure = hand.open_runs(), hand.version.procedure
    waiting = hand.live.instance.possible_events()
    met = [
        event
        for event in sorted(waiting, key=lambda event: event.token)
        if event.meets(kind, name) and token in (None, event.token)
    ]
    may = [event for event in met if may_tell(hand.actor, procedure, runs, event)]
    # Where it waits no longer, whoever has a step of the procedure is told so.
    if not may and (met or not is_at_work(hand.actor, procedure, ())):
        raise NotOfThisDossier(name=name)
    if not may or (kind == "signal" and token is None):
        return token
    return may[0].token


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
