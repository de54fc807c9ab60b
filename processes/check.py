"""The check of a file: may it be published, and if not, what can be repaired."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from processes.diagram import Diagram
from processes.document import Document, parse
from processes.errors import InvalidInput
from processes.finding import Finding, Severity
from processes.judging import RULES, judge
from processes.procedure import Procedure
from processes.repair import NEEDS_DESIGNER, Repair, mend
from processes.said_once import said_once
from processes.soundness import Flaw, Proof

__all__ = ["MAX_FINDINGS", "RULES", "Checked", "Outcome", "check"]

MAX_FINDINGS = 1_000  # nobody reads more; errors come first, so none is cut unseen
_GRAVEST = list(Severity)


class Outcome(StrEnum):
    """What can be done with the file."""

    PUBLISHABLE = "publishable"  # no error
    REPAIRABLE = "repairable"  # repaired, no error is left but what its designer has to fill in
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of a check.

    document, diagram, procedure: as far as the file could be read; all are there when the
    outcome is publishable. repairs: what can be repaired, looked for where there are errors.
    remaining: the errors that a file with all these repairs would still have. proof: of soundness,
    with the walks that show what is wrong.
    """

    findings: tuple[Finding, ...]
    document: Document | None = None
    diagram: Diagram | None = None
    procedure: Procedure | None = None
    repairs: tuple[Repair, ...] = ()
    remaining: tuple[Finding, ...] = ()
    proof: Proof | None = None

    @property
    def outcome(self) -> Outcome:
        """Publishable without errors; repairable if repairs mend some and leave gaps at most.

        Gaps (`processes.repair.NEEDS_DESIGNER`) are for the designer: limits, owners, codes, cases.
        """
        if not _errors(self.findings):
            return Outcome.PUBLISHABLE
        gaps_only = all(finding.rule in NEEDS_DESIGNER for finding in self.remaining)
        return Outcome.REPAIRABLE if self.is_mended and gaps_only else Outcome.REFUSED

    @property
    def is_mended(self) -> bool:
        """Whether the repairs take at least one error away."""
        left = {(finding.rule, finding.element) for finding in self.remaining}
        errors = {(error.rule, error.element) for error in _errors(self.findings)}
        return bool(self.repairs) and not errors <= left

    def flaw(self, finding: Finding) -> Flaw | None:
        """What the proof has found, where the finding is one of soundness."""
        flaws = self.proof.findings if self.proof else ()
        stated = (finding.rule, finding.element, finding.vi)
        return next((f for f in flaws if (f.rule, f.element, f.vi) == stated), None)

    def to_data(self) -> dict[str, Any]:
        """The answer as plain data, as `quytrinh check --json` prints it (less file and time)."""
        return {
            "outcome": self.outcome.value,
            "findings": [
                finding.to_data() | _walked(self.flaw(finding)) for finding in self.findings
            ],
            "repairs": [repair.to_data() for repair in self.repairs],
            "remaining": [finding.to_data() for finding in self.remaining],
        }


def check(data: bytes, file_name: str = "") -> Checked:
    """Judge an uploaded file; never raises for what is in it, answers within two seconds.

    file_name: the uploaded file's, for the repair of a procedure without a name.
    """
    try:
        document = parse(data)
    except InvalidInput as refusal:
        return Checked((Finding.of(refusal),))
    judged = judge(document)
    repairs: tuple[Repair, ...] = ()
    remaining = judged.errors
    if remaining and (mended := mend(document, file_name, judged.findings)) is not None:
        repairs = mended.repairs
        remaining = judge(mended.document).errors if repairs else remaining
    reading = judged.reading
    once = said_once(judged.findings, judged.proof, reading.diagram, repairs)
    ordered = sorted(once, key=lambda found: _GRAVEST.index(found.severity))
    shown = tuple(ordered[:MAX_FINDINGS])
    return Checked(
        *(shown, document, reading.diagram, reading.procedure),
        *(repairs, remaining, judged.proof),
    )


def _walked(flaw: Flaw | None) -> dict[str, Any]:
    """The walk of tokens that shows the flaw, where there is one."""
    if flaw is None or not flaw.walk:
        return {}
    data = flaw.to_data()
    return {key: data[key] for key in ("walk", "marking", "again", "fix")}


def _errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
