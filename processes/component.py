"""Dossier components (thành phần hồ sơ): what a dossier must contain, in which form and number."""

from dataclasses import dataclass
from enum import StrEnum

from processes.file_kind import USUAL_KINDS, FileKind


class CopyForm(StrEnum):
    """The form in which a paper is handed in (TT 01/2018/TT-VPCP, receipt form 01).

    Electronic ones are counted by the files that are in the dossier and passed, never by hand.
    """

    ORIGINAL = "original"  # bản chính
    CERTIFIED = "certified_copy"  # bản sao chứng thực
    PLAIN = "plain_copy"  # bản sao, bản chụp
    ELECTRONIC = "electronic"  # bản điện tử


PAPER_FORMS = (CopyForm.ORIGINAL, CopyForm.CERTIFIED, CopyForm.PLAIN)
"""Forms that somebody counts by hand."""


class Requirement(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    WHEN = "when"  # required when a condition over the dossier's data holds


class GroupRule(StrEnum):
    ALL = "all"
    ONE_OF = "one_of"
    AT_LEAST = "at_least"
    NOTE = "note"  # published as a component, in truth only a remark


@dataclass(frozen=True, slots=True)
class Copies:
    """How many copies in which form; `number` is at least 1."""

    form: CopyForm
    number: int = 1


@dataclass(frozen=True, slots=True)
class Component:
    """One paper or electronic document of a dossier.

    copies: empty when any form will do (then one is enough).
    when: a FEEL condition over the dossier's data, for `Requirement.WHEN`.
    group: code of the component group it belongs to, if any.
    present_only: shown at the counter (xuất trình), not kept.
    accepts: the kinds of its files; empty: the usual ones.
    """

    code: str
    name: str
    requirement: Requirement = Requirement.REQUIRED
    copies: tuple[Copies, ...] = ()
    when: str | None = None
    group: str | None = None
    present_only: bool = False
    reusable_source: str | None = None
    legal_basis: str | None = None
    accepts: tuple[FileKind, ...] = ()

    @property
    def file_kinds(self) -> tuple[FileKind, ...]:
        """The kinds of files that are taken for it."""
        return self.accepts or USUAL_KINDS


@dataclass(frozen=True, slots=True)
class ComponentGroup:
    """Components that stand for each other; `at_least` is the n of `GroupRule.AT_LEAST`."""

    code: str
    name: str
    rule: GroupRule
    at_least: int = 1
