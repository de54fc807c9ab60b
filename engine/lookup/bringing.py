"""Bringing what is missing from the citizen's page: asked for, examined, waiting for the clerk."""

import hashlib
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import citizen_actor
from engine.documents.keeping import held
from engine.documents.store import MEGABYTE, Arriving, DocumentTooLarge
from engine.documents.taking_in import Offered, answered_before, facts_of
from engine.dossiers.documents import DossierTooLarge
from engine.dossiers.in_hand import PAUSED
from engine.dossiers.offered import offer_document, require_among
from engine.dossiers.outcome import Outcome
from engine.lookup.looking import require_pass
from engine.lookup.pass_token import Pass
from engine.lookup.view import open_request
from engine.office import Office
from engine.store.tables import dossier
from processes.data_entry import is_storable

_LONGEST_COMPONENT = 80


def own_key(known: Pass, key: str | None) -> str | None:
    """The citizen's key: no two dossiers can have the same."""
    if key is None:
        return None
    told = known.dossier_id.bytes + key.encode("utf-8", "surrogatepass")
    return f"citizen:{hashlib.sha256(told).hexdigest()}"


def look_before_bringing(
    office: Office, token: str, component: str, size: int | None, key: str | None
) -> Pass:
    """Refuse what will be refused anyway, before its bytes come; `size` as the sender states it.

    Errors: PassOver, NothingAsked, NotAskedFor, DocumentTooLarge.
    """
    known = require_pass(office, token)
    most = office.documents.most_bytes
    with office.database.read() as connection:
        mine = own_key(known, key)
        actor = citizen_actor(known.agency_id)
        if mine is not None and answered_before(connection, actor, mine):
            return known
        request = open_request(connection, known.agency_id, known.dossier_id)
        paused = _state(connection, known.agency_id, known.dossier_id) == PAUSED
    require_among(request.components if request is not None and paused else None, component)
    if size is not None and size > most:
        raise DocumentTooLarge(megabytes=f"{most / MEGABYTE:g}")
    return known


def bring(
    office: Office, known: Pass, component: str, name: str, arrived: Arriving, *, key: str | None
) -> Outcome:
    """Examine what has arrived and have it wait for the clerk.

    known: of `look_before_bringing`. Errors: as of `engine.documents.taking_in.take_in`, and
    NothingAsked, NotAskedFor, TooManyWaiting.
    """
    actor = citizen_actor(known.agency_id)
    usable = component if is_storable(component) else ""
    offered = Offered(known.dossier_id, usable[:_LONGEST_COMPONENT], name)
    facts = facts_of(office, actor, offered, arrived)
    try:
        with held(office, actor.agency_id, arrived):
            return offer_document(office, actor, known.dossier_id, facts, key=own_key(known, key))
    except DossierTooLarge:
        raise NoRoom from None


class NoRoom(DossierTooLarge):
    """As for officers, without how much others have brought."""

    code = "supplement.no_room"
    vi = "Hồ sơ đã hết chỗ cho tệp. Nén tệp nhỏ lại, hoặc nộp giấy tờ tại nơi tiếp nhận."
    en = "The dossier has no more room for files. Make them smaller, or bring the papers."


def _state(connection: Connection, agency_id: str, dossier_id: UUID) -> str | None:
    state: str | None = connection.execute(
        select(dossier.c.state).where(
            dossier.c.agency_id == agency_id, dossier.c.dossier_id == dossier_id
        )
    ).scalar_one_or_none()
    return state
