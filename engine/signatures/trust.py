"""What an installation trusts (chứng thư tin cậy): issuers, time authorities, whose seal is whose.

It is a folder of certificates, never fetched from anywhere:

    roots/*.pem           issuers of certificates           stamps/*.pem    issuers of timestamps
    intermediates/*.pem   issuers between them              crls/*          revocation lists
    agencies/<agency>/seals/*.pem                           certificates of the agency itself
    agencies/<agency>/officers/<login>/*.pem                certificates of an officer

Without `stamps`, the roots vouch for timestamps too. A certificate among the seals makes agency
signatures; every other one makes personal ones.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.signatures.refusals import TrustUnreadable

_log = logging.getLogger(__name__)
_PEM = (b"-----BEGIN", b"\xef\xbb\xbf-----BEGIN")
_MOST_BYTES = 32 * 1024 * 1024


class RevocationRule(StrEnum):
    """What follows where no revocation list tells of a certificate."""

    SOFT = "soft"  # it counts as not revoked
    HARD = "hard"  # the signature does not hold


@dataclass(frozen=True, slots=True)
class Trust:
    """Certificates and lists as DER. seals, officers: SHA-256 of certificates, hexadecimal."""

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    stamps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    seals: Mapping[str, frozenset[str]] = field(default_factory=dict)
    officers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rule: RevocationRule = RevocationRule.SOFT

    @property
    def digest(self) -> str:
        """SHA-256 over all of it: what findings say they were made by."""
        total = hashlib.sha256(self.rule.encode())
        for name, parts in (
            ("root", self.roots),
            ("intermediate", self.intermediates),
            ("stamp", self.stamps),
            ("crl", self.crls),
        ):
            for part in sorted(hashlib.sha256(part).hexdigest() for part in parts):
                total.update(f"\n{name} {part}".encode())
        for agency, seals in sorted(self.seals.items()):
            total.update("".join(f"\nseal {agency} {seal}" for seal in sorted(seals)).encode())
        for agency, officers in sorted(self.officers.items()):
            lines = (f"\nofficer {agency} {login} {each}" for each, login in officers.items())
            total.update("".join(sorted(lines)).encode())
        return total.hexdigest()

    def plain(self) -> dict[str, Any]:
        """What the process that verifies is told: certificates, lists and the rule."""
        return {
            "roots": self.roots,
            "intermediates": self.intermediates,
            "stamps": self.stamps or self.roots,
            "crls": self.crls,
            "rule": self.rule.value,
        }


class TrustFolder:
    """The folder as it stands: read again when a file in it is another one. Thread-safe.

    anywhere: whether visible signatures may stand outside of the places that were prepared.
    """

    def __init__(
        self,
        folder: Path | None = None,
        rule: RevocationRule = RevocationRule.SOFT,
        *,
        anywhere: bool = False,
    ) -> None:
        self.folder = folder
        self.anywhere = anywhere
        self._rule = rule
        self._lock = threading.Lock()
        self._seen: tuple[object, ...] | None = None
        self._trust = Trust(rule=rule)

    def now(self) -> Trust:
        """What is trusted now. A folder that became unreadable leaves what was read before."""
        with self._lock:
            seen = self._stamp()
            if seen != self._seen:
                try:
                    self._trust = read_trust(self.folder, self._rule)
                except TrustUnreadable as refusal:
                    if self._seen is None:
                        raise
                    _log.error("trust: %s", refusal)
                self._seen = seen
            return self._trust

    def _stamp(self) -> tuple[object, ...]:
        if self.folder is None or not self.folder.is_dir():
            return ()
        return tuple(
            (str(each), stat.st_mtime_ns, stat.st_size)
            for each in sorted(self.folder.rglob("*"))
            if (stat := each.stat())
        )


NO_TRUST = TrustFolder()


def read_trust(folder: Path | None, rule: RevocationRule = RevocationRule.SOFT) -> Trust:
    """The folder as it is now; nothing is trusted where there is none. Errors: TrustUnreadable."""
    if folder is None or not folder.is_dir():
        return Trust(rule=rule)
    agencies = folder / "agencies"
    names = sorted(each.name for each in agencies.iterdir()) if agencies.is_dir() else []
    return Trust(
        roots=_certificates(folder / "roots"),
        intermediates=_certificates(folder / "intermediates"),
        stamps=_certificates(folder / "stamps"),
        crls=tuple(_crl(file) for file in _files(folder / "crls")),
        seals={name: _fingerprints(agencies / name / "seals") for name in names},
        officers={name: dict(_officers(agencies / name / "officers")) for name in names},
        rule=rule,
    )


def _officers(folder: Path) -> Iterator[tuple[str, str]]:
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        yield from ((fingerprint, each.name) for fingerprint in _fingerprints(each))


def _fingerprints(folder: Path) -> frozenset[str]:
    return frozenset(hashlib.sha256(each).hexdigest() for each in _certificates(folder))


def _certificates(folder: Path) -> tuple[bytes, ...]:
    return tuple(each for file in _files(folder) for each in _certificates_of(file))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if each.is_file() and each.name[0] != ".")


def _certificates_of(file: Path) -> Iterator[bytes]:
    """A PEM file may hold several; a DER file holds one. A private key has no business here."""
    data = _bytes(file)
    if b"PRIVATE KEY" in data:
        raise TrustUnreadable(file=file.name, detail="khóa riêng / private key")
    try:
        if data.startswith(_PEM) or b"-----BEGIN CERTIFICATE" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise TrustUnreadable(file=file.name, detail=str(error)[:200]) from error
    for each in found:
        yield each.public_bytes(Encoding.DER)


def _crl(file: Path) -> bytes:
    data = _bytes(file)
    try:
        if b"-----BEGIN" in data[:1000]:
            found = x509.load_pem_x509_crl(data)
        else:
            found = x509.load_der_x509_crl(data)
    except ValueError as error:
        raise TrustUnreadable(file=file.name, detail=str(error)[:200]) from error
    return found.public_bytes(Encoding.DER)


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise TrustUnreadable(file=file.name, detail=f"> {_MOST_BYTES} bytes")
        return file.read_bytes()
    except OSError as error:
        raise TrustUnreadable(file=file.name, detail=str(error.strerror)) from error
