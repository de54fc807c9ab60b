"""Looking up a dossier by its code and the secret on the receipt; nobody learns which codes exist.

The same answer, after the same work, where there is no such dossier, where it has no secret and
where the secret is another. Every look is written down beside those of officers.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from engine.actor import CITIZEN
from engine.lookup.pass_token import LASTS, Pass, PassOver, read_pass, require_signed
from engine.lookup.secret_hash import NOTHING, Kept, fits
from engine.lookup.throttle import (
    ASKED_OF_ADDRESS,
    WRONG_OF_ADDRESS,
    WRONG_OF_CODE,
    Place,
    count,
    forgive,
    place_of,
)
from engine.lookup.view import CitizenView, view_of
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import agency, document_access, dossier, lookup_secret
from processes.data_entry import is_storable
from processes.dossier_code import Reading, read_code
from processes.errors import InvalidInput, NotAllowed
from processes.lookup_secret import read_secret

LOOKUP = "lookup"
"""The way of a look that was no download: `document_access`."""


class UnreadableCode(InvalidInput):
    """What was typed can be no dossier code."""

    code = "lookup.unreadable_code"
    vi = (
        "Chưa đọc được mã hồ sơ. Mã in trên giấy tiếp nhận, ví dụ 000.00.17.H29-250701-0001 hoặc "
        "H29.17-250701-0001."
    )
    en = "This is no dossier code. It stands on the receipt, for example H29.17-250701-0001."


class WrongLookup(NotAllowed):
    """There is no such dossier, or the secret is another; which of the two is not told."""

    code = "lookup.wrong"
    vi = (
        "Mã hồ sơ hoặc mã bí mật không đúng. Xem lại giấy tiếp nhận; mất giấy thì mang giấy tờ tùy "
        "thân đến nơi đã nộp hồ sơ để được cấp lại mã."
    )
    en = (
        "The code or the secret is wrong. Look at the receipt again; if you lost it, ask where you "
        "handed the dossier in, with your identity card."
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A dossier that was opened: what is shown of it, and the pass for what is sent next."""

    view: CitizenView
    token: str


def look_up(office: Office, typed_code: str, typed_secret: str, address: str) -> Opened:
    """The dossier of a code and a secret. address: whence it is asked, "" = not known.

    Errors: UnreadableCode, WrongLookup, TooManyLookups.
    """
    reading = read_code(typed_code) if is_storable(typed_code) else None
    if reading is None or not any(sign.isdigit() for sign in reading.text):
        raise UnreadableCode
    now = office.clock.now()
    with office.database.read() as connection:
        wrong, asked = _places(connection, reading, address)
        known = _known(connection, reading)
    office.database.write(lambda transaction: count(transaction, (*wrong, *asked), now))
    secret = read_secret(typed_secret) if is_storable(typed_secret) else None
    row = next((row for row, stored in known or [(None, NOTHING)] if fits(secret, stored)), None)
    if row is None:
        raise WrongLookup
    office.database.write(lambda transaction: _write_down(office, transaction, row, wrong, now))
    return _opened(office, row, now)


def look_again(office: Office, token: str) -> Opened:
    """The dossier of a pass, with a new pass (PassOver)."""
    known = require_pass(office, token)
    with office.database.read() as connection:
        row = _secret_of(connection, known)
    return _opened(office, row, office.clock.now())


def require_pass(office: Office, token: str) -> Pass:
    """What the pass is for (PassOver)."""
    known, mac = read_pass(token, office.clock.now())
    with office.database.read() as connection:
        row = _secret_of(connection, known)
    require_signed(known, mac, None if row is None else row.hash)
    return known


def _secret_of(connection: Connection, known: Pass) -> Any:
    return connection.execute(
        select(lookup_secret).where(
            lookup_secret.c.agency_id == known.agency_id,
            lookup_secret.c.dossier_id == known.dossier_id,
        )
    ).one_or_none()


def _opened(office: Office, row: Any, now: datetime) -> Opened:
    if row is None:
        raise PassOver
    with office.database.read() as connection:
        view = view_of(office, connection, row.agency_id, row.dossier_id)
    return Opened(view, Pass(row.agency_id, row.dossier_id, now + LASTS).signed(row.hash))


def _places(
    connection: Connection, reading: Reading, address: str
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Where a wrong try is counted, and where every one is."""
    code = reading.code.spellings[0] if reading.code else reading.text
    wrong = [place_of(connection, WRONG_OF_CODE, code)]
    if not address:
        return tuple(wrong), ()
    wrong.append(place_of(connection, WRONG_OF_ADDRESS, address))
    return tuple(wrong), (place_of(connection, ASKED_OF_ADDRESS, address),)


def _known(connection: Connection, reading: Reading) -> list[tuple[Any, Kept]]:
    """Dossiers that the code can mean, of any agency, with what is stored of their secrets."""
    rows = connection.execute(
        select(lookup_secret)
        .join(
            dossier,
            and_(
                dossier.c.agency_id == lookup_secret.c.agency_id,
                dossier.c.dossier_id == lookup_secret.c.dossier_id,
            ),
        )
        .where(
            dossier.c.agency_id.in_(select(agency.c.agency_id)),
            dossier.c.code.in_(reading.candidates),
            dossier.c.applicant != "",  # of a destroyed one nothing is shown
        )
    )
    return [(row, Kept(row.salt, row.hash)) for row in rows]


def _write_down(
    office: Office, transaction: Transaction, row: Any, wrong: tuple[Place, ...], now: datetime
) -> None:
    forgive(transaction, wrong)
    transaction.execute(
        insert(document_access),
        {
            "agency_id": row.agency_id,
            "access_id": office.ids(now),
            "dossier_id": row.dossier_id,
            "number": 0,  # of no document: of the dossier
            "name": "",
            "sha256": "",
            "account_id": CITIZEN,
            "at": now,
            "way": LOOKUP,
        },
    )
