"""The check of a file: may it be published, and if not, what is to be mended."""

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
from processes.reader import read
from processes.support import judge_support

MAX_FINDINGS = 1_000  # nobody reads more; errors come first, so none is cut unseen
RULES = (*reader.RULES, *support.RULES.values(), *linting.RULES, *limits.RULES)
"""Every rule there is; the refusals of `processes.document` are its errors."""

_GRAVEST = list(Severity)


class Outcome(StrEnum):
    """What can be done with the file."""

    PUBLISHABLE = "publishable"  # no error
    REPAIRABLE = "repairable"  # every error has a repair that the designer may accept
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of a check.

    document, diagram, procedure: as far as the file could be read; all are there when the
    outcome is publishable.
    """

    findings: tuple[Finding, ...]
    document: Document | None = None
    diagram: Diagram | None = None
    procedure: Procedure | None = None

    @property
    def outcome(self) -> Outcome:
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return Outcome.REFUSED if errors else Outcome.PUBLISHABLE

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
            "repairs": [],
        }


def check(data: bytes) -> Checked:
    """Judge an uploaded file; never raises for what is in it, answers within two seconds."""
    try:
        document = parse(data)
    except InvalidInput as refusal:
        finding = Finding(
            refusal.code, Severity.ERROR, None, refusal.message("vi"), refusal.message("en")
        )
        return Checked((finding,))
    reading = read(document)
    findings = [*judge_support(document), *reading.findings]
    if reading.diagram is not None and reading.procedure is not None:
        findings += lint(document, reading.diagram, reading.procedure)
        findings += judge_limits(reading.procedure, reading.diagram)
    ordered = sorted(
        dict.fromkeys(findings), key=lambda found: list(Severity).index(found.severity)
    )
    return Checked(tuple(ordered[:MAX_FINDINGS]), document, reading.diagram, reading.procedure)
