"""Wrong logins that no account has, counted as those of an account are: nobody learns which exist.

Bounded by construction: a login has its place among a fixed number of them, by a hash with a secret
of this process. Two that share a place are counted together, so nothing that somebody tries makes
another be forgotten. A restart forgets all, and each of several processes counts for itself.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from threading import Lock

_PLACES = 1 << 16  # 16 bytes for each: a megabyte


class UnknownLogins:
    """How often each unknown login was tried, and until when it rests.

    most: tries until it rests; rest: how long; places: how many are told apart.
    """

    def __init__(self, most: int, rest: timedelta, places: int = _PLACES) -> None:
        self._most = most
        self._rest = rest
        self._secret = secrets.token_bytes(16)
        self._failures = bytearray(places)
        self._until: dict[int, datetime] = {}  # never more than there are places
        self._places = places
        self._lock = Lock()

    def rests(self, login: str, now: datetime) -> bool:
        """Whether it was tried too often."""
        with self._lock:
            until = self._until.get(self._place(login))
        return until is not None and until > now

    def count(self, login: str, now: datetime) -> None:
        """One more try; after the last allowed one the login rests."""
        place = self._place(login)
        with self._lock:
            self._failures[place] += 1
            if self._failures[place] >= self._most:
                self._failures[place] = 0
                self._until[place] = now + self._rest

    def _place(self, login: str) -> int:
        told = login.encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(told, key=self._secret, digest_size=8).digest()
        return int.from_bytes(digest, "big") % self._places
