"""The secret on its way to the citizen, by the contact that stands in the dossier.

The letter is the only place where a secret stands in the clear; it is emptied when the letter was
delivered or given up (`engine.delivery.round`).
"""

from engine.citizen_letter import CitizenLetter, office_name, reachable, write_to_citizen
from engine.delivery.round import SECRET_SENT
from engine.dossiers.in_hand import InHand
from processes.lookup_secret import shown_secret

PAGE = "/tra-cuu"


def send_secret(hand: InHand, secret: str) -> list[str]:
    """Put the citizen's messages into the outbox; by what they are written to."""
    if not reachable(hand):
        return []
    said = {"office": office_name(hand), "code": hand.row.code, "secret": shown_secret(secret)}
    letter = {
        "subject": f"Tra cứu hồ sơ {hand.row.code}",
        "text": _TEXT.format(procedure=hand.version.procedure.name, **said),
        "page": f"{PAGE}?ma={hand.row.code}",
    }
    return write_to_citizen(hand, CitizenLetter(SECRET_SENT, letter, _SHORT.format(**said)))


_SHORT = "{office}: hồ sơ {code}, mã bí mật để tra cứu {secret}. Không cho người khác biết."
_TEXT = """{office} đã nhận hồ sơ {code} ({procedure}).

Mã bí mật để tra cứu và gửi giấy tờ còn thiếu: {secret}
Không cho người khác biết mã này. Mất mã thì mang giấy tờ tùy thân đến nơi đã nộp hồ sơ.

Your dossier {code} was received. Secret to look it up and to send what is missing: {secret}
Keep it to yourself.
"""
