"""Signatures of the Standard Webhooks scheme: HMAC-SHA256 over id, time and body.

A few lines over `hmac` instead of the scheme's library, which reads the machine's clock and brings
four other packages along. https://github.com/standard-webhooks/standard-webhooks
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from processes.errors import InvalidInput

_PREFIX, _VERSION = "whsec_", "v1"
_SHORTEST, _LONGEST = 24, 64  # bytes


class InvalidSecret(InvalidInput):
    """A secret is stated as the scheme has it."""

    code = "webhook.invalid_secret"
    vi = "Khóa ký phải có dạng whsec_ rồi 24 đến 64 byte viết bằng base64. Bỏ trống để máy tự tạo."
    en = "A secret is whsec_ and 24 to 64 bytes in base64. Leave it out to have one made."


def written_secret(key: bytes) -> str:
    """A key as people copy it."""
    return _PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The key that a secret states (InvalidSecret)."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidSecret from None
    if not secret.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
        raise InvalidSecret
    return key


def signed_headers(secret: str, letter_id: UUID, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows the sender, and the message when it comes again."""
    stamp = str(int(at.timestamp()))
    said = b".".join((str(letter_id).encode(), stamp.encode(), body))
    seal = base64.b64encode(hmac.digest(key_of(secret), said, hashlib.sha256)).decode()
    return {
        "webhook-id": str(letter_id),
        "webhook-timestamp": stamp,
        "webhook-signature": f"{_VERSION},{seal}",
    }
