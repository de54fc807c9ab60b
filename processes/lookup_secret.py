"""The secret on a receipt (mã bí mật): with the dossier's code it opens the citizen's page.

Eight signs out of 29 that nobody takes for another: nearly 39 bits. The letters that are left out
are read as the digits that they look like, so a slip that was copied by hand still opens.
"""

from collections.abc import Callable, Iterator

SIGNS = "23456789ACDEFGHJKLMNPQRTUVWXY"
LENGTH = 8
LONGEST = 40
"""Characters that a typed secret may have; what is longer is none."""
_LOOK_ALIKE = str.maketrans("BSZ", "852")
_BETWEEN = dict.fromkeys(map(ord, " \t\u00a0.-_‐‑‒–—−"))
_FAIR = 256 - 256 % len(SIGNS)  # a byte beyond would make the first signs likelier
_AT_A_TIME = 16

Randomness = Callable[[int], bytes]
"""Gives so many bytes that nobody can foretell."""


def new_secret(randomness: Randomness) -> str:
    """A secret, each as likely as any other."""
    fair = _fair_bytes(randomness)
    return "".join(SIGNS[next(fair) % len(SIGNS)] for _ in range(LENGTH))


def _fair_bytes(randomness: Randomness) -> Iterator[int]:
    while True:
        yield from (byte for byte in randomness(_AT_A_TIME) if byte < _FAIR)


def shown_secret(secret: str) -> str:
    """As it is printed: K7QM-3XVA."""
    return f"{secret[: LENGTH // 2]}-{secret[LENGTH // 2 :]}"


def read_secret(typed: str) -> str | None:
    """What was typed, as it was made; None where it can be no secret."""
    if len(typed) > LONGEST:
        return None
    found = typed.strip().translate(_BETWEEN).upper().translate(_LOOK_ALIKE)
    return found if len(found) == LENGTH and set(found) <= set(SIGNS) else None
