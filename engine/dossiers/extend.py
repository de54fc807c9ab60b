"""Extension (gia hạn): a new due time, once, by someone entitled, with the apology's reason."""

from datetime import datetime
from uuid import UUID

from engine.actor import Actor, Role
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.apology import apologise
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.office import Office
from engine.risk.rating import rate_again
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
    """Give the dossier a later due time (NĐ 61/2018 art. 19.9); the original one is kept.

    The citizen is written to. After the old time has passed it is still done, and the journal says
    by how much it was late by then: `late_ws`.
    """
    request = {"dossier": str(dossier_id), "due": new_due.isoformat(), "reason": reason}

    def work(hand: InHand) -> Outcome:
        hand.require_running()
        hand.actor.require(Role.HEAD, who="lãnh đạo đơn vị (head)")
        words = stated(reason)
        due = hand.clock.due_at(hand.calendar) if hand.clock else None
        if hand.clock is None or due is None or hand.row.finished_at is not None:
            raise NothingToExtend
        at_most = hand.version.procedure.extensions_at_most
        late = hand.clock.late_working_seconds(hand.calendar, hand.now)
        hand.clock = hand.clock.extend(
            hand.calendar, hand.now, new_due, at_most=at_most, reason=words
        )
        hand.changes["extensions"] = hand.row.extensions + 1
        rate_again(hand)
        body = {
            "due": new_due.isoformat(),
            "was": due.isoformat(),
            "reason": words,
            "late_ws": late,
            "told": apologise(hand, due, new_due, words),
        }
        return hand.put_down("dossier.extended", body)

    return act_on_dossier(office, actor, dossier_id, "extend", request, key, work)
