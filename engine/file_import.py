"""A designer's file as it comes in: BPMN as it is or repaired, a workflow of others converted."""

from dataclasses import dataclass
from typing import Any

from engine.judging import convert, judge, mend
from processes.check import Checked
from processes.document import NotBpmn
from processes.errors import InvalidInput
from processes.finding import Finding
from processes.legacy import NotLegacyWorkflow
from processes.repair import Repair


@dataclass(frozen=True, slots=True)
class Imported:
    """bpmn: what became of the file, None where it could not be read; checked: of that.

    converted: what the conversion of a workflow has to say, None where it was BPMN already.
    repairs: made in a BPMN file; then `original` is the file as it was.
    """

    bpmn: bytes | None
    checked: Checked
    original: bytes | None = None
    converted: tuple[Finding, ...] | None = None
    repairs: tuple[Repair, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As `quytrinh import --json` tells it, less what is of files."""
        converted = [finding.to_data() for finding in self.converted or ()]
        made = [repair.to_data() for repair in self.repairs]
        return {**self.checked.to_data(), "repairs": [*converted, *made]}

    def kept_repairs(self) -> list[dict[str, Any]] | None:
        """What a conversion mended, doubted or kept aside, as the repairs of a draft are kept."""
        if self.converted is None:
            return None
        return [
            {
                "id": f"{finding.rule}-{number}",
                "kind": finding.rule,
                "element": finding.element,
                "vi": finding.vi,
                "en": finding.en,
                "before": "",
                "after": "",
            }
            for number, finding in enumerate(self.converted, start=1)
        ]


def receive_bytes(data: bytes, file_name: str, form: bytes | None = None) -> Imported:
    """Read a file, converted where it is a workflow (form: of it). Errors: JudgesBusy.

    What is neither BPMN nor a workflow is refused as no BPMN.
    """
    checked = judge(data, file_name)
    if not any(finding.rule == NotBpmn.code for finding in checked.findings):
        return Imported(None if checked.document is None else data, checked)
    try:
        legacy = convert(data, form)
    except InvalidInput as refusal:
        if isinstance(refusal, NotLegacyWorkflow) and form is None:
            return Imported(None, checked)
        return Imported(None, Checked((Finding.of(refusal),)))
    return Imported(legacy.bpmn, judge(legacy.bpmn, file_name), converted=legacy.findings)


def import_bytes(data: bytes, file_name: str, form: bytes | None = None) -> Imported:
    """Receive a file and make every repair in a BPMN diagram that mends it. Errors: JudgesBusy."""
    received = receive_bytes(data, file_name, form)
    if received.converted is not None or not received.checked.is_mended:
        return received
    try:
        repaired, repairs = mend(data, file_name=file_name)
    except InvalidInput:  # repaired it would be too large to be read
        return received
    if not repairs:
        return received
    return Imported(repaired, judge(repaired, file_name), data, repairs=repairs)
