"""Extension (gia hạn): a new due time, once, by someone entitled, with the apology's reason."""

from datetime import datetime
from uuid import UUID

from engine.actor import Actor, Role
from engine.dossiers.in_hand import InHand, act_on_dossier, stated
from engine.dossiers.outcome import Outcome
from engine.office import Office
from processes.errors import Unmet


class NothingToExtend(Unmet):
    """The dossier has no running limit."""

    code = "extension.nothing"
    vi = "Hồ sơ không có thời hạn đang chạy nên không gia hạn được."
    en = "The dossier has no running limit to extend."


def extend(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    new_due: datetime,
    reason: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Give the dossier a later due time (NĐ 61/2018 art. 19.9); the original one is kept."""
    request = {"dossier": str(dossier_id), "due": new_due.isoformat(), "reason": reason}

    def work(hand: InHand) -> Outcome:
        hand.require_running()
        hand.actor.require(Role.HEAD, who="lãnh đạo đơn vị (head)")
        words = stated(reason)
        due = hand.clock.due_at(hand.calendar) if hand.clock else None
        if hand.clock is None or due is None or hand.row.finished_at is not None:
            raise NothingToExtend
        at_most = hand.version.procedure.extensions_at_most
        hand.clock = hand.clock.extend(
            hand.calendar, hand.now, new_due, at_most=at_most, reason=words
        )
        hand.changes["extensions"] = hand.row.extensions + 1
        return hand.put_down(
            "dossier.extended",
            {"due": new_due.isoformat(), "was": due.isoformat(), "reason": words},
        )

    return act_on_dossier(office, actor, dossier_id, "extend", request, key, work)
