"""The applicant found again by identity number: what was entered last time, in this agency only.

A look-up is a look into personal data, so who looked, when and at whose dossier is written down
before anything is shown; of the number only the last digits are kept there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select

from engine.accounts import names
from engine.actor import Actor
from engine.office import Office
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import applicant_look_up, applicant_number, dossier
from processes.data_entry import is_storable
from processes.errors import NotAllowed
from processes.identity_number import judge_identity_number
from processes.masking import masked_number

_REMEMBER = Prepared(insert(applicant_number), tuple(applicant_number.c.keys()))
_WHO = "cán bộ giữ vị trí trong cơ quan / officers who hold a position"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applied before, as the last dossier has it; dossiers: how many there are."""

    dossier_id: UUID
    code: str
    received_at: datetime
    name: str
    contact: Mapping[str, str]
    dossiers: int


@dataclass(frozen=True, slots=True)
class LookUp:
    """Who looked up whom; dossier_id: of the dossier that was shown, None where none was found."""

    at: datetime
    officer: str
    masked_number: str
    dossier_id: UUID | None


def remember_applicant(
    transaction: Transaction, agency_id: str, dossier_id: UUID, contact: Mapping[str, str]
) -> None:
    """Have a dossier found by the number of its applicant, if there is one."""
    number = contact.get("identity_number")
    if number:
        row = {"agency_id": agency_id, "identity_number": number, "dossier_id": dossier_id}
        transaction.change(_REMEMBER, row)


def find_applicant(office: Office, actor: Actor, identity_number: str) -> Applicant | None:
    """The applicant's last dossier in this agency; the look-up is written down (NotAllowed).

    InvalidContact where the number cannot be one. For officers who hold a position.
    """
    if not actor.holdings:
        raise NotAllowed(who=_WHO)
    now = office.clock.now()
    cleaned = "".join(filter(is_storable, identity_number))
    with office.database.read() as connection:
        today = office.calendar(connection, actor.agency_id).local(now).date()
        number = judge_identity_number(cleaned, today).value
        if not number:
            return None
        found = last_dossier(connection, actor.agency_id, number)
    row = {
        "agency_id": actor.agency_id,
        "look_up_id": office.ids(now),
        "account_id": actor.account_id,
        "at": now,
        "masked_number": masked_number(number),
        "dossier_id": found.dossier_id if found else None,
    }
    office.database.write(lambda transaction: transaction.execute(insert(applicant_look_up), row))
    return found


def look_ups(connection: Connection, actor: Actor, most: int = 500) -> tuple[LookUp, ...]:
    """Who looked up whom in the agency, the latest first."""
    people = names(connection, actor.agency_id)
    rows = connection.execute(
        select(applicant_look_up)
        .where(applicant_look_up.c.agency_id == actor.agency_id)
        .order_by(applicant_look_up.c.look_up_id.desc())
        .limit(most)
    )
    return tuple(
        LookUp(row.at, people.get(row.account_id, "–"), row.masked_number, row.dossier_id)
        for row in rows
    )


def last_dossier(connection: Connection, agency_id: str, number: str) -> Applicant | None:
    """The applicant as the last dossier with the number has it; ids grow with time."""
    this = (
        applicant_number.c.agency_id == agency_id,
        applicant_number.c.identity_number == number,
    )
    row = connection.execute(
        select(
            dossier.c.dossier_id,
            dossier.c.code,
            dossier.c.received_at,
            dossier.c.applicant,
            dossier.c.applicant_contact,
        )
        .join(
            applicant_number,
            (applicant_number.c.agency_id == dossier.c.agency_id)
            & (applicant_number.c.dossier_id == dossier.c.dossier_id),
        )
        .where(*this)
        .order_by(applicant_number.c.dossier_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    counted = len(
        connection.execute(
            select(applicant_number.c.dossier_id).where(*this).limit(_COUNTED_TO)
        ).all()
    )
    return Applicant(
        row.dossier_id, row.code, row.received_at, row.applicant, row.applicant_contact, counted
    )


_COUNTED_TO = 100
