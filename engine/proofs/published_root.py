"""Daily roots as a file that leaves the database: chained day to day, signed and kept elsewhere.

The chain of an agency begins with SHA-256(agency) before the day of its first event; each day
makes SHA-256(chain of the day before || line of the day). One published file so stands for every
day until then: a rewritten event of any of them makes another chain, even where whoever rewrote it
sealed the journal anew. The file is signed outside of the product, whose machine holds no key.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import Connection, func, select

from engine.proofs.daily_root import DailyRoot, daily_root
from engine.store.tables import journal
from processes.errors import InvalidInput

FORMAT = "quytrinh-roots-1"


class NotARootFile(InvalidInput):
    """The file is none that was published, or not as it was written."""

    code = "root.not_a_file"
    vi = "Tệp không phải tệp mã gốc đã công bố ({detail})."
    en = "The file is not one of published roots ({detail})."


class DayNotOver(InvalidInput):
    """A day is published once nothing can be added to it."""

    code = "root.day_not_over"
    vi = "Ngày {day} chưa kết thúc: mã gốc còn thay đổi. Công bố sau 0 giờ hôm sau."
    en = "The day {day} is not over: its root may still change. Publish after midnight."


class UnknownKey(InvalidInput):
    """The public key cannot be read or is of a kind that is not used here."""

    code = "root.unknown_key"
    vi = "Không đọc được khóa công khai: cần PEM của Ed25519, RSA hoặc ECDSA."
    en = "The public key cannot be read: PEM of Ed25519, RSA or ECDSA is needed."


@dataclass(frozen=True, slots=True)
class PublishedRoot:
    """What is published of one agency for one day.

    since: the day of its first event, None where there is none until then. chain: over all days
    from `since` to this one.
    """

    root: DailyRoot
    since: date | None
    chain: bytes
    before: bytes

    def to_data(self) -> dict[str, Any]:
        return {
            "agency_id": self.root.agency_id,
            "dossiers": self.root.dossiers,
            "events": self.root.events,
            "sha256": self.root.root.hex(),
            "line": self.root.line(),
            "since": None if self.since is None else self.since.isoformat(),
            "chain_before": self.before.hex(),
            "chain": self.chain.hex(),
        }


def published_root(
    connection: Connection, agency_id: str, day: date, zone: tzinfo
) -> PublishedRoot:
    """The root of a day and the chain up to it, all worked out from the journal."""
    since = _first_day(connection, agency_id, day, zone)
    chain = hashlib.sha256(agency_id.encode()).digest()
    at = day if since is None else since
    while at < day:
        chain = _next(chain, daily_root(connection, agency_id, at, zone))
        at += timedelta(days=1)
    root = daily_root(connection, agency_id, day, zone)
    return PublishedRoot(root, since, _next(chain, root), chain)


def document(day: date, roots: Mapping[str, PublishedRoot]) -> bytes:
    """The file: one canonical JSON object, the same bytes whenever it is written again."""
    data = {
        "format": FORMAT,
        "day": day.isoformat(),
        "agencies": [roots[agency_id].to_data() for agency_id in sorted(roots)],
    }
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a published file says: its day, and the chain of each agency."""

    day: date
    chains: Mapping[str, str]


def read_document(published: bytes) -> Kept:
    """Read a published file. Errors: NotARootFile."""
    try:
        data = orjson.loads(published)
        if data["format"] != FORMAT:
            raise NotARootFile(detail=str(data["format"])[:80])
        chains = {str(each["agency_id"]): str(each["chain"]) for each in data["agencies"]}
        return Kept(date.fromisoformat(data["day"]), chains)
    except (ValueError, TypeError, KeyError) as error:
        raise NotARootFile(detail=type(error).__name__) from error


def is_signed(published: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether the file was signed with the private twin of a public key (PEM).

    Ed25519 over the file; RSA (PKCS #1 v1.5) and ECDSA over its SHA-256, as `openssl` does.
    """
    try:
        key = load_pem_public_key(public_key)
    except ValueError as error:
        raise UnknownKey from error
    check = _check_of(key)
    try:
        check(signature, published)
    except InvalidSignature:
        return False
    return True


def _check_of(key: Any) -> Callable[[bytes, bytes], None]:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key.verify
    if isinstance(key, rsa.RSAPublicKey):
        return lambda sign, data: key.verify(sign, data, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePublicKey):
        return lambda sign, data: key.verify(sign, data, ec.ECDSA(hashes.SHA256()))
    raise UnknownKey


def _first_day(connection: Connection, agency_id: str, day: date, zone: tzinfo) -> date | None:
    first: datetime | None = connection.execute(
        select(func.min(journal.c.at)).where(journal.c.agency_id == agency_id)
    ).scalar()
    if first is None:
        return None
    found = first.astimezone(zone).date()
    return found if found <= day else None


def _next(chain: bytes, root: DailyRoot) -> bytes:
    return hashlib.sha256(chain + root.line().encode()).digest()
