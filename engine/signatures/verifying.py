"""Documents handed to the process that reads them, and its answers made findings of an agency."""

import atexit
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from engine.documents.xml_file import begins_like_xml
from engine.judging.refusals import JudgeFailed, TakesTooLong, TakesTooMuchMemory
from engine.judging.room import JudgingRoom
from engine.judging.worker import Worker, spawn
from engine.signatures.refusals import NothingSigned, NotPreparable, NotTheSameDocument
from engine.signatures.trust import Trust
from processes.digital_signature import (
    DIFFERENCE_WORDS,
    OBSTACLE_WORDS,
    Difference,
    Obstacle,
    Place,
    SignatureFinding,
    SignatureFindings,
    SignerKind,
)

MOST_BYTES = 60 * 1024 * 1024  # less than one message to the process may be
SECONDS = 12.0  # of work that the signatures of one document may cost
_SIGNED = b"/ByteRange"
_SIGNED_XML = b"xmldsig#"
_PIECE = 1 << 20
_HEAD = 1024  # where a PDF says that it is one


def _start() -> Worker:
    return spawn("-m", "engine.signatures.child")


_room = JudgingRoom(size=2, seconds=SECONDS, starting=_start)
atexit.register(_room.close)


def verify(data: bytes, trust: Trust, agency_id: str, at: datetime) -> SignatureFindings:
    """What the signatures of a document are worth to an agency at a moment.

    Never raises for what is in the file. Errors: JudgesBusy.
    """
    found = _asked(data, trust, at)
    signatures = tuple(_of_agency(each, trust, agency_id) for each in found.signatures)
    return replace(found, trust=trust.digest, signatures=signatures)


def large_file(path: Path, trust: Trust, at: datetime) -> SignatureFindings:
    """Of a file too large to be verified: whether it carries signatures; a piece at a time."""
    digest, size, signed, before = sha256(), 0, False, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            signed = signed or _SIGNED in before + piece
            before = piece[-len(_SIGNED) :]
    obstacle = Obstacle.TOO_LARGE if signed else None
    return SignatureFindings(digest.hexdigest(), size, at, trust.digest, obstacle=obstacle)


def _asked(data: bytes, trust: Trust, at: datetime) -> SignatureFindings:
    nothing = SignatureFindings(sha256(data).hexdigest(), len(data), at, "")
    job, mark = "verify_pdf", _SIGNED
    if begins_like_xml(data[:_HEAD]):
        job, mark = "verify_xml", _SIGNED_XML
    if job == "verify_pdf" and b"%PDF-" not in data[:_HEAD]:
        return replace(nothing, obstacle=Obstacle.NOT_SIGNABLE)
    if mark not in data:  # written plainly wherever there is a signature to be relied on
        return nothing
    if len(data) > MOST_BYTES:
        return replace(nothing, obstacle=Obstacle.TOO_LARGE)
    try:
        found = _room.ask(job, data, trust.plain(), at)
    except (TakesTooLong, TakesTooMuchMemory):
        return replace(nothing, obstacle=Obstacle.TOO_LONG)
    except JudgeFailed:
        return replace(nothing, obstacle=Obstacle.BROKEN)
    assert isinstance(found, SignatureFindings)
    return found


def _of_agency(found: SignatureFinding, trust: Trust, agency_id: str) -> SignatureFinding:
    """Whether it is the agency's own signature or a person's, and of which officer."""
    if found.signer is None:
        return found
    fingerprint = found.signer.fingerprint
    if fingerprint in trust.seals.get(agency_id, ()):
        return replace(found, kind=SignerKind.AGENCY)
    login = trust.officers.get(agency_id, {}).get(fingerprint)
    return replace(found, kind=SignerKind.PERSONAL, login=login)


def prepare(data: bytes, places: Sequence[Place]) -> bytes:
    """The document with places for signatures. Errors: NotPreparable, JudgesBusy."""
    obstacle = None
    if b"%PDF-" not in data[:_HEAD]:
        obstacle = Obstacle.NOT_SIGNABLE
    elif len(data) > MOST_BYTES:
        obstacle = Obstacle.TOO_LARGE
    if obstacle is None:
        try:
            made = _room.ask("prepare_pdf", data, tuple(places))
            if isinstance(made, bytes):
                return made
            obstacle = Obstacle(made)
        except (TakesTooLong, TakesTooMuchMemory):
            obstacle = Obstacle.TOO_LONG
        except JudgeFailed:
            obstacle = Obstacle.BROKEN
    vi, en = OBSTACLE_WORDS[obstacle]
    raise NotPreparable(reason_vi=vi, reason_en=en)


def require_same(
    prepared: bytes, returned: bytes, places: Sequence[str], *, anywhere: bool = False
) -> None:
    """Refuse what is not the prepared document with signatures added.

    Errors: NotTheSameDocument, NothingSigned, JudgesBusy.
    """
    difference: Difference | None = Difference.BROKEN
    if not returned.startswith(prepared):
        difference = Difference.OTHER_BYTES
    elif len(returned) <= MOST_BYTES:
        try:
            difference = _room.ask("compare", len(prepared), returned, tuple(places), anywhere)
        except (TakesTooLong, TakesTooMuchMemory, JudgeFailed):
            difference = Difference.BROKEN
    if difference is Difference.NOT_SIGNED:
        raise NothingSigned
    if difference is not None:
        vi, en = DIFFERENCE_WORDS[difference]
        raise NotTheSameDocument(reason_vi=vi, reason_en=en)
