"""Signatures of a document as people read them, and what may be done about them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.pages.visit import Visit
from engine.documents.reading import DocumentRecord
from engine.dossier_file import DossierFile, StepRun
from engine.dossiers.signature_demand import (
    SIGNATURES,
    Signer,
    UnsignedDocument,
    document_name,
    unsigned_documents,
)
from engine.dossiers.signing import is_given_out
from processes.digital_signature import (
    COVERAGE_WORDS,
    FLAW_WORDS,
    KIND_WORDS,
    LATER_WORDS,
    SignatureFinding,
    SignatureFindings,
)
from processes.file_kind import FileKind
from processes.procedure import Procedure


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature in words."""

    found: SignatureFinding
    kind: str
    covers: str
    later: str
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignatureLines:
    """What a document's page says of its signatures.

    obstacle: why nothing can be said, in words. given_out: it was prepared to be signed and waits
    to come back. becomes: (code, name) of the documents that it can be prepared as.
    """

    lines: tuple[SignatureLine, ...]
    obstacle: str
    hold: bool
    checked_at: Any
    given_out: bool
    becomes: tuple[tuple[str, str], ...]


def signature_lines(
    seen: Visit, connection: Any, file: DossierFile, document: DocumentRecord
) -> SignatureLines:
    """Of one document of a dossier."""
    told = document.findings.get(SIGNATURES)
    found = None if told is None else SignatureFindings.from_data(told)
    dossier_id: UUID = file.row.dossier_id
    given_out = is_given_out(connection, seen.actor.agency_id, dossier_id, document)
    return SignatureLines(
        lines=() if found is None else tuple(_line(seen, each) for each in found.signatures),
        obstacle="" if found is None else found.words(seen.language),
        hold=found is not None and found.hold,
        checked_at=None if found is None else file.calendar.local(found.checked_at),
        given_out=given_out,
        becomes=_becomes(file, document) if document.kind is FileKind.PDF else (),
    )


def unsigned_for(
    seen: Visit, connection: Any, file: DossierFile, step: StepRun
) -> tuple[UnsignedDocument, ...]:
    """What stands against completing the step: the same call that the engine enforces."""
    spec = file.version.procedure.step(step.element_id)
    if spec is None:
        return ()
    me = Signer(seen.actor.account_id, seen.actor.name)
    row, procedure = file.row, file.version.procedure
    return unsigned_documents(
        connection.execute, row.agency_id, row.dossier_id, procedure, spec, me
    )


def signable(procedure: Procedure) -> tuple[tuple[str, str], ...]:
    """(code, name) of what steps sign and no component is: the office makes it itself."""
    signed = dict.fromkeys(code for step in procedure.steps for code in step.signs)
    own = (code for code in signed if procedure.component(code) is None)
    return tuple((code, document_name(procedure, code)) for code in own)


def _becomes(file: DossierFile, document: DocumentRecord) -> tuple[tuple[str, str], ...]:
    """Its own code first, then the documents that steps of the procedure sign."""
    procedure = file.version.procedure
    signed = [code for step in procedure.steps for code in step.signs]
    codes = dict.fromkeys([document.component, *signed])
    return tuple((code, document_name(procedure, code)) for code in codes)


def _line(seen: Visit, found: SignatureFinding) -> SignatureLine:
    return SignatureLine(
        found=found,
        kind=seen.t(*KIND_WORDS[found.kind]) if found.kind else "",
        covers=seen.t(*COVERAGE_WORDS[found.coverage]),
        later=seen.t(*LATER_WORDS[found.later]),
        flaws=tuple(seen.t(*FLAW_WORDS[flaw]) for flaw in found.flaws),
    )
