"""Whether a certificate of a chain stands on a revocation list that was given.

The library looks at lists either for every certificate or for none that names no address of one;
an office that has some of the lists wants those believed and the others not missed (rule "soft").
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.x509 import ocsp


def is_revoked(chain: Sequence[bytes], lists: Sequence[bytes], moment: datetime) -> bool:
    """Whether one of the chain was revoked by the moment.

    chain: DER, the root first; each is the issuer of the next. Lists that are not signed by the
    issuer say nothing. A list of any age counts: who was revoked stays revoked.
    """
    certificates = [x509.load_der_x509_certificate(each) for each in chain]
    for issuer, certificate in pairwise(certificates):
        for each in lists:
            found = _entry(each, issuer, certificate.serial_number)
            if found is not None and found.revocation_date_utc <= moment:
                return True
    return False


def _entry(der: bytes, issuer: x509.Certificate, serial: int) -> x509.RevokedCertificate | None:
    try:
        found = x509.load_der_x509_crl(der)
        if found.issuer != issuer.subject:
            return None
        entry = found.get_revoked_certificate_by_serial_number(serial)
        if entry is None or not found.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
            return None
    except (ValueError, TypeError):  # a stranger's list, out of the document
        return None
    return entry


def readable(proof: bytes, *, is_list: bool) -> bool:
    """Whether a proof that a document brings along can be read: a list, or an OCSP answer."""
    try:
        if is_list:
            x509.load_der_x509_crl(proof)
        else:
            ocsp.load_der_ocsp_response(proof)
    except ValueError:
        return False
    return True
