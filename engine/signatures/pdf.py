"""The signatures of one PDF (PAdES, RFC 3161), by pyHanko; in the process that may be killed.

No network, no clock, no trust but what is given. A certificate is judged for the moment of a
timestamp that holds, and where there is none for the moment of the check: nothing else proves when
it was signed. Revocation lists come from the configuration and from the document itself.
"""

import asyncio
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import collect_timing_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    SignatureStatus,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from engine.signatures.revocation import is_revoked, readable
from processes.digital_signature import (
    Certificate,
    Coverage,
    Flaw,
    Later,
    Obstacle,
    SignatureFinding,
    SignatureFindings,
    TimeStamp,
)

MOST_SIGNATURES = 40
_END, _BLANK = b"%%EOF", b" \t\r\n\0"
_REQUIRED = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require"))
_BY_LISTS = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK)
)
_USE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_COVERAGE = {
    SignatureCoverageLevel.ENTIRE_FILE: Coverage.WHOLE,
    SignatureCoverageLevel.ENTIRE_REVISION: Coverage.REVISION,
}
_FLAWS: Mapping[AdESSubIndic, Flaw] = {
    AdESFailure.HASH_FAILURE: Flaw.ALTERED,
    AdESFailure.SIG_CRYPTO_FAILURE: Flaw.FORGED,
    AdESFailure.FORMAT_FAILURE: Flaw.UNREADABLE,
    AdESFailure.REVOKED: Flaw.REVOKED,
    AdESFailure.NOT_YET_VALID: Flaw.NOT_YET,
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: Flaw.FOREIGN,
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: Flaw.UNREADABLE,
    AdESIndeterminate.EXPIRED: Flaw.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Flaw.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID: Flaw.NOT_YET,
    AdESIndeterminate.REVOKED_NO_POE: Flaw.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Flaw.REVOKED,
    AdESIndeterminate.TRY_LATER: Flaw.REVOCATION_UNKNOWN,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: Flaw.WEAK,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: Flaw.WEAK,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Flaw.WRONG_USE,
}


def verify_pdf(data: bytes, trust: Mapping[str, Any], at: datetime) -> SignatureFindings:
    """What the signatures of a PDF are worth; never raises for what is in the file."""

    def found(
        signatures: tuple[SignatureFinding, ...] = (), obstacle: Obstacle | None = None
    ) -> SignatureFindings:
        sha256 = hashlib.sha256(data).hexdigest()
        return SignatureFindings(sha256, len(data), at, "", signatures, obstacle)

    try:
        reader = PdfFileReader(io.BytesIO(data))
        if reader.encrypted:
            return found(obstacle=Obstacle.ENCRYPTED)
        embedded = reader.embedded_signatures
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 - a stranger's file breaks a reader in any way it likes
        return found(obstacle=Obstacle.BROKEN)
    if len(embedded) > MOST_SIGNATURES:
        return found(obstacle=Obstacle.TOO_MANY)
    if not embedded and b"/ByteRange" in data and b"/SubFilter" in data:
        return found(obstacle=Obstacle.STRIPPED)
    return found(
        asyncio.run(
            _Verifying(reader, trust, at, _proofs(reader, trust), _stray(data)).all(embedded)
        )
    )


@dataclass(frozen=True, slots=True)
class _Proofs:
    """Certificates and lists of revocation that the document brings along, and those given."""

    certificates: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...] = ()


def _proofs(reader: PdfFileReader, trust: Mapping[str, Any]) -> _Proofs:
    given = tuple(trust["crls"])
    try:
        store = DocumentSecurityStore.read_dss(reader)
        lists = [each.get_object().data for each in store.crls]
        answers = [each.get_object().data for each in store.ocsps]
        return _Proofs(
            certificates=tuple(store.load_certs()),
            crls=(*given, *(each for each in lists if readable(each, is_list=True))),
            ocsps=tuple(each for each in answers if readable(each, is_list=False)),
        )
    except NoDSSFoundError:
        return _Proofs((), given)
    except Exception:  # noqa: BLE001 - proofs that cannot be read prove nothing
        return _Proofs((), given)


