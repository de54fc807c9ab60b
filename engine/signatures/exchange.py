"""A document of a dossier goes out to be signed, and comes back: bytes prepared, compared, kept."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.actor import Actor
from engine.documents.keeping import arrive_from, held
from engine.documents.reading import (
    DocumentRecord,
    InQuarantine,
    documents_of,
    require_reader,
)
from engine.documents.store import Arriving
from engine.documents.taking_in import Offered, answered_before, facts_of
from engine.dossiers.documents import QUARANTINED, FileFacts, NoSuchDocument, NotCurrent
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import NoSuchDossier
from engine.dossiers.signature_demand import document_name, kinds_that_sign
from engine.dossiers.signing import enter_prepared, enter_signed
from engine.office import Office
from engine.signatures.refusals import NotGivenOut
from engine.signatures.verifying import MOST_BYTES, large_file, prepare, require_same, verify
from engine.store.tables import dossier, signing
from processes.digital_signature import Place, SignerKind
from processes.file_kind import FileKind
from processes.procedure import Procedure

_SIGNABLE = (FileKind.PDF, FileKind.XML)
PLACES: Mapping[SignerKind, Place] = {
    SignerKind.PERSONAL: Place("KyCaNhan", "Chữ ký số cá nhân"),
    SignerKind.AGENCY: Place("KyCoQuan", "Chữ ký số cơ quan", column=1),
}
"""The place of each kind: the signer's at the right of the last page, the agency's beside it."""


def look_for_signatures(
    office: Office, actor: Actor, path: Path, facts: FileFacts
) -> Mapping[str, Any] | None:
    """What an uploaded file's signatures are worth now; None where it carries none.

    An examiner of uploads (`engine.documents.taking_in.EXAMINERS`). It refuses nothing: a document
    with a bad signature is a document all the same, and what was found is shown with it.
    """
    if facts.kind not in _SIGNABLE:
        return None
    trust, now = office.trusted.now(), office.clock.now()
    if path.stat().st_size > MOST_BYTES:  # never read as a whole
        found = large_file(path, trust, now)
    else:
        found = verify(path.read_bytes(), trust, actor.agency_id, now)
    return found.to_data() if found.signed or found.obstacle else None


def prepare_document(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    code: str | None = None,
    *,
    key: str | None = None,
) -> Outcome:
    """Give document `number` the places for the signatures that the procedure puts on it.

    code: of the document that it becomes, None where it keeps its own. The prepared document is
    downloaded like any other. Errors: NotPreparable, NotCurrent, those of `enter_prepared`.
    """
    source = _current(office, actor, dossier_id, number, key)
    procedure = _procedure(office, actor, dossier_id)
    becomes = code or source.component
    kinds = kinds_that_sign(procedure, becomes) or tuple(PLACES)
    made = prepare(_bytes(office, actor, source), [PLACES[kind] for kind in kinds])
    with arrive_from(office, io.BytesIO(made)) as arrived:
        kept = arrived.finish()
        own = becomes == source.component
        facts = FileFacts(
            component=becomes,
            name=source.name if own else f"{document_name(procedure, becomes)}.pdf",
            given_name=source.given_name,
            sha256=kept.sha256,
            size=kept.size,
            kind=source.kind.value,
            pages=source.pages,
            findings=_findings(office, actor, arrived, source),
        )
        places = [PLACES[kind].name for kind in kinds]
        with held(office, actor.agency_id, arrived):
            return enter_prepared(office, actor, dossier_id, number, facts, places, key=key)


def take_back(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    arrived: Arriving,
    name: str = "",
    *,
    key: str | None = None,
) -> Outcome:
    """Take the signed version of document `number`, if it is that very document, signed.

    Errors: NotTheSameDocument, NothingSigned, NotGivenOut, those of `facts_of`, `enter_signed`.
    """
    source = _current(office, actor, dossier_id, number, key)
    offered = Offered(dossier_id, source.component, name or source.name, replaces=number)
    facts = facts_of(office, actor, offered, arrived)
    if source.current:
        places = _given_out(office, actor, dossier_id, source)
        given, returned = _bytes(office, actor, source), arrived.path.read_bytes()
        require_same(given, returned, places, anywhere=office.trusted.anywhere)
    with held(office, actor.agency_id, arrived):
        return enter_signed(office, actor, dossier_id, number, facts, key=key)


def _current(
    office: Office, actor: Actor, dossier_id: UUID, number: int, key: str | None
) -> DocumentRecord:
    """The document, which nothing has replaced but an earlier answer to the same request."""
    with office.database.read() as connection:
        require_reader(connection, actor, dossier_id)
        known = documents_of(connection, actor.agency_id, dossier_id)
        repeated = key is not None and answered_before(connection, actor, key)
    found = next((each for each in known if each.number == number), None)
    if found is None:
        raise NoSuchDocument(number=number)
    if found.state == QUARANTINED:
        raise InQuarantine(name=found.name)
    if not found.current and not repeated:
        raise NotCurrent(name=found.name)
    return found


def _given_out(
    office: Office, actor: Actor, dossier_id: UUID, source: DocumentRecord
) -> tuple[str, ...]:
    """The places in which the document may be signed; it was given out as it lies there."""
    with office.database.read() as connection:
        row = connection.execute(
            select(signing.c.places, signing.c.accepted_sha256).where(
                signing.c.agency_id == actor.agency_id,
                signing.c.dossier_id == dossier_id,
                signing.c.first_number == source.first_number,
            )
        ).one_or_none()
    if row is None or row.accepted_sha256 != source.sha256:
        raise NotGivenOut(name=source.name)
    return tuple(row.places)


def _procedure(office: Office, actor: Actor, dossier_id: UUID) -> Procedure:
    with office.database.read() as connection:
        version_id = connection.execute(
            select(dossier.c.version_id).where(
                dossier.c.agency_id == actor.agency_id, dossier.c.dossier_id == dossier_id
            )
        ).scalar_one_or_none()
        if version_id is None:
            raise NoSuchDossier(dossier=dossier_id)
        return office.version(connection, actor.agency_id, version_id).procedure


def _bytes(office: Office, actor: Actor, record: DocumentRecord) -> bytes:
    with office.documents.store.open(actor.agency_id, record.sha256) as stream:
        return stream.read()


def _findings(
    office: Office, actor: Actor, arrived: Arriving, source: DocumentRecord
) -> Mapping[str, Any]:
    """Of the prepared document: a signature that was in it before is judged as it stands now."""
    facts = FileFacts(source.component, source.name, "", "", 0, source.kind.value)
    found = look_for_signatures(office, actor, arrived.path, facts)
    return {} if found is None else {"signatures": found}
