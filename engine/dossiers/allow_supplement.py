"""A further supplement request, allowed by a head: by decision, with a reason, one at a time.

The law lets the applicant be asked once and in time (NĐ 61/2018 art. 19.4). What a head allows
beyond that stands on the journal in their name, and QĐ 766 counts the dossier late.
"""

from uuid import UUID

from engine.actor import Actor, Role
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import may_ask
from engine.dossiers.reason import in_words, stated
from engine.office import Office
from processes.errors import InvalidInput, Unmet

_LONGEST_DECISION = 100


class SupplementStillAllowed(Unmet):
    """The dossier may be asked to be completed without anybody's leave."""

    code = "supplement.still_allowed"
    vi = "Hồ sơ còn được yêu cầu bổ sung nên không cần cho phép thêm. Người giữ bước cứ yêu cầu."
    en = "A supplement may still be requested; no leave is needed. The step's holder requests it."


class DecisionNeeded(InvalidInput):
    """Leave is given by a decision that has a number."""

    code = "supplement.decision_needed"
    vi = "Ghi số văn bản cho phép (tối đa {longest} ký tự)."
    en = "State the number of the decision (at most {longest} characters)."


def allow_supplement(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    reason: str,
    decision_no: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Let the dossier's applicant be asked once more, or after the time for asking."""
    request = {"dossier": str(dossier_id), "reason": reason, "decision_no": decision_no}

    def work(hand: InHand) -> Outcome:
        hand.require_running()
        hand.require_unfinished()
        hand.actor.require(Role.HEAD, who="lãnh đạo đơn vị (head)")
        words, decision = stated(reason), in_words(decision_no)
        if not decision or len(decision) > _LONGEST_DECISION:
            raise DecisionNeeded(longest=_LONGEST_DECISION)
        if may_ask(hand):
            raise SupplementStillAllowed
        number = hand.row.supplements + 1
        hand.changes["supplements_allowed"] = number
        return hand.put_down(
            "supplement.allowed", {"number": number, "reason": words, "decision_no": decision}
        )

    return act_on_dossier(office, actor, dossier_id, "allow_supplement", request, key, work)
