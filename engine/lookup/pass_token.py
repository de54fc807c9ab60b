"""The pass that a look-up gives: signed, for one dossier and half an hour, kept nowhere.

It is signed with what is stored of the secret, so it dies when the secret is issued anew, and no
page of another site can make one: it is what stands in for a session in the citizen's forms.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from processes.data_entry import is_storable
from processes.errors import NotAllowed

LASTS = timedelta(minutes=30)
LONGEST = 400
_MAC = 32
_WHAT = b"quytrinh lookup pass 1\0"


class PassOver(NotAllowed):
    """The pass is over, forged, or of a secret that was issued anew."""

    code = "lookup.pass_over"
    vi = "Phiên tra cứu đã hết. Nhập lại mã hồ sơ và mã bí mật để tiếp tục."
    en = "This look-up is over. Enter the dossier code and the secret again."


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass says, before its signature was looked at."""

    agency_id: str
    dossier_id: UUID
    until: datetime

    def said(self) -> bytes:
        until = int(self.until.timestamp()).to_bytes(8, "big")
        return self.dossier_id.bytes + until + self.agency_id.encode()

    def signed(self, key: bytes) -> str:
        """As it is handed out."""
        return urlsafe_b64encode(_mac(key, self.said()) + self.said()).decode().rstrip("=")


def read_pass(token: str, now: datetime) -> tuple[Pass, bytes]:
    """What the token says, and its signature, still to be compared (PassOver)."""
    try:
        if len(token) > LONGEST or not token.isascii():
            raise PassOver
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        mac, said = raw[:_MAC], raw[_MAC:]
        dossier_id, until, agency_id = UUID(bytes=said[:16]), said[16:24], said[24:].decode()
        over = datetime.fromtimestamp(int.from_bytes(until, "big"), UTC)
    except (ValueError, OverflowError, OSError):
        raise PassOver from None
    if len(said) <= 24 or not is_storable(agency_id) or now >= over:  # noqa: PLR2004
        raise PassOver
    return Pass(agency_id, dossier_id, over), mac


def require_signed(known: Pass, mac: bytes, key: bytes | None) -> None:
    """Refuse where it was not signed with the key, or there is none (PassOver)."""
    expected = _mac(key or bytes(_MAC), known.said())
    if not hmac.compare_digest(expected, mac) or key is None:
        raise PassOver


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, _WHAT + said, hashlib.sha256)
