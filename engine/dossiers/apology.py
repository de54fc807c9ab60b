"""The apology with a new date (form 04, NĐ 61/2018 art. 19.9): sent to the citizen, kept on record.

The record is the journal's: who, when, why, which date in place of which, and how far past the old
one it was by then. The citizen is written to by e-mail where they left an address, and as text
where they left a number and the office texts citizens; both are logged, and texts capped and quiet
at night, as reminders are. Others (the portal) hear `vn.quytrinh.dossier.rescheduled`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import Connection, select

from engine.citizen_letter import CitizenLetter, office_name, write_to_citizen
from engine.dossiers.in_hand import InHand
from engine.outbox import DOSSIER_EVENTS, send_event
from engine.store.tables import journal

_EXTENDED = "dossier.extended"
RESCHEDULED = f"{DOSSIER_EVENTS}rescheduled"


@dataclass(frozen=True, slots=True)
class Apology:
    """One appointment given anew.

    late_ws: working seconds past the old due time when it was made, 0 = in time. told: by what the
    citizen was written to.
    """

    at: datetime
    made_by: UUID
    due_before: datetime
    due: datetime
    reason: str
    late_ws: int
    told: tuple[str, ...]


def apologise(hand: InHand, was: datetime, due: datetime, reason: str) -> list[str]:
    """Put the citizen's message into the outbox; by what they are written to."""
    procedure = hand.version.procedure
    data = {
        "dossier": hand.row.code,
        "procedure": procedure.code,
        "due": due.isoformat(),
        "was": was.isoformat(),
        "reason": reason,
        "contact": {way: hand.row.applicant_contact.get(way, "") for way in ("email", "phone")},
    }
    this = hand.transaction, hand.office.ids, hand.now, hand.agency_id, hand.dossier_id
    send_event(*this, RESCHEDULED, hand.row.code, data)
    return _written_to(hand, was, due, reason) if any(data["contact"].values()) else []


def _written_to(hand: InHand, was: datetime, due: datetime, reason: str) -> list[str]:
    office = office_name(hand)
    shown = [f"{hand.calendar.local(at):%H:%M %d/%m/%Y}" for at in (was, due)]
    letter = {
        "subject": f"Xin lỗi và hẹn lại ngày trả kết quả hồ sơ {hand.row.code}",
        "text": _TEXT.format(
            applicant=hand.row.applicant,
            code=hand.row.code,
            procedure=hand.version.procedure.name,
            was=shown[0],
            due=shown[1],
            reason=reason,
            office=office,
        ),
    }
    short = _SHORT.format(office=office, code=hand.row.code, due=shown[1])
    return write_to_citizen(hand, CitizenLetter(RESCHEDULED, letter, short, good_until=due))


def apologies_of(connection: Connection, agency_id: str, dossier_id: UUID) -> tuple[Apology, ...]:
    """The appointments given anew, the first one first."""
    rows = connection.execute(
        select(journal.c.at, journal.c.actor_id, journal.c.body)
        .where(
            journal.c.agency_id == agency_id,
            journal.c.dossier_id == dossier_id,
            journal.c.kind == _EXTENDED,
        )
        .order_by(journal.c.seq)
    )
    return tuple(_apology(row.at, row.actor_id, row.body) for row in rows)


def _apology(at: datetime, made_by: UUID, text: str) -> Apology:
    body = orjson.loads(text)
    was, due = (datetime.fromisoformat(body[name]) for name in ("was", "due"))
    late, told = body.get("late_ws", 0), tuple(body.get("told", ()))
    return Apology(at, made_by, was, due, body["reason"], late, told)


_SHORT = "{office} xin lỗi, hồ sơ {code} trễ hẹn; hẹn trả kết quả lúc {due}."
_TEXT = """Kính gửi {applicant},

Hồ sơ {code} ({procedure}) chưa trả được kết quả đúng hẹn lúc {was}.
Lý do: {reason}
{office} xin lỗi và hẹn trả kết quả lúc {due}.

Dear {applicant},
the result of dossier {code} ({procedure}) will be later than promised. We apologise.
Promised: {was}. New appointment: {due}. Reason: {reason}
"""