@dataclass(frozen=True, slots=True)
class _Verifying:
    """One file being verified."""

    reader: PdfFileReader
    trust: Mapping[str, Any]
    at: datetime
    _proofs: _Proofs
    stray: bool

    async def all(self, embedded: list[EmbeddedPdfSignature]) -> tuple[SignatureFinding, ...]:
        places = {each.field_name for each in embedded}
        stamps = [
            (each.signed_revision, await self._document_stamp(each))
            for each in embedded
            if each.sig_object_type == "/DocTimeStamp"
        ]
        signed = [each for each in embedded if each.sig_object_type != "/DocTimeStamp"]
        return tuple([await self._one(each, places, stamps) for each in signed])

    def _context(
        self, anchors: str, moment: datetime, *, hard: bool | None = None
    ) -> ValidationContext:
        """What is known and believed for one moment."""
        proofs = self._proofs
        return validation_context(
            self.trust, anchors, moment, proofs.certificates, proofs.crls, proofs.ocsps, hard=hard
        )

    @property
    def hard(self) -> bool:
        return _is_hard(self.trust)

    async def _document_stamp(self, embedded: EmbeddedPdfSignature) -> TimeStamp | None:
        """A timestamp over the document as a whole; None where it cannot be read or is broken."""
        try:
            status = await async_validate_pdf_timestamp(embedded, self._context("stamps", self.at))
        except Exception:  # noqa: BLE001 - it then proves nothing
            return None
        return self._stamp(status) if status.valid and status.intact else None

    async def _one(
        self,
        embedded: EmbeddedPdfSignature,
        places: set[str],
        stamps: list[tuple[int, TimeStamp | None]],
    ) -> SignatureFinding:
        try:
            embedded.compute_integrity_info(skip_diff=True)
            stamp = await self._stamp_of(embedded)
            later = (each for revision, each in stamps if revision >= embedded.signed_revision)
            proof = stamp or next((each for each in later if each and each.holds), None)
            moment = proof.at if proof is not None and proof.holds else self.at
            status = await self._judged(embedded, moment)
            found = self._with_end(_finding(embedded, status, places, proof, moment))
            return await self._with_revocation(found, embedded, status)
        except Exception as error:  # noqa: BLE001 - any way a stranger's signature can be wrong
            return _unreadable(embedded, error, self.at)

    def _with_end(self, found: SignatureFinding) -> SignatureFinding:
        """Bytes behind the last revision belong to nothing; viewers differ on what they mean."""
        if not self.stray or found.coverage is Coverage.WHOLE:
            return found
        flaws = tuple(dict.fromkeys((*found.flaws, Flaw.CHANGED_LATER)))
        return replace(found, later=Later.CHANGED, flaws=flaws)

    async def _with_revocation(
        self, found: SignatureFinding, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus
    ) -> SignatureFinding:
        if found.trusted and self._is_revoked(status, found.judged_at):
            return replace(found, trusted=False, flaws=(*found.flaws, Flaw.REVOKED))
        if Flaw.UNTRUSTED in found.flaws and self.hard:
            softly = await self._judged(embedded, found.judged_at, hard=False)
            if softly.trusted and not self._is_revoked(softly, found.judged_at):
                flaws = tuple(each for each in found.flaws if each is not Flaw.UNTRUSTED)
                return replace(found, flaws=(Flaw.REVOCATION_UNKNOWN, *flaws))
        return found

    async def _judged(
        self, embedded: EmbeddedPdfSignature, moment: datetime, *, hard: bool | None = None
    ) -> PdfSignatureStatus:
        return await async_validate_pdf_signature(
            embedded,
            self._context("roots", moment, hard=hard),
            self._context("stamps", self.at, hard=hard),
            key_usage_settings=_USE,
        )

    async def _stamp_of(self, embedded: EmbeddedPdfSignature) -> TimeStamp | None:
        timing = await collect_timing_info(
            embedded.signer_info, self._context("stamps", self.at), embedded.compute_digest
        )
        status = timing.get("timestamp_validity")
        return None if status is None else self._stamp(status)

    def _stamp(self, status: TimestampSignatureStatus) -> TimeStamp:
        revoked = status.trusted and self._is_revoked(status, self.at)
        return TimeStamp(
            at=status.timestamp,
            authority=certificate_facts(status.signing_cert).name,
            valid=status.valid and status.intact,
            trusted=status.trusted and not revoked,
        )

    def _is_revoked(self, status: SignatureStatus, moment: datetime) -> bool:
        if status.validation_path is None:
            return False
        chain = [each.dump() for each in status.validation_path.iter_certs(include_root=True)]
        return is_revoked(chain, self._proofs.crls, moment)


def validation_context(
    trust: Mapping[str, Any],
    anchors: str,
    moment: datetime,
    certificates: tuple[x509.Certificate, ...] = (),
    crls: tuple[bytes, ...] | None = None,
    ocsps: tuple[bytes, ...] = (),
    *,
    hard: bool | None = None,
) -> ValidationContext:
    """What is known and believed for one moment; made anew each time, for contexts remember.

    anchors: "roots" or "stamps"; hard: None as the rule of the trust is; crls: None those given.
    """
    required = _is_hard(trust) if hard is None else hard
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in trust[anchors]],
        other_certs=[
            *(x509.Certificate.load(each) for each in trust["intermediates"]),
            *certificates,
        ],
        moment=moment,
        allow_fetching=False,
        crls=tuple(trust["crls"]) if crls is None else crls,
        ocsps=ocsps,
        revinfo_policy=_REQUIRED if required else _BY_LISTS,
        retroactive_revinfo=True,
    )


