"""Trial signatures: a certificate authority that is made at run time, for played and trial offices.

Its keys lie in a folder of their own (`var/trial-signing`), never in the product, and never where
an office has issuers that it really trusts: there it refuses. What it signs is worth nothing.
"""

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.signatures.exchange import PLACES
from processes.digital_signature import SignerKind
from processes.errors import Conflict, InvalidInput

_ROOT = "thu-nghiem"  # the file names say what they are: trial
_LONG = timedelta(days=3650)
_BEFORE = timedelta(days=800)
_USE = {
    "content_commitment": True,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "encipher_only": False,
    "decipher_only": False,
}


class RealTrust(Conflict):
    """The office trusts issuers of its own: trial signatures have no place there."""

    code = "trial.real_trust"
    vi = "Cơ quan đã khai chứng thư tin cậy thật ({file}) nên không ký thử ở đây."
    en = "The office trusts real issuers ({file}), so no trial signatures are made here."


class NotPrepared(InvalidInput):
    """A file without the place in which it is to be signed."""

    code = "trial.not_prepared"
    vi = "Tệp chưa có ô ký {place}. Bấm “Chuẩn bị để ký số” ở trang tài liệu, tải bản đó về rồi ký."
    en = "The file has no place {place}. Prepare it on the document's page and sign that version."


@dataclass(frozen=True, slots=True)
class _Identity:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class TrialPen:
    """Signs for the officers and the agency of a trial office.

    folder: for keys and certificates; trust: the office's folder of trusted certificates, in which
    the trial root and the agency's seal are put. Errors: RealTrust.
    """

    def __init__(self, folder: Path, trust: Path, agency_id: str, at: datetime) -> None:
        _require_trial(trust)
        self._folder = folder
        self._at = at
        self._known: dict[str, _Identity] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = self._identity("Gốc ký thử, không có giá trị", None)
        seal = self._identity(f"Con dấu ký thử {agency_id}", self._root)
        _put(trust / "roots" / f"{_ROOT}.pem", self._root)
        _put(trust / "agencies" / agency_id / "seals" / f"{_ROOT}.pem", seal)
        self._seal = seal

    def sign(self, data: bytes, kind: SignerKind, name: str, at: datetime) -> bytes:
        """The prepared PDF, signed in the place of that kind; name: of the officer who signs."""
        agency = kind is SignerKind.AGENCY
        identity = self._seal if agency else self._identity(name, self._root)
        meta = PdfSignatureMetadata(
            field_name=PLACES[kind].name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        signer = _Signer(meta, signer=_pyhanko(identity, self._root))
        signer.at = at
        out = io.BytesIO()
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(data))
            with ThreadPoolExecutor(1) as thread:  # the library runs a loop of its own
                thread.submit(
                    signer.sign_pdf, writer, existing_fields_only=True, output=out
                ).result()
        except (PdfError, SigningError) as error:
            raise NotPrepared(place=PLACES[kind].name) from error
        return out.getvalue()

    def _identity(self, name: str, by: _Identity | None) -> _Identity:
        """The certificate with its key, made where it is not there yet."""
        if name not in self._known:
            digest = hashes.Hash(hashes.SHA256())
            digest.update(name.encode())
            path = self._folder / f"{digest.finalize().hex()[:24]}.pem"
            if not path.exists():
                _write(path, _made(name, by, self._at))
            self._known[name] = _read(path)
        return self._known[name]


def pen_of(var_folder: Path, trust: Path, agency_id: str, at: datetime) -> TrialPen:
    """The pen of an installation; its keys are made at the first time. Errors: RealTrust."""
    return TrialPen(var_folder / "trial-signing", trust, agency_id, at)


class _Signer(PdfSigner):
    """Signs at the played time."""

    at: datetime

    def init_signing_session(self, *given: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*given, **named)
        session.system_time = self.at
        return session


def _require_trial(trust: Path) -> None:
    for place in ("roots", "intermediates", "stamps"):
        found = sorted((trust / place).glob("*")) if (trust / place).is_dir() else []
        real = next((each for each in found if each.stem != _ROOT), None)
        if real is not None:
            raise RealTrust(file=real.name)


def _made(name: str, by: _Identity | None, at: datetime) -> _Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    authority = by is None
    usage: Mapping[str, bool] = _USE | {
        "digital_signature": not authority,
        "key_cert_sign": authority,
        "crl_sign": authority,
    }
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _BEFORE)
        .not_valid_after(at + _LONG)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return _Identity(builder.sign(key if by is None else by.key, hashes.SHA256()), key)


def _write(path: Path, identity: _Identity) -> None:
    secret = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(secret + identity.certificate.public_bytes(Encoding.PEM))


def _read(path: Path) -> _Identity:
    data = path.read_bytes()
    key = load_pem_private_key(data, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return _Identity(x509.load_pem_x509_certificate(data), key)


def _put(path: Path, identity: _Identity) -> None:
    """The certificate alone, where the office reads what it trusts."""
    data = identity.certificate.public_bytes(Encoding.PEM)
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _pyhanko(identity: _Identity, root: _Identity) -> SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(_asn1(root.certificate))
    secret = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=_asn1(identity.certificate),
        signing_key=keys.PrivateKeyInfo.load(secret),
        cert_registry=store,
    )


def _asn1(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
