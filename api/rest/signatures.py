"""Signatures of documents: what was found, documents prepared to be signed, and taken back."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from api.rest.documents import Number
from api.rest.dossier_path import DossierId, find_dossier
from api.rest.receiving import receive_body, receive_file
from api.rest.uploads import FileMissing, file_body
from engine.documents.reading import documents_of, require_reader
from engine.documents.store import Arriving
from engine.dossiers.documents import NoSuchDocument
from engine.dossiers.outcome import Outcome
from engine.dossiers.signature_demand import SIGNATURES
from engine.signatures.exchange import prepare_document, take_back
from processes.digital_signature import SignatureFinding, SignatureFindings

router = APIRouter(prefix="/dossiers/{dossier}/documents/{number}", tags=["signatures"])


class SignatureAnswer(Answer):
    """One signature, in the order of signing.

    kind: personal | agency; login: of the officer whose certificate it is. signed_at: by a
    timestamp that holds (time_stamped) or else by the signer's own clock. holds: the office may
    rely on it: intact, valid, trusted, and nothing but signatures came after it. coverage: whole |
    revision | part; later: nothing | signatures | filled | changed. flaws: codes of what is wrong,
    why_vi and why_en the same in words.
    """

    place: str
    name: str
    organisation: str
    issuer: str
    serial: str
    fingerprint: str
    kind: str | None
    login: str | None
    signed_at: datetime | None
    time_stamped: bool
    time_authority: str | None
    intact: bool
    valid: bool
    trusted: bool
    holds: bool
    certifies: bool
    coverage: str
    later: str
    flaws: list[str]
    why_vi: str
    why_en: str


class SignaturesAnswer(Answer):
    """What was found in a document when it came in, by the roots trusted then (their digest).

    signed: whether it carries any signature; hold: whether all of them may be relied on. obstacle:
    why nothing can be said, e.g. encrypted; null where something can.
    """

    signed: bool
    hold: bool
    obstacle: str | None
    why_vi: str
    why_en: str
    checked_at: datetime | None
    trust: str | None
    signatures: list[SignatureAnswer]


class PrepareBody(Body):
    """code: of the document that it becomes (a draft becomes the decision), None: its own."""

    code: Annotated[str, Field(min_length=1, max_length=80)] | None = None


_SIGNED: dict[str, Any] = {
    "requestBody": file_body(
        "The signed file: bare, or as the field `file` of a form.", bare="application/octet-stream"
    )
}


@router.get("/signatures", summary="Chữ ký số của tài liệu / signatures of a document")
def get_signatures(
    office: TheOffice, actor: Officer, dossier: DossierId, number: Number
) -> SignaturesAnswer:
    """Who signed, when, and whether it holds; for who may read the document."""
    dossier_id = find_dossier(office, actor, dossier)
    with office.database.read() as connection:
        require_reader(connection, actor, dossier_id)
        known = documents_of(connection, actor.agency_id, dossier_id)
    found = next((each for each in known if each.number == number), None)
    if found is None:
        raise NoSuchDocument(number=number)
    told = found.findings.get(SIGNATURES)
    return signatures_answer(None if told is None else SignatureFindings.from_data(told))


@router.post("/prepare", status_code=201, summary="Chuẩn bị tài liệu để ký / prepare for signing")
def post_prepare(
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    number: Number,
    body: PrepareBody,
    key: Key = None,
) -> Outcome:
    """Give the document its places for signatures; then download, sign and send it back."""
    dossier_id = find_dossier(office, actor, dossier)
    return prepare_document(office, actor, dossier_id, number, body.code, key=key)


@router.post(
    "/signed",
    status_code=201,
    openapi_extra=_SIGNED,
    summary="Nhận bản đã ký / take the signed document back",
)
async def post_signed(
    request: Request,
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    number: Number,
    key: Key = None,
) -> Outcome:
    """Only the very document that was prepared is taken, with nothing added but signatures."""
    dossier_id = await run_in_threadpool(find_dossier, office, actor, dossier)

    def take(arrived: Arriving) -> Outcome:
        return take_back(office, actor, dossier_id, number, arrived, key=key)

    with office.documents.store.arrive(office.documents.most_bytes) as arrived:
        if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            async with request.form(max_files=1, max_fields=10) as form:
                file = form.get("file")
                if not isinstance(file, UploadFile):
                    raise FileMissing
                await receive_file(file, arrived)
        else:
            await receive_body(request, arrived)
        return await run_in_threadpool(take, arrived)


def signatures_answer(found: SignatureFindings | None) -> SignaturesAnswer:
    """As JSON; of a document without signatures nothing was kept."""
    return SignaturesAnswer(
        signed=found is not None and found.signed,
        hold=found is not None and found.hold,
        obstacle=found.obstacle.value if found is not None and found.obstacle else None,
        why_vi="" if found is None else found.words("vi"),
        why_en="" if found is None else found.words("en"),
        checked_at=None if found is None else found.checked_at,
        trust=None if found is None else found.trust,
        signatures=[] if found is None else [_signature(each) for each in found.signatures],
    )


def _signature(found: SignatureFinding) -> SignatureAnswer:
    signer, stamp = found.signer, found.time_stamp
    return SignatureAnswer(
        place=found.place,
        name=found.name,
        organisation=signer.organisation if signer else "",
        issuer=signer.issuer if signer else "",
        serial=signer.serial if signer else "",
        fingerprint=signer.fingerprint if signer else "",
        kind=found.kind.value if found.kind else None,
        login=found.login,
        signed_at=found.signed_at,
        time_stamped=stamp is not None and stamp.holds,
        time_authority=stamp.authority if stamp else None,
        intact=found.intact,
        valid=found.valid,
        trusted=found.trusted,
        holds=found.holds,
        certifies=found.certifies,
        coverage=found.coverage.value,
        later=found.later.value,
        flaws=[flaw.value for flaw in found.flaws],
        why_vi=found.words("vi"),
        why_en=found.words("en"),
    )
