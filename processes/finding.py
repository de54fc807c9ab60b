"""Findings: what a check has to say about a diagram, pinned to an element."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from processes.errors import RuleError


class Severity(StrEnum):
    ERROR = "error"  # cannot be published
    WARNING = "warning"  # can be published, should be looked at
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one element, in both languages, that says what to do.

    rule: stable dotted or dashed word (bpmnlint's names where one exists).
    element: id of the element in the file, None for the file as a whole.
    """

    rule: str
    severity: Severity
    element: str | None
    vi: str
    en: str

    @classmethod
    def of(cls, refusal: RuleError) -> Self:
        """The error that the whole file is refused with."""
        vi, en = refusal.message("vi"), refusal.message("en")
        return cls(refusal.code, Severity.ERROR, None, vi, en)

    def to_data(self) -> dict[str, Any]:
        """As plain data, for every door alike."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "element": self.element,
            "vi": self.vi,
            "en": self.en,
        }
