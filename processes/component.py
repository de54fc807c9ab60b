"""Dossier components (thành phần hồ sơ): what a dossier must contain, in which form and number."""

from dataclasses import dataclass
from enum import StrEnum


class CopyForm(StrEnum):
    """The form in which a paper is handed in (TT 01/2018/TT-VPCP, receipt form 01)."""

    ORIGINAL = "original"  # bản chính
    CERTIFIED = "certified_copy"  # bản sao chứng thực
    PLAIN = "plain_copy"  # bản sao, bản chụp


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


@dataclass(frozen=True, slots=True)
class ComponentGroup:
    """Components that stand for each other; `at_least` is the n of `GroupRule.AT_LEAST`."""

    code: str
    name: str
    rule: GroupRule
    at_least: int = 1
