"""The secret on its way to the citizen, by the contact that stands in the dossier.

The letter is the only place where a secret stands in the clear; it is emptied when the letter was
delivered or given up (`engine.delivery.round`).
"""

from sqlalchemy import select

from engine.delivery.round import SECRET_SENT
from engine.dossiers.in_hand import InHand
from engine.reminders.messages import EMAIL, TEXT, Outgoing, desk_at
from engine.store.tables import agency
from processes.lookup_secret import shown_secret

PAGE = "/tra-cuu"


def send_secret(hand: InHand, secret: str) -> list[str]:
    """Put the citizen's messages into the outbox; by what they are written to."""
    contact = hand.row.applicant_contact
    if not contact.get("email") and not contact.get("phone"):
        return []
    office = hand.transaction.execute(
        select(agency.c.name).where(agency.c.agency_id == hand.agency_id)
    ).scalar_one()
    said = {"office": office, "code": hand.row.code, "secret": shown_secret(secret)}
    letter = {
        "subject": f"Tra cứu hồ sơ {hand.row.code}",
        "text": _TEXT.format(procedure=hand.version.procedure.name, **said),
        "page": f"{PAGE}?ma={hand.row.code}",
    }
    short = _SHORT.format(**said)
    connection = hand.transaction.connection
    desk = desk_at(hand.office, connection, hand.agency_id, hand.now, at_night=False)
    ways = {EMAIL: ("email", letter, "")}
    if desk.settings.citizen_texts:
        ways[TEXT] = ("phone", {"text": short}, short)
    told = []
    for kind, (way, body, counted) in ways.items():
        address = contact.get(way, "")
        if address:
            where = {"dossier_id": hand.dossier_id, "address": address}
            desk.send(hand.transaction, Outgoing(kind, None, SECRET_SENT, body, counted, **where))
            told.append(kind)
    return told


_SHORT = "{office}: hồ sơ {code}, mã bí mật để tra cứu {secret}. Không cho người khác biết."
_TEXT = """{office} đã nhận hồ sơ {code} ({procedure}).

Mã bí mật để tra cứu và gửi giấy tờ còn thiếu: {secret}
Không cho người khác biết mã này. Mất mã thì mang giấy tờ tùy thân đến nơi đã nộp hồ sơ.

Your dossier {code} was received. Secret to look it up and to send what is missing: {secret}
Keep it to yourself.
"""
