"""A secret as it is kept: a salted slow hash, from which nobody reads it back.

39 bits would be tried through in minutes with a quick hash; scrypt takes 16 MiB and some tens of
milliseconds for each try (decision 0017).
"""

import hashlib
import secrets
from dataclasses import dataclass

from processes.lookup_secret import Randomness

_SALT = 16
_COST, _BLOCK, _LANES = 2**14, 8, 1  # 16 MiB
_MEMORY = 64 * 1024 * 1024
_BYTES = 32
_NONE = "--------"  # stands for what can be no secret: it is worked on as long, and never fits


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a secret."""

    salt: bytes
    hash: bytes


NOTHING = Kept(bytes(_SALT), bytes(_BYTES))
"""For dossiers that do not exist, or have no secret: equal work, and no secret fits."""


def kept(secret: str, randomness: Randomness) -> Kept:
    """What to store of a new secret."""
    salt = randomness(_SALT)
    return Kept(salt, _hash(secret, salt))


def fits(secret: str | None, known: Kept) -> bool:
    """Whether the secret is the one; takes as long for every secret, even for none."""
    given = _hash(secret or _NONE, known.salt)
    return secrets.compare_digest(given, known.hash) and secret is not None


def _hash(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        secret.encode(),
        salt=salt,
        n=_COST,
        r=_BLOCK,
        p=_LANES,
        maxmem=_MEMORY,
        dklen=_BYTES,
    )
