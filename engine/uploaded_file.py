"""A designer's file as it comes in: BPMN as it is, a workflow of one-stop software converted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.judging import convert, judge
from processes.check import Checked
from processes.document import NotBpmn
from processes.errors import InvalidInput
from processes.finding import Finding


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """diagram: the BPMN that is kept; converted: what its conversion has to say, None without one.

    checked: the check of the diagram.
    """

    diagram: bytes
    checked: Checked
    converted: list[dict[str, Any]] | None = None


def receive_file(data: bytes, file_name: str) -> UploadedFile:
    """Read an upload; what is neither BPMN nor such a workflow keeps its refusal in `checked`."""
    checked = judge(data, file_name)
    if not any(finding.rule == NotBpmn.code for finding in checked.findings):
        return UploadedFile(data, checked)
    try:
        imported = convert(data, None)
    except InvalidInput:
        return UploadedFile(data, checked)
    return UploadedFile(
        imported.bpmn, judge(imported.bpmn, file_name), _as_repairs(imported.findings)
    )


def _as_repairs(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What the conversion mended, doubted or kept aside, as the list of repairs shows it."""
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
        for number, finding in enumerate(findings, start=1)
    ]
