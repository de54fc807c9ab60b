"""A file of other software made BPMN of ours: a workflow converted, a foreign diagram repaired."""

from dataclasses import dataclass
from typing import Any

from engine.judging import convert, judge, mend
from processes.check import Checked
from processes.document import NotBpmn
from processes.errors import InvalidInput
from processes.finding import Finding, Severity
from processes.repair import Repair


@dataclass(frozen=True, slots=True)
class Imported:
    """bpmn: what became of the file, None where it could not be read; checked: of that.

    converted: what the conversion of a workflow has to say. repairs: made in a BPMN file; then
    `original` is the file as it was.
    """

    bpmn: bytes | None
    checked: Checked
    original: bytes | None = None
    converted: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As `quytrinh import --json` tells it, less what is of files."""
        made = [repair.to_data() for repair in self.repairs]
        told = [*(_told(finding) for finding in self.converted), *made]
        return {**self.checked.to_data(), "repairs": told}


def import_bytes(data: bytes, file_name: str, form: bytes | None = None) -> Imported:
    """Convert, repair or take as it is. form: of a workflow. Errors: JudgesBusy."""
    checked = judge(data, file_name)
    if any(finding.rule == NotBpmn.code for finding in checked.findings):
        return _converted(data, form)
    if checked.document is None:
        return Imported(None, checked)
    if not checked.is_mended:
        return Imported(data, checked)
    try:
        repaired, repairs = mend(data, file_name=file_name)
    except InvalidInput:  # repaired it would be too large to be read
        return Imported(data, checked)
    if not repairs:
        return Imported(data, checked)
    return Imported(repaired, judge(repaired, file_name), data, repairs=repairs)


def _converted(workflow: bytes, form: bytes | None) -> Imported:
    try:
        legacy = convert(workflow, form)
    except InvalidInput as refusal:
        vi, en = refusal.message("vi"), refusal.message("en")
        return Imported(None, Checked((Finding(refusal.code, Severity.ERROR, None, vi, en),)))
    return Imported(legacy.bpmn, judge(legacy.bpmn), converted=legacy.findings)


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "element": finding.element,
        "vi": finding.vi,
        "en": finding.en,
    }
