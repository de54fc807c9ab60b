"""All there is to say of a file that could be parsed: what was read of it, and every finding."""

from dataclasses import dataclass

from processes import limits, reader, support
from processes import lint as linting
from processes.document import Document
from processes.finding import Finding, Severity
from processes.limits import judge_limits
from processes.lint import lint
from processes.reader import Reading, read
from processes.support import judge_support

RULES = (*reader.RULES, *support.RULES.values(), *linting.RULES, *limits.RULES)
"""Every rule there is; the refusals of `processes.document` are its errors."""


@dataclass(frozen=True, slots=True)
class Judged:
    """reading: what was understood; findings: each once, in the order of the checks."""

    reading: Reading
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the file from being published."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)


def judge(document: Document) -> Judged:
    """Everything the checks have to say."""
    judged = judge_drawing(document)
    reading = judged.reading
    if reading.diagram is None or reading.procedure is None:
        return judged
    findings = [*judged.findings, *judge_limits(reading.procedure, reading.diagram)]
    return Judged(reading, tuple(dict.fromkeys(findings)))


def judge_drawing(document: Document) -> Judged:
    """The checks whose findings a repair can answer: all but sums of limits and soundness."""
    reading = read(document)
    findings = [*judge_support(document), *reading.findings]
    if reading.diagram is not None and reading.procedure is not None:
        findings += lint(document, reading.diagram, reading.procedure)
    return Judged(reading, tuple(dict.fromkeys(findings)))