def _is_hard(trust: Mapping[str, Any]) -> bool:
    return bool(trust["rule"] == "hard")


def _stray(data: bytes) -> bool:
    """Whether something stands behind the last end-of-file mark."""
    return bool(data[data.rfind(_END) + len(_END) :].strip(_BLANK))


def _finding(
    embedded: EmbeddedPdfSignature,
    status: PdfSignatureStatus,
    places: set[str],
    stamp: TimeStamp | None,
    moment: datetime,
) -> SignatureFinding:
    coverage = _COVERAGE.get(status.coverage, Coverage.PART)  # type: ignore[arg-type]
    later = _later(coverage, status, places)
    flaws = list(_flaws(embedded, status, coverage, later))
    if stamp is not None and not stamp.holds:
        flaws.append(Flaw.TIME_STAMP_UNTRUSTED if stamp.valid else Flaw.TIME_STAMP_BROKEN)
    return SignatureFinding(
        place=str(embedded.field_name),
        signer=certificate_facts(status.signing_cert),
        kind=None,
        claimed_at=status.signer_reported_dt,
        judged_at=moment,
        time_stamp=stamp,
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted,
        coverage=coverage,
        later=later,
        certifies=_certifies(embedded),
        revision=embedded.signed_revision,
        flaws=tuple(dict.fromkeys(flaws)),
    )


def _flaws(
    embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, coverage: Coverage, later: Later
) -> list[Flaw]:
    if not status.intact:
        return [Flaw.ALTERED]
    if not status.valid:
        return [Flaw.FORGED]
    flaws = []
    if not status.trusted:
        problem = status.trust_problem_indic
        flaws.append(Flaw.UNTRUSTED if problem is None else _FLAWS.get(problem, Flaw.UNTRUSTED))
    if coverage is Coverage.PART:
        flaws.append(Flaw.PART)
    allowed = embedded.docmdp_level
    may_fill = allowed is not None and allowed != MDPPerm.NO_CHANGES
    if later is Later.CHANGED or (later is Later.FILLED and not may_fill):
        flaws.append(Flaw.CHANGED_LATER)
    elif status.docmdp_ok is False:
        flaws.append(Flaw.AGAINST_CERTIFICATION)
    if status.seed_value_constraint_error is not None:
        flaws.append(Flaw.WRONG_USE)
    return flaws


def _later(coverage: Coverage, status: PdfSignatureStatus, places: set[str]) -> Later:
    if coverage is Coverage.WHOLE:
        return Later.NOTHING
    difference = status.diff_result
    if coverage is Coverage.PART or not isinstance(difference, DiffResult):
        return Later.CHANGED
    level = difference.modification_level
    if level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES):
        return Later.SIGNATURES
    if level is ModificationLevel.FORM_FILLING:
        filled = difference.changed_form_fields - places
        return Later.FILLED if filled else Later.SIGNATURES
    return Later.CHANGED


def _certifies(embedded: EmbeddedPdfSignature) -> bool:
    """Whether it is the author's certification of the document (DocMDP), not an approval."""
    references = embedded.sig_object.get("/Reference", ())
    return any(each.get_object().get("/TransformMethod") == "/DocMDP" for each in references)


def _unreadable(embedded: EmbeddedPdfSignature, error: Exception, at: datetime) -> SignatureFinding:
    flaw = _FLAWS.get(getattr(error, "ades_subindication", None), Flaw.UNREADABLE)  # type: ignore[arg-type]
    try:
        signer = certificate_facts(embedded.signer_cert)
    except Exception:  # noqa: BLE001 - nobody is named, then
        signer = None
    return SignatureFinding(
        place=str(embedded.field_name)[:200],
        signer=signer,
        kind=None,
        claimed_at=None,
        judged_at=at,
        time_stamp=None,
        intact=False,
        valid=False,
        trusted=False,
        coverage=Coverage.PART,
        later=Later.CHANGED,
        flaws=(flaw,),
    )


def certificate_facts(found: x509.Certificate) -> Certificate:
    """Who a certificate is of, and by whom."""
    subject: Mapping[str, Any] = found.subject.native
    return Certificate(
        name=_called(subject),
        organisation=_one_line(subject.get("organization_name", "")),
        subject=_one_line(found.subject.human_friendly),
        issuer=_called(found.issuer.native),
        serial=f"{found.serial_number:x}",
        fingerprint=found.sha256.hex(),
        valid_from=found.not_valid_before,
        valid_until=found.not_valid_after,
    )


def _called(name: Mapping[str, Any]) -> str:
    """What people call who bears the name."""
    return _one_line(name.get("common_name") or name.get("organization_name") or "–")


def _one_line(text: object) -> str:
    """A stranger's words, short and printable; several values of one kind stand side by side."""
    words = ", ".join(map(str, text)) if isinstance(text, list) else str(text)
    return "".join(each for each in words if each.isprintable())[:300]
