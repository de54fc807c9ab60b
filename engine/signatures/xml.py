"""The signatures of one XML file (XMLDSig, XAdES), by signxml; in the process that may be killed.

A signature holds only if it vouches for the document as a whole: one reference to all of it, with
nothing taken out but the signature itself. Signed parts are found by no name, so nothing that is
moved or wrapped can stand in their place. Each signature is judged on the document as it was
before the later ones, which is what it signed. Timestamps are not read: the moment is that of the
check.
"""

import asyncio
import copy
import hashlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import x509
from cryptography import x509 as keys
from lxml import etree
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)
from signxml.algorithms import (
    CanonicalizationMethod,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.exceptions import InvalidDigest, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from engine.documents.xml_file import parsed
from engine.signatures.pdf import certificate_facts, validation_context
from engine.signatures.revocation import is_revoked
from processes.digital_signature import (
    Coverage,
    Flaw,
    Later,
    Obstacle,
    SignatureFinding,
    SignatureFindings,
)

MOST_SIGNATURES = 10
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_USE = frozenset({"digital_signature", "non_repudiation"})
_WEAK = ("sha1", "md5")
_KEPT_WHOLE = frozenset(
    {SignatureConstructionMethod.enveloped.value, *(each.value for each in CanonicalizationMethod)}
)
_RULE = SignatureConfiguration(
    expect_references=True,
    signature_methods=frozenset(
        each
        for each in SignatureMethod
        if not each.name.startswith(("HMAC", "DSA")) and "SHA1" not in each.name
    ),
)
_TRUST_FLAWS: Sequence[tuple[type[Exception], Flaw]] = (
    (RevokedError, Flaw.REVOKED),
    (ExpiredError, Flaw.EXPIRED),
    (NotYetValidError, Flaw.NOT_YET),
    (InsufficientRevinfoError, Flaw.REVOCATION_UNKNOWN),
    (PathBuildingError, Flaw.FOREIGN),
    (PathValidationError, Flaw.UNTRUSTED),
)


def verify_xml(data: bytes, trust: Mapping[str, Any], at: datetime) -> SignatureFindings:
    """What the signatures of an XML file are worth; never raises for what is in the file."""
    nothing = SignatureFindings(hashlib.sha256(data).hexdigest(), len(data), at, "")
    try:
        root = parsed(data)
    except (etree.XMLSyntaxError, ValueError):
        return replace(nothing, obstacle=Obstacle.BROKEN)
    number = len(_signatures(root))
    if number > MOST_SIGNATURES:
        return replace(nothing, obstacle=Obstacle.TOO_MANY)
    found = tuple(_one(root, place, number, trust, at) for place in range(number))
    return replace(nothing, signatures=found)


class _Verifier(XMLVerifier):
    """Looks at the last signature of the document."""

    def _get_signature(self, root: Any) -> Any:
        return _signatures(root)[-1]


def _signatures(root: Any) -> list[Any]:
    return list(root.iter(f"{_DS}Signature"))


def _one(
    root: Any, place: int, number: int, trust: Mapping[str, Any], at: datetime
) -> SignatureFinding:
    before = copy.deepcopy(root)
    for later in _signatures(before)[place + 1 :]:
        _take_out(later)
    signature = _signatures(before)[-1]
    last = place == number - 1
    beside = (*root.itersiblings(), *root.itersiblings(preceding=True))
    # Instructions beside the root belong to no signature.
    whole = not beside and _vouches_for_all(before, signature)
    covers = Coverage.WHOLE if last else Coverage.REVISION
    finding = SignatureFinding(
        place=(signature.get("Id") or f"Signature {place + 1}")[:200],
        signer=None,
        kind=None,
        claimed_at=_claimed_at(signature),
        judged_at=at,
        time_stamp=None,
        intact=False,
        valid=False,
        trusted=False,
        coverage=covers if whole else Coverage.PART,
        later=Later.NOTHING if last else Later.SIGNATURES,
    )
    try:
        signer = _certificate(signature)
        finding = replace(finding, signer=certificate_facts(x509.Certificate.load(signer)))
    except (ValueError, TypeError):
        return replace(finding, flaws=(Flaw.UNREADABLE,))
    broken = _broken(before, signature, signer)
    if broken is not None:
        return replace(finding, intact=broken is Flaw.FORGED, flaws=(broken,))
    flaw = asyncio.run(_distrust(signature, signer, trust, at))
    flaws = (*((flaw,) if flaw else ()), *(() if whole else (Flaw.PART,)))
    return replace(finding, intact=True, valid=True, trusted=flaw is None, flaws=flaws)


def _take_out(signature: Any) -> None:
    """The signature goes, what stands behind it stays."""
    parent, tail = signature.getparent(), signature.tail
    if parent is None:
        return
    before = signature.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(signature)


def _broken(root: Any, signature: Any, signer: bytes) -> Flaw | None:
    """What is wrong with the signature itself; None where it was made by the signer of this."""
    named = [*signature.iter(f"{_DS}SignatureMethod"), *signature.iter(f"{_DS}DigestMethod")]
    if any(weak in each.get("Algorithm", "").lower() for each in named for weak in _WEAK):
        return Flaw.WEAK
    try:
        certificate = keys.load_der_x509_certificate(signer)
        # Whether it was valid then is judged below, with the chain; here it always is.
        rule = replace(_RULE, verification_time=certificate.not_valid_after_utc)
        _Verifier().verify(etree.tostring(root), x509_cert=certificate, expect_config=rule)
    except InvalidDigest:
        return Flaw.ALTERED
    except InvalidSignature:
        return Flaw.FORGED
    except Exception:  # noqa: BLE001 - a stranger's file breaks a reader in any way it likes
        return Flaw.UNREADABLE
    return None


def _certificate(signature: Any) -> bytes:
    """The certificate that the signature names, as DER (ValueError)."""
    found = signature.findtext(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate")
    if not found:
        raise ValueError("no certificate")
    return b64decode("".join(found.split()), validate=True)


def _vouches_for_all(root: Any, signature: Any) -> bool:
    """Whether one reference covers the whole document and no other one takes anything out."""
    if any(True for _ in root.itersiblings()) or any(
        True for _ in root.itersiblings(preceding=True)
    ):
        return False  # instructions beside the root belong to no signature
    if signature is root:
        return False
    references = signature.findall(f"{_DS}SignedInfo/{_DS}Reference")
    to_all = [each for each in references if each.get("URI") == ""]
    inside = {each.get("Id") for each in signature.iter() if each.get("Id")}
    others = [each.get("URI") for each in references if each.get("URI") != ""]
    if len(to_all) != 1 or not all(uri and uri[1:] in inside for uri in others):
        return False
    used = [each.get("Algorithm") for each in to_all[0].iter(f"{_DS}Transform")]
    objects = [inner.tag for each in signature.findall(f"{_DS}Object") for inner in each]
    carried = all(tag == f"{_XADES}QualifyingProperties" for tag in objects)
    return set(used) <= _KEPT_WHOLE and carried


def _claimed_at(signature: Any) -> datetime | None:
    """The time that the signer's own clock told, where it says in which zone."""
    stated = next(signature.iter(f"{_XADES}SigningTime"), None)
    try:
        at = datetime.fromisoformat((stated.text or "").strip()) if stated is not None else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


async def _distrust(
    signature: Any, signer: bytes, trust: Mapping[str, Any], at: datetime
) -> Flaw | None:
    """Why the certificate is not believed; None where it is."""
    certificate = x509.Certificate.load(signer)
    use = certificate.key_usage_value
    if use is not None and not _USE & set(use.native):
        return Flaw.WRONG_USE
    given = [each.text or "" for each in signature.iter(f"{_DS}X509Certificate")]
    try:
        others = [x509.Certificate.load(b64decode("".join(each.split()))) for each in given[1:]]
        context = validation_context(trust, "roots", at, tuple(others))
        path = await CertificateValidator(
            certificate, intermediate_certs=others, validation_context=context
        ).async_validate_path()
    except Exception as error:  # noqa: BLE001 - any way a stranger's certificate can be wrong
        return next(
            (flaw for kind, flaw in _TRUST_FLAWS if isinstance(error, kind)), Flaw.UNTRUSTED
        )
    chain = [each.dump() for each in path.iter_certs(include_root=True)]
    return Flaw.REVOKED if is_revoked(chain, trust["crls"], at) else None
