"""A certificate authority and a timestamp authority of the tests' own, and officers who sign.

Keys are made when the tests run and die with them; every date is stated.
"""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.signatures.trust import RevocationRule, Trust

YEAR = timedelta(days=365)
BORN = datetime(2024, 1, 1, tzinfo=UTC)
SIGNED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CHECKED = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
AGENCY = "H29.17"


def _name(common_name, organisation=None):
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


_NO_USE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True)
class Identity:
    """A certificate with its key, and those above it up to the root (left out)."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self):
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self):
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def fingerprint(self):
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @cached_property
    def _asn1(self):
        loaded = asn1_x509.Certificate.load(self.der)
        private = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        store = SimpleCertificateStore()
        store.register_multiple(
            asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in self.above
        )
        return loaded, keys.PrivateKeyInfo.load(private), store

    def signer(self):
        loaded, key, store = self._asn1
        return SimpleSigner(signing_cert=loaded, signing_key=key, cert_registry=store)

    def stamper(self, at):
        loaded, key, store = self._asn1
        return DummyTimeStamper(loaded, key, certs_to_embed=store, fixed_dt=at)


def issued(name, by=None, *, authority=False, since=BORN, until=None, organisation=None, use=None):
    """A certificate by somebody, of itself without one."""
    stamping = name.startswith("TSA")  # pyHanko's stamper of tests knows RSA only
    key = (
        rsa.generate_private_key(65537, 2048)
        if stamping
        else ec.generate_private_key(ec.SECP256R1())
    )
    subject = _name(name, organisation)
    usage = _NO_USE | (
        {"key_cert_sign": True, "crl_sign": True}
        if authority
        else use or {"digital_signature": True, "content_commitment": True}
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until or since + 10 * YEAR)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if by:
        above_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())
        builder = builder.add_extension(above_key, critical=False)
    if stamping:
        extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(extended, critical=True)
    made = builder.sign((by.key if by else key), hashes.SHA256())
    above = (
        (by.certificate, *by.above)
        if by and by.certificate.issuer != by.certificate.subject
        else ()
    )
    return Identity(made, key, above)


def revocation_list(by, revoked=(), *, at=BORN, until=None):
    """A CRL (DER): who was revoked, and when."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(at)
        .next_update(until or at + 10 * YEAR)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
    )
    for identity, when in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(identity.certificate.serial_number)
            .revocation_date(when)
            .build()
        )
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Authority:
    """A root, an issuer below it, a timestamp authority, and whom they have certified."""

    root: Identity
    issuer: Identity
    stamps: Identity
    officer: Identity
    colleague: Identity
    seal: Identity
    expired: Identity
    revoked: Identity
    not_for_signing: Identity

    def trust(self, *, rule=RevocationRule.SOFT, crls=(), stamps=True):
        return Trust(
            roots=(self.root.der,),
            stamps=(self.root.der,) if stamps else (STRANGER().root.der,),
            crls=tuple(crls),
            seals={AGENCY: frozenset({self.seal.fingerprint})},
            officers={
                AGENCY: {self.officer.fingerprint: "an.nv", self.colleague.fingerprint: "binh.tt"}
            },
            rule=rule,
        )

    def lists(self, *revoked):
        """Revocation lists of the root and of the issuer."""
        return (revocation_list(self.root), revocation_list(self.issuer, revoked))

    def folder(self, path: Path) -> Path:
        """The trust as an installation keeps it."""
        agency = path / "agencies" / AGENCY
        for name, identity in {
            "roots/root.pem": self.root,
            "intermediates/issuer.pem": self.issuer,
            f"agencies/{AGENCY}/seals/seal.pem": self.seal,
            f"agencies/{AGENCY}/officers/an.nv/2024.pem": self.officer,
        }.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(identity.pem)
        (path / "crls").mkdir()
        (path / "crls" / "issuer.crl").write_bytes(revocation_list(self.issuer))
        assert agency.is_dir()
        return path


