"""All there is to say of a file that could be parsed: what was read of it, and every finding."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from processes import limits, reader, soundness, standard, support
from processes import lint as linting
from processes.document import Document, bpmn
from processes.drawing import running_process
from processes.finding import Finding, Severity
from processes.limits import judge_limits
from processes.lint import lint
from processes.reader import Reading, read
from processes.soundness import Proof, findings_of, prove
from processes.standard import judge_standard
from processes.support import judge_support

RULES = (
    *(*reader.RULES, *support.RULES.values(), *linting.RULES, *limits.RULES),
    *(*standard.RULES, *soundness.RULES),
)
"""Every rule there is; the refusals of `processes.document` are its errors."""


_UNPROVABLE = frozenset(
    {"no-duplicate-ids", "qt-id-missing", "qt-boundary-host", "qt-flow-crosses"}
    | {"qt-flow-dangling", "qt-flow-direction"}
)
"""With these it is not certain which diagram is meant; soundness is proved once they are mended."""
_MOST_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """reading: what was understood; findings: each once, in the order of the checks.

    proof: of soundness, None where it is not certain which diagram is meant.
    """

    reading: Reading
    findings: tuple[Finding, ...]
    proof: Proof | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the file from being published."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)


def judge(document: Document) -> Judged:
    """Everything the checks have to say."""
    judged = judge_drawing(document)
    reading = judged.reading
    findings = list(judged.findings)
    proof = None
    if reading.diagram is not None and reading.procedure is not None:
        findings += judge_limits(reading.procedure, reading.diagram)
        if is_certain(findings):
            proof = prove(reading.diagram)
            findings += findings_of(proof)
    return Judged(reading, tuple(dict.fromkeys(findings)), proof)


def judge_drawing(document: Document) -> Judged:
    """The checks whose findings a repair can answer: all but sums of limits and soundness."""
    reading = read(document)
    findings = [*judge_support(document), *reading.findings]
    if reading.diagram is not None and reading.procedure is not None:
        findings += lint(document, reading.diagram, reading.procedure)
    findings += _softened(document, judge_standard(document, findings))
    return Judged(reading, tuple(dict.fromkeys(findings)))


def is_certain(findings: Iterable[Finding]) -> bool:
    """Whether it is certain enough which diagram is meant for its runs to be looked at."""
    errors = [found for found in findings if found.severity is Severity.ERROR]
    return len(errors) <= _MOST_ERRORS and not any(found.rule in _UNPROVABLE for found in errors)


def _softened(document: Document, findings: Iterable[Finding]) -> Iterator[Finding]:
    """In a process that neither runs nor is called, errors are warnings: it is only shown."""
    shown = _shown_only(document)
    for found in findings:
        soft = found.severity is Severity.ERROR and found.element in shown
        yield replace(found, severity=Severity.WARNING) if soft else found


def _shown_only(document: Document) -> frozenset[str]:
    """Ids in the processes that are only shown, less those that what runs has too."""
    calls = document.root.iter(bpmn("callActivity"))
    called = {call.get("calledElement", "").strip().rpartition(":")[2] for call in calls}
    running = running_process(document)
    shown: set[str] = set()
    counted: set[str] = set()
    for process in document.root.iterchildren(bpmn("process")):
        runs = process is running or process.get("id") in called
        (counted if runs else shown).update(map(str, process.xpath(".//@id")))
    return frozenset(shown - counted)
