"""What a check says of a stored diagram, kept for the diagrams looked at most recently."""

import hashlib
from dataclasses import replace

from engine.office import Shelf
from processes.check import Checked, check

_KEPT = 100


class Judgements:
    """Checks of diagrams by their content, so that no page checks the same file twice."""

    def __init__(self) -> None:
        self._kept: Shelf[bytes, Checked] = Shelf(_KEPT)

    def of(self, diagram: bytes, file_name: str = "") -> Checked:
        """The check of the diagram, less the parsed file; file_name as `check` takes it."""
        key = hashlib.sha256(file_name.encode() + b"\0" + diagram).digest()
        known = self._kept.get(key)
        if known is None:
            known = replace(check(diagram, file_name), document=None)
            self._kept.put(key, known)
        return known
