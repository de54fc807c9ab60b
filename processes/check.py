"""The check of a file: may it be published, and if not, what can be repaired."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from processes import limits, reader, support
from processes import lint as linting
from processes.diagram import Diagram
from processes.document import Document, parse
from processes.errors import InvalidInput
from processes.finding import Finding, Severity
from processes.limits import judge_limits
from processes.lint import lint
from processes.procedure import Procedure
from processes.reader import Reading, read
from processes.repair import NEEDS_DESIGNER, Repair, mend
from processes.support import judge_support

MAX_FINDINGS = 1_000  # nobody reads more; errors come first, so none is cut unseen
RULES = (*reader.RULES, *support.RULES.values(), *linting.RULES, *limits.RULES)
"""Every rule there is; the refusals of `processes.document` are its errors."""

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
    remaining: the errors that a file with all these repairs would still have.
    """

    findings: tuple[Finding, ...]
    document: Document | None = None
    diagram: Diagram | None = None
    procedure: Procedure | None = None
    repairs: tuple[Repair, ...] = ()
    remaining: tuple[Finding, ...] = ()

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

    def to_data(self) -> dict[str, Any]:
        """The answer as plain data, as `quytrinh check --json` prints it (less file and time)."""
        return {
            "outcome": self.outcome.value,
            "findings": [
                {
                    "rule": finding.rule,
                    "severity": finding.severity.value,
                    "element": finding.element,
                    "vi": finding.vi,
                    "en": finding.en,
                }
                for finding in self.findings
            ],
            "repairs": [repair.to_data() for repair in self.repairs],
        }


def check(data: bytes, file_name: str = "") -> Checked:
    """Judge an uploaded file; never raises for what is in it, answers within two seconds.

    file_name: the uploaded file's, for the repair of a procedure without a name.
    """
    try:
        document = parse(data)
    except InvalidInput as refusal:
        finding = Finding(
            refusal.code, Severity.ERROR, None, refusal.message("vi"), refusal.message("en")
        )
        return Checked((finding,))
    reading, findings = _judge(document)
    repairs: tuple[Repair, ...] = ()
    remaining = _errors(findings)
    if remaining and (mended := mend(document, file_name)) is not None:
        repairs = mended.repairs
        remaining = _errors(_judge(mended.document)[1]) if repairs else remaining
    ordered = sorted(findings, key=lambda found: _GRAVEST.index(found.severity))
    shown = tuple(ordered[:MAX_FINDINGS])
    return Checked(shown, document, reading.diagram, reading.procedure, repairs, remaining)


def _judge(document: Document) -> tuple[Reading, tuple[Finding, ...]]:
    """What was read of the file, and all there is to say of it."""
    reading = read(document)
    findings = [*judge_support(document), *reading.findings]
    if reading.diagram is not None and reading.procedure is not None:
        findings += lint(document, reading.diagram, reading.procedure)
        findings += judge_limits(reading.procedure, reading.diagram)
    return reading, tuple(dict.fromkeys(findings))


def _errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
