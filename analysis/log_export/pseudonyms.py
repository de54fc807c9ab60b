"""Persons in a log that goes out: nobody is named, and the same person is the same one."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The same person has the same pseudonym under the same key; without the key nobody can tell
    who it is. A key that is thrown away makes them anonymous for ever.
    """

    key: bytes

    def of(self, person: Any) -> str | None:
        if person is None:
            return None
        digest = hmac.new(self.key, str(person).encode(), hashlib.sha256).hexdigest()
        return f"p-{digest[:_DIGITS]}"
