"""A letter to the citizen (báo cho người nộp): by e-mail and text, as far as they left an address.

Texts go out only where the office texts citizens; they are capped, and quiet at night, as reminders
are. What is held goes out later: the citizen counts as told all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.dossiers.in_hand import InHand
from engine.reminders.messages import EMAIL, TEXT, Outgoing, desk_at
from engine.store.tables import agency


@dataclass(frozen=True, slots=True)
class CitizenLetter:
    """What is written. body: subject, text and what else the deliverer takes. short: as a text.

    good_until: from then on it says nothing new any more.
    """

    event: str
    body: Mapping[str, str]
    short: str
    good_until: datetime | None = None


def office_name(hand: InHand) -> str:
    """The agency as it names itself to citizens."""
    named = select(agency.c.name).where(agency.c.agency_id == hand.agency_id)
    return str(hand.transaction.execute(named).scalar_one())


def reachable(hand: InHand) -> bool:
    """Whether the citizen left an address of any kind."""
    contact = hand.row.applicant_contact
    return bool(contact.get("email") or contact.get("phone"))


def write_to_citizen(hand: InHand, letter: CitizenLetter) -> list[str]:
    """Put the messages into the outbox; by what the citizen is written to."""
    connection = hand.transaction.connection
    desk = desk_at(hand.office, connection, hand.agency_id, hand.now, at_night=False)
    ways: dict[str, tuple[str, Mapping[str, str], str]] = {EMAIL: ("email", letter.body, "")}
    if desk.settings.citizen_texts:
        ways[TEXT] = ("phone", {"text": letter.short}, letter.short)
    told = []
    for kind, (way, body, counted) in ways.items():
        address = hand.row.applicant_contact.get(way, "")
        if address:
            where = Outgoing(
                kind,
                None,
                letter.event,
                body,
                counted,
                dossier_id=hand.dossier_id,
                address=address,
                good_until=letter.good_until,
            )
            desk.send(hand.transaction, where)
            told.append(kind)
    return told