def _authority(name):
    root = issued(f"{name} Root", authority=True, until=BORN + 20 * YEAR)
    issuer = issued(f"{name} CA", root, authority=True)
    return Authority(
        root=root,
        issuer=issuer,
        stamps=issued(f"TSA {name}", issuer, use={"digital_signature": True}),
        officer=issued("Nguyễn Văn An", issuer, organisation="UBND phường"),
        colleague=issued("Trần Thị Bình", issuer, organisation="UBND phường"),
        seal=issued("UBND PHƯỜNG THỦ DẦU MỘT", issuer, organisation="UBND phường"),
        expired=issued("Lê Văn Hết Hạn", issuer, until=datetime(2026, 3, 2, 2, 30, tzinfo=UTC)),
        revoked=issued("Phạm Thị Thu Hồi", issuer),
        not_for_signing=issued("Máy chủ web", issuer, use={"key_encipherment": True}),
    )


@cache
def OFFICE() -> Authority:  # noqa: N802 - there is one
    return _authority("Chuyên dùng")


@cache
def STRANGER() -> Authority:  # noqa: N802 - there is one
    return _authority("Nước ngoài")


def signed(
    data,
    identity,
    place="Ky1",
    *,
    stamped_by=None,
    stamped_at=SIGNED,
    certify=None,
    box=(50, 50, 200, 120),
    visible=True,
    algorithm="sha256",
    page=0,
):
    """The document signed once more, appended to its bytes. certify: a DocMDP permission."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    meta = PdfSignatureMetadata(
        field_name=place,
        md_algorithm=algorithm,
        subfilter=SigSeedSubFilter.PADES,
        certify=certify is not None,
        docmdp_permissions=certify or MDPPerm.FILL_FORMS,
    )
    spec = SigFieldSpec(place, on_page=page, box=box if visible else None)
    signer = PdfSigner(
        meta,
        signer=identity.signer(),
        timestamper=stamped_by.stamper(stamped_at) if stamped_by else None,
        new_field_spec=None if _has_field(data, place) else spec,
    )
    out = io.BytesIO()
    with ThreadPoolExecutor(1) as thread:  # where a browser is driven, this one has a loop
        thread.submit(signer.sign_pdf, writer, output=out).result()
    return out.getvalue()


def _has_field(data, place):
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415

    return place in {name for name, *_ in enumerate_sig_fields(PdfFileReader(io.BytesIO(data)))}


def document(words="Quyet dinh so 12: cap 500.000 dong", *, form=False):
    """A plain PDF of one page; with a text field, where asked."""
    stream = f"BT /F1 14 Tf 72 700 Td ({words}) Tj ET".encode("latin-1")
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (SoTien) /V (500) /Rect [72 600 200 620] >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R"
        + (b" /AcroForm << /Fields [6 0 R] /DA (/F1 12 Tf) >>" if form else b"")
        + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        + (b" /Annots [6 0 R]" if form else b"")
        + b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *([field] if form else []),
    ]
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /ID [<01> <01>] >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def increment(data, objects):
    """The document with objects (number -> body) written anew behind it, as a forger would."""
    previous = int(data[data.rfind(b"startxref") + 9 :].split()[0])
    size = max(int(each) for each in re.findall(rb"/Size (\d+)", data))
    root = re.findall(rb"/Root (\d+) 0 R", data)[-1]
    out = bytearray(data if data.endswith(b"\n") else data + b"\n")
    lines = []
    for number, body in sorted(objects.items()):
        lines.append(b"%d 1\n%010d 00000 n \n" % (number, len(out)))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n" + b"".join(lines)
    out += b"trailer\n<< /Size %d /Root %s 0 R /Prev %d /ID [<01> <01>] >>\n" % (
        max(size, max(objects) + 1),
        root,
        previous,
    )
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def page_text(words):
    """A content stream for the page."""
    stream = f"BT /F1 14 Tf 72 700 Td ({words}) Tj ET".encode("latin-1")
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
