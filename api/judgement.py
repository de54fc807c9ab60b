"""What a check says of a stored diagram, kept for the diagrams looked at most recently."""

import hashlib
from dataclasses import dataclass

from engine.office import Shelf
from processes.check import Outcome, check
from processes.finding import Finding
from processes.procedure import Procedure
from processes.repair import Repair

_KEPT = 100


@dataclass(frozen=True, slots=True)
class Judgement:
    """A check without the parsed file; `procedure` as far as it could be read."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    procedure: Procedure | None
    repairs: tuple[Repair, ...]
    remaining: tuple[Finding, ...]


class Judgements:
    """Checks of diagrams by their content, so that no page checks the same file twice."""

    def __init__(self) -> None:
        self._kept: Shelf[bytes, Judgement] = Shelf(_KEPT)

    def of(self, diagram: bytes, file_name: str = "") -> Judgement:
        """The check of the diagram; file_name as `check` takes it."""
        key = hashlib.sha256(file_name.encode() + b"\0" + diagram).digest()
        known = self._kept.get(key)
        if known is None:
            checked = check(diagram, file_name)
            known = Judgement(
                checked.outcome,
                checked.findings,
                checked.procedure,
                checked.repairs,
                checked.remaining,
            )
            self._kept.put(key, known)
        return known
