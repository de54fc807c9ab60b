"""The citizen is told what to bring (NĐ 61/2018 art. 19: by message where they left an address)."""

from collections.abc import Sequence

from engine.citizen_letter import CitizenLetter, office_name, reachable, write_to_citizen
from engine.dossiers.in_hand import InHand
from engine.outbox import DOSSIER_EVENTS

PAGE = "/tra-cuu"
SUPPLEMENT_ASKED = f"{DOSSIER_EVENTS}supplement_asked"


def tell_what_to_bring(
    hand: InHand, components: Sequence[Sequence[str]], reason: str, legal_basis: str
) -> list[str]:
    """Put the messages into the outbox; by what the citizen is written to.

    components: code and name of each that is asked for.
    """
    if not reachable(hand):
        return []
    said = {
        "office": office_name(hand),
        "code": hand.row.code,
        "procedure": hand.version.procedure.name,
        "bring": "\n".join(f"- {name}" for _, name in components),
        "reason": f"{reason} ({legal_basis})" if legal_basis else reason,
    }
    letter = {
        "subject": f"Đề nghị bổ sung hồ sơ {hand.row.code}",
        "text": _TEXT.format(**said),
        "page": f"{PAGE}?ma={hand.row.code}",
    }
    short = _SHORT.format(number=len(components), **said)
    return write_to_citizen(hand, CitizenLetter(SUPPLEMENT_ASKED, letter, short))


_SHORT = "{office}: hồ sơ {code} cần bổ sung {number} giấy tờ. Tra cứu bằng mã hồ sơ và mã bí mật."
_TEXT = """{office} đề nghị bổ sung hồ sơ {code} ({procedure}):

{bring}

Lý do: {reason}

Mang đến nơi đã nộp, hoặc gửi từ nhà ở trang tra cứu bằng mã hồ sơ và mã bí mật trên giấy tiếp nhận.
Thời gian chờ bổ sung không tính vào thời hạn giải quyết.

Your dossier {code} lacks the papers above. Bring them to where you handed it in, or send them from
home on the look-up page with the code and the secret of your receipt.
"""
